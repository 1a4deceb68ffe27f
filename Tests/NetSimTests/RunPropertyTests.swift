import Testing

@testable import NetSim

/// What holds for every run, over seeds with loss, small queues and several clients.
@Suite struct RunPropertyTests {
  @Test(arguments: UInt64(1)...300)
  func everyByteArrivesOnceAndTheBooksBalance(seed: UInt64) {
    let scenario = RandomScenario.make(seed: seed)
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.complete != nil, "seed \(seed)")
    RunChecks.conservation(simulator.log, report, seed)
    RunChecks.deliveries(simulator.log, seed)
    RunChecks.causes(report, seed)
    RunChecks.idle(simulator, seed)
  }
}
