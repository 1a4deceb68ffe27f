/// Leaves slow start before the queue overflows, as Linux's CUBIC does (HyStart, by Ha and Rhee).
///
/// Two signs end it: acknowledgements that follow each other closely for half the least round trip
/// (the path is full), or a round whose least round trip is an eighth above the least of all (the
/// queue grows).
/// Deviation: RFC 9438 §4.10 prefers HyStart++ (RFC 9406); this is what Linux 6 runs.
struct HyStart {
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

  /// Takes a round trip measured in slow start; returns whether slow start is to end.
  mutating func sample(
    _ roundTrip: SimDuration, minimum: SimDuration, window: UInt32, at now: SimTime,
    unacknowledged: Int64, next: Int64
  ) -> Bool {
    if unacknowledged > roundEnd { beginRound(at: now, next: next) }
    guard window >= Self.lowWindow else { return false }
    var ends = false
    if now - lastAcknowledgement <= Self.trainSpacing {
      lastAcknowledgement = now
      ends = now - roundStart > minimum / 2
    }
    roundMinimum = min(roundMinimum ?? roundTrip, roundTrip)
    if samples < Self.leastSamples {
      samples += 1
      return ends
    }
    let margin = min(max(minimum / 8, .milliseconds(4)), .milliseconds(16))
    return ends || (roundMinimum ?? minimum) > minimum + margin
  }

  private mutating func beginRound(at now: SimTime, next: Int64) {
    roundStart = now
    lastAcknowledgement = now
    roundEnd = next
    roundMinimum = nil
    samples = 0
  }
}
