/// BBR, version 1: sends at the rate at which the network delivers, with as much under way as that
/// rate fills in the least round trip (draft-cardwell-iccrg-bbr-congestion-control-00; where it and
/// Linux differ, Linux).
///
/// It knows two things of the path: the largest delivery rate of the last ten rounds, and the least
/// round trip of the last ten seconds. It begins by doubling (`startup`) until the rate grows no
/// more, lets the queue run empty that this made (`drain`), and then stays at the rate, a round trip
/// of eight above it and one below (`probeBandwidth`); every ten seconds it all but stops for 200 ms
/// to measure the round trip (`probeRoundTrip`). The files: this one holds the model of the path and
/// the states, `BBR+Window.swift` what follows from them.
///
/// Gains are in 1/256, bandwidths in segments a microsecond times 2²⁴, as Linux has them.
/// Left out: the long-term rate for paths with a policer.
struct BBR {
  /// What it is doing.
  enum Mode: UInt8 {
    case startup, drain, probeBandwidth, probeRoundTrip
  }

  /// A gain of one.
  static var unit: UInt64 { 256 }
  /// 2/ln 2, the least gain that doubles the rate each round trip, and its inverse.
  static var highGain: UInt64 { unit * 2885 / 1000 + 1 }
  static var drainGain: UInt64 { unit * 1000 / 2885 }
  /// The gain of the window while the bandwidth is probed: two, for delayed acknowledgements.
  static var windowGain: UInt64 { 2 * unit }
  /// Rounds that a bandwidth counts.
  private static var bandwidthRounds: UInt32 { 10 }
  /// How long a round trip counts.
  private static var roundTripSpan: SimDuration { .seconds(10) }
  /// How long the round trip is probed.
  private static var probeSpan: SimDuration { .milliseconds(200) }
  /// The window at least, and while the round trip is probed.
  static var leastWindow: UInt32 { 4 }
  /// The pipe is full when the bandwidth has grown by less than a quarter in each of three rounds.
  private static var fullRounds: UInt32 { 3 }
  /// How many phases the cycle of `probeBandwidth` has.
  private static var cycleLength: UInt32 { 8 }

  var mode = Mode.startup
  var pacingGain = BBR.highGain
  var windowGain = BBR.highGain
  /// The pacing rate in bytes per second.
  private(set) var rate: UInt64 = 0
  /// What it says of the slow-start threshold: what filled the path when start-up ended.
  private(set) var threshold = CongestionController.unlimited

  // The model of the path.
  private var bandwidths = WindowedMaximum(span: BBR.bandwidthRounds)
  /// The least round trip; nil before one was measured.
  private(set) var minimumRTT: SimDuration?
  private var minimumAt = SimTime.zero
  /// Whether the rate comes from a measured round trip.
  private var hasRoundTrip = false

  // Rounds: one ends when something is delivered that was sent after the last one ended.
  private var rounds: UInt32 = 0
  var roundEnd: Int64 = 0
  private(set) var isRoundStart = false

  // Whether start-up has filled the pipe.
  private(set) var isFull = false
  private var fullBandwidth: UInt64 = 0
  private var fullCount: UInt32 = 0

  // The phase of the cycle.
  private(set) var phase: UInt32 = 0
  private var phaseStart = SimTime.zero
  private let seed: UInt64
  private var draws: UInt32 = 0

  // The probing of the round trip.
  private var probeEnd: SimTime?
  private var probeRoundIsOver = false
  private var isRestarting = false

  // What recovery changes; see `BBR+Window.swift`.
  var priorPhase = CongestionPhase.slowStart
  var priorWindow: UInt32 = 0
  var conservesPackets = false
  var aggregation = AckAggregation()

  /// - Parameter seed: the phase in which a cycle begins is drawn from it; the endpoint gives its
  ///   initial sequence number, so that it needs no source of chance of its own.
  init(seed: UInt32) { self.seed = UInt64(seed) }

  /// The bandwidth that is taken to be the path's.
  var bandwidth: UInt64 { bandwidths.value }

  /// The handshake is over: paces by its round trip.
  mutating func begin(
    roundTrip: SimDuration?, minimumRTT: SimDuration?, window: UInt32, payload: UInt32,
    at now: SimTime
  ) {
    self.minimumRTT = minimumRTT
    minimumAt = now
    phaseStart = now
    aggregation.restart(at: now)
    hasRoundTrip = roundTrip != nil
    beginRate(roundTrip ?? .milliseconds(1), window: window, payload: payload)
  }

  /// The rate before any bandwidth was measured: the window in a round trip, times the gain.
  private mutating func beginRate(_ roundTrip: SimDuration, window: UInt32, payload: UInt32) {
    let bandwidth = (UInt64(window) << 24) / Self.microseconds(max(roundTrip, .microseconds(1)))
    rate = Self.rate(bandwidth, gain: Self.highGain, payload: payload)
  }

  /// Takes what an acknowledgement says, and moves the `window`.
  mutating func take(_ sample: DeliverySample, window: inout UInt32) {
    takeBandwidth(sample)
    takeAggregation(sample, window: window)
    if mode == .probeBandwidth && isPhaseOver(sample) { beginPhase(sample.time) }
    checkPipe(sample)
    checkDrain(sample)
    takeRoundTrip(sample, window: &window)
    takeGains()
    if !hasRoundTrip, let roundTrip = sample.roundTrip {
      hasRoundTrip = true
      beginRate(roundTrip, window: window, payload: sample.payload)
    }
    takeRate(gain: pacingGain, payload: sample.payload)
    moveWindow(&window, sample)
  }

  // MARK: The model

  private mutating func takeBandwidth(_ sample: DeliverySample) {
    isRoundStart = false
    guard let prior = sample.priorDelivered, let interval = sample.interval else { return }
    if prior >= roundEnd {
      roundEnd = sample.delivered
      rounds += 1
      isRoundStart = true
      conservesPackets = false
    }
    let span = Self.microseconds(interval)
    guard span > 0 else { return }
    let measured = (UInt64(max(sample.delivered - prior, 0)) << 24) / span
    // What the application limits shows the path's bandwidth only where it is more than was known.
    if !sample.isLimited || measured >= bandwidth { bandwidths.take(measured, round: rounds) }
  }

  private mutating func takeAggregation(_ sample: DeliverySample, window: UInt32) {
    guard sample.priorDelivered != nil, sample.interval != nil, sample.acknowledged > 0 else {
      return
    }
    aggregation.take(
      sample.acknowledged, bandwidth: bandwidth, window: window, isRoundStart: isRoundStart,
      at: sample.time)
  }

  /// Start-up is over when the bandwidth grows no more, though the application does not limit it.
  private mutating func checkPipe(_ sample: DeliverySample) {
    guard !isFull, isRoundStart, !sample.isLimited else { return }
    if bandwidth >= fullBandwidth * 5 / 4 {
      fullBandwidth = bandwidth
      fullCount = 0
      return
    }
    fullCount += 1
    isFull = fullCount >= Self.fullRounds
  }

  private mutating func checkDrain(_ sample: DeliverySample) {
    if mode == .startup && isFull {
      mode = .drain
      threshold = target(gain: Self.unit, payload: sample.payload)
    }
    guard mode == .drain else { return }
    let pipe = pipeAtDeparture(sample.pipe, sample)
    if pipe <= target(gain: Self.unit, payload: sample.payload) { beginCycle(sample.time) }
  }

  private mutating func takeRoundTrip(_ sample: DeliverySample, window: inout UInt32) {
    let isOld = sample.time > minimumAt + Self.roundTripSpan
    if let roundTrip = sample.roundTrip {
      let isLess = minimumRTT.map { roundTrip < $0 } ?? true
      if isLess || (isOld && !sample.isDelayed) {
        minimumRTT = roundTrip
        minimumAt = sample.time
      }
    }
    if isOld && !isRestarting && mode != .probeRoundTrip {
      mode = .probeRoundTrip
      saveWindow(window)
      probeEnd = nil
    }
    if mode == .probeRoundTrip { probeRoundTrip(sample, window: &window) }
    if let prior = sample.priorDelivered, sample.delivered > prior { isRestarting = false }
  }

  private mutating func probeRoundTrip(_ sample: DeliverySample, window: inout UInt32) {
    if probeEnd == nil && sample.pipe <= Self.leastWindow {
      probeEnd = sample.time + Self.probeSpan
      probeRoundIsOver = false
      roundEnd = sample.delivered
    } else if probeEnd != nil {
      if isRoundStart { probeRoundIsOver = true }
      if probeRoundIsOver { checkProbe(at: sample.time, window: &window) }
    }
  }

  private mutating func checkProbe(at now: SimTime, window: inout UInt32) {
    guard let probeEnd, now > probeEnd else { return }
    minimumAt = now
    window = max(window, priorWindow)
    if isFull { beginCycle(now) } else { mode = .startup }
  }

  // MARK: The cycle

  /// Begins with any phase but the one that drains what another one sent too much.
  private mutating func beginCycle(_ now: SimTime) {
    mode = .probeBandwidth
    draws += 1
    var chance = RandomStream(seed: seed, purpose: "bbr-cycle", index: draws)
    phase = Self.cycleLength - 1 - chance.next(below: Self.cycleLength - 1)
    beginPhase(now)
  }

  private mutating func beginPhase(_ now: SimTime) {
    phase = (phase + 1) % Self.cycleLength
    phaseStart = now
  }

  /// A phase lasts the least round trip; the one that probes until it has filled the path or lost
  /// something, the one that drains until it has.
  private func isPhaseOver(_ sample: DeliverySample) -> Bool {
    let isLong = sample.time - phaseStart > (minimumRTT ?? .zero)
    if pacingGain == Self.unit { return isLong }
    let pipe = pipeAtDeparture(sample.priorPipe, sample)
    if pacingGain > Self.unit {
      return isLong
        && (sample.lost > 0 || pipe >= target(gain: pacingGain, payload: sample.payload))
    }
    return isLong || pipe <= target(gain: Self.unit, payload: sample.payload)
  }

  private mutating func takeGains() {
    switch mode {
    case .startup: (pacingGain, windowGain) = (Self.highGain, Self.highGain)
    case .drain: (pacingGain, windowGain) = (Self.drainGain, Self.highGain)
    case .probeBandwidth: (pacingGain, windowGain) = (phaseGain, Self.windowGain)
    case .probeRoundTrip: (pacingGain, windowGain) = (Self.unit, Self.unit)
    }
  }

  private var phaseGain: UInt64 {
    switch phase {
    case 0: Self.unit * 5 / 4
    case 1: Self.unit * 3 / 4
    default: Self.unit
    }
  }

  // MARK: The pace

  /// In start-up the rate only rises.
  private mutating func takeRate(gain: UInt64, payload: UInt32) {
    let wanted = Self.rate(bandwidth, gain: gain, payload: payload)
    if isFull || wanted > rate { rate = wanted }
  }

  /// Bytes per second, a hundredth less than the bandwidth so that no queue remains.
  private static func rate(_ bandwidth: UInt64, gain: UInt64, payload: UInt32) -> UInt64 {
    let bytes = (bandwidth * UInt64(payload) * gain) >> 8
    return (bytes * 990_000) >> 24
  }

  static func microseconds(_ span: SimDuration) -> UInt64 {
    UInt64(max(span.nanoseconds, 0)) / 1000
  }

  // MARK: Events

  /// Data goes out at `now` after nothing was under way, because the application had none.
  mutating func endIdleTime(at now: SimTime, window: inout UInt32, payload: UInt32) {
    isRestarting = true
    aggregation.restart(at: now)
    switch mode {
    case .probeBandwidth: takeRate(gain: Self.unit, payload: payload)
    case .probeRoundTrip: checkProbe(at: now, window: &window)
    case .startup, .drain: break
    }
  }

  /// The timer showed a loss: what start-up knew of the bandwidth counts no more.
  mutating func timeout() {
    priorPhase = .loss
    forgetFullBandwidth()
  }

  /// What was taken for a loss was none.
  mutating func forgetFullBandwidth() {
    fullBandwidth = 0
    fullCount = 0
  }
}
