/// The Internet checksum (RFC 1071): the one's complement of the one's complement sum of the
/// 16-bit words.
public struct InternetChecksum {
  /// The sum with its carries not yet folded in.
  private var sum: UInt64 = 0

  /// The sum of nothing.
  public init() {}

  /// The checksum of what was added: what stands in the header, or 0 when the sum covered a header
  /// that has its correct checksum already.
  public var value: UInt16 { ~folded }

  /// The sum itself, with its carries folded in.
  public var folded: UInt16 {
    var folded = sum
    while folded >> 16 != 0 { folded = (folded & 0xFFFF) + (folded >> 16) }
    return UInt16(truncatingIfNeeded: folded)
  }

  /// Adds bytes that begin on a word; an odd last byte is padded with a zero.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let reader = ByteReader(bytes)
    var offset = 0
    while let word = reader.uint16(at: offset) {
      sum += UInt64(word)
      offset += 2
    }
    if let last = reader.byte(at: offset) { sum += UInt64(last) << 8 }
  }

  /// Adds the bytes of an array.
  public mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { add($0) }
  }

  /// Adds one 16-bit word.
  public mutating func add(_ word: UInt16) { sum += UInt64(word) }

  /// Adds one 32-bit number, as two words.
  public mutating func add(_ number: UInt32) {
    add(UInt16(truncatingIfNeeded: number >> 16))
    add(UInt16(truncatingIfNeeded: number))
  }

  /// Adds the pseudo-header of a transport protocol: RFC 9293 §3.1 over IPv4, RFC 8200 §8.1 over
  /// IPv6. Their sums agree, because the fields that differ in width hold the same numbers.
  public mutating func addPseudoHeader(
    source: IPAddress, destination: IPAddress, transport: UInt8, length: UInt32
  ) {
    for address in [source, destination] {
      add(UInt32(truncatingIfNeeded: address.high >> 32))
      add(UInt32(truncatingIfNeeded: address.high))
      add(UInt32(truncatingIfNeeded: address.low >> 32))
      add(UInt32(truncatingIfNeeded: address.low))
    }
    add(UInt16(transport))
    add(length)
  }
}
