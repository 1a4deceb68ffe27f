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
  /// Whether the window follows from a model of the path: then only deliveries move it.
  private(set) var hasModel = false
  /// The state of CUBIC; nil under Reno, which has none.
  private var cubic: CUBIC?
  /// Ends slow start early; nil where only a loss does.
  private var hyStart: HyStart?
  private var hyStartPlusPlus: HyStartPlusPlus?
  /// The state of BBR; nil under the others, which have a window and no model of the path.
  private(set) var bbr: BBR?

  /// - Parameter seed: what BBR draws by.
  init(_ settings: TransportSettings, seed: UInt32 = 0) {
    window = settings.initialWindow
    initialWindow = settings.initialWindow
    switch settings.congestion {
    case .reno: break
    case .cubic:
      cubic = CUBIC(
        tick: settings.timerTick, countsWholeSegments: settings.cubicCountsWholeSegments)
      if settings.hyStart == .linux { hyStart = HyStart() }
    case .bbr: bbr = BBR(seed: seed)
    }
    if settings.hyStart == .plusPlus && bbr == nil {
      hyStartPlusPlus = HyStartPlusPlus(isPaced: settings.usesPacing)
    }
  }

  /// Takes a measured round trip; `measure` says what else there is to know, but for the window and
  /// the least round trip. Returns whether it ended slow start: the threshold is the window then.
  mutating func sampled(_ roundTrip: SimDuration, _ measure: HyStart.Measure) -> Bool {
    let least = cubic?.sampled(roundTrip, at: measure.time) ?? nil
    guard isInSlowStart else { return false }
    if hyStartPlusPlus != nil { return sampledPlusPlus(roundTrip, measure) }
    guard let least else { return false }
    var measure = measure
    measure.minimum = least
    measure.window = window
    let ends = hyStart?.sample(roundTrip, measure) ?? false
    if ends { slowStartThreshold = window }
    return ends
  }

  /// HyStart++ ends the first slow start only (RFC 9406 §4.3).
  private mutating func sampledPlusPlus(
    _ roundTrip: SimDuration, _ measure: HyStart.Measure
  ) -> Bool {
    let ends =
      hyStartPlusPlus?.sample(
        roundTrip, unacknowledged: measure.unacknowledged, next: measure.next) ?? false
    if ends {
      slowStartThreshold = window
      hyStartPlusPlus = nil
    }
    return ends
  }

  /// Whether the window doubles each round trip (RFC 5681 §3.1).
  var isInSlowStart: Bool { window < slowStartThreshold }

  /// Grows the window for `segments` newly acknowledged by an acknowledgement that arrived at `now`.
  mutating func acknowledged(_ segments: UInt32, at now: SimTime) {
    if hasModel { return }
    var remaining = segments
    if isInSlowStart {
      let growth = hyStartPlusPlus?.growth(segments) ?? segments
      remaining = SlowStart.grow(&window, by: growth, threshold: slowStartThreshold)
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
    if counted < perStep { return }
    window += counted / perStep
    counted %= perStep
  }

  /// A loss was found by acknowledgements: lowers the threshold. The window follows by
  /// `reduce(to:)` while losses are repaired, and is the threshold when they are. Of a window that is
  /// not validated only `used` segments count (RFC 7661 §4.4.1).
  mutating func congestionEvent(used: UInt32? = nil) {
    bbr?.saveWindow(window)
    if hasModel { return }
    counted = 0
    hyStartPlusPlus = nil
    lowerThreshold(from: used ?? window)
    if let used { lowerThreshold(to: used / 2) }
  }

  /// Sets a lower threshold, of two segments at least (RFC 5681 §3.1 equation 4).
  mutating func lowerThreshold(to threshold: UInt32) {
    slowStartThreshold = min(slowStartThreshold, max(threshold, 2))
  }

  /// Sets the window during recovery, or at its end.
  mutating func reduce(to window: UInt32) { if !hasModel { self.window = max(window, 1) } }

  /// The reduction is over: the window is the threshold (RFC 6937 §3), unless the loss was taken back
  /// meanwhile and there is none.
  mutating func endReduction() {
    if slowStartThreshold < Self.unlimited { reduce(to: slowStartThreshold) }
  }

  /// Nothing was sent for `span`. For each `timeout` of it, if one is given, the window halves, down
  /// to the initial one; the threshold remembers three quarters of it (RFC 5681 §4.1 would have the
  /// initial window at once).
  mutating func endIdleTime(_ span: SimDuration, timeout: SimDuration?) {
    if hasModel { return }
    cubic?.endIdleTime(span)
    guard let timeout, span > timeout else { return }
    slowStartThreshold = max(slowStartThreshold, window / 2 + window / 4)
    let least = min(initialWindow, window)
    var rest = span - timeout
    while rest > .zero && window > least {
      window /= 2
      rest = rest - timeout
    }
    window = max(window, least)
  }

  /// Nothing was sent for `span`, and the window was not validated for five minutes so many times
  /// over as `halvings` says (RFC 7661 §4.4.3).
  mutating func endIdleTime(_ span: SimDuration, halvings: UInt32) {
    if hasModel { return }
    cubic?.endIdleTime(span)
    let least = min(initialWindow, window)
    for _ in 0..<min(halvings, 32) {
      slowStartThreshold = max(slowStartThreshold, window / 2 + window / 4)
      window = max(window / 2, least)
    }
  }

  /// What was taken for a loss was none: the window and the threshold are again what they were.
  mutating func undo(window: UInt32, threshold: UInt32) {
    bbr?.forgetFullBandwidth()
    if hasModel { return }
    self.window = max(self.window, window)
    slowStartThreshold = max(slowStartThreshold, threshold)
  }

  /// The retransmission timer ran out: the window starts again from one segment more than the `pipe`
  /// that may still arrive (RFC 5681 §3.1, RFC 8985 §6.3), and CUBIC forgets what it knew. The
  /// threshold is lowered once for each loss, not for each time-out.
  mutating func timeout(isRepeated: Bool, pipe: UInt32, at now: SimTime, next: Int64) {
    if !isRepeated { congestionEvent() }
    bbr?.timeout()
    window = pipe + 1
    counted = 0
    cubic?.restart()
    hyStart?.restart(at: now, next: next)
  }

  /// Congestion has lasted: two packets may be under way (RFC 9002 §7.6.2).
  mutating func persist() {
    if hasModel { return }
    window = 2
    counted = 0
    cubic?.restart()
  }

  private mutating func lowerThreshold(from window: UInt32) {
    slowStartThreshold = cubic?.threshold(window: window) ?? NewReno.threshold(window: window)
  }

  // MARK: BBR

  /// The handshake is over, and took `roundTrip` unless that is not known.
  mutating func begin(
    roundTrip: SimDuration?, minimumRTT: SimDuration?, payload: UInt32, at now: SimTime
  ) {
    hasModel = bbr != nil
    bbr?.begin(
      roundTrip: roundTrip, minimumRTT: minimumRTT, window: window, payload: payload, at: now)
  }

  /// Takes what an acknowledgement says about deliveries. Returns whether it moved the threshold.
  mutating func take(_ sample: DeliverySample) -> Bool {
    bbr?.take(sample, window: &window)
    let threshold = bbr?.threshold ?? slowStartThreshold
    defer { slowStartThreshold = threshold }
    return threshold != slowStartThreshold
  }

  /// Data goes out at `now`, after nothing was under way and the application had nothing to send.
  mutating func endLimitedTime(payload: UInt32, at now: SimTime) {
    bbr?.endIdleTime(at: now, window: &window, payload: payload)
  }
}
