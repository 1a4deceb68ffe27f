@testable import NetSim

/// Scenarios drawn from a seed: every profile, algorithm, protocol and start rule, one or two hops,
/// one to three clients, loss, small queues.
enum RandomScenario {
  static func make(seed: UInt64) -> Scenario {
    var random = RandomStream(seed: seed, purpose: "scenario test")
    let profile = Profile.allCases[Int(random.next(below: 3))]
    var scenario = Scenario.standard(profile)
    scenario.seed = seed
    let hops = 1 + Int(random.next(below: 2))
    scenario.links = (0..<hops * 2).map { _ in link(&random) }
    scenario.paths = [
      PathSettings(up: Array(0..<hops), down: Array(hops..<hops * 2))
    ]
    scenario.clients = (0..<1 + random.next(below: 3)).map { _ in client(profile, &random) }
    return scenario
  }

  /// The scenario of `seed` with everything that links can do switched on, some of it on each link.
  static func impaired(seed: UInt64) -> Scenario {
    var scenario = make(seed: seed)
    var random = RandomStream(seed: seed, purpose: "impaired scenario test")
    for index in scenario.links.indices { impair(&scenario.links[index], &random) }
    return scenario
  }

  private static func impair(_ link: inout LinkSettings, _ random: inout RandomStream) {
    func parts(_ bound: UInt32) -> Probability {
      Probability(partsPerBillion: random.next(below: bound))
    }
    func time(_ bound: UInt32) -> SimTime { SimTime(nanoseconds: Int64(random.next(below: bound))) }
    switch random.next(below: 3) {
    case 0: break
    case 1: link.discipline = .red(REDSettings(weightShift: UInt8(random.next(below: 10))))
    default:
      link.discipline = .codel(CoDelSettings(target: .microseconds(500 + time(9_000).nanoseconds)))
    }
    link.marksECN = random.next(below: 2) == 0
    if random.next(below: 2) == 0 {
      link.bursts = BurstLoss(
        entry: parts(10_000_000),
        exit: Probability(partsPerBillion: 300_000_000 + random.next(below: 500_000_000)))
    }
    if random.next(below: 2) == 0 { link.jitter = time(20_000_000) - .zero }
    if random.next(below: 2) == 0 {
      link.reordering = Reordering(parts(100_000_000), delay: time(50_000_000) - .zero)
    }
    if random.next(below: 2) == 0 { link.duplication = parts(200_000_000) }
    let start = time(1_000_000_000)
    link.outages = [
      Outage(from: start, to: start + .milliseconds(Int64(1 + random.next(below: 500)))),
      Outage(
        from: start + .milliseconds(300), to: start + .milliseconds(400),
        holds: random.next(below: 2) == 0),
    ]
    link.rateSteps = (0..<random.next(below: 4)).map {
      RateStep(
        .zero + .milliseconds(Int64($0) * 150),
        Bitrate(bitsPerSecond: 200_000 + UInt64(random.next(below: 50_000_000))))
    }
  }

  private static func link(_ random: inout RandomStream) -> LinkSettings {
    LinkSettings(
      rate: Bitrate(bitsPerSecond: 500_000 + UInt64(random.next(below: 50_000_000))),
      delay: .microseconds(Int64(random.next(below: 50_000))),
      queue: random.next(below: 2) == 0
        ? .packets(3 + random.next(below: 100))
        : .bytes(6000 + UInt64(random.next(below: 100_000))),
      loss: Probability(partsPerBillion: random.next(below: 50_000_000)))
  }

  private static func client(_ profile: Profile, _ random: inout RandomStream) -> ClientSettings {
    var transport = TransportSettings.standard(profile)
    transport.congestion = CongestionAlgorithm.allCases[Int(random.next(below: 3))]
    transport.selectiveAcknowledgements = random.next(below: 4) != 0
    transport.initialWindow = 1 + random.next(below: 20)
    if random.next(below: 5) == 0 {
      transport.receiveWindow = ByteCount(Int64(500 + random.next(below: 100_000)))
    }
    change(&transport, &random)
    let applications: [ApplicationProtocol] = [.raw, .http10, .http11]
    var client = ClientSettings(
      path: 0, startsAt: SimTime(nanoseconds: Int64(random.next(below: 100_000_000))),
      application: applications[Int(random.next(below: 3))],
      objects: (0..<1 + random.next(below: 5)).map { _ in
        ObjectSettings(ByteCount(Int64(random.next(below: 200_000))))
      },
      connections: 1 + Int(random.next(below: 4)), keepAlive: random.next(below: 2) == 0,
      start: StartRule.allCases[Int(random.next(below: 3))],
      serverTimes: [.microseconds(Int64(random.next(below: 100_000)))], transport: transport)
    if random.next(below: 4) == 0 {
      client.readRate = ByteCount(Int64(5_000 + random.next(below: 1_000_000)))
    }
    return client
  }

  /// Switches on, now and then, what is off by default.
  private static func change(_ transport: inout TransportSettings, _ random: inout RandomStream) {
    transport.fastOpen = random.next(below: 4) == 0
    if random.next(below: 4) == 0 {
      var policy = KeepalivePolicy()
      policy.idle = .seconds(1 + Int64(random.next(below: 60)))
      transport.keepalive = policy
    }
    if random.next(below: 4) == 0 { transport.congestionNotification = .asks }
  }
}
