import NetSim
import Testing

/// Proxies between a client and its server. In `ideal`: 40 ms to the first proxy and back, 20 ms
/// behind each.
@Suite struct ProxyTests {
  private func scenario(
    _ kinds: [ProxyKind], _ application: ApplicationProtocol = .http10, timeout: Int64? = 5,
    objects: Int = 2, _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].application = application
    scenario.clients[0].keepAlive = true
    scenario.clients[0].start = .inSeries
    scenario.clients[0].objects = (0..<objects).map { _ in ObjectSettings(ByteCount(5000)) }
    scenario.clients[0].persistence.serverIdleLimit = timeout.map { .seconds($0) }
    for kind in kinds {
      let link = LinkSettings(
        rate: .unlimited, delay: .milliseconds(10), acknowledgementsAreFree: true)
      scenario.links += [link, link]
      scenario.paths.append(
        PathSettings(up: [scenario.links.count - 2], down: [scenario.links.count - 1]))
      scenario.clients[0].proxies.append(ProxySettings(kind, path: scenario.paths.count - 1))
    }
    change(&scenario.clients[0])
    return scenario
  }

  private func run(
    _ kinds: [ProxyKind], _ application: ApplicationProtocol = .http10, timeout: Int64? = 5,
    objects: Int = 2, _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> RunReport {
    var simulator = Simulator(
      scenario(kinds, application, timeout: timeout, objects: objects, change))
    return simulator.run()
  }

  private func times(_ report: RunReport) -> [Double?] {
    report.requests.map { $0.complete.map { Double($0.nanoseconds) / 1e6 } }
  }

  /// Two handshakes of 40 and 20 ms, then a round trip of 60 ms a request.
  @Test(arguments: [ApplicationProtocol.http10, .http11])
  func aCorrectProxyKeepsBothConnections(application: ApplicationProtocol) {
    let report = run([.correct], application)
    #expect(times(report) == [120, 180])
    #expect(report.connections.count == 2 && report.retriedRequests == 0)
    // What the proxy waits for is not the server's: propagation of both legs, both handshakes.
    #expect(report.requests[0].time(.handshake) == .milliseconds(60))
    #expect(report.requests[0].time(.propagation) == .milliseconds(60))
    #expect(report.requests[0].time(.server) == .zero)
    #expect(report.requests[1].time(.propagation) == .milliseconds(60))
  }

  /// Nothing comes back from behind the proxy, and it answers 502 when its TCP has given up
  /// (RFC 9110 §15.6.3). Seven SYNs from 60 ms on wait 1, 2, 4 … 64 s, together 127 s; a request of 80 ms,
  /// repeated 15 times, waits the same and then nine times the 120 s that a timer may have at most,
  /// together 1,207 s. The client, whose own way is not dead, hears of it 20 ms later.
  @Test(
    arguments: [ApplicationProtocol.http11, .http2],
    [(0, 127_080), (75, 1_207_100)] as [(Int64, Double)])
  func aDeadWayBehindAProxyIs502(
    application: ApplicationProtocol, death: (from: Int64, heard: Double)
  ) {
    var dead = scenario([.correct], application, timeout: nil, objects: 1)
    dead.links[dead.links.count - 1].outages = [
      Outage(from: .zero + .milliseconds(death.from), to: .never)
    ]
    var simulator = Simulator(dead)
    let report = simulator.run()
    let (request, log) = (report.requests[0], simulator.log)
    #expect(log.requests[Int(request.request)].status == 502)
    #expect(request.complete == nil)
    #expect(request.failed.map { Double($0.nanoseconds) / 1e6 } == death.heard)
    #expect(report.connections.count == 2 && report.retriedRequests == 0)
    let isOverHTTP2 = log.requests[Int(request.request)].stream != nil
    #expect(isOverHTTP2 == (application == .http2))
  }

  /// The relay has forwarded `Connection: keep-alive`: the server waits for a second request, the relay
  /// for the server's end, the client for its second answer, until the server's time is over. It has
  /// answered at 90 ms, so that its FIN reaches the client at 5,120 ms.
  @Test(arguments: [(5, 5120), (60, 60_120)] as [(Int64, Double)])
  func aBlindRelayHangsForTheServersTime(timeout: Int64, end: Double) {
    let report = run([.blind], timeout: timeout)
    // Again from the beginning, on new connections.
    #expect(times(report) == [120, end + 120])
    #expect(report.retriedRequests == 1 && report.connections.count == 4)
  }

  @Test func withoutATimeTheRelayHangsForEver() {
    let report = run([.blind], timeout: nil)
    #expect(report.complete == nil && !report.wasStopped)
    #expect(
      report.waits == [
        StandingWait(request: 2, party: .client, connection: 0, awaited: .answer),
        StandingWait(request: 2, party: .proxy(1), connection: 1, awaited: .end),
        StandingWait(request: 2, party: .server, connection: 1, awaited: .request),
      ])
  }

  /// HTTP/1.1 persists without any field (RFC 9112 §9.3): the relay hangs as well.
  @Test func theVersionAloneHangs() { #expect(times(run([.blind], .http11)) == [120, 5240]) }

  /// Without `Connection` the server closes behind its answer, and the relay behind the server.
  @Test(arguments: [ApplicationProtocol.http10, .http11])
  func aRelayThatStripsTheFieldDoesNotHang(application: ApplicationProtocol) {
    let report = run([.stripping], application)
    #expect(times(report) == [120, 240])
    #expect(report.retriedRequests == 0 && report.connections.count == 4)
  }

  /// A client that does not ask to be kept is not hung up.
  @Test func withoutKeepAliveNothingHangs() {
    #expect(times(run([.blind]) { $0.keepAlive = false }) == [120, 240])
  }

  /// `Proxy-Connection` helps one proxy: a blind one forwards it to a server that does not know it, and
  /// a smart one acts on it. Of two in a row either order hangs.
  @Test(
    arguments: [
      ([.blind], [120, 240]), ([.smart], [120, 180]),
      ([.smart, .blind], [160, 5240]), ([.blind, .smart], [160, 5320]),
    ] as [([ProxyKind], [Double])])
  func proxyConnectionHelpsOneProxyOnly(kinds: [ProxyKind], ends: [Double]) {
    let report = run(kinds) {
      $0.sendsProxyConnection = true
      for index in $0.proxies.indices {
        $0.proxies[index].persistence.serverIdleLimit = .seconds(5)
      }
    }
    #expect(times(report) == ends)
  }

  /// A proxy passes on what comes as it comes: the first byte does not wait for the last.
  @Test func aProxyStreams() {
    let report = run([.correct], .http11, objects: 1) {
      $0.objects[0].response.parts = [
        ResponsePart(ByteCount(1000), after: .zero),
        ResponsePart(ByteCount(4000), after: .milliseconds(500)),
      ]
    }
    #expect(report.requests[0].firstByte == SimTime.zero + .milliseconds(120))
    #expect(times(report) == [620])
  }

  /// For a client of HTTP/1.0 a proxy takes the chunks off, and closes at the body's end.
  @Test func aProxyRecodesABody() {
    let report = run([.correct], .http10) { client in
      for index in client.objects.indices { client.objects[index].response.framing = .chunked }
    }
    #expect(times(report) == [120, 220])
    // To the client two connections, behind the proxy one.
    #expect(report.connections.count == 3)
  }

  /// A server that closes in the middle of the body leaves the proxy with less than it promised.
  @Test func aProxyWhoseServerLiesCutsTheAnswerShort() {
    let report = run([.correct], .http11, objects: 1) {
      $0.objects[0].response.declaredLength = ByteCount(6000)
    }
    #expect(report.requests[0].failed != nil && report.waits.isEmpty)
  }
}
