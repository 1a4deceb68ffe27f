import NetSim
import Timelines

/// Runs to draw.
enum SampleRun {
  /// A log with its reports.
  struct Result {
    var log: EventLog
    var report: RunReport
  }

  static func run(_ scenario: Scenario) -> Result {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    return Result(log: simulator.log, report: report)
  }

  /// 200 kB over Reno, 20 Mb/s and 50 ms; the `drops`-th packets of data from the server are lost.
  static func download(
    profile: Profile = .linux, drops: [UInt32] = [], bytes: Int64 = 200_000
  ) -> Scenario {
    var scenario = Scenario.standard(profile)
    let rate: Bitrate = profile == .ideal ? .unlimited : .megabits(20)
    let link = LinkSettings(rate: rate, delay: .milliseconds(25), queue: .packets(200))
    scenario.links = [link, link]
    scenario.links[1].drops = drops.map { DropRule(ordinal: $0, minimumPayload: 100) }
    scenario.clients[0].application = .raw
    scenario.clients[0].objects = [ObjectSettings(ByteCount(bytes))]
    scenario.clients[0].transport.congestion = .reno
    return scenario
  }

  /// Three objects over one kept connection, with think time and a loss in the last.
  static func page() -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = [
      ObjectSettings(ByteCount(12_000)), ObjectSettings(ByteCount(3_000)),
      ObjectSettings(ByteCount(60_000)),
    ]
    scenario.clients[0].serverTimes = [.milliseconds(20)]
    scenario.links[1].drops = [DropRule(ordinal: 30, minimumPayload: 100)]
    return scenario
  }

  /// Objects one after the other over HTTP/1.0 with kept connections and a blind relay, behind which
  /// the server closes what is idle for five seconds.
  static func relayed(
    by kinds: [ProxyKind] = [.blind], idleLimit: SimDuration? = .seconds(5)
  )
    -> Scenario
  {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].application = .http10
    scenario.clients[0].keepAlive = true
    scenario.clients[0].start = .inSeries
    scenario.clients[0].persistence = PersistencePolicy(serverIdleLimit: idleLimit)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(3000)), count: 2)
    for kind in kinds {
      let link = LinkSettings(
        rate: scenario.links[0].rate, delay: .milliseconds(10), queue: .packets(100))
      scenario.links += [link, link]
      let count = scenario.links.count
      scenario.paths.append(PathSettings(up: [count - 2], down: [count - 1]))
      scenario.clients[0].proxies.append(
        ProxySettings(
          kind, path: scenario.paths.count - 1, persistence: scenario.clients[0].persistence))
    }
    return scenario
  }

  /// A page in chunks, of which hints and the first half name two objects.
  static func streamedPage() -> Scenario {
    var scenario = Scenario.standard(.linux)
    var page = ObjectSettings(ByteCount(30_000))
    page.target = Array("/page".utf8)
    page.serverTime = .milliseconds(200)
    page.response.framing = .chunked
    page.response.hintsAfter = .zero
    page.response.parts = [
      ResponsePart(ByteCount(10_000), after: .zero),
      ResponsePart(ByteCount(20_000), after: .milliseconds(50)),
    ]
    var objects = [page, ObjectSettings(ByteCount(5000)), ObjectSettings(ByteCount(5000))]
    for index in 1...2 { objects[index].after = 0 }
    objects[1].trigger = .hints
    objects[2].trigger = .bytes(ByteCount(15_000))
    scenario.clients[0].objects = objects
    scenario.clients[0].connections = 2
    return scenario
  }

  /// Two objects in series, the first 1,000 bytes longer than its head says, or shorter.
  static func wrongLength(says declared: Int64) -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(5000)), count: 2)
    scenario.clients[0].objects[0].response.declaredLength = ByteCount(declared)
    scenario.clients[0].start = .inSeries
    return scenario
  }

  /// 40 kB over TLS, the last packet of whose first record is lost.
  static func cutRecord() -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].tls = TLSSettings(.full13)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(40_000))]
    scenario.links[1].drops = [DropRule(ordinal: 15, minimumPayload: 100)]
    return scenario
  }

  /// Three small objects in streams of one connection without TLS; the third longer packet is lost.
  static func streams() -> Scenario {
    var scenario = Scenario.standard(.ideal)
    let link = LinkSettings(rate: .megabits(10), delay: .milliseconds(50), queue: .packets(1000))
    scenario.links = [link, link]
    scenario.links[1].drops = [DropRule(ordinal: 3, minimumPayload: 100)]
    scenario.clients[0].application = .http2
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(4371)), count: 3)
    return scenario
  }

  /// Three objects over TLS that use up the window of their connection.
  static func narrowStreams() -> Scenario {
    var scenario = Scenario.standard(.rfc)
    scenario.clients[0].application = .http2
    scenario.clients[0].http2 = .standard(.rfc)
    scenario.clients[0].tls = TLSSettings(.full13)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(60_000)), count: 3)
    return scenario
  }

  /// A page over six lossy connections, different for each seed.
  static func lossyPage(seed: UInt64) -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.seed = seed
    scenario.clients[0].objects = (0..<Int64(1 + seed % 30)).map {
      ObjectSettings(ByteCount(($0 % 7) * 9_000 + 1))
    }
    scenario.clients[0].connections = Int(1 + seed % 6)
    scenario.clients[0].keepAlive = seed % 3 != 0
    scenario.links[0].loss = Probability(partsPerBillion: 10_000_000)
    scenario.links[1].loss = Probability(partsPerBillion: UInt32(seed % 5) * 10_000_000)
    return scenario
  }

  /// Protocols with the words that name them, as `simcli compare` takes them.
  static let protocols: [(name: String, application: ApplicationProtocol)] = [
    ("tcp", .raw), ("http1.0", .http10), ("http1", .http11),
    ("http1-pipelined", .http11Pipelined),
  ]

  /// A scenario's runs over the named protocols, with TLS 1.3 over each, and all their reports.
  static func compared(
    _ scenario: Scenario, over names: [String]
  ) -> (runs: [ComparedRun], reports: [RunReport]) {
    var runs: [ComparedRun] = []
    var reports: [RunReport] = []
    for (name, application) in protocols where names.contains(name) {
      var scenario = scenario
      for index in scenario.clients.indices {
        scenario.clients[index].application = application
        scenario.clients[index].keepAlive = application != .http10
        scenario.clients[index].tls = TLSSettings(.full13)
        if application == .raw {
          scenario.clients[index].connections = scenario.clients[index].objects.count
          scenario.clients[index].writesHeadAlone = false
        }
      }
      let result = run(scenario)
      reports.append(result.report)
      runs.append(
        ComparedRun(name: name, scenario: scenario, report: result.report, log: result.log))
    }
    return (runs, reports)
  }

  /// Twenty objects of 30 kB over 80 ms, one packet in a hundred lost.
  static func twentyObjects() -> Scenario {
    var scenario = Scenario.standard(.linux)
    for index in scenario.links.indices {
      scenario.links[index].delay = .milliseconds(40)
      scenario.links[index].loss = Probability(partsPerBillion: 10_000_000)
    }
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(30_000)), count: 20)
    return scenario
  }
}
