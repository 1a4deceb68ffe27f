/// Ends the first slow start when the round trip grows, but not at once: HyStart++ (RFC 9406).
///
/// A round whose least round trip is clearly above that of the round before turns standard slow
/// start into a conservative one, with a quarter of the growth. After five rounds of it slow start is
/// over; if the round trip falls back before, it was jitter, and standard slow start goes on.
struct HyStartPlusPlus {
  // RFC 9406 §4.3.
  private static var leastThreshold: SimDuration { .milliseconds(4) }
  private static var greatestThreshold: SimDuration { .milliseconds(16) }
  private static var thresholdDivisor: Int64 { 8 }
  private static var leastSamples: UInt32 { 8 }
  private static var growthDivisor: UInt32 { 4 }
  private static var conservativeRounds: UInt32 { 5 }
  /// L: segments that one acknowledgement may add where the sender is not paced.
  private static var burstLimit: UInt32 { 8 }

  private let isPaced: Bool
  /// windowEnd: the round ends when this position is acknowledged.
  private var roundEnd: Int64 = 0
  private var lastMinimum: SimDuration?
  private var minimum: SimDuration?
  private var samples: UInt32 = 0
  /// cssBaselineMinRtt: the round trip that began the conservative slow start; nil outside it.
  private var baseline: SimDuration?
  /// Rounds of the conservative slow start that are over.
  private var rounds: UInt32 = 0
  /// Segments acknowledged that did not yet make up growth by one.
  private var carried: UInt32 = 0

  init(isPaced: Bool) { self.isPaced = isPaced }

  /// Whether slow start is the conservative one.
  var isConservative: Bool { baseline != nil }

  /// By how many segments `segments` acknowledged let the window grow (RFC 9406 §4.2).
  mutating func growth(_ segments: UInt32) -> UInt32 {
    let counted = isPaced ? segments : min(segments, Self.burstLimit)
    if !isConservative { return counted }
    carried += counted
    defer { carried %= Self.growthDivisor }
    return carried / Self.growthDivisor
  }

  /// Takes a round trip measured in slow start, when `unacknowledged` was the oldest position and
  /// `next` the next to send. Returns whether slow start is over.
  mutating func sample(_ roundTrip: SimDuration, unacknowledged: Int64, next: Int64) -> Bool {
    if unacknowledged >= roundEnd && endRound(next: next) { return true }
    minimum = min(minimum ?? roundTrip, roundTrip)
    samples += 1
    guard samples >= Self.leastSamples, let minimum else { return false }
    if let baseline {
      if minimum < baseline { resume() }
    } else if let lastMinimum, minimum >= lastMinimum + Self.threshold(lastMinimum) {
      baseline = minimum
      rounds = 0
    }
    return false
  }

  private static func threshold(_ roundTrip: SimDuration) -> SimDuration {
    max(leastThreshold, min(roundTrip / thresholdDivisor, greatestThreshold))
  }

  /// Begins the next round; returns whether the conservative slow start has had all of its. The round
  /// in which it began counts.
  private mutating func endRound(next: Int64) -> Bool {
    roundEnd = next
    lastMinimum = minimum
    minimum = nil
    samples = 0
    guard isConservative else { return false }
    rounds += 1
    return rounds >= Self.conservativeRounds
  }

  /// The round trip fell back: standard slow start goes on.
  private mutating func resume() {
    baseline = nil
    carried = 0
  }
}
