/// The integers of HTTP/3: QUIC's, of 1, 2, 4 or 8 bytes, of which the first two bits tell how many
/// (RFC 9000 §16).
enum HTTP3Varint {
  /// The largest one.
  static let most = UInt64(1) << 62 - 1

  /// How many bytes a number takes at least.
  static func byteCount(_ value: UInt64) -> Int {
    value < 1 << 6 ? 1 : value < 1 << 14 ? 2 : value < 1 << 30 ? 4 : 8
  }

  /// Reads the number at `place`, and moves behind it; nil where it is not whole.
  static func read(_ bytes: [UInt8], _ place: inout Int) -> UInt64? {
    guard place < bytes.count else { return nil }
    let count = 1 << Int(bytes[place] >> 6)
    guard bytes.count - place >= count else { return nil }
    var value = UInt64(bytes[place] & 0x3F)
    for offset in 1..<count { value = value << 8 | UInt64(bytes[place + offset]) }
    place += count
    return value
  }
}

extension [UInt8] {
  /// Appends a number in as few bytes as it takes (RFC 9000 §16).
  mutating func append(http3 value: UInt64) {
    precondition(value <= HTTP3Varint.most, "no integer of QUIC has more than 62 bits")
    let count = HTTP3Varint.byteCount(value)
    // 0, 1, 2 or 3 for 1, 2, 4 or 8 bytes.
    let code = UInt64(count.trailingZeroBitCount)
    let bits = value | code << UInt64(8 * count - 2)
    for place in stride(from: count - 1, through: 0, by: -1) {
      append(UInt8(truncatingIfNeeded: bits >> UInt64(8 * place)))
    }
  }
}
