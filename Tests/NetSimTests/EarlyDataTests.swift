import Testing

@testable import NetSim

/// Early data that somebody on the path sends again (RFC 8446 §8).
@Suite struct EarlyDataTests {
  /// One request at a round trip of 100 ms in `ideal`, repeated 30 ms after it was sent.
  private func scenario(
    _ method: HTTPMethod, _ mode: TLSMode = .earlyData13,
    _ change: (inout EarlyDataPolicy) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].objects = [ObjectSettings(ByteCount(200))]
    scenario.clients[0].objects[0].method = method
    var tls = TLSSettings(mode, tickets: 0)
    tls.early.sendsAnything = true
    tls.early.replayAfter = .milliseconds(30)
    change(&tls.early)
    scenario.clients[0].tls = tls
    return scenario
  }

  private func run(_ scenario: Scenario) -> RunReport {
    var simulator = Simulator(scenario)
    return simulator.run()
  }

  /// A client that sends a POST as early data lets anybody on the path have it done twice. What it sees
  /// itself is the same as without: an answer after two round trips.
  @Test func aReplayedPOSTIsExecutedTwice() {
    let report = run(scenario(.post))
    #expect(report.requests.map(\.executed) == [2])
    #expect(report.complete == SimTime.zero + .milliseconds(200))
    #expect(report.connections.count == 2 && report.pool.opened == 1)
    // The attacker has no keys: its handshake is never complete.
    #expect(report.connections.map { $0.secured == nil } == [false, true])
    #expect(report.connections[1].opened == SimTime.zero + .milliseconds(130))
  }

  @Test func aServerThatTakesEachTicketOnceExecutesOnce() {
    let report = run(scenario(.post) { $0.refusesReplays = true })
    #expect(report.requests.map(\.executed) == [1])
    #expect(report.connections.count == 2)
    #expect(report.complete == SimTime.zero + .milliseconds(200))
  }

  /// RFC 8470 §4 and §5.2: a POST that waits for the handshake cannot be replayed, and a server that wants
  /// early requests again executes only what comes after the handshake.
  @Test func whatIsNotExecutedEarlyIsNotReplayed() {
    let waiting = run(scenario(.post) { $0.sendsAnything = false })
    #expect(waiting.requests.map(\.executed) == [1] && waiting.connections.count == 1)
    #expect(waiting.complete == SimTime.zero + .milliseconds(300))
    let again = run(scenario(.post, .tooEarly13))
    #expect(again.requests.map(\.executed) == [1] && again.connections.count == 2)
  }

  /// Only the first connection's early data, and all of it: of six requests on three connections that are
  /// pipelined, two.
  @Test func theFirstFlightIsReplayedAsAWhole() {
    var pipelined = scenario(.get)
    pipelined.clients[0].application = .http11Pipelined
    pipelined.clients[0].connections = 3
    pipelined.clients[0].objects = Array(
      repeating: ObjectSettings(ByteCount(200)), count: 6)
    #expect(run(pipelined).requests.map(\.executed) == [2, 1, 1, 2, 1, 1])
  }

  /// Over lossy paths each request is executed as often as it must be, and nothing is left behind.
  @Test(arguments: UInt64(1)...30)
  func nothingIsLeftBehind(seed: UInt64) {
    var scenario = RandomScenario.make(seed: seed)
    for index in scenario.clients.indices {
      scenario.clients[index].application = .http11
      var tls = TLSSettings(.earlyData13)
      tls.early.replayAfter = .milliseconds(Int64(seed * 7))
      tls.early.refusesReplays = seed % 3 == 0
      scenario.clients[index].tls = tls
    }
    var simulator = Simulator(scenario)
    let report = simulator.run()
    RunChecks.conservation(simulator.log, report, seed)
    RunChecks.deliveries(simulator.log, seed)
    RunChecks.causes(report, seed)
    RunChecks.idle(simulator, seed)
    let most = seed % 3 == 0 ? 1 : 2
    #expect(report.complete != nil, "seed \(seed)")
    #expect(
      report.requests.allSatisfy { $0.executed >= 1 && $0.executed <= most }, "seed \(seed)")
  }
}
