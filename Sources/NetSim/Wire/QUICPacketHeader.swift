/// The header of a packet of version 1, to be written before protection (RFC 9000 §17).
public struct QUICPacketHeader: Equatable, Sendable {
  /// Version 1 (RFC 9000 §15).
  @inlinable public static var version1: UInt32 { 1 }

  /// The packet's type: one that has frames.
  public var type: QUICPacketType
  /// The connection ID of the receiver.
  public var destination: QUICConnectionID
  /// The connection ID of the sender; a short header has none.
  public var source: QUICConnectionID
  /// The packet's number.
  public var number: UInt64
  /// How many of the number's bytes are written: 1…4.
  public var numberSize: Int
  /// The latency spin bit of a short header (RFC 9000 §17.4).
  public var spin = false
  /// Which keys of two that follow each other protect a packet with a short header (RFC 9001 §6).
  public var keyPhase = false
  /// The bit that is 1, but for peers that take a 0 too (RFC 9287).
  public var fixedBit = true

  /// A header.
  public init(
    _ type: QUICPacketType, destination: QUICConnectionID,
    source: QUICConnectionID = QUICConnectionID(), number: UInt64, numberSize: Int
  ) {
    precondition(type.hasFrames, "a packet without frames has no packet number")
    precondition(1...4 ~= numberSize, "a packet number has 1 to 4 bytes")
    self.type = type
    self.destination = destination
    self.source = source
    self.number = number
    self.numberSize = numberSize
  }

  /// Appends the header with the packet number. Behind it come `payloadBytes` of frames and tag; an
  /// Initial packet has a `token`. The Length field takes `lengthSize` bytes: 1, 2, 4 or 8.
  public func append(
    token: [UInt8] = [], payloadBytes: Int, lengthSize: Int = 2, to bytes: inout [UInt8]
  ) throws(QUICPacketError) {
    let length = UInt64(numberSize + payloadBytes)
    guard length >= UInt64(QUICPacketSize.leastNumberAndFrames + QUICPacketSize.tag),
      !type.hasLongHeader || length <= QUICVarint.maximum(size: lengthSize)
    else { throw .length }
    bytes.append(firstByte)
    if type.hasLongHeader {
      bytes.append(version: Self.version1, destination, source)
      if type == .initial {
        bytes.append(quicVarint: UInt64(token.count))
        bytes += token
      }
      bytes.append(quicVarint: length, size: lengthSize)
    } else {
      destination.append(to: &bytes)
    }
    for place in stride(from: numberSize - 1, through: 0, by: -1) {
      bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * place)))
    }
  }

  private var firstByte: UInt8 {
    let start = (fixedBit ? 0x40 : 0) | UInt8(numberSize - 1)
    if type.hasLongHeader { return 0x80 | start | type.rawValue << 4 }
    return start | (spin ? 0x20 : 0) | (keyPhase ? 4 : 0)
  }

  /// Appends a Retry packet, whose `tag` has 16 bytes (RFC 9000 §17.2.5). The four bits without a
  /// meaning are ones, as in RFC 9001 §A.4.
  public static func appendRetry(
    destination: QUICConnectionID, source: QUICConnectionID, token: [UInt8], tag: [UInt8],
    to bytes: inout [UInt8]
  ) throws(QUICPacketError) {
    guard !token.isEmpty else { throw .emptyToken }
    precondition(tag.count == QUICPacketSize.retryTag, "a Retry's tag has 16 bytes")
    bytes.append(0xFF)
    bytes.append(version: version1, destination, source)
    bytes += token
    bytes += tag
  }

  /// Appends a Version Negotiation packet with the versions that the server speaks
  /// (RFC 9000 §17.2.1).
  public static func appendVersionNegotiation(
    destination: QUICConnectionID, source: QUICConnectionID, versions: [UInt32],
    to bytes: inout [UInt8]
  ) throws(QUICPacketError) {
    guard !versions.isEmpty else { throw .versions }
    // RFC 9000 §17.2.1: the bit that is fixed elsewhere should be 1 here too.
    bytes.append(0xC0)
    bytes.append(version: 0, destination, source)
    for version in versions { bytes.append(bigEndian: version) }
  }
}

extension [UInt8] {
  /// Version and connection IDs (RFC 8999 §5.1).
  fileprivate mutating func append(
    version: UInt32, _ destination: QUICConnectionID, _ source: QUICConnectionID
  ) {
    append(bigEndian: version)
    append(UInt8(destination.count))
    destination.append(to: &self)
    append(UInt8(source.count))
    source.append(to: &self)
  }
}
