import CAllocations
import NetSim

/// A bulk download over HTTP/3, keeping totals only: events and data packets per second of CPU time, and
/// what an event allocates once everything has grown to its working size.
enum QUICBenchmark {
  private static let bytes: Int64 = 100_000_000

  static func run() {
    print("\nBulk download over HTTP/3, 100 Mb/s, 20 ms, 200 packets: totals only, CPU time\n")
    let titles = ["events/s", "data packets/s", "ns/event", "allocations/event"]
    print(
      Figure.left("", width: 20)
        + zip(titles, [14, 18, 11, 20]).map { Figure.right($0, width: $1) }.joined())
    for (name, profile, loss) in [
      ("linux", Profile.linux, UInt32(0)), ("rfc", .rfc, 0), ("rfc, 0.1 % loss", .rfc, 1_000_000),
    ] {
      printRow(name, profile, loss)
    }
  }

  private static func printRow(_ name: String, _ profile: Profile, _ loss: UInt32) {
    let (_, shortReport) = download(profile, loss, bytes)
    let (short, _) = Cost.of { download(profile, loss, bytes) }
    let (long, (packets, report)) = Cost.least(of: 3) { download(profile, loss, 2 * bytes) }
    precondition(report.complete != nil, "the download of '\(name)' did not end")
    let moreEvents = Double(report.events) - Double(shortReport.events)
    let moreAllocations = Double(long.allocations) - Double(short.allocations)
    let figures = [
      (Figure.decimal(long.perSecond(report.events), digits: 0), 14),
      (Figure.decimal(long.perSecond(packets), digits: 0), 18),
      (Figure.decimal(Double(long.cpuNanoseconds) / Double(report.events), digits: 1), 11),
      (Figure.decimal(max(0, moreAllocations / moreEvents), digits: 6), 20),
    ]
    print(
      Figure.left(name, width: 20)
        + figures.map { Figure.right($0.0, width: $0.1) }.joined())
  }

  /// Runs the download; the packets are all that the server sent, nearly all of which carry data.
  private static func download(
    _ profile: Profile, _ loss: UInt32, _ bytes: Int64
  ) -> (packets: UInt64, RunReport) {
    var scenario = Scenario.standard(profile)
    for index in scenario.links.indices {
      scenario.links[index].rate = .megabits(100)
      scenario.links[index].delay = .milliseconds(10)
      scenario.links[index].queue = .packets(200)
    }
    scenario.links[1].loss = Probability(partsPerBillion: loss)
    scenario.clients[0].application = .http3
    scenario.clients[0].tls = TLSSettings(.full13)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(bytes))]
    var simulator = Simulator(scenario, level: .totals)
    let report = simulator.run()
    return (UInt64(report.connections[0].packets.down), report)
  }
}
