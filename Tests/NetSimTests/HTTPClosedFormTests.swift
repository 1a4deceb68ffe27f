import NetSim
import Testing

/// What HTTP/1 over TCP and TLS takes, where it can be worked out by hand: `ideal`, no limit of rate.
@Suite struct HTTPClosedFormTests {
  private func scenario(roundTripMicroseconds: Int64, _ objects: [ObjectSettings]) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices {
      scenario.links[index].delay = .microseconds(roundTripMicroseconds) / 2
    }
    scenario.clients[0].objects = objects
    return scenario
  }

  /// Three requests of 500, 10 and 10 ms of service at 75 ms: one after the other 520 ms and three round
  /// trips; pipelined all wait for the first, which takes 500 ms and one.
  @Test func theFirstResponseHoldsTheOthersBack() throws {
    let objects = [500, 10, 10].map {
      ObjectSettings(ByteCount(1000), serverTime: .milliseconds($0))
    }
    var series = scenario(roundTripMicroseconds: 75_000, objects)
    series.clients[0].start = .inSeries
    var simulator = Simulator(series)
    let complete = try #require(simulator.run().complete)
    #expect(complete == SimTime.zero + .milliseconds(75 + 745))

    var pipelined = scenario(roundTripMicroseconds: 75_000, objects)
    pipelined.clients[0].application = .http11Pipelined
    simulator = Simulator(pipelined)
    let requests = simulator.run().requests
    #expect(
      requests.map(\.complete)
        == Array(repeating: SimTime.zero + .milliseconds(75 + 575), count: 3))
    #expect(
      requests.map { $0.time(.responseOrder) }
        == [.zero, .milliseconds(490), .milliseconds(490)])
    #expect(
      requests.map { $0.time(.server) }
        == [.milliseconds(500), .milliseconds(10), .milliseconds(10)])
  }

  /// 50 requests, each 31.84 ms of service at 102.04 ms: with TCP and TLS 1.2 for each one four round
  /// trips each, with one connection three, and one each.
  @Test(
    arguments: [
      (false, TLSMode.full12, 50 * (4 * 102_040 + 31_840)),
      (true, .full12, 3 * 102_040 + 50 * (102_040 + 31_840)),
      (false, .full13, 50 * (3 * 102_040 + 31_840)),
    ] as [(Bool, TLSMode, Int64)])
  func fiftyRequestsPayForTheirConnections(keeps: Bool, tls: TLSMode, microseconds: Int64) throws {
    let objects = (0..<50).map { _ in
      ObjectSettings(ByteCount(1000), serverTime: .microseconds(31_840))
    }
    var scenario = scenario(roundTripMicroseconds: 102_040, objects)
    scenario.clients[0].start = .inSeries
    scenario.clients[0].keepAlive = keeps
    scenario.clients[0].tls = TLSSettings(tls, tickets: 0)
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.complete == SimTime.zero + .microseconds(microseconds))
    #expect(report.connections.count == (keeps ? 1 : 50))
  }

  /// Six connections send six initial windows in one flight.
  @Test(arguments: [(1, 14_600), (6, 87_600)])
  func eachConnectionHasAFirstFlight(connections: Int, bytes: Int64) {
    let objects = (0..<connections).map { _ in ObjectSettings(ByteCount(100_000)) }
    var scenario = scenario(roundTripMicroseconds: 75_000, objects)
    scenario.clients[0].connections = connections
    var simulator = Simulator(scenario)
    _ = simulator.run()
    let data = simulator.log.records.filter {
      $0.kind == .segmentSent && $0.side == .server && $0.length > 0
    }
    let first = data.filter { $0.time == data.first?.time }
    #expect(first.reduce(0) { $0 + Int64($1.length) } == bytes)
  }
}
