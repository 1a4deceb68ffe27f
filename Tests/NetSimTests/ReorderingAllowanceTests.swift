import Testing

@testable import NetSim

/// RFC 8985 §6.2 step 4: the reordering window by the D-SACKs.
@Suite struct ReorderingAllowanceTests {
  private func acknowledge(
    _ allowance: inout ReorderingAllowance, upTo position: Int64, _ isReport: Bool, next: Int64
  ) {
    allowance.acknowledged(upTo: position, reportsDuplicate: isReport, next: next)
  }

  @Test func growsOnceInARound() {
    var allowance = ReorderingAllowance()
    acknowledge(&allowance, upTo: 1_000, true, next: 20_000)
    acknowledge(&allowance, upTo: 2_000, true, next: 21_000)
    acknowledge(&allowance, upTo: 19_999, true, next: 30_000)
    #expect(allowance.quarters == 2)
    acknowledge(&allowance, upTo: 20_000, true, next: 40_000)
    #expect(allowance.quarters == 3)
  }

  @Test func shrinksAfterSixteenRecoveriesWithoutAReport() {
    var allowance = ReorderingAllowance()
    acknowledge(&allowance, upTo: 1_000, true, next: 2_000)
    for _ in 0..<15 { allowance.recovered() }
    #expect(allowance.quarters == 2)
    allowance.recovered()
    #expect(allowance.quarters == 1)
  }

  @Test func aReportBeginsTheSixteenAnew() {
    var allowance = ReorderingAllowance()
    acknowledge(&allowance, upTo: 1_000, true, next: 2_000)
    for _ in 0..<15 { allowance.recovered() }
    acknowledge(&allowance, upTo: 2_000, true, next: 3_000)
    for _ in 0..<15 { allowance.recovered() }
    #expect(allowance.quarters == 3)
  }

  /// A path that delays one packet in fifty by more than a quarter of the round trip: the more often
  /// repetitions were needless, the longer the sender waits, so that fewer are.
  @Test func aPathThatReordersMuchCostsEverFewerRepetitions() {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(20_000_000))]
    scenario.clients[0].application = .raw
    scenario.links[1].reordering = Reordering(
      Probability(partsPerBillion: 20_000_000), delay: .milliseconds(19))
    var simulator = Simulator(scenario)
    _ = simulator.run()
    let spurious = simulator.log.records.filter { $0.kind == .segmentSpurious }.map(\.time)
    let middle = simulator.log.records.last.map { $0.time.nanoseconds / 2 } ?? 0
    let early = spurious.count { $0.nanoseconds < middle }
    #expect(early > 10)
    #expect((spurious.count - early) * 4 < early)
  }
}
