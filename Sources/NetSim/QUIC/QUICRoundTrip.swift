/// The round-trip time as RFC 9002 §5 estimates it.
struct QUICRoundTrip {
  /// kInitialRtt (RFC 9002 §6.2.2).
  static var initial: SimDuration { .milliseconds(333) }
  /// kGranularity.
  static var granularity: SimDuration { .milliseconds(1) }

  private(set) var latest = SimDuration.zero
  private(set) var smoothed = Self.initial
  private(set) var variation = Self.initial / 2
  private(set) var minimum: SimDuration?
  /// When the first sample was taken; nil before.
  private(set) var firstSample: SimTime?

  /// Takes a sample; `delay` is what the peer says it waited, `mostDelay` what it said it would wait at
  /// most, nil while the handshake is not confirmed (§5.3). Returns false where the sample is left out.
  mutating func sample(
    _ sample: SimDuration, delay: SimDuration, mostDelay: SimDuration?, at now: SimTime
  ) -> Bool {
    guard let least = minimum else {
      minimum = sample
      latest = sample
      smoothed = sample
      variation = sample / 2
      firstSample = now
      return true
    }
    var delay = delay
    if let mostDelay {
      delay = min(delay, mostDelay)
    } else if delay > .zero && sample >= least && sample < least + delay {
      return false  // The peer's delay is not known well enough before its keys are.
    }
    latest = sample
    let least2 = min(least, sample)
    minimum = least2
    let adjusted = sample >= least2 + delay ? sample - delay : sample
    let error = smoothed < adjusted ? adjusted - smoothed : smoothed - adjusted
    variation = (variation * 3 + error) / 4
    smoothed = (smoothed * 7 + adjusted) / 8
    return true
  }

  /// The probe time-out without the peer's delay and without back-off (§6.2.1).
  var probeTimeout: SimDuration { smoothed + max(variation * 4, Self.granularity) }

  /// How long after a packet one is lost that was sent before another which has arrived (§6.1.2).
  var lossDelay: SimDuration { max(max(latest, smoothed) * 9 / 8, Self.granularity) }

  /// Congestion has lasted: the newest sample is the least (§5.2), or nothing that was measured before
  /// counts.
  mutating func restart(whole isWhole: Bool) {
    if isWhole { self = QUICRoundTrip() } else { minimum = latest }
  }
}
