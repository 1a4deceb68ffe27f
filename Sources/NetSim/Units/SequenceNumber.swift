/// A TCP sequence number: 32 bits that wrap around (RFC 9293 §3.4).
///
/// Inside the machine positions in the stream are 64-bit offsets, which never wrap; this type is
/// what travels in a header, and the two functions below are the only way between the two.
public struct SequenceNumber: Hashable, Sendable {
  /// The number as it stands in the header.
  public var rawValue: UInt32

  /// The number as it stands in a header.
  @inlinable public init(_ rawValue: UInt32) { self.rawValue = rawValue }

  /// The sequence number `distance` further on, modulo 2³².
  @inlinable public func advanced(by distance: Int64) -> SequenceNumber {
    SequenceNumber(rawValue &+ UInt32(truncatingIfNeeded: distance))
  }

  /// The offset from `initial` that this number stands for, taken as the one nearest to
  /// `reference`: right while the two are less than 2³¹ apart, which RFC 9293 §3.4 guarantees.
  @inlinable public func offset(from initial: SequenceNumber, near reference: Int64) -> Int64 {
    let expected = initial.advanced(by: reference)
    return reference + Int64(Int32(bitPattern: rawValue &- expected.rawValue))
  }
}
