/// The congestion window of a connection, whichever algorithm moves it.
///
/// Windows are counted in whole segments, as Linux does.
/// Deviation: RFC 5681 counts bytes; the two differ only while segments are not full.
struct CongestionController {
  /// "No threshold yet": slow start goes on until the first loss (RFC 5681 §3.1).
  static var unlimited: UInt32 { 0x7FFF_FFFF }

  /// How many segments may be in the network.
  private(set) var window: UInt32
  /// Where slow start ends, in segments.
  private(set) var slowStartThreshold = CongestionController.unlimited
  /// Segments acknowledged in congestion avoidance since the window grew last.
  private var counted: UInt32 = 0
  private let initialWindow: UInt32
  /// The state of CUBIC; nil under Reno, which has none.
  private var cubic: CUBIC?
  /// Ends slow start early; nil where only a loss does.
  private var hyStart: HyStart?

  init(_ settings: TransportSettings) {
    window = settings.initialWindow
    initialWindow = settings.initialWindow
    switch settings.congestion {
    case .reno: break
    case .cubic:
      cubic = CUBIC(
        tick: settings.timerTick, countsWholeSegments: settings.cubicCountsWholeSegments)
      if settings.usesHyStart { hyStart = HyStart() }
    }
  }

  /// Takes a measured round trip; `measure` says what else there is to know, but for the window and
  /// the least round trip. Returns whether it ended slow start: the threshold is the window then.
  mutating func sampled(_ roundTrip: SimDuration, _ measure: HyStart.Measure) -> Bool {
    guard let least = cubic?.sampled(roundTrip, at: measure.time) ?? nil, isInSlowStart else {
      return false
    }
    var measure = measure
    measure.minimum = least
    measure.window = window
    let ends = hyStart?.sample(roundTrip, measure) ?? false
    if ends { slowStartThreshold = window }
    return ends
  }

  /// Whether the window doubles each round trip (RFC 5681 §3.1).
  var isInSlowStart: Bool { window < slowStartThreshold }

  /// Grows the window for `segments` newly acknowledged by an acknowledgement that arrived at `now`.
  mutating func acknowledged(_ segments: UInt32, at now: SimTime) {
    var remaining = segments
    if isInSlowStart {
      remaining = SlowStart.grow(&window, by: segments, threshold: slowStartThreshold)
    }
    if remaining == 0 { return }
    if let grown = cubic?.grow(window, by: remaining, at: now) {
      window = grown
      return
    }
    // Reno grows by one segment a window.
    let perStep =
      cubic?.segmentsPerStep(window: window, acknowledged: remaining, at: now) ?? window
    grow(by: remaining, perStep: perStep)
  }

  /// One segment more for each `perStep` acknowledged.
  private mutating func grow(by segments: UInt32, perStep: UInt32) {
    if counted >= perStep {  // counted while a step took more
      counted = 0
      window += 1
    }
    counted += segments
    window += counted / perStep
    counted %= perStep
  }

  /// A loss was found by acknowledgements: lowers the threshold. The window follows by
  /// `reduce(to:)` while losses are repaired, and is the threshold when they are.
  mutating func congestionEvent() {
    counted = 0
    lowerThreshold()
  }

  /// Sets the window during recovery, or at its end.
  mutating func reduce(to window: UInt32) { self.window = max(window, 1) }

  /// Nothing was sent for `span`. For each `timeout` of it the window halves, down to the initial
  /// one; the threshold remembers three quarters of it (RFC 5681 §4.1 would have the initial window at
  /// once).
  mutating func endIdleTime(_ span: SimDuration, timeout: SimDuration) {
    cubic?.endIdleTime(span)
    guard span > timeout else { return }
    slowStartThreshold = max(slowStartThreshold, window / 2 + window / 4)
    let least = min(initialWindow, window)
    var rest = span - timeout
    while rest > .zero && window > least {
      window /= 2
      rest = rest - timeout
    }
    window = max(window, least)
  }

  /// What was taken for a loss was none: the window and the threshold are again what they were.
  mutating func undo(window: UInt32, threshold: UInt32) {
    self.window = max(self.window, window)
    slowStartThreshold = max(slowStartThreshold, threshold)
  }

  /// The retransmission timer ran out: the window starts again from one segment more than the `pipe`
  /// that may still arrive (RFC 5681 §3.1, RFC 8985 §6.3), and CUBIC forgets what it knew. The
  /// threshold is lowered once for each loss, not for each time-out.
  mutating func timeout(isRepeated: Bool, pipe: UInt32, at now: SimTime, next: Int64) {
    if !isRepeated { lowerThreshold() }
    window = pipe + 1
    counted = 0
    cubic?.restart()
    hyStart?.restart(at: now, next: next)
  }

  private mutating func lowerThreshold() {
    slowStartThreshold = cubic?.threshold(window: window) ?? NewReno.threshold(window: window)
  }
}
