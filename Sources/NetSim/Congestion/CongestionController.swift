/// The congestion window of a connection, whichever algorithm moves it.
///
/// Windows are counted in whole segments, as Linux does.
/// Deviation: RFC 5681 counts bytes; the two differ only while segments are not full.
struct CongestionController {
  /// The algorithms, each with its own state.
  private enum Algorithm {
    case reno(NewReno)
    case cubic(CUBIC)
  }

  /// "No threshold yet": slow start goes on until the first loss (RFC 5681 §3.1).
  static var unlimited: UInt32 { 0x7FFF_FFFF }

  /// How many segments may be in the network.
  private(set) var window: UInt32
  /// Where slow start ends, in segments.
  private(set) var slowStartThreshold = CongestionController.unlimited
  private var algorithm: Algorithm
  /// Ends slow start early; nil where only a loss does.
  private var hyStart: HyStart?

  init(_ settings: TransportSettings) {
    window = settings.initialWindow
    switch settings.congestion {
    case .reno: algorithm = .reno(NewReno())
    case .cubic: algorithm = .cubic(CUBIC())
    }
    if settings.usesHyStart && settings.congestion == .cubic { hyStart = HyStart() }
  }

  /// Takes a measured round trip. Returns whether it ended slow start: the threshold is the window
  /// then.
  mutating func sampled(
    _ roundTrip: SimDuration, minimum: SimDuration, at now: SimTime, unacknowledged: Int64,
    next: Int64
  ) -> Bool {
    guard isInSlowStart, slowStartThreshold == Self.unlimited else { return false }
    let ends =
      hyStart?.sample(
        roundTrip, minimum: minimum, window: window, at: now, unacknowledged: unacknowledged,
        next: next) ?? false
    if ends { slowStartThreshold = window }
    return ends
  }

  /// Whether the window doubles each round trip (RFC 5681 §3.1).
  var isInSlowStart: Bool { window < slowStartThreshold }

  /// Grows the window for `segments` newly acknowledged by an acknowledgement that arrived at
  /// `now`; `minimumRTT` is the least round-trip time measured.
  mutating func acknowledged(_ segments: UInt32, at now: SimTime, minimumRTT: SimDuration) {
    var remaining = segments
    if isInSlowStart {
      remaining = SlowStart.grow(&window, by: segments, threshold: slowStartThreshold)
    }
    if remaining == 0 { return }
    switch algorithm {
    case .reno(var reno):
      reno.grow(&window, by: remaining)
      algorithm = .reno(reno)
    case .cubic(var cubic):
      cubic.grow(&window, by: remaining, at: now, minimumRTT: minimumRTT)
      algorithm = .cubic(cubic)
    }
  }

  /// A loss was found by acknowledgements: lowers the threshold. The window follows by
  /// `reduce(to:)` while losses are repaired, and is the threshold when they are.
  mutating func congestionEvent() { lowerThreshold() }

  /// Sets the window during recovery, or at its end.
  mutating func reduce(to window: UInt32) { self.window = max(window, 1) }

  /// The retransmission timer ran out: the window starts again from one segment (RFC 5681 §3.1).
  /// The threshold is lowered once for each loss, not for each time-out.
  mutating func timeout(isRepeated: Bool) {
    if !isRepeated { lowerThreshold() }
    window = 1
  }

  private mutating func lowerThreshold() {
    switch algorithm {
    case .reno:
      slowStartThreshold = NewReno.threshold(window: window)
    case .cubic(var cubic):
      slowStartThreshold = cubic.threshold(window: window)
      algorithm = .cubic(cubic)
    }
  }
}
