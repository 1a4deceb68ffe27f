import NetSim

/// Downloads over links drawn from a seed, with losses, bursts of them, reordering or copies, for labels
/// to be held against what happened.
enum LabelScenario {
  /// What a link does to packets beside delaying them.
  enum Trouble: String, CaseIterable {
    case loss
    case bursts
    case reordering
    case duplication
    case everything
  }

  static func make(_ trouble: Trouble, seed: UInt64, timestamps: Bool = true) -> Scenario {
    var random = Draws(seed: seed)
    func within(_ low: UInt32, _ high: UInt32) -> Int64 {
      Int64(low + random.next(below: high - low))
    }
    var scenario = Scenario.standard(.linux)
    scenario.seed = seed
    let rate = within(1, 100)
    let delay = within(2, 100)
    let queue = UInt32(within(20, 200))
    for index in scenario.links.indices {
      scenario.links[index].rate = .megabits(UInt64(rate))
      scenario.links[index].delay = .milliseconds(delay)
      scenario.links[index].queue = .packets(queue)
      trouble.apply(to: &scenario.links[index], delayMs: delay, &random)
    }
    scenario.clients[0].objects = (0..<within(1, 4)).map { _ in
      ObjectSettings(ByteCount(within(10_000, 400_000)))
    }
    if !timestamps {
      scenario.clients[0].transport.timestamps = false
    }
    return scenario
  }
}

/// Numbers drawn from a seed (SplitMix64).
private struct Draws {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A number below `bound`.
  mutating func next(below bound: UInt32) -> UInt32 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
    return UInt32(truncatingIfNeeded: (word ^ word >> 31) >> 32) % bound
  }
}

extension LabelScenario.Trouble {
  fileprivate func apply(
    to link: inout LinkSettings, delayMs: Int64, _ random: inout Draws
  ) {
    func parts(_ bound: UInt32) -> Probability {
      Probability(partsPerBillion: random.next(below: bound))
    }
    switch self {
    case .loss: link.loss = parts(30_000_000)
    case .bursts:
      link.bursts = BurstLoss(
        entry: parts(10_000_000),
        exit: Probability(partsPerBillion: 300_000_000 + random.next(below: 500_000_000)))
    case .reordering:
      link.loss = parts(10_000_000)
      link.reordering = Reordering(
        parts(30_000_000), delay: .milliseconds(Int64(1 + random.next(below: UInt32(delayMs)))))
    case .duplication:
      link.loss = parts(10_000_000)
      link.duplication = parts(30_000_000)
    case .everything:
      for other in [Self.loss, .reordering, .duplication] {
        other.apply(to: &link, delayMs: delayMs, &random)
      }
    }
  }
}
