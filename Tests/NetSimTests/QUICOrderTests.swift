import Testing

@testable import NetSim

/// What it is worth that each stream is delivered in its own order.
@Suite struct QUICOrderTests: QUICRuns {
  /// Thirty objects that share every packet's turn, over a link that loses a fiftieth: one packet at a
  /// time, or five.
  private func page(_ seed: UInt64, _ scheduler: StreamScheduler, isBursty: Bool) -> Scenario {
    var page = scenario(
      Array(repeating: 10_000, count: 30), .linux, roundTrip: 60, rate: .megabits(10),
      queue: .packets(200)
    ) { $0.quic.server.scheduler = scheduler }
    page.seed = seed
    // What is delivered when must not change what is sent: no answers of QPACK's decoder.
    page.clients[0].quic.client.fieldTableBytes = 0
    page.clients[0].quic.server.fieldTableBytes = 0
    if isBursty {
      page.links[1].bursts = BurstLoss(
        entry: Probability(partsPerBillion: 4_000_000),
        exit: Probability(partsPerBillion: 200_000_000))
    } else {
      page.links[1].loss = Probability(partsPerBillion: 20_000_000)
    }
    return page
  }

  /// When its objects are complete, with and without the streams' own orders.
  private func times(_ page: Scenario) -> (own: [Double], all: [Double]) {
    var one = page
    one.clients[0].quic.isStreamAware = false
    return (times(of: page), times(of: one))
  }

  private func times(of page: Scenario) -> [Double] {
    var simulator = Simulator(page, level: .requests)
    return simulator.run().requests.compactMap { milliseconds($0.complete) }
  }

  /// The same packets are sent and lost either way: nothing is complete later for it.
  @Test(arguments: [StreamScheduler.roundRobin, .sequential, .urgency], UInt64(1)...10)
  func noObjectIsLaterForIt(scheduler: StreamScheduler, seed: UInt64) {
    let (own, all) = times(page(seed, scheduler, isBursty: false))
    #expect(own.count == 30 && all.count == 30)
    for (one, other) in zip(own, all) { #expect(one <= other, "seed \(seed)") }
  }

  /// By how much the mean object is complete sooner, in hundredths.
  private func gain(_ scheduler: StreamScheduler, isBursty: Bool) -> Double {
    let gains = (UInt64(1)...20).map { seed in
      let (own, all) = times(page(seed, scheduler, isBursty: isBursty))
      return 1 - own.reduce(0, +) / all.reduce(0, +)
    }
    return gains.reduce(0, +) / Double(gains.count) * 100
  }

  /// By how many milliseconds the mean byte of six large objects is delivered sooner for it.
  private func gainOfBytes(_ scheduler: StreamScheduler, isBursty: Bool) -> Double {
    var sum = 0.0
    for seed in UInt64(1)...20 {
      var page = page(seed, scheduler, isBursty: isBursty)
      page.clients[0].objects = (0..<6).map { _ in ObjectSettings(ByteCount(100_000)) }
      var one = page
      one.clients[0].quic.isStreamAware = false
      sum += meanDelivery(of: one) - meanDelivery(of: page)
    }
    return sum / 20
  }

  private func meanDelivery(of page: Scenario) -> Double {
    var simulator = Simulator(page, level: .everything)
    _ = simulator.run()
    var (sum, bytes) = (0.0, 0.0)
    for record in simulator.log.records
    where record.kind == .streamDelivered && record.side == .client && record.item & 3 == 0 {
      sum += Double(record.time.nanoseconds) / 1e6 * Double(record.length)
      bytes += Double(record.length)
    }
    return sum / bytes
  }

  /// What is gained shrinks from streams that take turns and lose packets one at a time, to bursts, to
  /// one stream after the other, which a hole holds as TCP would (Marx et al., WEBIST 2019).
  @Test func whatIsGainedDependsOnTheOrderAndTheLosses() {
    let turns = gainOfBytes(.roundRobin, isBursty: false)
    let bursts = gainOfBytes(.roundRobin, isBursty: true)
    let sequential = gainOfBytes(.sequential, isBursty: false)
    #expect(turns > 10)
    #expect(bursts < turns * 0.8 && bursts > 5)
    #expect(sequential < turns * 0.35 && sequential >= 0 && sequential < bursts)
  }

  /// A burst hits many streams at once, so that few are left to go on meanwhile.
  @Test func burstsLeaveLessToGain() {
    let alone = gain(.roundRobin, isBursty: false)
    let bursts = gain(.roundRobin, isBursty: true)
    #expect(alone > 2)
    #expect(bursts > 1 && bursts < alone)
  }
}
