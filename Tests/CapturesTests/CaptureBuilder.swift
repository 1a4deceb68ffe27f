import Captures
import Foundation
import NetSim

/// Writes capture files for tests, byte by byte.
struct CaptureBuilder {
  /// The byte order and the unit of the times of a classic pcap file.
  enum Form: CaseIterable {
    case littleMicroseconds, littleNanoseconds, bigMicroseconds, bigNanoseconds

    var isLittle: Bool { self == .littleMicroseconds || self == .littleNanoseconds }
    var isNanoseconds: Bool { self == .littleNanoseconds || self == .bigNanoseconds }
  }

  let form: Form
  private(set) var bytes: [UInt8] = []

  init(form: Form = .littleNanoseconds, linkType: UInt32 = 101, snapshot: UInt32 = 262_144) {
    self.form = form
    append(form.isNanoseconds ? 0xA1B2_3C4D : 0xA1B2_C3D4)
    append(0, 2, 4)
    append(0)
    append(0)
    append(snapshot)
    append(linkType)
  }

  mutating func append(_ value: UInt32) {
    withUnsafeBytes(of: form.isLittle ? value.littleEndian : value.bigEndian) { bytes += $0 }
  }

  /// Appends the version's two 16-bit numbers; the first argument tells them from a 32-bit one.
  private mutating func append(_: Int, _ major: UInt16, _ minor: UInt16) {
    for value in [major, minor] {
      withUnsafeBytes(of: form.isLittle ? value.littleEndian : value.bigEndian) { bytes += $0 }
    }
  }

  /// Appends a record; `wire` is its length on the wire where that differs.
  mutating func add(_ packet: [UInt8], atNs time: Int64, captured: UInt32? = nil, wire: Int? = nil)
  {
    append(UInt32(1_700_000_000 + time / 1_000_000_000))
    append(UInt32(time % 1_000_000_000 / (form.isNanoseconds ? 1 : 1_000)))
    append(captured ?? UInt32(packet.count))
    append(UInt32(wire ?? packet.count))
    bytes += packet
  }

  /// Reads what was written so far.
  func read(_ options: CaptureOptions = CaptureOptions()) throws -> CaptureAnalysis {
    try Self.read(bytes, options)
  }

  /// Reads these bytes as a capture file.
  static func read(
    _ bytes: [UInt8], _ options: CaptureOptions = CaptureOptions()
  ) throws -> CaptureAnalysis {
    let path = try write(bytes)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try CaptureAnalysis.read(path: path, options: options)
  }

  /// Writes bytes to a file of their own and gives its path.
  static func write(_ bytes: [UInt8]) throws -> String {
    let path = NSTemporaryDirectory() + "netsim-" + UUID().uuidString + ".pcap"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}

/// A conversation between 10.0.0.1:40000 (the client) and 10.0.0.2:80, packet by packet.
struct Conversation {
  var capture: CaptureBuilder
  /// The initial sequence numbers of client and server.
  var clientInitial: UInt32 = 1_000
  var serverInitial: UInt32 = 5_000
  /// Whether both SYNs offer SACK.
  var permitsSACK = true
  var clientPort: UInt16 = 40_000
  /// The identification of the next packet of each end.
  private var identification: [UInt16] = [1, 1]

  init(_ capture: CaptureBuilder = CaptureBuilder()) { self.capture = capture }

  /// Sends a segment with relative sequence numbers. `identification` overrides the counted one.
  mutating func send(
    _ side: Side, ms: Double, _ flags: TCPFlags = .ack, seq: Int64, ack: Int64 = 0,
    length: Int = 0, text: String? = nil, bytes: [UInt8]? = nil, sack: [Range<Int64>] = [],
    identification given: UInt16? = nil, timestamps: TCPTimestamps? = nil,
    window: UInt16 = 0xFFFF, scale: UInt8? = nil
  ) throws {
    let payload =
      bytes ?? text.map { Array($0.utf8) } ?? [UInt8](repeating: 0x78, count: length)
    let own = side == .client ? clientInitial : serverInitial
    let peer = side == .client ? serverInitial : clientInitial
    var options = TCPOptions()
    options.timestamps = timestamps
    options.windowScale = scale
    if flags.contains(.syn) {
      options.maximumSegmentSize = 1460
      options.permitsSACK = permitsSACK
    }
    for block in sack {
      options.addSACK(
        SACKBlock(
          start: SequenceNumber(peer).advanced(by: block.lowerBound),
          end: SequenceNumber(peer).advanced(by: block.upperBound)))
    }
    let addresses = [IPAddress(10, 0, 0, 1), IPAddress(10, 0, 0, 2)]
    let from = side == .client ? 0 : 1
    let header = TCPHeader(
      sourcePort: from == 0 ? clientPort : 80, destinationPort: from == 0 ? 80 : clientPort,
      sequence: SequenceNumber(own).advanced(by: seq),
      acknowledgement: flags.contains(.ack)
        ? SequenceNumber(peer).advanced(by: ack) : SequenceNumber(0),
      flags: flags, window: window, options: options)
    var segment: [UInt8] = []
    try header.write(
      payload: payload, source: addresses[from], destination: addresses[1 - from], to: &segment)
    var packet: [UInt8] = []
    try IPv4Header(
      source: addresses[from], destination: addresses[1 - from],
      identification: given ?? identification[from]
    ).write(payloadLength: segment.count, to: &packet)
    identification[from] = (given ?? identification[from]) &+ 1
    capture.add(packet + segment, atNs: Int64((ms * 1e6).rounded()))
  }

  /// A handshake as the client's side sees it: a round trip of 40 ms.
  mutating func handshakeAtClient() throws {
    try send(.client, ms: 0, .syn, seq: 0)
    try send(.server, ms: 40, [.syn, .ack], seq: 0, ack: 1)
    try send(.client, ms: 40.1, seq: 1, ack: 1)
  }

  /// A handshake as the server's side sees it: a round trip of 40 ms.
  mutating func handshakeAtServer() throws {
    try send(.client, ms: 0, .syn, seq: 0)
    try send(.server, ms: 0.1, [.syn, .ack], seq: 0, ack: 1)
    try send(.client, ms: 40.1, seq: 1, ack: 1)
  }
}
