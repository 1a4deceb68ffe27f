/// A connection ID of version 1: at most 20 bytes, kept without an allocation (RFC 9000 §5.1, §17.2).
public struct QUICConnectionID: Equatable, Sendable {
  /// Bytes that one has at most.
  @inlinable public static var maximumBytes: Int { 20 }

  /// How many bytes it has: 0…20.
  public private(set) var count = 0

  private var first: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0

  /// The connection ID of no bytes.
  public init() {}

  /// The connection ID of bytes; nil where there are more than 20.
  public init?(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      guard count < Self.maximumBytes else { return nil }
      append(byte)
    }
  }

  private mutating func append(_ byte: UInt8) {
    let bits = UInt64(byte) << UInt64(56 - 8 * (count & 7))
    switch count >> 3 {
    case 0: first |= bits
    case 1: second |= bits
    default: third |= bits
    }
    count += 1
  }

  /// The byte at `index`, 0..<`count`.
  public subscript(index: Int) -> UInt8 {
    precondition(index >= 0 && index < count, "a byte behind the connection ID's end")
    let word = index >> 3 == 0 ? first : index >> 3 == 1 ? second : third
    return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index & 7)))
  }

  /// Appends its bytes.
  func append(to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(self[index]) }
  }
}
