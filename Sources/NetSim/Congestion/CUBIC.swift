/// CUBIC (RFC 9438), in the integer form that Linux gave it.
///
/// Time is counted in 1/1024 s, the constant C = 0.4 is 410/1024 and β = 0.7 is 717/1024, so that
/// the cubic function needs no floating point and comes out the same everywhere.
struct CUBIC {
  /// β, the factor of the multiplicative decrease, in 1/1024.
  private static var beta: UInt64 { 717 }
  /// C in 1/1024.
  private static var scale: UInt64 { 410 }
  /// The least time between two evaluations while the window stands still: 1/32 s.
  private static var evaluationInterval: SimDuration { SimDuration(nanoseconds: 31_250_000) }

  /// W_max: the window before the last reduction; zero before the first.
  private var maximumWindow: UInt32 = 0
  /// When the present congestion-avoidance stage began; nil before its first acknowledgement.
  private var epochStart: SimTime?
  /// The window at which the cubic function has its plateau.
  private var origin: UInt32 = 0
  /// K: the time from the epoch's start to the plateau, in 1/1024 s.
  private var timeToOrigin: UInt64 = 0
  /// W_est: what Reno would have by now (RFC 9438 §4.3).
  private var renoWindow: UInt32 = 0
  private var renoCounted: UInt32 = 0
  private var lastWindow: UInt32 = 0
  private var lastEvaluation = SimTime.zero
  /// How many acknowledged segments the window needs to grow by one.
  private var segmentsPerStep: UInt32 = 1
  /// The least round trip that was measured since the beginning or the last time-out.
  private var minimumRTT: SimDuration?
  /// The clock that the cubic function is evaluated by; zero for an exact one.
  private let tick: SimDuration

  /// The window with its fraction; nil where whole segments are counted.
  private var curve: CubicCurve?

  /// - Parameters:
  ///   - tick: how long a tick of the clock is.
  ///   - countsWholeSegments: whether the window has no fraction, as in Linux.
  init(tick: SimDuration = .zero, countsWholeSegments: Bool = true) {
    self.tick = tick
    curve = countsWholeSegments ? nil : CubicCurve()
  }

  /// The window after `segments` were acknowledged in congestion avoidance; nil where whole segments
  /// are counted.
  mutating func grow(
    _ window: UInt32, by segments: UInt32, at now: SimTime
  ) -> UInt32? {
    curve?.grow(window, by: segments, roundTrip: minimumRTT ?? .zero, at: now)
  }

  /// Takes a measured round trip. Returns the least, where the sample counts: those of the second
  /// after a loss show the queue that led to it.
  mutating func sampled(_ roundTrip: SimDuration, at now: SimTime) -> SimDuration? {
    if let epochStart, now - epochStart < .seconds(1) { return nil }
    let least = min(minimumRTT ?? roundTrip, roundTrip)
    minimumRTT = least
    return least
  }

  /// How many acknowledged segments the window needs to grow by one in congestion avoidance, now that
  /// `segments` were acknowledged.
  mutating func segmentsPerStep(
    window: UInt32, acknowledged segments: UInt32, at now: SimTime
  ) -> UInt32 {
    let lastTick = tick == .zero ? now : .zero + tick * (now - .zero).wholeTicks(of: tick)
    evaluate(window, segments, lastTick)
    return segmentsPerStep
  }

  /// Nothing was sent for `span`, which does not count as time to grow in (RFC 9438 §5.8).
  mutating func endIdleTime(_ span: SimDuration) {
    if let epochStart { self.epochStart = epochStart + span }
    curve?.endIdleTime(span)
  }

  /// Forgets everything, after a time-out.
  mutating func restart() {
    self = CUBIC(tick: tick, countsWholeSegments: curve == nil)
  }

  /// The threshold after a loss at `window`; remembers W_max with fast convergence (RFC 9438 §4.7).
  mutating func threshold(window: UInt32) -> UInt32 {
    epochStart = nil
    if let reduced = curve?.reduce(window) { return max(reduced, 2) }
    maximumWindow =
      window < maximumWindow
      ? UInt32(UInt64(window) * (1024 + Self.beta) / 2048) : window
    return max(UInt32(UInt64(window) * Self.beta / 1024), 2)
  }

  private mutating func evaluate(_ window: UInt32, _ segments: UInt32, _ now: SimTime) {
    renoCounted += segments
    if window == lastWindow && now - lastEvaluation <= Self.evaluationInterval { return }
    // The function is evaluated once a tick; Reno's bound each time.
    if tick == .zero || epochStart == nil || now != lastEvaluation {
      lastWindow = window
      lastEvaluation = now
      let start = epochStart ?? beginEpoch(window, segments, now)
      let elapsed = (now - start) + wholeTicks(minimumRTT ?? .zero)
      segmentsPerStep = steps(to: target(at: Self.ticks(elapsed)), from: window)
    }
    boundByReno(window)
  }

  private func wholeTicks(_ span: SimDuration) -> SimDuration {
    if tick == .zero { return span }
    return tick
      * SimDuration(nanoseconds: span.nanoseconds + tick.nanoseconds - 1)
      .wholeTicks(of: tick)
  }

  private mutating func beginEpoch(
    _ window: UInt32, _ segments: UInt32, _ now: SimTime
  ) -> SimTime {
    epochStart = now
    renoCounted = segments
    renoWindow = window
    if maximumWindow <= window {
      timeToOrigin = 0
      origin = window
    } else {
      // K = ∛((W_max − cwnd) / C), RFC 9438 §4.2 equation 2, in 1/1024 s.
      let cube = (UInt64(1) << 40) / Self.scale * UInt64(maximumWindow - window)
      timeToOrigin = Self.cubeRoot(cube)
      origin = maximumWindow
    }
    return now
  }

  /// W_cubic(t) = C·(t − K)³ + W_max (RFC 9438 §4.2 equation 1), in segments.
  private func target(at elapsed: UInt64) -> UInt32 {
    let distance = min(
      elapsed < timeToOrigin ? timeToOrigin - elapsed : elapsed - timeToOrigin, 1 << 17)
    let delta = UInt32(truncatingIfNeeded: (Self.scale * distance * distance * distance) >> 40)
    if elapsed < timeToOrigin { return origin > delta ? origin - delta : 0 }
    return origin &+ min(delta, 1 << 30)
  }

  private func steps(to target: UInt32, from window: UInt32) -> UInt32 {
    let count = target > window ? window / (target - window) : 100 * window
    // Before the first loss there is no W_max to aim at: grow by 5 % a round trip at least.
    return maximumWindow == 0 && count > 20 ? 20 : count
  }

  /// Grows no slower than Reno would (RFC 9438 §4.3), with α = 3(1 − β)/(1 + β).
  private mutating func boundByReno(_ window: UInt32) {
    // One segment for each window/α acknowledged; 8/α is 15 in whole numbers.
    let perStep = max((window * 15) >> 3, 1)
    while renoCounted > perStep {
      renoCounted -= perStep
      renoWindow += 1
    }
    if renoWindow > window {
      segmentsPerStep = min(segmentsPerStep, window / (renoWindow - window))
    }
    segmentsPerStep = max(segmentsPerStep, 2)  // at most half again in a round trip
  }

  private static func ticks(_ span: SimDuration) -> UInt64 {
    UInt64(max(span.nanoseconds, 0)) / 1000 * 1024 / 1_000_000
  }

  /// ∛value, rounded down.
  static func cubeRoot(_ value: UInt64) -> UInt64 {
    var root: UInt64 = 0
    var bit: UInt64 = 1 << 21
    while bit > 0 {
      let candidate = root | bit
      if candidate <= 2_642_245 && candidate * candidate * candidate <= value { root = candidate }
      bit >>= 1
    }
    return root
  }
}
