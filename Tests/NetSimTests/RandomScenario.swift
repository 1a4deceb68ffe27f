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

  static func impair(_ link: inout LinkSettings, _ random: inout RandomStream) {
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

  /// The scenario of `seed` over HTTP, with responses of every framing, in parts and with hints, objects
  /// that are named on the way, TLS now and then, and up to two proxies.
  static func answered(seed: UInt64) -> Scenario {
    var scenario = make(seed: seed)
    var random = RandomStream(seed: seed, purpose: "answered scenario test")
    for index in scenario.clients.indices {
      vary(&scenario.clients[index], &random)
      let kinds = (0..<random.next(below: 3)).map { _ in
        ProxyKind.allCases[Int(random.next(below: 4))]
      }
      // A relay resets what was pipelined behind its first request, and the answer on its way.
      if !kinds.allSatisfy({ $0 == .correct || $0 == .smart }),
        scenario.clients[index].application == .http11Pipelined
      {
        scenario.clients[index].application = .http11
      }
      for kind in kinds where scenario.clients[index].tls == nil || kind == .correct {
        scenario.links += [link(&random), link(&random)]
        let links = scenario.links.count
        scenario.paths.append(PathSettings(up: [links - 2], down: [links - 1]))
        scenario.clients[index].proxies.append(
          ProxySettings(
            kind, path: scenario.paths.count - 1, connections: 2,
            persistence: PersistencePolicy(serverIdleLimit: .seconds(10))))
      }
      // Without a time a relay would hang for ever.
      scenario.clients[index].persistence.serverIdleLimit = .seconds(10)
    }
    let kinds = scenario.clients.flatMap(\.proxies).map(\.kind)
    if kinds.contains(where: { $0 == .blind || $0 == .stripping }) {
      // Nobody repeats the reset by which a relay ends, and who misses it waits for ever.
      for index in scenario.links.indices { scenario.links[index].loss = .zero }
    }
    return scenario
  }

  /// The scenario of `seed` over HTTP/2, with windows, limits and schedulers of all kinds, and a proxy
  /// now and then.
  static func streams(seed: UInt64) -> Scenario {
    var scenario = answered(seed: seed)
    var random = RandomStream(seed: seed, purpose: "streams scenario test")
    for index in scenario.clients.indices {
      scenario.clients[index].proxies.removeAll { $0.kind != .correct }
      scenario.clients[index].application = .http2
      scenario.clients[index].keepAlive = true
      scenario.clients[index].sendsProxyConnection = false
      var policy = HTTP2Policy.standard(Profile.allCases[Int(random.next(below: 3))])
      policy.client.streamWindow = 1 + Int64(random.next(below: 200_000))
      policy.client.connectionWindow = 65_535 + Int64(random.next(below: 200_000))
      policy.client.windowUpdates = random.next(below: 2) == 0 ? .each : .half
      policy.server.scheduler = StreamScheduler.allCases[Int(random.next(below: 4))]
      policy.client.scheduler = random.next(below: 4) == 0 ? .tree : policy.server.scheduler
      policy.server.streamWindow = 1 + Int64(random.next(below: 100_000))
      policy.server.maxConcurrentStreams = 1 + Int(random.next(below: 5))
      policy.client.enablesPush = random.next(below: 4) > 0
      for object in scenario.clients[index].objects.indices {
        scenario.clients[index].objects[object].isPushed = random.next(below: 3) == 0
        scenario.clients[index].objects[object].isCached = random.next(below: 8) == 0
        if random.next(below: 5) == 0 {
          scenario.clients[index].objects[object].method = .put
          scenario.clients[index].objects[object].request =
            ByteCount(Int64(random.next(below: 150_000)))
        }
      }
      scenario.clients[index].http2 = policy
      if random.next(below: 3) == 0 {
        scenario.clients[index].persistence.mostRequests = 1 + Int(random.next(below: 4))
      }
      scenario.clients[index].tls?.serverTime = .microseconds(Int64(random.next(below: 3000)))
      prioritize(&scenario.clients[index], &random)
    }
    return scenario
  }

  /// The scenario of `seed` over HTTP/2, with clients that give up, and frames of any bytes in the mouth
  /// of either end.
  static func disturbed(seed: UInt64) -> Scenario {
    var scenario = streams(seed: seed)
    var random = RandomStream(seed: seed, purpose: "disturbed scenario test")
    for index in scenario.clients.indices {
      for object in scenario.clients[index].objects.indices where random.next(below: 3) == 0 {
        scenario.clients[index].objects[object].cancelAfter =
          .microseconds(Int64(random.next(below: 300_000)))
      }
      if random.next(below: 3) == 0 {
        scenario.clients[index].requestTimeout =
          .microseconds(Int64(random.next(below: 600_000)))
      }
      scenario.clients[index].http2.injections = (0..<random.next(below: 4)).map { _ in
        frame(&random)
      }
    }
    return scenario
  }

  private static func frame(_ random: inout RandomStream) -> HTTP2Injection {
    var payload = (0..<random.next(below: 20)).map { _ in UInt8(random.next(below: 256)) }
    let type = UInt8(random.next(below: 12))
    if type == 4 { payload.removeAll() }  // A window of nothing would hold streams for ever.
    return HTTP2Injection(
      from: random.next(below: 2) == 0 ? .client : .server,
      after: .microseconds(Int64(random.next(below: 400_000))), typeNumber: type,
      flags: HTTP2Flags(rawValue: UInt8(random.next(below: 64))),
      stream: random.next(below: 3) == 0 ? 0 : random.next(below: 10), payload: payload)
  }

  private static func prioritize(_ client: inout ClientSettings, _ random: inout RandomStream) {
    func priority(before index: Int) -> ObjectPriority {
      var priority = ObjectPriority()
      priority.field = HTTPPriority(
        urgency: UInt8(random.next(below: 8)), isIncremental: random.next(below: 2) == 0)
      priority.weight = 1 + Int(random.next(below: 256))
      priority.isExclusive = random.next(below: 4) == 0
      if index > 0 && random.next(below: 2) == 0 {
        priority.dependsOn = Int(random.next(below: UInt32(index)))
      }
      return priority
    }
    for index in client.objects.indices {
      client.objects[index].priority = priority(before: index)
      if random.next(below: 3) == 0 {
        client.objects[index].reprioritization = Reprioritization(
          after: .milliseconds(Int64(random.next(below: 300))), priority(before: index))
      }
    }
  }

  private static func vary(_ client: inout ClientSettings, _ random: inout RandomStream) {
    let applications: [ApplicationProtocol] = [.http10, .http11, .http11Pipelined]
    client.application = applications[Int(random.next(below: 3))]
    if client.application == .http11Pipelined { client.keepAlive = true }
    client.sendsProxyConnection = random.next(below: 4) == 0
    if random.next(below: 3) == 0 {
      client.tls = TLSSettings(random.next(below: 2) == 0 ? .full13 : .full12)
      client.sendsProxyConnection = false
    }
    for index in client.objects.indices {
      let bytes = client.objects[index].bytes.bytes
      let framings: [BodyFraming] = [.length, .chunked, .untilClose, .upgrade]
      client.objects[index].response.framing = framings[Int(random.next(below: 4))]
      if random.next(below: 2) == 0 {
        let first = Int64(random.next(below: UInt32(bytes) + 1))
        client.objects[index].response.parts = [
          ResponsePart(ByteCount(first), after: .zero),
          ResponsePart(
            ByteCount(bytes - first), after: .microseconds(Int64(random.next(below: 90_000)))),
        ]
      }
      if random.next(below: 3) == 0 { client.objects[index].response.hintsAfter = .zero }
      if index > 0 && random.next(below: 2) == 0 {
        let parent = Int(random.next(below: UInt32(index)))
        client.objects[index].after = parent
        client.objects[index].trigger =
          client.objects[parent].response.hintsAfter != nil
          ? .hints : .bytes(ByteCount(Int64(random.next(below: 100_000))))
      }
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
