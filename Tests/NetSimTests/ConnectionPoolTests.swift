import Testing

@testable import NetSim

/// Pools of connections, where what they come to can be worked out by hand: `ideal`, a round trip of
/// 75 ms, objects without a body.
@Suite struct ConnectionPoolTests {
  static let roundTrip = SimDuration.milliseconds(75)

  /// So many objects of a client that speaks HTTP/1.1, as `arrivals` has them.
  static func scenario(
    _ count: Int, _ arrivals: Arrivals, connections: Int = 1,
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = roundTrip / 2 }
    scenario.clients[0].objects = Array(repeating: ObjectSettings(.zero), count: count)
    scenario.clients[0].arrivals = arrivals
    scenario.clients[0].connections = connections
    change(&scenario.clients[0])
    return scenario
  }

  static func run(_ scenario: Scenario, level: EventLog.Level = .everything) -> RunReport {
    var simulator = Simulator(scenario, level: level)
    return simulator.run()
  }

  /// A warm pool of `size` with a request every 10 ms: Little's law has 7.5 of them in the system.
  private func uniform(_ count: Int, size: Int) -> PoolReport {
    Self.run(
      Self.scenario(
        count, Arrivals(.even(.milliseconds(10)), from: .seconds(1)), connections: size
      ) { $0.pool.openedAhead = size }, level: .totals
    ).pool
  }

  @Test func eightConnectionsCarryAHundredRequestsASecond() {
    let pool = uniform(400, size: 8)
    #expect(pool.waits.count == 0 && pool.waits.longest == .zero)
    #expect(pool.opened == 8 && pool.answered == 400 && pool.reused == 392)
  }

  /// Seven serve seven requests in 75 ms, in which seven and a half come: each round of seven waits 5 ms
  /// longer than the one before.
  @Test(arguments: [(70, 45), (400, 285), (800, 570)])
  func ofSevenTheQueueGrowsWithoutBound(count: Int, longest: Int64) {
    #expect(uniform(count, size: 7).waits.longest == .milliseconds(longest))
  }

  /// Fifty at once on ten connections: five rounds, of which the last waits for four.
  @Test func theLastOfABurstWaitsForFourRounds() {
    let report = Self.run(
      Self.scenario(50, Arrivals(.even(.zero), from: .seconds(1)), connections: 10) {
        $0.pool.openedAhead = 10
      })
    #expect(report.complete == SimTime.zero + .milliseconds(1000 + 300 + 75))
    #expect(report.pool.waits.count == 40)
    #expect(report.pool.waits.mean == .milliseconds(150))
    #expect(report.pool.waits.median == .milliseconds(150))
    #expect(report.pool.waits.percentile99 == .milliseconds(300))
    #expect(report.pool.waits.longest == .milliseconds(300))
    #expect(report.requests.last?.time(.pool) == .milliseconds(300))
  }

  // MARK: Limits of waiting

  /// Ten have a connection, five wait, and thirty-five are turned away at once.
  @Test func whatFindsTheQueueFullFailsAtOnce() {
    let report = Self.run(
      Self.scenario(50, Arrivals(.even(.zero), from: .seconds(1)), connections: 10) {
        $0.pool.openedAhead = 10
        $0.pool.queueLimit = 5
      })
    #expect(report.complete == nil)
    #expect(report.pool.turnedAway == 35 && report.pool.answered == 15)
    let failed = report.requests.filter { $0.failed != nil }
    #expect(failed.map(\.request) == Array(15..<50))
    #expect(failed.allSatisfy { $0.failed == SimTime.zero + .seconds(1) && $0.intervals.isEmpty })
  }

  /// At 75 ms ten more have a connection; the other thirty fail at 100 ms, charged to the pool.
  @Test func whatWaitsTooLongFails() {
    var simulator = Simulator(
      Self.scenario(50, Arrivals(.even(.zero), from: .seconds(1)), connections: 10) {
        $0.pool.openedAhead = 10
        $0.pool.longestWait = .milliseconds(100)
      })
    let report = simulator.run()
    #expect(report.pool.timedOut == 30 && report.pool.answered == 20)
    #expect(report.pool.waits.longest == .milliseconds(100))
    for request in report.requests where request.failed != nil {
      #expect(request.failed == SimTime.zero + .milliseconds(1100))
      #expect(request.time(.pool) == .milliseconds(100))
    }
    let failures = simulator.log.records.filter { $0.kind == .requestFailed }
    #expect(failures.count == 30)
    #expect(failures.allSatisfy { $0.detail == RequestFailure.waitedTooLong.rawValue })
  }

  /// What was to follow an object that failed is asked for all the same.
  @Test func whatFollowsAFailureIsAskedFor() {
    var scenario = Self.scenario(3, Arrivals(.even(.zero))) { $0.pool.queueLimit = 0 }
    scenario.clients[0].objects[2].after = 1
    scenario.clients[0].objects[2].clientTime = .seconds(1)
    let report = Self.run(scenario)
    #expect(report.requests.map { $0.failed == nil } == [true, false, true])
    #expect(report.requests[2].queued == SimTime.zero + .seconds(1))
  }

  // MARK: Age and order

  /// A request every second, and connections of two and a half seconds: three requests each.
  @Test(arguments: [(2_500, 4), (10_000, 1)] as [(Int64, Int)])
  func aConnectionIsNotUsedBeyondItsAge(milliseconds: Int64, connections: Int) {
    let report = Self.run(
      Self.scenario(10, Arrivals(.even(.seconds(1)))) {
        $0.pool.lifetime = .milliseconds(milliseconds)
      })
    #expect(report.complete != nil)
    #expect(report.connections.count == connections && report.pool.expired == connections - 1)
    #expect(report.retriedRequests == 0)
  }

  /// Four connections from a burst, then one request a second: taken in turn they all stay warm, and
  /// none does but the last used when that is taken again.
  @Test(arguments: [(IdleOrder.latestFirst, 1), (.oldestFirst, 4)])
  func theOrderDecidesWhichStayWarm(order: IdleOrder, used: Int) {
    var scenario = Self.scenario(20, Arrivals(.even(.zero)), connections: 4) {
      $0.pool.order = order
    }
    for index in 4..<20 {
      scenario.clients[0].objects[index].clientTime = .seconds(Int64(index))
    }
    let report = Self.run(scenario)
    let late = Set(report.requests[8...].compactMap(\.connection))
    #expect(late.count == used && report.connections.count == 4)
  }

  // MARK: Reuse

  /// The next request finds the connection if it comes within the server's limit: for a Poisson process
  /// of rate λ that is 1 − e^(−λT) of them; for λT = 0.5, 1 and 2: 0.3935, 0.6321 and 0.8647.
  @Test(arguments: [(500, 393_469), (1_000, 632_121), (2_000, 864_665)] as [(Int64, Int64)])
  func theReuseRatioFollowsTheLimit(milliseconds: Int64, millionths: Int64) throws {
    var (reused, answered) = (0, 0)
    for seed in UInt64(1)...4 {
      var scenario = Self.scenario(
        2_500, Arrivals(.poisson(mean: .seconds(1))), connections: 10
      ) { $0.persistence.serverIdleLimit = .milliseconds(milliseconds) }
      for index in scenario.links.indices { scenario.links[index].delay = .microseconds(100) }
      scenario.seed = seed
      let pool = Self.run(scenario, level: .totals).pool
      reused += pool.reused
      answered += pool.answered
    }
    let ratio = Int64(reused) * 1_000_000 / Int64(answered)
    #expect(abs(ratio - millionths) < 20_000, "\(ratio)")
  }

  /// The mean gap of a Poisson process, and the share of gaps that are longer than it: 1/e.
  @Test(arguments: UInt64(1)...8)
  func gapsAreExponential(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "gap test")
    let mean = SimDuration.milliseconds(10)
    var sum = SimDuration.zero
    var longer = 0
    for _ in 0..<20_000 {
      let gap = random.nextExponential(mean: mean)
      sum += gap
      if gap > mean { longer += 1 }
    }
    // Three deviations of 20,000 draws: 2.1 % of the mean, and 1 % of the draws.
    #expect(abs((sum / 20_000 - mean).nanoseconds) < 212_000, "seed \(seed)")
    #expect(abs(longer - 7_358) < 205, "seed \(seed)")
  }
}
