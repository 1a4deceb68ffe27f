import NetSim
import Timelines

extension SampleRun {
  /// Three objects over HTTP/3 with ngtcp2's ways; the `drops`-th longer packets from the server are lost.
  static func quicPage(_ profile: Profile = .linux, drops: [UInt32] = []) -> Scenario {
    var scenario = Scenario.standard(profile)
    scenario.links[1].drops = drops.map { DropRule(ordinal: $0, minimumPayload: 1_000) }
    scenario.clients[0].application = .http3
    scenario.clients[0].tls = TLSSettings(.full13)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(8_000)), count: 3)
    return scenario
  }

  /// Smaller objects, where the server knows the client from before, takes requests at once, and yet wants a
  /// proof of the address.
  static func quicRetry() -> Scenario {
    var scenario = quicPage()
    scenario.clients[0].tls = TLSSettings(.earlyData13)
    scenario.clients[0].quic.retries = true
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(2_000)), count: 3)
    return scenario
  }

  /// The client's first packet is lost.
  static func lostInitial() -> Scenario {
    var scenario = quicPage()
    scenario.links[0].drops = [DropRule(ordinal: 1)]
    return scenario
  }

  /// A page over HTTP/2 and over HTTP/3, with the same packets of the server's lost.
  static func overBoth(_ scenario: Scenario) -> [ComparedRun] {
    [("http2", ApplicationProtocol.http2), ("http3", .http3)].map { name, application in
      var scenario = scenario
      scenario.clients[0].application = application
      let result = run(scenario)
      return ComparedRun(
        name: name, scenario: scenario, report: result.report, log: result.log)
    }
  }

  /// Pages over HTTP/3 in every way that a seed can make them.
  static func lossyQUIC(seed: UInt64) -> Scenario {
    var scenario = Scenario.standard(seed % 5 == 0 ? .ideal : seed % 2 == 0 ? .rfc : .linux)
    scenario.seed = seed
    scenario.clients[0].application = .http3
    let modes: [TLSMode] = [.full13, .retry13, .resumed13, .earlyData13]
    scenario.clients[0].tls = TLSSettings(modes[Int(seed % 4)])
    scenario.clients[0].quic.retries = seed % 3 == 0
    scenario.clients[0].quic.negotiatesVersion = seed % 7 == 0
    scenario.clients[0].quic.isStreamAware = seed % 6 != 0
    scenario.clients[0].objects = (0..<Int64(1 + seed % 12)).map {
      ObjectSettings(ByteCount(($0 % 7) * 9_000 + 1))
    }
    for index in scenario.clients[0].objects.indices {
      scenario.clients[0].objects[index].priority.field.isIncremental = seed % 4 == 1
    }
    scenario.links[0].loss = Probability(partsPerBillion: 20_000_000)
    scenario.links[1].loss = Probability(partsPerBillion: UInt32(seed % 5) * 20_000_000)
    scenario.links[1].duplication = Probability(
      partsPerBillion: seed % 8 == 0 ? 50_000_000 : 0)
    return scenario
  }
}
