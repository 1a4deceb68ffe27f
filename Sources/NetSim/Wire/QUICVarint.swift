/// QUIC's integers of 1, 2, 4 or 8 bytes: the two highest bits tell how many (RFC 9000 §16).
public enum QUICVarint {
  /// The largest value: 62 bits.
  @inlinable public static var maximum: UInt64 { 1 << 62 - 1 }

  /// Bytes of the shortest encoding. A value above `maximum` has none, and counts as 8.
  @inlinable public static func size(_ value: UInt64) -> Int {
    value < 1 << 14 ? (value < 1 << 6 ? 1 : 2) : (value < 1 << 30 ? 4 : 8)
  }

  /// Bytes of the shortest encoding of a length.
  @inlinable public static func size(_ length: Int) -> Int { size(UInt64(length)) }

  /// The largest value of an encoding of `size` bytes: 1, 2, 4 or 8.
  @inlinable public static func maximum(size: Int) -> UInt64 { 1 << (8 * UInt64(size) - 2) - 1 }

  /// The longest content that fits into `room` bytes together with its own length, in the shortest
  /// encoding, before it; nil where there is not even room for a length of 0.
  @inlinable public static func countedBytes(in room: Int) -> Int? {
    // Two bytes count everything that needs more than one, up to a packet of any size.
    if room > 65 && room <= 16_385 { return room - 2 }
    guard room >= 1 else { return nil }
    var most = 0
    var size = 1
    while size <= min(room, 8) {
      most = max(most, Int(clamping: min(UInt64(room - size), maximum(size: size))))
      size *= 2
    }
    return most
  }
}

extension ByteReader {
  /// The integer at `offset`, which then stands behind it; nil, and `offset` where it was, when the
  /// bytes end before (RFC 9000 §16).
  @inlinable public func quicVarint(at offset: inout Int) -> UInt64? {
    guard let first = byte(at: offset) else { return nil }
    let size = 1 << Int(first >> 6)
    guard count - offset >= size else { return nil }
    var value = UInt64(first & 0x3F)
    for place in offset + 1..<offset + size { value = value << 8 | UInt64(bytes[place]) }
    offset += size
    return value
  }
}

extension [UInt8] {
  /// The integer at `place`, which then stands behind it; nil where it is not whole.
  func quicVarint(at place: inout Int) -> UInt64? {
    withUnsafeBytes { ByteReader($0).quicVarint(at: &place) }
  }

  /// Appends an integer of at most `QUICVarint.maximum`, in the shortest encoding or in `size` bytes.
  mutating func append(quicVarint value: UInt64, size: Int? = nil) {
    let size = size ?? QUICVarint.size(value)
    precondition(value <= QUICVarint.maximum(size: size), "a QUIC integer has no room")
    let prefix = UInt64(size.trailingZeroBitCount)
    let bits = 8 * UInt64(size)
    let word = prefix << (bits - 2) | value
    for shift in stride(from: bits, to: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: word >> (shift - 8)))
    }
  }
}
