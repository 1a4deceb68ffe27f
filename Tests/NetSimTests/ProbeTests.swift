import Testing

@testable import NetSim

/// Checks and heartbeats: what they cost, and what they save.
@Suite struct ProbeTests {
  /// Two requests so far apart, over `ideal` with a round trip of 75 ms and a server that closes after
  /// a minute.
  private func run(
    apart: SimDuration, _ method: HTTPMethod = .get, nat: SimDuration? = nil,
    _ change: (inout ClientSettings) -> Void
  ) -> RunReport {
    var scenario = ConnectionPoolTests.scenario(2, Arrivals(.even(apart)))
    scenario.clients[0].objects[1].method = method
    scenario.clients[0].persistence.serverIdleLimit = .seconds(60)
    for index in scenario.links.indices { scenario.links[index].stateLimit = nat }
    change(&scenario.clients[0])
    return ConnectionPoolTests.run(scenario)
  }

  private func duration(_ report: RunReport) -> SimDuration? {
    report.requests.last.flatMap { request in request.complete.map { $0 - request.queued } }
  }

  /// A client that has not seen the server's FIN sends into it, finds out, and asks again: that costs
  /// nothing where it may be repeated, and fails where it may not.
  @Test func whatGoesToAClosedConnectionUncheckedIsRepeatedOrFails() {
    let get = run(apart: .seconds(61)) { $0.pool.noticesClosing = false }
    #expect(get.retriedRequests == 1 && duration(get) == .milliseconds(150))
    let post = run(apart: .seconds(61), .post) { $0.pool.noticesClosing = false }
    #expect(post.complete == nil && post.retriedRequests == 0)
    #expect(post.requests.last?.failed == SimTime.zero + .seconds(61))
  }

  /// The check finds it out in the request's stead.
  @Test(arguments: [HTTPMethod.get, .post])
  func aCheckIsLostInsteadOfARequest(method: HTTPMethod) {
    let report = run(apart: .seconds(61), method) {
      $0.pool.noticesClosing = false
      $0.pool.validation = ProbePolicy(after: .seconds(2))
    }
    #expect(report.retriedRequests == 0 && report.complete != nil)
    #expect(report.pool.checks == PoolReport.Probes(sent: 1, failed: 1))
    #expect(duration(report) == .milliseconds(150))
  }

  /// On a connection that works it costs a round trip, if that was idle for long enough to be checked.
  @Test(arguments: [(50, 1, 150), (2, 0, 75)] as [(Int64, Int, Int64)])
  func aCheckCostsARoundTrip(apart: Int64, checks: Int, milliseconds: Int64) {
    let report = run(apart: .seconds(apart)) {
      $0.pool.validation = ProbePolicy(after: .seconds(2))
    }
    #expect(report.pool.checks == PoolReport.Probes(sent: checks, failed: 0))
    #expect(duration(report) == .milliseconds(milliseconds))
    #expect(report.requests[1].time(.pool) == .milliseconds(75 * Int64(checks)))
    #expect(report.requests.count == 2 && report.connections.count == 1)
  }

  /// A NAT that has forgotten the connection answers nobody: the check gives up after its time.
  @Test func aCheckGivesUpWhereNobodyAnswers() {
    let report = run(apart: .seconds(50), nat: .seconds(30)) {
      $0.pool.validation = ProbePolicy(after: .seconds(2), patience: .seconds(3))
    }
    #expect(report.pool.checks.failed == 1 && report.retriedRequests == 0)
    #expect(duration(report) == .milliseconds(3_000 + 150))
  }

  // MARK: Heartbeats

  /// Shorter than the server's limit they keep the connection, and else they do not.
  @Test(arguments: [(30, 1), (59, 1), (60, 2), (90, 2)] as [(Int64, Int)])
  func heartbeatsKeepAConnection(heartbeat: Int64, connections: Int) {
    let report = run(apart: .seconds(200)) {
      $0.pool.heartbeat = ProbePolicy(after: .seconds(heartbeat))
    }
    #expect(report.connections.count == connections)
    #expect(report.complete != nil && report.retriedRequests == 0)
    if connections == 1 {
      // Each comes so long after the answer to the one before.
      let sent = (200_000 - 150) / (heartbeat * 1000 + 75)
      #expect(report.pool.heartbeats == PoolReport.Probes(sent: Int(sent), failed: 0))
      #expect(duration(report) == .milliseconds(75))
    }
  }

  /// The NAT of 60 s would have forgotten the connection: the request would go unanswered.
  @Test func heartbeatsKeepANATAwake() {
    let report = run(apart: .seconds(200), nat: .seconds(60)) {
      $0.persistence.serverIdleLimit = nil
      $0.pool.heartbeat = ProbePolicy(after: .seconds(30))
    }
    #expect(report.connections.count == 1 && duration(report) == .milliseconds(75))
    let without = run(apart: .seconds(200), nat: .seconds(60)) {
      $0.persistence.serverIdleLimit = nil
    }
    #expect(without.connections.count == 2 && without.retriedRequests == 1)
    #expect(without.requests[1].time(.timeout) > .seconds(60))
  }

  /// Every 30 s with a patience of 10 s: what dies behind one is found out 40 s later (gRPC's keepalive).
  @Test func aDeadConnectionIsFoundAfterPauseAndPatience() throws {
    var scenario = ConnectionPoolTests.scenario(2, Arrivals(.even(.seconds(100))))
    for index in scenario.links.indices {
      scenario.links[index].outages = [
        Outage(from: .zero + .milliseconds(151), to: .zero + .seconds(90))
      ]
    }
    scenario.clients[0].pool.heartbeat = ProbePolicy(after: .seconds(30), patience: .seconds(10))
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.pool.heartbeats == PoolReport.Probes(sent: 1, failed: 1))
    let probe = try #require(
      simulator.log.requests.firstIndex { $0.purpose == .heartbeat })
    let failed = try #require(
      simulator.log.records.first { $0.kind == .requestFailed && $0.item == UInt32(probe) })
    #expect(failed.time == SimTime.zero + .milliseconds(40_150))
    #expect(report.complete == SimTime.zero + .milliseconds(100_150))
  }

  /// A client's own limit counts from the last request that somebody asked for.
  @Test func heartbeatsDoNotCountAsUse() {
    let report = run(apart: .seconds(200)) {
      $0.persistence.clientIdleLimit = .seconds(100)
      $0.pool.heartbeat = ProbePolicy(after: .seconds(30))
    }
    #expect(report.connections.count == 2)
    #expect(report.pool.heartbeats == PoolReport.Probes(sent: 3, failed: 0))
  }

  // MARK: Properties

  /// Over lossy paths with every setting at random: each object completes or fails once, no more
  /// connections are open than may be, and causes add up.
  @Test(arguments: UInt64(1)...60)
  func everyRequestEndsOnce(seed: UInt64) {
    let scenario = Self.randomScenario(seed: seed)
    var simulator = Simulator(scenario)
    while simulator.advance(events: 1) {
      for client in simulator.clients.indices {
        for origin in simulator.clients[client].origins {
          #expect(
            origin.open.count <= scenario.clients[client].connections, "seed \(seed)")
        }
      }
    }
    let report = simulator.report()
    #expect(!report.wasStopped, "seed \(seed)")
    let objects = scenario.clients.reduce(0) { $0 + $1.objects.count }
    #expect(report.requests.count == objects, "seed \(seed)")
    for request in report.requests {
      let ends = simulator.log.records.filter {
        ($0.kind == .responseComplete || $0.kind == .requestFailed) && $0.item == request.request
      }
      #expect(ends.count == 1, "seed \(seed), request \(request.request)")
    }
    let failed = report.requests.filter { $0.failed != nil }.count
    #expect(failed + report.pool.answered == objects, "seed \(seed)")
    RunChecks.conservation(simulator.log, report, seed)
    RunChecks.deliveries(simulator.log, seed)
    RunChecks.causes(report, seed)
  }

  private static func randomScenario(seed: UInt64) -> Scenario {
    var scenario = RandomScenario.make(seed: seed)
    var random = RandomStream(seed: seed, purpose: "pool test")
    func maybe(_ bound: UInt32) -> SimDuration? {
      random.next(below: 2) == 0 ? nil : .milliseconds(Int64(1 + random.next(below: bound)))
    }
    for index in scenario.clients.indices {
      var client = scenario.clients[index]
      client.application = random.next(below: 4) == 0 ? .http11Pipelined : .http11
      client.keepAlive = true
      let gap = SimDuration.milliseconds(Int64(random.next(below: 400)))
      let mean = gap + .milliseconds(1)
      client.arrivals = Arrivals(random.next(below: 2) == 0 ? .even(gap) : .poisson(mean: mean))
      client.objects += client.objects + client.objects
      client.persistence.serverIdleLimit = maybe(2_000)
      client.persistence.clientIdleLimit = maybe(2_000)
      client.persistence.mostRequests = random.next(below: 3) == 0 ? 3 : nil
      client.pool.longestWait = maybe(1_000)
      client.pool.queueLimit = random.next(below: 2) == 0 ? nil : Int(random.next(below: 4))
      client.pool.lifetime = maybe(3_000)
      client.pool.validation = maybe(300).map { ProbePolicy(after: $0, patience: .seconds(2)) }
      client.pool.heartbeat = maybe(300).map { ProbePolicy(after: $0, patience: .seconds(2)) }
      client.pool.order = random.next(below: 2) == 0 ? .latestFirst : .oldestFirst
      client.pool.noticesClosing = random.next(below: 2) == 0
      client.pool.openedAhead = Int(random.next(below: 3))
      scenario.clients[index] = client
    }
    return scenario
  }
}
