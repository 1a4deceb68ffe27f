// Compiled into one module with the files of Sources/NetSim, natively and for wasm32, so that the
// same lines are printed wherever the simulator runs: hence no imports, and output by `print` only.

/// Runs fixed scenarios at every log level and prints a line for each: its name, the level and the
/// fingerprint, then how many events there were and when the last object was complete.
@main
enum FingerprintMain {
  static func main() {
    for (name, scenario) in FixedScenarios.all {
      for level in EventLog.Level.allCases {
        var simulator = Simulator(scenario, level: level)
        let report = simulator.run()
        let complete = report.complete?.nanoseconds ?? -1
        let fingerprint = hexadecimal(report.fingerprint.value)
        print("\(name) \(levelName(level)) \(fingerprint) \(report.events) \(complete)")
      }
    }
  }

  private static func levelName(_ level: EventLog.Level) -> String {
    switch level {
    case .totals: "totals"
    case .requests: "requests"
    case .everything: "everything"
    }
  }

  /// All 16 digits, so that columns line up and a leading zero is not lost.
  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}

/// Scenarios with every value that matters written out, between them touching each part of the
/// simulator whose arithmetic could differ from machine to machine.
enum FixedScenarios {
  static var all: [(name: String, scenario: Scenario)] {
    [
      ("reno-bulk-clean", bulk(.reno, drops: [], lossPerBillion: 0)),
      ("reno-bulk-drops", bulk(.reno, drops: [5, 9, 40, 41, 42, 300], lossPerBillion: 0)),
      ("reno-bulk-loss", bulk(.reno, drops: [], lossPerBillion: 10_000_000)),
      ("cubic-bulk-drops", bulk(.cubic, drops: [12, 200, 201], lossPerBillion: 0)),
      ("cubic-bulk-loss", bulk(.cubic, drops: [], lossPerBillion: 5_000_000)),
      ("bbr-bulk-drops", bulk(.bbr, drops: [12, 200, 201], lossPerBillion: 0)),
      ("bbr-bulk-loss", bulk(.bbr, drops: [], lossPerBillion: 10_000_000)),
      ("two-clients-one-bottleneck", sharedBottleneck()),
      ("http11-series", series(keepAlive: true)),
      ("http11-series-new-connections", series(keepAlive: false)),
      ("http11-six-connections-rfc", parallel()),
      ("ideal-megabyte", ideal()),
      ("readme-download", download()),
      ("impaired-red", impaired(.red(REDSettings(weightShift: 4)))),
      ("impaired-codel", impaired(.codel(CoDelSettings()))),
    ]
  }

  /// Two megabytes over a link with everything that links can do.
  private static func impaired(_ discipline: QueueDiscipline) -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.seed = 9
    scenario.clients[0].objects = [ObjectSettings(ByteCount(2_000_000))]
    var link = LinkSettings(rate: .megabits(9), delay: .milliseconds(11), queue: .packets(80))
    link.discipline = discipline
    link.marksECN = true
    link.bursts = BurstLoss(
      entry: Probability(partsPerBillion: 1_000_000),
      exit: Probability(partsPerBillion: 300_000_000))
    link.jitter = .microseconds(1_234)
    link.reordering = Reordering(Probability(partsPerBillion: 5_000_000), delay: .milliseconds(3))
    link.duplication = Probability(partsPerBillion: 10_000_000)
    link.outages = [
      Outage(from: .zero + .milliseconds(700), to: .zero + .milliseconds(900)),
      Outage(from: .zero + .milliseconds(1_200), to: .zero + .milliseconds(1_300), holds: true),
    ]
    link.rateSteps = [
      RateStep(.zero + .milliseconds(500), .megabits(7)),
      RateStep(.zero + .milliseconds(1_000), .megabits(11)),
    ]
    scenario.links = [link, link]
    return scenario
  }

  /// `simcli run --protocol tcp --objects 200000 --request 15 --congestion reno --rate 20Mbps
  /// --rtt 50ms --queue 200packets`, whose fingerprint the tests know.
  private static func download() -> Scenario {
    var scenario = Scenario.standard(.linux)
    let link = LinkSettings(
      rate: .megabits(20), delay: .milliseconds(25), queue: .packets(200))
    scenario.links = [link, link]
    scenario.clients[0].application = .raw
    scenario.clients[0].objects = [ObjectSettings(ByteCount(200_000))]
    scenario.clients[0].requestBytes = ByteCount(15)
    scenario.clients[0].transport.congestion = .reno
    return scenario
  }

  /// Two megabytes over a queue short enough to overflow, with packets lost on the way down.
  private static func bulk(
    _ congestion: CongestionAlgorithm, drops: [UInt32], lossPerBillion: UInt32
  ) -> Scenario {
    var transport = TransportSettings.standard(.linux)
    transport.congestion = congestion
    let up = LinkSettings(
      rate: .megabits(20), delay: .milliseconds(25), queue: .packets(60),
      loss: Probability(partsPerBillion: lossPerBillion / 2))
    let down = LinkSettings(
      rate: .megabits(20), delay: .milliseconds(25), queue: .packets(60),
      loss: Probability(partsPerBillion: lossPerBillion),
      drops: drops.map { DropRule(ordinal: $0, minimumPayload: 100) })
    let client = ClientSettings(
      path: 0, application: .raw, objects: [ObjectSettings(ByteCount(2_000_000))],
      transport: transport)
    return Scenario(
      profile: .linux, seed: 7, links: [up, down], paths: [PathSettings(up: [0], down: [1])],
      clients: [client])
  }

  /// A Reno and a CUBIC client whose own links join one slow link; its queue counts bytes.
  private static func sharedBottleneck() -> Scenario {
    let access = LinkSettings(rate: .megabits(100), delay: .milliseconds(3))
    let bottleneckUp = LinkSettings(rate: .megabits(2), delay: .milliseconds(11))
    let bottleneckDown = LinkSettings(
      rate: Bitrate(bitsPerSecond: 7_654_321), delay: .microseconds(11_111), queue: .bytes(65_536))
    var reno = TransportSettings.standard(.linux)
    reno.congestion = .reno
    let first = ClientSettings(
      path: 0, application: .raw, objects: [ObjectSettings(ByteCount(1_000_000))], transport: reno)
    let second = ClientSettings(
      path: 1, startsAt: .zero + .milliseconds(130), application: .http11,
      objects: [ObjectSettings(ByteCount(300_000)), ObjectSettings(ByteCount(50_000))],
      transport: .standard(.linux))
    return Scenario(
      profile: .linux, seed: 11,
      links: [access, access, bottleneckUp, bottleneckDown, access, access],
      paths: [PathSettings(up: [0, 2], down: [3, 4]), PathSettings(up: [1, 2], down: [3, 5])],
      clients: [first, second])
  }

  /// HTTP/1.1 requests one after the other, with think time, over a lossy link.
  private static func series(keepAlive: Bool) -> Scenario {
    let link = LinkSettings(
      rate: .megabits(5), delay: .milliseconds(20), queue: .packets(100),
      loss: Probability(partsPerBillion: 20_000_000))
    let client = ClientSettings(
      path: 0, application: .http11,
      objects: [
        ObjectSettings(ByteCount(20_000)), ObjectSettings(ByteCount(3_000)),
        ObjectSettings(ByteCount(150_000)), ObjectSettings(ByteCount(1)),
      ],
      keepAlive: keepAlive, start: .inSeries,
      serverTimes: [.milliseconds(12), .milliseconds(3)], transport: .standard(.linux))
    return Scenario(
      profile: .linux, seed: 3, links: [link, link], paths: [PathSettings(up: [0], down: [1])],
      clients: [client])
  }

  /// A page's objects over six connections at once, under the `rfc` profile.
  private static func parallel() -> Scenario {
    let link = LinkSettings(rate: .megabits(10), delay: .milliseconds(20), queue: .packets(30))
    let objects = (1...24).map { ObjectSettings(ByteCount(Int64($0) * 4_321)) }
    let client = ClientSettings(
      path: 0, application: .http11, objects: objects, connections: 6, start: .afterFirst,
      transport: .standard(.rfc))
    return Scenario(
      profile: .rfc, seed: 5, links: [link, link], paths: [PathSettings(up: [0], down: [1])],
      clients: [client])
  }

  /// The `ideal` profile's links and endpoints, where rates have no limit.
  private static func ideal() -> Scenario {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(1_000_000))]
    return scenario
  }
}
