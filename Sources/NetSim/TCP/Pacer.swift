/// Spreads what a sender sends over the round trip, as Linux's TCP does by itself: bursts of a
/// millisecond's worth, one after the other at a rate taken from the congestion window.
///
/// No RFC prescribes it for TCP; RFC 9002 §7.7 recommends the same for QUIC.
struct Pacer {
  /// So many segments of a connection are sent without pacing: the initial window.
  private static var freeSegments: UInt32 { 10 }
  /// Bytes that one burst may have at most.
  private static var burstLimit: UInt64 { 65_216 }
  /// Segments that a burst may have at least, however slow the path.
  private var leastBurst: UInt32 = 2

  /// The rate in bytes per second; zero before a round trip was measured.
  private(set) var rate: UInt64 = 0
  /// When the next burst may go out.
  private(set) var opens = SimTime.zero
  private var segmentsSent: UInt32 = 0
  /// What the rate was worked out from.
  private var roundBytes: UInt64 = 0
  private var roundTrip = SimDuration.zero

  /// Takes the rate from what was learnt: twice the window in each round trip where it still
  /// doubles, else a fifth more than the window, so that the window and not the pace is the limit.
  @inline(__always)
  mutating func update(
    window: UInt32, outstanding: UInt32, threshold: UInt32, payload: UInt32, roundTrip: SimDuration
  ) {
    let percent: UInt64 = window < threshold / 2 ? 200 : 120
    let bytes = UInt64(max(window, outstanding)) * UInt64(payload) * percent / 100
    if bytes == roundBytes && roundTrip == self.roundTrip { return }
    roundBytes = bytes
    self.roundTrip = roundTrip
    rate = bytes * 1_000_000 / UInt64(max(roundTrip.nanoseconds / 1000, 1))
  }

  /// Takes the rate from a model of the path, in bytes per second.
  mutating func set(rate: UInt64, leastBurst: UInt32) {
    self.rate = rate
    self.leastBurst = leastBurst
  }

  /// How many segments go out in one burst: what the rate sends in a millisecond, and more over a
  /// path so short that bursts do no harm.
  @inline(__always)
  func burst(payload: UInt32, minimumRTT: SimDuration?) -> UInt32 {
    var bytes = rate / 1024
    let halvings = UInt64((minimumRTT ?? .seconds(1)).nanoseconds) / 512_000
    if halvings < 32 { bytes += Self.burstLimit >> halvings }
    return max(UInt32(min(bytes, Self.burstLimit)) / max(payload, 1), leastBurst)
  }

  /// How far acknowledgements of bursts may lie apart: four large bursts at the rate, at most 1 ms.
  var trainAllowance: SimDuration {
    rate == 0
      ? .zero : min(.milliseconds(1), SimDuration(nanoseconds: 262_144_000_000_000 / Int64(rate)))
  }

  /// A burst goes out. One that starts late may be followed earlier, by up to half its time.
  @inline(__always)
  mutating func sent(bytes: UInt32, segments: UInt32, at now: SimTime) {
    let late = max(now - opens, .zero)
    opens = max(opens, now)
    segmentsSent = segmentsSent &+ segments
    guard rate > 0, segmentsSent >= Self.freeSegments else { return }
    let time = SimDuration(nanoseconds: Int64(UInt64(bytes) * 1_000_000_000 / rate))
    opens = opens + (time - min(time / 2, late))
  }
}
