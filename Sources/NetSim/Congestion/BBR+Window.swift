/// The window that follows from the model of the path.
extension BBR {
  /// Below this rate in bytes per second (1.2 Mb/s) bursts have a single segment.
  private static var slowRate: UInt64 { 150_000 }
  /// Bytes and segments that a burst has at most.
  private static var burstBytes: UInt64 { 65_216 }
  private static var burstSegments: UInt64 { 127 }
  /// So much more than the bandwidth says may arrive together: what it delivers in 100 ms.
  private static var aggregationSpan: UInt64 { 100_000 }
  /// Until so much is delivered the window grows whatever the model says: the usual initial window.
  private static var firstSegments: Int64 { 10 }

  /// Segments that a burst has at least.
  var leastBurst: UInt32 { rate < Self.slowRate ? 1 : 2 }

  /// Segments that a burst has at the pacing rate: those of a millisecond.
  private func burst(_ payload: UInt32) -> UInt64 {
    let segments = min(rate / 1024, Self.burstBytes) / UInt64(max(payload, 1))
    return min(max(segments, UInt64(leastBurst)), Self.burstSegments)
  }

  /// What the bandwidth fills in the least round trip, times the gain, rounded up.
  private func product(gain: UInt64) -> UInt64 {
    guard let minimumRTT else { return UInt64(Self.firstSegments) }
    let scaled = (bandwidth * Self.microseconds(minimumRTT) * gain) >> 8
    return (scaled + (1 << 24) - 1) >> 24
  }

  /// Room for what is held back to go out in bursts: three of them, an even number, and two
  /// segments more while probing, so that a small product grows at all.
  private func withBursts(_ segments: UInt64, _ payload: UInt32) -> UInt32 {
    var segments = segments + 3 * burst(payload)
    segments = (segments + 1) & ~1
    if mode == .probeBandwidth && phase == 0 { segments += 2 }
    return UInt32(clamping: segments)
  }

  /// How much is to be under way.
  func target(gain: UInt64, payload: UInt32) -> UInt32 {
    withBursts(product(gain: gain), payload)
  }

  /// What will be under way when the next burst goes out.
  func pipeAtDeparture(_ pipe: UInt32, _ sample: DeliverySample) -> UInt32 {
    let wait = max(sample.opens - sample.time, .zero)
    let leaving = (bandwidth * Self.microseconds(wait)) >> 24
    let pipe = UInt64(pipe) + (pacingGain > Self.unit ? burst(sample.payload) : 0)
    return UInt32(clamping: pipe > leaving ? pipe - leaving : 0)
  }

  /// Grows the window towards its target by what is delivered; recovery comes first.
  mutating func moveWindow(_ window: inout UInt32, _ sample: DeliverySample) {
    if sample.acknowledged > 0 && !repair(&window, sample) {
      var wanted = product(gain: windowGain)
      if isFull { wanted += min(aggregation.extra, (bandwidth * Self.aggregationSpan) >> 24) }
      let target = withBursts(wanted, sample.payload)
      if isFull {
        window = min(window + sample.acknowledged, target)
      } else if window < target || sample.delivered < Self.firstSegments {
        window += sample.acknowledged
      }
      window = max(window, Self.leastWindow)
    }
    if mode == .probeRoundTrip { window = min(window, Self.leastWindow) }
  }

  /// For the first round of recovery as many go out as arrive; afterwards the window is what it was
  /// before. Returns whether that is all there is to say.
  private mutating func repair(_ window: inout UInt32, _ sample: DeliverySample) -> Bool {
    if sample.lost > 0 { window = max(window - min(window, sample.lost), 1) }
    if sample.phase == .recovery && priorPhase != .recovery {
      conservesPackets = true
      roundEnd = sample.delivered
      window = sample.pipe + sample.acknowledged
    } else if isRepairing(priorPhase) && !isRepairing(sample.phase) {
      window = max(window, priorWindow)
      conservesPackets = false
    }
    priorPhase = sample.phase
    if conservesPackets { window = max(window, sample.pipe + sample.acknowledged) }
    return conservesPackets
  }

  private func isRepairing(_ phase: CongestionPhase) -> Bool {
    phase == .recovery || phase == .loss
  }

  /// Remembers the window from before recovery, or before the round trip was probed.
  mutating func saveWindow(_ window: UInt32) {
    priorWindow =
      isRepairing(priorPhase) || mode == .probeRoundTrip ? max(priorWindow, window) : window
  }
}
