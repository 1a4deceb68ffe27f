import NetSim
import Testing

/// A NAT that forgets connections which are idle, and drops their packets without a word.
@Suite struct MiddleboxTests {
  /// Two requests, 90 s apart, a round trip of 100 ms.
  private func run(
    limit: SimDuration?, _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> RunReport {
    var scenario = Scenario.standard(.linux)
    for index in scenario.links.indices {
      scenario.links[index].delay = .milliseconds(50)
      scenario.links[index].stateLimit = limit
    }
    scenario.clients[0].persistence = PersistencePolicy()
    scenario.clients[0].objects = [
      ObjectSettings(ByteCount(1000)),
      ObjectSettings(ByteCount(1000), after: 0, clientTime: .seconds(90)),
    ]
    change(&scenario.clients[0])
    var simulator = Simulator(scenario)
    return simulator.run()
  }

  @Test func aRememberedConnectionGoesOn() {
    let report = run(limit: .seconds(120))
    #expect(report.complete != nil)
    #expect(report.connections.count == 1 && report.connections[0].lost.up == 0)
  }

  /// Nobody tells the client: it repeats the request fifteen times, for a quarter of an hour, before it
  /// gives the connection up and asks on a new one.
  @Test func aForgottenConnectionHangsUntilTheClientGivesUp() throws {
    let report = run(limit: .seconds(60))
    #expect(report.connections.count == 2)
    #expect(report.connections[0].failed && report.retriedRequests == 1)
    // The request, the tail-loss probe and fifteen repetitions.
    #expect(report.connections[0].lost.up == 17)
    let complete = try #require(report.complete)
    #expect(report.requests[1].time(.timeout) > .seconds(900))
    #expect(report.requests[1].time(.handshake) > .milliseconds(100))
    #expect(complete > SimTime.zero + .seconds(90 + 900))
    #expect(complete < SimTime.zero + .seconds(90 + 1100))
  }

  /// TCP's keepalive keeps the mapping alive where it is sent more often than the NAT forgets.
  @Test(arguments: [(30, true), (70, false)])
  func keepaliveKeepsTheStateAlive(idle: Int64, isKept: Bool) {
    let report = run(limit: .seconds(60)) {
      var policy = KeepalivePolicy()
      policy.idle = .seconds(idle)
      $0.transport.keepalive = policy
    }
    #expect((report.connections[0].lost.up == 0) == isKept)
    #expect(report.connections.count == (isKept ? 1 : 2))
  }

  /// A client that closes idle connections before the NAT forgets them pays a handshake.
  @Test func aClientsOwnLimitAvoidsIt() {
    let report = run(limit: .seconds(60)) { $0.persistence.clientIdleLimit = .seconds(50) }
    #expect(report.complete != nil)
    #expect(report.connections.count == 2)
  }

  /// A client gives up while its server thinks: what the server answers then goes nowhere.
  @Test(arguments: [ApplicationProtocol.http11, .http11Pipelined])
  func anAnswerToAClientThatGaveUpGoesNowhere(application: ApplicationProtocol) {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].application = application
    scenario.clients[0].objects = (0..<3).map { _ in ObjectSettings(ByteCount(1000)) }
    scenario.clients[0].serverTimes = [.seconds(3000)]
    var policy = KeepalivePolicy()
    policy.idle = .seconds(10)
    scenario.clients[0].transport.keepalive = policy
    for index in scenario.links.indices {
      scenario.links[index].outages = [
        Outage(from: SimTime.zero + .seconds(1), to: SimTime.zero + .seconds(2900))
      ]
    }
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.complete == nil && !report.wasStopped)
    #expect(report.requests[0].failed != nil && report.requests[0].complete == nil)
  }
}
