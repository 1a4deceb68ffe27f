import NetSim

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
}
