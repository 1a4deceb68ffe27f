import NetSim

/// What the log of a capture shows of its requests beyond their own times: the packet that began each
/// response, and when the client had acknowledged its end.
struct RequestSightings {
  /// One request.
  struct Sighting {
    /// When the response's first packet was captured, and its payload.
    var firstPacket: SimTime?
    var firstPayload: UInt32 = 0
    /// How long after the packet with data before it, on whichever connection, it came.
    var gap: SimDuration?
    /// When an acknowledgement of the response's last byte was captured.
    var acknowledged: SimTime?
  }

  private(set) var sightings: [Sighting]
  /// Packets that follow each other within a response, by the server's connection.
  private(set) var trains: [PacketTrains]
  /// The longest round trip measured, by connection.
  private(set) var longestSamples: [SimDuration]

  /// A request's place in its connection.
  private struct Pending {
    var request: Int
    var start: Int64
    var end: Int64
  }

  private var unseen: [[Pending]]
  private var unacknowledged: [[Pending]]
  private let vantages: [Side]
  private var lastData: (time: SimTime, connection: Int, end: Int64)?
  /// The packet that the client sent last.
  private var clientPacket: UInt32 = 0

  init(_ analysis: CaptureAnalysis) {
    let count = analysis.connections.count
    sightings = Array(repeating: Sighting(), count: analysis.requests.count)
    trains = Array(repeating: PacketTrains(), count: count)
    longestSamples = Array(repeating: .zero, count: count)
    vantages = analysis.connections.map(\.vantage)
    unseen = Array(repeating: [], count: count)
    for (index, request) in analysis.requests.enumerated().reversed() {
      guard let start = request.responseSequence, let length = request.responseBytes else {
        continue
      }
      let pending = Pending(request: index, start: start, end: start + length)
      unseen[Int(request.connection)].append(pending)
    }
    // The next one to look for stands last.
    for index in unseen.indices { unseen[index].sort { $0.start > $1.start } }
    unacknowledged = unseen
    for record in analysis.log.records { take(record) }
  }

  private mutating func take(_ record: EventRecord) {
    let connection = Int(truncatingIfNeeded: record.connection)
    switch record.kind {
    case .segmentReceived, .segmentSent:
      // What the client sends and what the server sends, wherever the capture was made.
      let sender = record.kind == .segmentSent ? record.side : record.side.peer
      if sender == .client { clientPacket = record.item }
      if sender == .server && record.length > 0 { seeData(record, connection) }
    case .segmentAcknowledgement where record.item == clientPacket:
      while let next = unacknowledged[connection].last, record.offset >= next.end {
        sightings[next.request].acknowledged = record.time
        unacknowledged[connection].removeLast()
      }
    case .roundTripSample:
      longestSamples[connection] = max(
        longestSamples[connection], SimDuration(nanoseconds: record.offset))
    default: break
    }
  }

  private mutating func seeData(_ record: EventRecord, _ connection: Int) {
    let end = record.offset + Int64(record.length)
    defer { lastData = (record.time, connection, end) }
    let gap = lastData.map { record.time - $0.time }
    if let next = unseen[connection].last, record.offset <= next.start, next.start < end {
      sightings[next.request].firstPacket = record.time
      sightings[next.request].firstPayload = record.length
      sightings[next.request].gap = gap
      unseen[connection].removeLast()
    } else if let gap, let lastData, lastData.connection == connection,
      lastData.end == record.offset, vantages[connection] == .client
    {
      let headers: Int64 = 52  // of IPv4 and TCP with timestamps
      trains[connection].add(bytes: Int64(record.length) + headers, gapNs: gap.nanoseconds)
    }
  }
}
