/// CUBIC as RFC 9438 §4 writes it: the window has a fraction, and every acknowledgement counts.
///
/// Windows are in 2⁻²⁰ segments, times in 1/1024 s. (Linux's integer form, `CUBIC`, counts in whole
/// segments and looks 32 times a second: a small window comes back a segment early, and one over a
/// short round trip lags behind Reno's.)
struct CubicCurve {
  /// C = 0.4 in 1/1024.
  private static var scale: UInt64 { 410 }
  private static var fractionBits: UInt64 { 20 }
  private static var one: UInt64 { 1 << fractionBits }

  /// The window as it was left, and its fraction of a segment.
  private var lastWindow: UInt32 = 0
  private var fraction: UInt64 = 0
  /// W_max; zero before the first reduction.
  private var maximum: UInt64 = 0
  /// cwnd_prior: the window at the last reduction.
  private var prior = UInt64.max
  private var epochStart: SimTime?
  /// K.
  private var timeToOrigin: UInt64 = 0
  private var origin: UInt64 = 0
  /// W_est.
  private var renoWindow: UInt64 = 0

  /// The window after `segments` were acknowledged in congestion avoidance (RFC 9438 §4.2 to §4.5).
  mutating func grow(
    _ window: UInt32, by segments: UInt32, roundTrip: SimDuration, at now: SimTime
  ) -> UInt32 {
    var fine = exact(window)
    let start = epochStart ?? beginEpoch(fine, now)
    growReno(fine, by: segments)
    if curve(at: now - start) < renoWindow {
      fine = max(fine, renoWindow)
    } else {
      let target = min(max(curve(at: now - start + roundTrip), fine), fine + fine / 2)
      fine = min(fine + (target - fine) * UInt64(segments) / UInt64(max(window, 1)), target)
    }
    lastWindow = UInt32(truncatingIfNeeded: fine >> Self.fractionBits)
    fraction = fine & (Self.one - 1)
    return lastWindow
  }

  /// Reduces the window by β = 0.7 (RFC 9438 §4.6) and remembers what it was, with fast convergence
  /// (§4.7). Returns the whole segments of what it is.
  mutating func reduce(_ window: UInt32) -> UInt32 {
    let fine = exact(window)
    epochStart = nil
    prior = fine
    maximum = fine < maximum ? fine / 20 * 17 : fine  // (1 + β) / 2
    let reduced = fine / 10 * 7
    lastWindow = UInt32(truncatingIfNeeded: reduced >> Self.fractionBits)
    fraction = reduced & (Self.one - 1)
    return lastWindow
  }

  /// Nothing was sent for `span`, which does not count as time to grow in (RFC 9438 §5.8).
  mutating func endIdleTime(_ span: SimDuration) {
    if let epochStart { self.epochStart = epochStart + span }
  }

  /// The window with its fraction, unless something else has set it since.
  private func exact(_ window: UInt32) -> UInt64 {
    UInt64(window) << Self.fractionBits | (window == lastWindow ? fraction : 0)
  }

  private mutating func beginEpoch(_ window: UInt64, _ now: SimTime) -> SimTime {
    epochStart = now
    renoWindow = window
    origin = max(maximum, window)
    // K³ = (W_max − cwnd) / C: 2³⁰ thousandths of a second to the cube, over 2²⁰ and 410 / 2¹⁰.
    let distance = min(origin - window, UInt64(1) << 43)
    timeToOrigin = CUBIC.cubeRoot((distance << 20) / Self.scale)
    return now
  }

  /// W_cubic(t) = C·(t − K)³ + W_max.
  private func curve(at elapsed: SimDuration) -> UInt64 {
    let time = UInt64(max(elapsed.nanoseconds, 0)) / 1000 * 1024 / 1_000_000
    let distance = min(time < timeToOrigin ? timeToOrigin - time : time - timeToOrigin, 1 << 17)
    let delta = (Self.scale * distance * distance * distance) >> 20
    if time < timeToOrigin { return origin > delta ? origin - delta : 0 }
    return origin + delta
  }

  /// W_est grows by α for each window acknowledged: 3(1 − β)/(1 + β) = 9/17, and 1 once it is where
  /// the window was (RFC 9438 §4.3).
  private mutating func growReno(_ window: UInt64, by segments: UInt32) {
    let counted = UInt64(min(segments, 1 << 10)) << Self.fractionBits
    let share = (counted << Self.fractionBits) / max(window, Self.one)
    renoWindow += renoWindow < prior ? share * 9 / 17 : share
  }
}
