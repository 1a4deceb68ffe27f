/// Packet numbers of 62 bits, of which a header has the last 1 to 4 bytes (RFC 9000 §17.1).
public enum QUICPacketNumber {
  /// Bytes that a header needs for `number`, so that a peer who has not seen any packet behind
  /// `largestAcknowledged` understands it; nil as long as none is acknowledged (RFC 9000 §A.2).
  ///
  /// More than 2^31 numbers in between have no encoding; 4 is given then.
  @inlinable public static func size(_ number: UInt64, largestAcknowledged: UInt64?) -> Int {
    let outstanding = largestAcknowledged.map { number - $0 } ?? number + 1
    // Twice the range must have a place (RFC 9000 §17.1).
    return outstanding <= 1 << 7
      ? 1 : outstanding <= 1 << 15 ? 2 : outstanding <= 1 << 23 ? 3 : 4
  }

  /// The number whose last `size` bytes are `truncated`: the nearest to the one expected after
  /// `largest`, the largest that was read so far; nil before the first (RFC 9000 §A.3).
  @inlinable public static func decode(
    _ truncated: UInt32, size: Int, largest: UInt64?
  ) -> UInt64 {
    let expected = largest.map { $0 + 1 } ?? 0
    let window = UInt64(1) << (8 * UInt64(size))
    let half = window / 2
    let candidate = expected & ~(window - 1) | UInt64(truncated)
    if candidate + half <= expected, candidate < 1 << 62 - window { return candidate + window }
    if candidate > expected + half, candidate >= window { return candidate - window }
    return candidate
  }
}
