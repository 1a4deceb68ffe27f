/// The milestones of every request and the deliveries of every connection, gathered in one pass.
struct RequestHistory {
  /// Bytes handed to the application.
  struct Delivery {
    var time: SimTime
    /// The packet that released them.
    var packet: UInt32
    var start: Int64
    var end: Int64
    /// The stream of QUIC that they are of; nil where the positions are a connection's.
    var stream: UInt32?
  }

  /// What the log says of one request.
  struct Milestones {
    var connection: UInt32?
    var queued: SimTime?
    var sent: SimTime?
    var requestBytes: UInt32 = 0
    var received: SimTime?
    /// The packet that completed the request at the server.
    var receivedBy: UInt32?
    /// When the server had what it answers with, where earlier responses had to go first.
    var ready: SimTime?
    var answered: SimTime?
    /// When the response before it on its connection was complete, if that was after it was sent.
    var turnBegan: SimTime?
    var firstByte: SimTime?
    var responseStart: Int64 = 0
    var complete: SimTime?
    var responseEnd: Int64 = .max
    /// Where its response stands in a connection that others share, in order; empty where it has the
    /// connection to itself.
    var spans: [Range<Int64>] = []
    /// Where deliveries of its own QUIC stream stand among those of its connection; nil over TCP.
    var ownDeliveries: [Int]?
    /// Until when its fields waited for the encoder's stream; nil where they did not.
    var unblocked: SimTime?
    /// When the server had more of it, and when a window of its stream held it, from when to when.
    var readyTimes: [SimTime] = []
    var stalls: [(from: SimTime, to: SimTime, cause: Cause)] = []
    var failed: SimTime?
    /// How often a server took it, without those times when it only wanted it again.
    var executed = 0
    /// When it was first sent, and when its connection had ended so that it had to be sent again; and
    /// whether that was because nobody answered.
    var firstSent: SimTime?
    var repeated: SimTime?
    var wasGivenUp = false

    /// What came of the first attempt counts no more.
    mutating func sendAgain(at time: SimTime, wasGivenUp: Bool) {
      (firstSent, repeated) = (firstSent ?? sent, time)
      self.wasGivenUp = self.wasGivenUp || wasGivenUp
      (connection, sent, received, receivedBy, ready, answered) = (nil, nil, nil, nil, nil, nil)
      (spans, readyTimes, stalls) = ([], [], [])
      (ownDeliveries, unblocked) = (nil, nil)
    }
  }

  /// What the log says of one connection.
  struct Timeline {
    var opened: SimTime?
    var established: SimTime?
    /// When the TLS handshake was complete for the client.
    var secured: SimTime?
    /// Whether the client gave the connection up because nothing was answered.
    var gaveUp = false
    /// Whether the client's application reads what arrives at once.
    var readsAtOnce = true
    /// Deliveries to the client, in order.
    var deliveries: [Delivery] = []
    /// The requests of its streams, by half of their numbers: those that the client opened, and those
    /// that the server promised.
    var streams: [UInt32] = []
    var pushes: [UInt32] = []
    /// Whether its streams are QUIC's, and the datagrams that came last, to the client first.
    var isQUIC = false
    var latestDatagram: InlineArray<2, UInt32> = [0, 0]
    /// The request of a stream.
    func request(of stream: UInt32) -> UInt32? {
      if isQUIC {
        let place = Int(stream >> 2)
        return stream & 3 == 0 && place < streams.count ? streams[place] : nil
      }
      let place = Int(stream / 2)
      if stream % 2 == 1 { return place < streams.count ? streams[place] : nil }
      return place > 0 && place <= pushes.count ? pushes[place - 1] : nil
    }

    /// What the client sent, which may have released data at the server; a window is nil where its
    /// scale is not known.
    var clientSends: [(time: SimTime, packet: UInt32, window: UInt32?)] = []
    /// When the latest response was complete.
    var lastComplete: SimTime?
    /// The packet of the server's latest delivery.
    var lastServerDelivery: UInt32?
  }

  private(set) var requests: [Milestones]
  private(set) var connections: [Timeline]
  /// The requests that others replay, by the index of those.
  private let originals: [Int?]
  /// When data reached the client, on whichever connection, in order.
  private var arrivals: [(time: SimTime, connection: UInt32)] = []

  /// Which connections carry streams.
  private let hasStreams: [Bool]

  init(of log: EventLog, journeys: inout Journeys) {
    hasStreams = log.connections.map { $0.application.hasStreams }
    requests = Array(repeating: Milestones(), count: log.requests.count)
    originals = log.requests.map { $0.original.map { Int($0) } }
    connections = Array(repeating: Timeline(), count: log.connections.count)
    for (index, connection) in log.connections.enumerated() {
      connections[index].readsAtOnce = connection.readsAtOnce
      connections[index].isQUIC = connection.application == .http3
    }
    for record in log.records {
      journeys.take(record)
      take(record)
    }
  }

  private mutating func take(_ record: EventRecord) {
    // `noConnection` does not fit a 32-bit Int; no case below that can meet it indexes with it.
    let connection = Int(truncatingIfNeeded: record.connection)
    let request = Int(truncatingIfNeeded: record.item)
    switch record.kind {
    case .connectionOpened where record.side == .client:
      connections[connection].opened = record.time
    case .connectionEstablished where record.side == .client:
      connections[connection].established = record.time
    case .connectionSecured where record.side == .client:
      connections[connection].secured = record.time
    case .connectionFailed where record.side == .client: connections[connection].gaveUp = true
    case .segmentSent where record.side == .client:
      connections[connection].clientSends.append((record.time, record.item, .max))
    case .segmentAcknowledgement where record.side == .client:
      announce(record, connection)
    case .segmentReceived where record.side == .client && record.length > 0:
      arrivals.append((record.time, record.connection))
    case .bytesDelivered: deliver(record, connection)
    case .quicPacketReceived:
      connections[connection].latestDatagram[Int(record.side.rawValue)] = record.item
    case .streamDelivered: deliverStream(record, connection)
    case .fieldsBlocked where record.detail == 0:
      if let item = connections[connection].request(of: record.item) {
        requests[Int(item)].unblocked = record.time
      }
    case .requestQueued: requests[request].queued = record.time
    case .requestSent: takeSent(record, connection)
    case .requestReceived:
      requests[originals[request] ?? request].executed += 1
      requests[request].received = record.time
      requests[request].receivedBy = connections[connection].lastServerDelivery
    case .requestPromised: takePromise(record, connection)
    case .requestRepeated:
      let wasGivenUp = requests[request].connection.map { connections[Int($0)].gaveUp } ?? false
      requests[request].sendAgain(at: record.time, wasGivenUp: wasGivenUp)
    case .responseReady:
      requests[request].ready = requests[request].ready ?? record.time
      requests[request].readyTimes.append(record.time)
    case .frameSent where record.side == .server: takeFrame(record, connection)
    case .streamLimited: takeLimit(record, request)
    case .responseSent: takeWrite(record, request)
    case .responseFirstByte:
      requests[request].firstByte = record.time
      requests[request].responseStart = record.offset
      requests[request].turnBegan = connections[connection].lastComplete
    case .responseComplete:
      // What comes out of the client's cache has no connection.
      if record.connection != EventRecord.noConnection {
        connections[connection].lastComplete = record.time
      }
      requests[request].complete = record.time
      requests[request].responseEnd = record.offset
    case .requestFailed:
      if record.connection != EventRecord.noConnection {
        requests[request].connection = record.connection
      }
      requests[request].failed = record.time
    case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .packetDropped,
      .packetArrived, .segmentSent, .segmentReceived,
      .segmentAcknowledgement, .segmentSACK, .segmentRetransmission, .segmentSpurious,
      .segmentDeclaredLost, .timerFired, .congestionWindow, .slowStartThreshold, .congestionPhase,
      .roundTripSample, .sendLimited, .bytesBuffered, .connectionOpened, .connectionEstablished,
      .connectionClosed, .connectionReset, .connectionFailed, .tlsMessage, .connectionSecured,
      .hintsReceived, .responseGarbled, .frameSent, .frameReceived, .frameInjected, .frameError,
      .quicPacketSent, .quicFrame, .quicPacketLost, .quicPacketSpurious, .pathChanged,
      .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked, .packetAddress:
      break
    }
  }

  /// Takes a request that its client handed to a connection.
  private mutating func takeSent(_ record: EventRecord, _ connection: Int) {
    let request = Int(record.item)
    requests[request].connection = record.connection
    requests[request].sent = record.time
    requests[request].requestBytes = record.length
    if hasStreams[connection] { connections[connection].streams.append(record.item) }
    if connections[connection].isQUIC { requests[request].ownDeliveries = [] }
  }

  /// Takes what a server handed to a connection: what is no beginning is no execution of its own.
  private mutating func takeWrite(_ record: EventRecord, _ request: Int) {
    if record.detail == ResponseWrite.beginning.rawValue {
      requests[request].answered = requests[request].answered ?? record.time
    } else {
      requests[originals[request] ?? request].executed -= 1
    }
  }

  /// Takes a server's promise: nobody had to ask.
  private mutating func takePromise(_ record: EventRecord, _ connection: Int) {
    let request = Int(record.item)
    requests[request].queued = record.time
    requests[request].sent = record.time
    requests[request].connection = record.connection
    requests[request].executed += 1
    requests[request].received = record.time
    requests[request].receivedBy = connections[connection].lastServerDelivery
    connections[connection].pushes.append(record.item)
  }

  /// Takes a frame of a stream's response.
  private mutating func takeFrame(_ record: EventRecord, _ connection: Int) {
    let type = record.frameType
    guard type == .headers || type == .data || type == .continuation,
      let item = connections[connection].request(of: record.item)
    else { return }
    let request = Int(item)
    let span = record.offset..<record.offset + Int64(record.length)
    if let last = requests[request].spans.last, last.upperBound == span.lowerBound {
      requests[request].spans[requests[request].spans.count - 1] =
        last.lowerBound..<span.upperBound
    } else {
      requests[request].spans.append(span)
    }
  }

  /// Takes the beginning or the end of a stall.
  private mutating func takeLimit(_ record: EventRecord, _ request: Int) {
    let last = requests[request].stalls.count - 1
    if last >= 0 && requests[request].stalls[last].to == .never {
      requests[request].stalls[last].to = record.time
    }
    if record.detail > 0, let cause = Cause(rawValue: record.detail - 1) {
      requests[request].stalls.append((record.time, .never, cause))
    }
  }

  /// Takes the window that a segment of the client announces.
  private mutating func announce(_ record: EventRecord, _ connection: Int) {
    guard let last = connections[connection].clientSends.indices.last,
      connections[connection].clientSends[last].packet == record.item
    else { return }
    // Half a kilobyte of unknown scale may be anything; none is none, and more is at least as much.
    let isUnknown = record.detail == 1 && (1..<536).contains(record.length)
    connections[connection].clientSends[last].window = isUnknown ? nil : record.length
  }

  /// Whether data of another connection reached the client between two moments: then the path was
  /// not this connection's alone.
  func othersArrived(_ connection: UInt32, from start: SimTime, to end: SimTime) -> Bool {
    var index = arrivals.partitionIndex { $0.time > start }
    while index < arrivals.count && arrivals[index].time < end {
      if arrivals[index].connection != connection { return true }
      index += 1
    }
    return false
  }

  /// Bytes of a QUIC stream reached an application.
  private mutating func deliverStream(_ record: EventRecord, _ connection: Int) {
    let packet = connections[connection].latestDatagram[Int(record.side.rawValue)]
    if record.side == .server {
      connections[connection].lastServerDelivery = packet
      return
    }
    if let item = connections[connection].request(of: record.item) {
      requests[Int(item)].ownDeliveries?.append(connections[connection].deliveries.count)
    }
    connections[connection].deliveries.append(
      Delivery(
        time: record.time, packet: packet, start: record.offset,
        end: record.offset + Int64(record.length), stream: record.item))
  }

  private mutating func deliver(_ record: EventRecord, _ connection: Int) {
    if record.side == .server {
      connections[connection].lastServerDelivery = record.item
      return
    }
    connections[connection].deliveries.append(
      Delivery(
        time: record.time, packet: record.item, start: record.offset,
        end: record.offset + Int64(record.length)))
  }
}
