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

/// The times that packets take at a rate. Most are as long as the one before, and what that took is
/// remembered: the processor divides slowly.
struct TransmissionTimes {
  private let rate: Bitrate
  private var bytes: UInt32 = 0
  private var time = SimDuration.zero
  /// What is left over of a nanosecond, in the rate's parts of one.
  private var rest: UInt64 = 0

  init(at rate: Bitrate) { self.rate = rate }

  /// As `Bitrate.transmissionTime`, of a remainder that an earlier call left.
  @inline(__always)
  mutating func time(of bytes: UInt32, remainder: inout UInt64) -> SimDuration {
    if bytes != self.bytes { measure(bytes) }
    let sum = rest + remainder
    let isWhole = sum >= rate.bitsPerSecond && !rate.isUnlimited
    remainder = isWhole ? sum - rate.bitsPerSecond : sum
    return isWhole ? time + SimDuration(nanoseconds: 1) : time
  }

  @inline(never)
  private mutating func measure(_ bytes: UInt32) {
    self.bytes = bytes
    rest = 0
    time = rate.transmissionTime(bytes: Int(bytes), remainder: &rest)
  }
}
