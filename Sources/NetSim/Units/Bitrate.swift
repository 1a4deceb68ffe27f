/// A rate in bits per second, or no limit at all.
public struct Bitrate: Comparable, Hashable, Sendable {
  /// Bits per second; zero stands for "no limit".
  public var bitsPerSecond: UInt64

  /// A rate of `bitsPerSecond`, which must not be zero: see `unlimited`.
  public init(bitsPerSecond: UInt64) {
    precondition(bitsPerSecond > 0, "a rate of zero bits per second never sends anything")
    self.bitsPerSecond = bitsPerSecond
  }

  private init(unlimited: Void) { bitsPerSecond = 0 }

  /// A link on which serialisation takes no time.
  public static var unlimited: Bitrate { Bitrate(unlimited: ()) }

  /// A rate of whole megabits (10⁶ bits) per second.
  public static func megabits(_ count: UInt64) -> Bitrate {
    Bitrate(bitsPerSecond: count * 1_000_000)
  }

  /// Whether serialisation takes no time.
  public var isUnlimited: Bool { bitsPerSecond == 0 }

  /// The slower rate comes first; no limit is the fastest.
  public static func < (left: Bitrate, right: Bitrate) -> Bool {
    if left.isUnlimited { return false }
    return right.isUnlimited || left.bitsPerSecond < right.bitsPerSecond
  }

  /// The time that `bytes` take at this rate, in whole nanoseconds.
  ///
  /// The part of a nanosecond that is left over goes to `remainder` and is used by the next
  /// call, so that a busy link never drifts from its rate. An idle link starts from zero.
  func transmissionTime(bytes: Int, remainder: inout UInt64) -> SimDuration {
    if bitsPerSecond == 0 { return .zero }
    let scaled = UInt64(bytes) * 8_000_000_000 + remainder
    let (nanoseconds, left) = scaled.quotientAndRemainder(dividingBy: bitsPerSecond)
    remainder = left
    return SimDuration(nanoseconds: Int64(nanoseconds))
  }
}
