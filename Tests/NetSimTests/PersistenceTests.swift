import NetSim
import Testing

/// How long HTTP connections are kept, and what becomes of requests whose connection ends.
@Suite struct PersistenceTests {
  /// Requests of one client in `ideal`, a round trip of 100 ms.
  private func scenario(
    _ objects: [ObjectSettings], _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].objects = objects
    scenario.clients[0].start = .inSeries
    change(&scenario.clients[0])
    return scenario
  }

  private func run(_ scenario: Scenario) -> RunReport {
    var simulator = Simulator(scenario)
    return simulator.run()
  }

  private func object(
    after pause: SimDuration = .zero, _ method: HTTPMethod = .get
  )
    -> ObjectSettings
  {
    var object = ObjectSettings(ByteCount(1000), clientTime: pause)
    object.method = method
    return object
  }

  @Test(arguments: [(1000, 3), (100, 25), (nil, 1)] as [(Int?, Int)])
  func aConnectionServesSoManyRequests(most: Int?, connections: Int) {
    let objects = (0..<2500).map { _ in object() }
    let report = run(scenario(objects) { $0.persistence.mostRequests = most })
    #expect(report.complete != nil)
    #expect(report.connections.count == connections)
    #expect(report.retriedRequests == 0)
  }

  /// Of pipelined requests those behind the last one that is served go again on another connection.
  @Test func whatWasPipelinedBehindTheLastRequestGoesAgain() {
    let objects = (0..<10).map { _ in object() }
    let report = run(
      scenario(objects) {
        $0.start = .together
        $0.application = .http11Pipelined
        $0.persistence.mostRequests = 4
      })
    #expect(report.complete != nil)
    #expect(report.connections.count == 3)
    #expect(report.retriedRequests == 6 + 2)
    // The second connection's handshake is the fifth's; what the first served is done after 300 ms.
    #expect(report.requests[4].time(.handshake) == .milliseconds(100))
    #expect(report.requests.allSatisfy { $0.time(.responseOrder) == .zero })
  }

  /// A request every six seconds: at a time-out of seven seconds one connection will do.
  @Test(arguments: [(5, 4), (7, 1)])
  func aServerClosesIdleConnections(limit: Int64, connections: Int) {
    let objects = [object()] + (1...3).map { _ in object(after: .seconds(6)) }
    let report = run(scenario(objects) { $0.persistence.serverIdleLimit = .seconds(limit) })
    #expect(report.complete != nil)
    #expect(report.connections.count == connections)
    #expect(report.retriedRequests == 0)
  }

  @Test func aClientClosesWhatItDoesNotUse() {
    let objects = [object(), object(after: .seconds(6)), object(after: .seconds(3))]
    let report = run(scenario(objects) { $0.persistence.clientIdleLimit = .seconds(5) })
    #expect(report.complete != nil)
    #expect(report.connections.count == 2)
  }

  /// The response is complete at 200 ms at the client, and the server idle since 150 ms: its FIN leaves
  /// at 5,150 ms. A request that leaves in the 50 ms before or after crosses it.
  @Test(
    arguments: [
      (4_890, 0, 1), (4_910, 1, 2), (4_990, 1, 2), (5_010, 0, 2),
    ] as [(Int64, Int, Int)])
  func aRequestMayCrossTheServersFIN(pause: Int64, retried: Int, connections: Int) throws {
    let objects = [object(), object(after: .milliseconds(pause))]
    let report = run(scenario(objects) { $0.persistence.serverIdleLimit = .seconds(5) })
    #expect(report.retriedRequests == retried)
    #expect(report.connections.count == connections)
    // Again: the FIN shows it half a round trip after it was sent; then a handshake and a round trip.
    let second = try #require(report.requests.last?.complete)
    let expected = retried == 1 ? 5_200 + 200 : 200 + pause + (connections == 1 ? 100 : 200)
    #expect(second == SimTime.zero + .milliseconds(expected))
  }

  /// What may not be done twice is not sent twice: it fails, and its user has to decide.
  @Test func aPOSTThatCrossesTheFINFails() {
    let objects = [object(), object(after: .milliseconds(4_999), .post)]
    let report = run(scenario(objects) { $0.persistence.serverIdleLimit = .seconds(5) })
    #expect(report.complete == nil)
    #expect(report.retriedRequests == 0)
    #expect(report.requests.last?.complete == nil)
  }

  /// RFC 9112 §9.3.2: what follows a POST waits for its answer.
  @Test func nothingIsPipelinedBehindAPOST() throws {
    let objects = [object(), object(after: .zero, .post), object()]
    let report = run(
      scenario(objects) {
        $0.start = .together
        $0.application = .http11Pipelined
      })
    #expect(
      report.requests.map(\.sent)
        == [100, 100, 200].map { SimTime.zero + .milliseconds($0) })
  }

  /// RFC 8470 §4: what changes something does not go as early data.
  @Test func aPOSTIsNoEarlyData() throws {
    for (method, sent) in [(HTTPMethod.get, 100), (.post, 200)] as [(HTTPMethod, Int64)] {
      let report = run(
        scenario([object(after: .zero, method)]) { $0.tls = TLSSettings(.earlyData13, tickets: 0) })
      #expect(report.requests[0].sent == SimTime.zero + .milliseconds(sent))
    }
  }
}
