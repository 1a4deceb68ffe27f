import NetSim

/// A page of 500 objects of 30 kB over HTTP/2 at 1 Gb/s, keeping totals only: the CPU time of the whole
/// run, and what it counts for in packets and frames.
enum PageBenchmark {
  private static let count = 500
  private static let bytes: Int64 = 30_000

  static func run() {
    print(
      "\n\(count) objects of \(bytes / 1000) kB over HTTP/2, 1 Gb/s, 20 ms: totals only, CPU time\n"
    )
    for (name, profile) in [("linux", Profile.linux), ("rfc", .rfc)] {
      let (cost, report) = Cost.least(of: 5) { page(profile) }
      precondition(report.complete != nil, "the page did not end")
      print(
        Figure.left(name, width: 20)
          + Figure.right(Figure.decimal(Double(cost.cpuNanoseconds) / 1e6, digits: 1), width: 8)
          + " ms for "
          + "\(report.events) events")
    }
  }

  private static func page(_ profile: Profile) -> RunReport {
    var scenario = Scenario.standard(profile)
    for index in scenario.links.indices {
      scenario.links[index].rate = .megabits(1_000)
      scenario.links[index].delay = .milliseconds(10)
    }
    scenario.clients[0].application = .http2
    scenario.clients[0].http2 = .standard(profile)
    scenario.clients[0].tls = TLSSettings(.full13)
    scenario.clients[0].objects = Array(
      repeating: ObjectSettings(ByteCount(bytes)), count: count)
    var simulator = Simulator(scenario, level: .totals)
    return simulator.run()
  }
}
