/// A packet that stands in a datagram: its header as far as it is in the clear (RFC 9000 §17). Its
/// parts are ranges of the datagram; nothing is copied.
public struct QUICPacket: Equatable, Sendable {
  /// Its type.
  public var type: QUICPacketType
  /// The whole packet.
  public var range: Range<Int>
  /// The version; 0 in Version Negotiation, and in a short header, which has none.
  public var version: UInt32
  /// The destination connection ID. Of another version it may have up to 255 bytes (RFC 8999 §5.1).
  public var destination: Range<Int>
  /// The source connection ID; empty in a short header.
  public var source: Range<Int>
  /// The token of an Initial or Retry packet.
  public var token: Range<Int>
  /// What stands behind: packet number, frames and tag, both of which may still be protected; the
  /// versions of Version Negotiation; the tag of a Retry; of another version, everything.
  public var body: Range<Int>

  /// A packet.
  public init(
    type: QUICPacketType, range: Range<Int>, version: UInt32 = 0, destination: Range<Int> = 0..<0,
    source: Range<Int> = 0..<0, token: Range<Int> = 0..<0, body: Range<Int> = 0..<0
  ) {
    self.type = type
    self.range = range
    self.version = version
    self.destination = destination
    self.source = source
    self.token = token
    self.body = body
  }

  /// What of the header was protected, once `reader`, which has the datagram, has it in the clear
  /// (RFC 9001 §5.4). Only of packets with frames.
  public func unprotected(in reader: ByteReader) -> QUICUnprotectedHeader {
    precondition(type.hasFrames, "a packet without frames has no protected header")
    let first = reader.bytes[range.lowerBound]
    let size = Int(first & 3) + 1
    var number: UInt32 = 0
    for place in body.lowerBound..<body.lowerBound + size {
      number = number << 8 | UInt32(reader.bytes[place])
    }
    return QUICUnprotectedHeader(
      numberSize: size, truncatedNumber: number,
      hasReservedBits: first & (type == .oneRTT ? 0x18 : 0x0C) != 0,
      keyPhase: type == .oneRTT && first & 4 != 0,
      payload: body.lowerBound + size..<body.upperBound)
  }

  /// Whether the latency spin bit of a short header is set: it is never protected (RFC 9000 §17.4).
  public func spin(in reader: ByteReader) -> Bool {
    type == .oneRTT && reader.bytes[range.lowerBound] & 0x20 != 0
  }

  /// The versions of Version Negotiation, one after another.
  public func supportedVersion(_ index: Int, in reader: ByteReader) -> UInt32? {
    guard type == .versionNegotiation, index >= 0, index < body.count / 4 else { return nil }
    return reader.uint32(at: body.lowerBound + 4 * index)
  }
}

/// The part of a header that protection hides (RFC 9001 §5.4.1).
public struct QUICUnprotectedHeader: Equatable, Sendable {
  /// Bytes of the packet number: 1…4.
  public var numberSize: Int
  /// The last bytes of the packet number; `QUICPacketNumber.decode` gives the whole of it.
  public var truncatedNumber: UInt32
  /// Whether a reserved bit is set, which is an error once the frames' protection is removed too
  /// (`QUICViolation.reservedBits`).
  public var hasReservedBits: Bool
  /// Which keys of two that follow each other protect the frames; always false in a long header
  /// (RFC 9001 §6).
  public var keyPhase: Bool
  /// The frames, and the tag behind them as long as it is there.
  public var payload: Range<Int>

  /// The part of a header.
  public init(
    numberSize: Int, truncatedNumber: UInt32, hasReservedBits: Bool, keyPhase: Bool,
    payload: Range<Int>
  ) {
    self.numberSize = numberSize
    self.truncatedNumber = truncatedNumber
    self.hasReservedBits = hasReservedBits
    self.keyPhase = keyPhase
    self.payload = payload
  }
}
