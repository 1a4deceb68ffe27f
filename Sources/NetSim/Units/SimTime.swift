/// An instant of simulated time, in whole nanoseconds since the run (or the capture) began.
public struct SimTime: Comparable, Hashable, BitwiseCopyable, Sendable {
  /// Nanoseconds since the beginning.
  public var nanoseconds: Int64

  /// An instant `nanoseconds` after the beginning.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The beginning of the run.
  public static var zero: SimTime { SimTime(nanoseconds: 0) }
  /// Later than anything that happens: "no deadline".
  public static var never: SimTime { SimTime(nanoseconds: .max) }

  /// The earlier instant comes first.
  @inlinable public static func < (left: SimTime, right: SimTime) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// The instant `duration` later. `never` stays `never`.
  @inlinable public static func + (time: SimTime, duration: SimDuration) -> SimTime {
    time.nanoseconds == .max
      ? time : SimTime(nanoseconds: time.nanoseconds + duration.nanoseconds)
  }

  /// The duration from `earlier` to `later`.
  @inlinable public static func - (later: SimTime, earlier: SimTime) -> SimDuration {
    SimDuration(nanoseconds: later.nanoseconds - earlier.nanoseconds)
  }
}

/// A span of simulated time, in whole nanoseconds; it may be negative.
public struct SimDuration: Comparable, Hashable, BitwiseCopyable, Sendable {
  /// The length in nanoseconds.
  public var nanoseconds: Int64

  /// A span of `nanoseconds`.
  @inlinable public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// No time at all.
  public static var zero: SimDuration { SimDuration(nanoseconds: 0) }

  /// A span of whole microseconds.
  public static func microseconds(_ count: Int64) -> SimDuration {
    SimDuration(nanoseconds: count * 1_000)
  }
  /// A span of whole milliseconds.
  public static func milliseconds(_ count: Int64) -> SimDuration {
    SimDuration(nanoseconds: count * 1_000_000)
  }
  /// A span of whole seconds.
  public static func seconds(_ count: Int64) -> SimDuration {
    SimDuration(nanoseconds: count * 1_000_000_000)
  }

  /// The shorter span comes first; negative spans come before zero.
  @inlinable public static func < (left: SimDuration, right: SimDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
  /// The sum of two spans.
  @inlinable public static func + (left: SimDuration, right: SimDuration) -> SimDuration {
    SimDuration(nanoseconds: left.nanoseconds + right.nanoseconds)
  }
  /// The difference of two spans.
  @inlinable public static func - (left: SimDuration, right: SimDuration) -> SimDuration {
    SimDuration(nanoseconds: left.nanoseconds - right.nanoseconds)
  }
  /// Adds a span in place.
  @inlinable public static func += (left: inout SimDuration, right: SimDuration) {
    left.nanoseconds += right.nanoseconds
  }
  /// A span `factor` times as long.
  @inlinable public static func * (span: SimDuration, factor: Int64) -> SimDuration {
    SimDuration(nanoseconds: span.nanoseconds * factor)
  }
  /// How many whole ticks fit into the span. A processor divides by a number that the compiler knows
  /// many times faster than by another, which pays for Linux's tick: each segment sets timers.
  @inline(__always)
  func wholeTicks(of tick: SimDuration) -> Int64 {
    tick.nanoseconds == 4_000_000 ? nanoseconds / 4_000_000 : nanoseconds / tick.nanoseconds
  }

  /// A span divided by `divisor`, rounded toward zero.
  @inlinable public static func / (span: SimDuration, divisor: Int64) -> SimDuration {
    SimDuration(nanoseconds: span.nanoseconds / divisor)
  }
}
