@testable import NetSim

extension RandomScenario {
  /// The scenario of `seed` over HTTP/3, with windows, limits, schedulers, proofs of address and
  /// handshakes of all kinds; every other one over links on which everything goes wrong.
  static func datagrams(seed: UInt64) -> Scenario {
    var scenario = answered(seed: seed)
    var random = RandomStream(seed: seed, purpose: "datagrams scenario test")
    if seed % 2 == 0 {
      for index in scenario.links.indices { impair(&scenario.links[index], &random) }
    }
    for index in scenario.clients.indices { vary(quic: &scenario.clients[index], &random) }
    return scenario
  }

  /// The same with NATs that forget, clients that move, to another path too, PINGs, and answers that are
  /// asked for.
  static func moving(seed: UInt64) -> Scenario {
    var scenario = datagrams(seed: seed)
    var random = RandomStream(seed: seed, purpose: "moving scenario test")
    for index in scenario.links.indices {
      if random.next(below: 3) == 0 {
        scenario.links[index].rebindings = [
          .zero + .microseconds(Int64(random.next(below: 1_500_000)))
        ]
      }
      if random.next(below: 4) == 0 {
        scenario.links[index].datagramStateLimit =
          .microseconds(Int64(20_000 + random.next(below: 2_000_000)))
      }
    }
    for index in scenario.clients.indices where random.next(below: 2) == 0 {
      scenario.clients[index].quic.movesAt = .microseconds(Int64(random.next(below: 1_000_000)))
      if random.next(below: 2) == 0 { addPath(after: index, to: &scenario) }
    }
    for index in scenario.clients.indices {
      for side in [Side.client, .server] {
        vary(answers: &scenario.clients[index].quic[side], &random)
      }
    }
    return scenario
  }

  /// A way of its own from where a client moves to.
  private static func addPath(after client: Int, to scenario: inout Scenario) {
    let first = scenario.links.count
    for (up, down) in scenario.paths.prefix(1).map({ ($0.up[0], $0.down[0]) }) {
      scenario.links += [scenario.links[up], scenario.links[down]]
    }
    scenario.paths.append(PathSettings(up: [first], down: [first + 1]))
    scenario.clients[client].pathAfterMoving = scenario.paths.count - 1
  }

  private static func vary(answers policy: inout QUICEndPolicy, _ random: inout RandomStream) {
    if random.next(below: 3) == 0 {
      policy.keepAlive = .milliseconds(Int64(20 + random.next(below: 20_000)))
    }
    if random.next(below: 2) == 0 { policy.leastDelay = .milliseconds(1) }
    if random.next(below: 2) == 0 {
      policy.asksForAnswers = AnswerRequest(
        packets: 1 + Int(random.next(below: 20)),
        delay: .milliseconds(Int64(1 + random.next(below: 200))))
    }
  }

  /// The same with clients that give up.
  static func cancelled(seed: UInt64) -> Scenario {
    var scenario = datagrams(seed: seed)
    var random = RandomStream(seed: seed, purpose: "cancelled scenario test")
    for index in scenario.clients.indices {
      for object in scenario.clients[index].objects.indices where random.next(below: 3) == 0 {
        scenario.clients[index].objects[object].cancelAfter =
          .microseconds(Int64(random.next(below: 400_000)))
      }
    }
    return scenario
  }

  private static func vary(quic client: inout ClientSettings, _ random: inout RandomStream) {
    client.application = .http3
    client.proxies = []
    client.keepAlive = true
    client.sendsProxyConnection = false
    client.transport.fastOpen = false
    let modes = [TLSMode.full13, .full13, .retry13, .resumed13, .earlyData13]
    var tls = TLSSettings(
      modes[Int(random.next(below: 5))],
      certificate: ByteCount(Int64(200 + random.next(below: 12_000))),
      tickets: Int(random.next(below: 4)))
    tls.serverTime = .microseconds(Int64(random.next(below: 4_000)))
    client.tls = tls
    var policy = QUICPolicy.standard(Profile.allCases[Int(random.next(below: 3))])
    for side in [Side.client, .server] { vary(end: &policy[side], &random) }
    policy.retries = random.next(below: 4) == 0
    policy.hasToken = random.next(below: 4) == 0
    policy.negotiatesVersion = random.next(below: 6) == 0
    policy.isStreamAware = random.next(below: 4) > 0
    client.quic = policy
  }

  private static func vary(end policy: inout QUICEndPolicy, _ random: inout RandomStream) {
    if random.next(below: 2) == 0 {
      policy.streamWindow = 1_000 + Int64(random.next(below: 100_000))
      policy.connectionWindow = 2_000 + Int64(random.next(below: 200_000))
    }
    if random.next(below: 2) == 0 { policy.mostStreams = 1 + Int64(random.next(below: 5)) }
    policy.scheduler =
      StreamScheduler.allCases[
        Int(random.next(below: UInt32(StreamScheduler.allCases.count)))]
    policy.streamsPerPacket = 1 + Int(random.next(below: 4))
    policy.answersEvery = 1 + Int(random.next(below: 4))
    if !policy.carriesSegments && random.next(below: 3) == 0 { policy.triedSizes = [1_300, 1_452] }
    if random.next(below: 3) == 0 { policy.burst = random.next(below: 12) }
    policy.moreConnectionIDs = Int(random.next(below: 7))
  }
}
