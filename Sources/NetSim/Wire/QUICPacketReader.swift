/// Finds the packets of a datagram, one behind another (RFC 9000 §12.2), as far as their headers are in
/// the clear.
///
/// After an error nothing more is read: where the next packet begins is not known, and the rest is
/// dropped. The reader must not outlive the datagram's memory.
public struct QUICPacketReader {
  /// The datagram.
  public let reader: ByteReader
  /// Where the next packet begins.
  public private(set) var offset = 0

  private let shortIDBytes: Int
  private let takesGreasedBit: Bool

  /// A reader of a datagram's payload. `shortIDBytes` is the length of the connection IDs that the
  /// receiver has given out: a short header does not tell it. `takesGreasedBit` lets the fixed bit be 0
  /// (RFC 9287 §3.1).
  public init(_ datagram: ByteReader, shortIDBytes: Int, takesGreasedBit: Bool = false) {
    precondition(0...QUICConnectionID.maximumBytes ~= shortIDBytes, "no connection ID's length")
    reader = datagram
    self.shortIDBytes = shortIDBytes
    self.takesGreasedBit = takesGreasedBit
  }

  /// The next packet; nil at the datagram's end.
  public mutating func next() throws(QUICPacketError) -> QUICPacket? {
    guard let first = reader.byte(at: offset) else { return nil }
    let start = offset
    offset = reader.count
    let packet = first & 0x80 == 0 ? try short(start, first) : try long(start, first)
    offset = packet.range.upperBound
    return packet
  }

  /// A short header, whose packet is its datagram's last (RFC 9000 §17.3.1).
  private func short(_ start: Int, _ first: UInt8) throws(QUICPacketError) -> QUICPacket {
    try checkFixedBit(first)
    let body = start + 1 + shortIDBytes
    guard body <= reader.count else { throw .truncated }
    var packet = QUICPacket(type: .oneRTT, range: start..<reader.count)
    packet.destination = start + 1..<body
    packet.body = body..<reader.count
    try checkSample(packet)
    return packet
  }

  /// A long header: what is the same in all versions first (RFC 8999 §5.1).
  private func long(_ start: Int, _ first: UInt8) throws(QUICPacketError) -> QUICPacket {
    guard let version = reader.uint32(at: start + 1) else { throw .truncated }
    var place = start + 5
    let destination = try connectionID(&place)
    let source = try connectionID(&place)
    var packet = QUICPacket(type: .otherVersion, range: start..<reader.count, version: version)
    packet.destination = destination
    packet.source = source
    packet.body = place..<reader.count
    switch version {
    case 0:
      packet.type = .versionNegotiation
      guard !packet.body.isEmpty, packet.body.count % 4 == 0 else { throw .versions }
    case QUICPacketHeader.version1: try readVersion1(&packet, first)
    default: break
    }
    return packet
  }

  private func connectionID(_ place: inout Int) throws(QUICPacketError) -> Range<Int> {
    guard let length = reader.byte(at: place) else { throw .truncated }
    let start = place + 1
    guard Int(length) <= reader.count - start else { throw .truncated }
    place = start + Int(length)
    return start..<place
  }

  /// What stands behind the connection IDs in version 1 (RFC 9000 §17.2).
  private func readVersion1(_ packet: inout QUICPacket, _ first: UInt8) throws(QUICPacketError) {
    try checkFixedBit(first)
    guard packet.destination.count <= QUICConnectionID.maximumBytes,
      packet.source.count <= QUICConnectionID.maximumBytes
    else { throw .connectionIDLength }
    packet.type = Self.types[Int(first >> 4 & 3)]
    if packet.type == .retry { return try readRetry(&packet) }
    var place = packet.body.lowerBound
    if packet.type == .initial { packet.token = try counted(&place) }
    packet.body = try counted(&place)
    packet.range = packet.range.lowerBound..<packet.body.upperBound
    try checkSample(packet)
  }

  private static var types: [QUICPacketType] { [.initial, .zeroRTT, .handshake, .retry] }

  private func readRetry(_ packet: inout QUICPacket) throws(QUICPacketError) {
    let tag = reader.count - QUICPacketSize.retryTag
    guard packet.body.lowerBound <= tag else { throw .truncated }
    packet.token = packet.body.lowerBound..<tag
    packet.body = tag..<reader.count
    guard !packet.token.isEmpty else { throw .emptyToken }
  }

  private func counted(_ place: inout Int) throws(QUICPacketError) -> Range<Int> {
    guard let length = reader.quicVarint(at: &place),
      length <= UInt64(reader.count - place)
    else { throw .truncated }
    let start = place
    place += Int(length)
    return start..<place
  }

  private func checkFixedBit(_ first: UInt8) throws(QUICPacketError) {
    guard first & 0x40 != 0 || takesGreasedBit else { throw .fixedBit }
  }

  private func checkSample(_ packet: QUICPacket) throws(QUICPacketError) {
    let least = QUICPacketSize.leastNumberAndFrames + QUICPacketSize.tag
    guard packet.body.count >= least else { throw .length }
  }
}
