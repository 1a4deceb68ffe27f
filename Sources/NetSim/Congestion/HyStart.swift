/// Leaves slow start before the queue overflows, as Linux's CUBIC does (HyStart, by Ha and Rhee).
///
/// Two signs end it: acknowledgements that follow each other closely for so long that the path must
/// be full, or a round whose least round trip is an eighth above the least of all (the queue grows).
/// Deviation: RFC 9438 §4.10 prefers HyStart++ (RFC 9406); this is what Linux 6 runs.
struct HyStart {
  /// What a sample is judged by.
  struct Measure {
    /// The least round trip of all.
    var minimum: SimDuration
    /// The window in segments.
    var window: UInt32
    /// When the sample was taken.
    var time: SimTime
    /// What is acknowledged, and the next position to send.
    var unacknowledged: Int64
    var next: Int64
    /// Whether the sender paces, which draws the train of acknowledgements out.
    var isPaced: Bool
    /// How long acknowledgements may be held together on the way.
    var allowance: SimDuration
  }

  /// Below this window nothing is judged.
  private static var lowWindow: UInt32 { 16 }
  /// Acknowledgements closer than this belong to one train.
  private static var trainSpacing: SimDuration { .milliseconds(2) }
  /// How many samples of a round make its least round trip worth judging.
  private static var leastSamples: UInt32 { 8 }

  private var roundStart = SimTime.zero
  private var lastAcknowledgement = SimTime.zero
  /// The round ends when this position is acknowledged.
  private var roundEnd: Int64 = 0
  private var roundMinimum: SimDuration?
  private var samples: UInt32 = 0
  /// Whether it has ended slow start: it does that once.
  private var hasEnded = false

  /// Begins again, after a time-out.
  mutating func restart(at now: SimTime, next: Int64) {
    hasEnded = false
    beginRound(at: now, next: next)
  }

  /// Takes a round trip measured in slow start; returns whether slow start is to end.
  mutating func sample(_ roundTrip: SimDuration, _ measure: Measure) -> Bool {
    if hasEnded { return false }
    let now = measure.time
    if measure.unacknowledged > roundEnd { beginRound(at: now, next: measure.next) }
    guard measure.window >= Self.lowWindow else { return false }
    if now - lastAcknowledgement <= Self.trainSpacing {
      lastAcknowledgement = now
      // A paced train lasts up to half a round trip by itself.
      let limit = measure.minimum + measure.allowance
      hasEnded = now - roundStart > (measure.isPaced ? limit : limit / 2)
    }
    roundMinimum = min(roundMinimum ?? roundTrip, roundTrip)
    if samples < Self.leastSamples {
      samples += 1
      return hasEnded
    }
    let margin = min(max(measure.minimum / 8, .milliseconds(4)), .milliseconds(16))
    if (roundMinimum ?? measure.minimum) > measure.minimum + margin { hasEnded = true }
    return hasEnded
  }

  private mutating func beginRound(at now: SimTime, next: Int64) {
    roundStart = now
    lastAcknowledgement = now
    roundEnd = next
    roundMinimum = nil
    samples = 0
  }
}
