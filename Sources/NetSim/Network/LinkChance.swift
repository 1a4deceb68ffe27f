/// What chance does to a packet that has left a link's queue: how late it arrives, and whether
/// another packet like it follows.
struct LinkChance {
  private let jitter: SimDuration
  private let reordering: Reordering?
  private let duplication: Probability
  private var jitterRandom: RandomStream
  private var reorderingRandom: RandomStream
  private var duplicationRandom: RandomStream
  /// When the latest packet arrives that was not picked to be late.
  private var latest = SimTime.zero

  /// Nil for a link that leaves nothing to chance.
  init?(_ settings: LinkSettings, index: UInt32, seed: UInt64) {
    let isOff =
      settings.jitter == .zero && settings.reordering == nil && settings.duplication == .zero
    if isOff { return nil }
    precondition(settings.jitter <= LinkSettings.longestJitter, "a jitter beyond the longest")
    jitter = settings.jitter
    reordering = settings.reordering
    duplication = settings.duplication
    jitterRandom = RandomStream(seed: seed, purpose: "link jitter", index: index)
    reorderingRandom = RandomStream(seed: seed, purpose: "link reordering", index: index)
    duplicationRandom = RandomStream(seed: seed, purpose: "link duplication", index: index)
  }

  /// When a packet arrives that would arrive at `time`, and whether others may overtake it.
  ///
  /// Jitter keeps the order: a packet that would overtake the one before arrives with it. Late
  /// packets keep their order among themselves.
  mutating func arrival(_ time: SimTime) -> (time: SimTime, isLate: Bool) {
    var arrives = time
    if jitter > .zero {
      let bound = UInt32(jitter.nanoseconds) + 1  // the bound itself is possible
      arrives = arrives + SimDuration(nanoseconds: Int64(jitterRandom.next(below: bound)))
      arrives = max(arrives, latest)
      latest = arrives
    }
    if let reordering, reorderingRandom.happens(reordering.probability) {
      return (arrives + reordering.delay, true)
    }
    return (arrives, false)
  }

  /// Whether the packet that has just been taken is sent twice.
  mutating func duplicates() -> Bool { duplicationRandom.happens(duplication) }
}
