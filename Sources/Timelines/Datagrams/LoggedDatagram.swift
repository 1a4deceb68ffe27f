import NetSim

/// A UDP datagram as the log has it: the QUIC packets in it, each with its frames.
struct LoggedDatagram {
  /// A QUIC packet.
  struct Packet {
    let type: QUICPacketType
    let number: Int64
    let bytes: Int64
    /// Its frames but ACK, in their order.
    var frames: [Frame] = []
    /// What it acknowledges, the highest range first, and how long that was put off.
    var acknowledged: [Range<Int64>] = []
    var acknowledgementDelay = SimDuration.zero

    /// Whether it acknowledges and does nothing else.
    var isPureAcknowledgement: Bool { frames.isEmpty && !acknowledged.isEmpty }

    /// Whether it wants to be acknowledged (RFC 9002 §2).
    var isEliciting: Bool { frames.contains { $0.type.isAckEliciting } }

    /// Whether it only tries a larger size (RFC 8899 §4.1).
    var triesSize: Bool {
      type == .oneRTT && frames.map(\.type) == [.ping, .padding]
    }
  }

  /// A frame (RFC 9000 §19).
  struct Frame {
    let type: QUICFrameType
    /// Whether its stream ends with it.
    let isLast: Bool
    let stream: UInt32
    let start: Int64
    let length: Int64

    var end: Int64 { start + length }
  }

  /// Its number in the run, as that of any packet of the network.
  let item: UInt32
  let time: SimTime
  let sender: Side
  var packets: [Packet] = []
  /// The client's address that it has, and which of its receiver's connection IDs.
  var address = ClientAddress.first
  var identity: UInt32 = 0
  /// Whether a probe time-out made its sender write it.
  var isProbe = false
  /// Which of its streams' bytes packets had before: the stream, or nil for CRYPTO, and the packet's
  /// number.
  var repeats: [(stream: UInt32?, number: Int64)] = []
  /// When it would have come to the end of the link that lost it; nil where none did.
  var wouldArrive: SimTime?
  /// The place of the record of its last arrival; nil where it did not come.
  var arrival: Int?

  /// The numbers of the packets that had some of its bytes before, each once.
  var repeated: [Int64] {
    repeats.reduce(into: []) { numbers, before in
      if !numbers.contains(before.number) { numbers.append(before.number) }
    }
  }

  /// The number of the first packet that had some of its bytes of a stream before.
  func repeated(of stream: UInt32) -> Int64? { repeats.first { $0.stream == stream }?.number }

  /// Whether a link lost it.
  var isLost: Bool { wouldArrive != nil }

  /// Bytes of the UDP payload.
  var bytes: Int64 { packets.reduce(0) { $0 + $1.bytes } }

  /// Whether any of its packets wants to be acknowledged.
  var isEliciting: Bool { packets.contains(where: \.isEliciting) }

  /// The frames of streams in all its packets.
  var streamFrames: [Frame] {
    packets.flatMap { $0.frames.filter { $0.type == .stream } }
  }

  /// The streams of which it has bytes, in their order, each once.
  var streams: [UInt32] {
    streamFrames.reduce(into: []) { streams, frame in
      if !streams.contains(frame.stream) { streams.append(frame.stream) }
    }
  }

  /// How much of a stream it carries.
  func payload(of stream: UInt32) -> Int64 {
    streamFrames.reduce(0) { $0 + ($1.stream == stream ? $1.length : 0) }
  }
}

/// The datagrams of a log, or of one connection of it.
struct LoggedDatagrams {
  private var all: [UInt32: LoggedDatagram] = [:]
  /// Which bytes packets had, by their streams.
  private var sent: [Stream: [(bytes: Range<Int64>, number: Int64)]] = [:]
  /// When a probe time-out was last, by connection and side.
  private var probes: [Sender: SimTime] = [:]
  /// Datagrams that a link sent twice, by the numbers of their copies.
  private var originals: [UInt32: UInt32] = [:]

  /// When packets with streams were due that a link lost.
  private var due: [Lost: SimTime] = [:]

  private struct Lost: Hashable {
    let sender: Side
    let number: Int64
  }

  private struct Sender: Hashable {
    let connection: UInt32
    let side: Side
  }

  /// A stream, or the CRYPTO of a kind of packets.
  private struct Stream: Hashable {
    let sender: Sender
    let stream: UInt32?
    let crypto: QUICPacketType?
  }

  /// What `log` has of `connection`, or of all.
  init(_ log: EventLog, connection: UInt32? = nil) {
    var last: UInt32?
    for (index, record) in log.records.enumerated() {
      if let connection, record.connection != connection { continue }
      switch record.kind {
      case .quicPacketSent:
        last = record.item
        begin(record)
      case .quicFrame: if let last { take(record, in: last) }
      case .timerFired where record.detail == TimerKind.probe.rawValue:
        probes[Sender(connection: record.connection, side: record.side)] = record.time
      case .packetDropped: lose(record)
      case .packetAddress:
        all[record.item]?.address = ClientAddress(number: record.offset)
        all[record.item]?.identity = record.length
      case .packetArrived: all[record.item]?.arrival = index
      case .packetDuplicated: copy(UInt32(truncatingIfNeeded: record.offset), as: record.item)
      case .packetEnqueued, .packetDequeued, .packetMarked, .segmentSent, .segmentReceived,
        .segmentAcknowledgement, .segmentSACK, .segmentRetransmission, .segmentSpurious,
        .segmentDeclaredLost, .timerFired, .congestionWindow, .slowStartThreshold,
        .congestionPhase, .roundTripSample, .sendLimited, .bytesBuffered, .bytesDelivered,
        .connectionOpened, .connectionEstablished, .connectionClosed, .connectionReset,
        .connectionFailed, .requestQueued, .requestSent, .requestReceived, .responseSent,
        .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
        .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
        .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
        .quicPacketReceived, .quicPacketLost, .quicPacketSpurious, .streamDelivered,
        .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
        .pathChanged:
        break
      }
    }
  }

  /// A datagram by its number; nil for packets of TCP.
  subscript(item: UInt32) -> LoggedDatagram? { all[item] }

  /// Every datagram, by their numbers.
  var inOrder: [LoggedDatagram] { all.values.sorted { $0.item < $1.item } }

  /// The datagram of which a link made one.
  func original(of item: UInt32) -> UInt32? { originals[item] }

  /// When a packet with streams was due that a link lost; nil where none did. Only of the datagrams of
  /// one connection.
  func wasDue(_ number: Int64, of sender: Side) -> SimTime? {
    due[Lost(sender: sender, number: number)]
  }

  /// The packet of a record that has a number and the kind of a packet.
  func packet(_ record: EventRecord) -> LoggedDatagram.Packet? {
    all[record.item]?.packets.first {
      $0.number == record.offset && $0.type.rawValue == record.detail
    }
  }

  // MARK: Parts

  private mutating func begin(_ record: EventRecord) {
    let type = QUICPacketType(rawValue: record.detail) ?? .otherVersion
    let sender = Sender(connection: record.connection, side: record.side)
    var datagram =
      all[record.item]
      ?? LoggedDatagram(item: record.item, time: record.time, sender: record.side)
    datagram.packets.append(
      LoggedDatagram.Packet(type: type, number: record.offset, bytes: Int64(record.length)))
    datagram.isProbe = probes[sender] == record.time
    all[record.item] = datagram
  }

  private mutating func take(_ record: EventRecord, in item: UInt32) {
    guard let packet = all[item]?.packets.indices.last else { return }
    let number = record.detail & 0x7F
    if number == Self.acknowledgedRange {
      all[item]?.packets[packet].acknowledged.append(
        record.offset..<record.offset + Int64(record.length))
      return
    }
    let isRequest = number == Self.acknowledgementFrequency
    guard let type = QUICFrameType(number: isRequest ? 0xAF : UInt64(number)) else { return }
    if type == .acknowledgement {
      all[item]?.packets[packet].acknowledgementDelay = .microseconds(Int64(record.length))
      return
    }
    let frame = LoggedDatagram.Frame(
      type: type, isLast: record.detail & 0x80 != 0, stream: record.item, start: record.offset,
      length: Int64(record.length))
    all[item]?.packets[packet].frames.append(frame)
    if type == .stream || type == .crypto { noteBytes(frame, record, in: item, packet) }
  }

  /// What the log calls the ranges of an ACK.
  private static let acknowledgedRange: UInt8 = 3
  /// What it calls ACK_FREQUENCY.
  private static let acknowledgementFrequency: UInt8 = 0x2F

  private mutating func noteBytes(
    _ frame: LoggedDatagram.Frame, _ record: EventRecord, in item: UInt32, _ place: Int
  ) {
    guard let packet = all[item]?.packets[place] else { return }
    let sender = Sender(connection: record.connection, side: record.side)
    // Requests before and after the handshake go on one stream.
    let stream = Stream(
      sender: sender, stream: frame.type == .stream ? frame.stream : nil,
      crypto: frame.type == .crypto ? packet.type : nil)
    // An end alone lies behind the last byte.
    let bytes = frame.start..<max(frame.end, frame.start + 1)
    let spans = sent[stream, default: []]
    if spans.last.map({ $0.bytes.upperBound > bytes.lowerBound }) ?? false,
      let before = spans.first(where: { $0.bytes.overlaps(bytes) })
    {
      all[item]?.repeats.append((stream.stream, before.number))
    } else {
      sent[stream, default: []].append((frame.start..<frame.end, packet.number))
    }
  }

  private mutating func lose(_ record: EventRecord) {
    guard let datagram = all[record.item] else { return }
    let time = record.time + SimDuration(nanoseconds: record.offset)
    all[record.item]?.wouldArrive = time
    for packet in datagram.packets where packet.type.isOfApplication {
      due[Lost(sender: datagram.sender, number: packet.number)] = time
    }
  }

  private mutating func copy(_ item: UInt32, as copy: UInt32) {
    guard let datagram = all[item] else { return }
    var twin = LoggedDatagram(item: copy, time: datagram.time, sender: datagram.sender)
    twin.packets = datagram.packets
    all[copy] = twin
    originals[copy] = item
  }
}

extension QUICPacketType {
  /// Whether its numbers are those of packets with streams (RFC 9000 §12.3).
  fileprivate var isOfApplication: Bool { self == .oneRTT || self == .zeroRTT }
}
