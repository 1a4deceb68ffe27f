/// How much more arrives at once than the bandwidth says, because something on the way holds
/// acknowledgements together: the window needs so much more room.
struct AckAggregation {
  /// The largest of so many rounds counts, at least.
  private static var span: UInt32 { 5 }
  /// An epoch ends at the latest with so many segments.
  private static var longest: UInt64 { 1 << 20 }

  private var epochStart = SimTime.zero
  private var counted: UInt64 = 0
  private var rounds: UInt32 = 0
  /// The most of the present rounds, and of those before.
  private var present: UInt64 = 0
  private var earlier: UInt64 = 0

  /// Segments beyond what the bandwidth says.
  var extra: UInt64 { max(present, earlier) }

  mutating func restart(at now: SimTime) {
    epochStart = now
    counted = 0
  }

  /// Takes `segments` that were delivered.
  mutating func take(
    _ segments: UInt32, bandwidth: UInt64, window: UInt32, isRoundStart: Bool, at now: SimTime
  ) {
    if isRoundStart {
      rounds += 1
      if rounds >= Self.span {
        rounds = 0
        earlier = present
        present = 0
      }
    }
    var expected = (bandwidth * BBR.microseconds(now - epochStart)) >> 24
    if counted <= expected || counted + UInt64(segments) >= Self.longest {
      restart(at: now)
      expected = 0
    }
    counted += UInt64(segments)
    present = max(present, min(counted - expected, UInt64(window)))
  }
}
