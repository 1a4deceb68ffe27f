import Testing

@testable import NetSim

/// RFC 9293 §3.8.4: whether the peer is still there.
@Suite struct KeepaliveTests {
  private func established(idle: SimDuration = .seconds(30)) -> EndpointPair {
    var settings = TransportSettings.prompt
    var policy = KeepalivePolicy()
    policy.idle = idle
    settings.keepalive = policy
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  @Test func itIsOffByDefault() {
    for profile in Profile.allCases {
      #expect(TransportSettings.standard(profile).keepalive == nil)
    }
    #expect(KeepalivePolicy().idle == .seconds(7200))
  }

  @Test func anIdlePeerThatIsThereAnswers() {
    var pair = established()
    let count = pair.sent.count
    pair.server.timers[.keepalive] = .never  // one side asks
    pair.run(milliseconds: 200_000)
    #expect(pair.client.state == .established)
    let later = pair.sent.dropFirst(count)
    let probes = later.filter { $0.side == .client }
    #expect(probes.count == 3)
    #expect(probes.allSatisfy { $0.start == 0 && $0.segment.payloadBytes == 0 })
    #expect(later.count { $0.side == .server } == 3)
  }

  @Test func aPeerThatIsGoneFailsTheConnection() {
    var pair = established()
    pair.loses = { $0.side == .server }
    pair.server.timers[.keepalive] = .never
    let begin = pair.now
    let count = pair.sent.count
    pair.run(milliseconds: 30_000 + 9 * 75_000 - 1000)
    #expect(!pair.client.hasFailed)
    pair.run(milliseconds: 2000)
    #expect(pair.client.hasFailed)
    let probes = pair.sent.dropFirst(count).filter { $0.side == .client && $0.start == 0 }
    #expect(probes.count == 9)
    #expect(pair.now - begin < .seconds(710))
    #expect(pair.sent.contains { $0.side == .client && $0.segment.flags.contains(.rst) })
  }

  /// The server gave up while the client waited: the first probe finds that out.
  @Test func aPeerThatGaveUpIsFoundOutByItsReset() {
    var pair = established()
    pair.server.fail(.connectionFailed, at: pair.now, &pair.log)
    pair.run(milliseconds: 29_000)
    #expect(pair.client.state == .established)
    pair.run(milliseconds: 2000)
    #expect(pair.client.hasFailed)
  }

  /// All of the response is lost for ever: the server gives up, and the client learns of it.
  @Test func aClientDoesNotWaitForEver() {
    var scenario = Scenario.standard(.linux)
    scenario.links[1].drops = (3...60).map { DropRule(ordinal: $0, minimumPayload: 0) }
    var policy = KeepalivePolicy()
    policy.idle = .seconds(30)
    scenario.clients[0].transport.keepalive = policy
    var server = scenario.clients[0].transport
    server.dataRetries = 3
    scenario.clients[0].serverTransport = server
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.complete == nil)
    #expect(!report.wasStopped)
    #expect(report.requests[0].failed != nil)
  }
}
