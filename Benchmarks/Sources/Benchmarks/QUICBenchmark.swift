import CAllocations
import NetSim

/// A bulk download over HTTP/3, keeping totals only: events and data packets per second of CPU time, and
/// what an event allocates once everything has grown to its working size.
enum QUICBenchmark {
  static func run() {
    print("\nBulk download over HTTP/3, 100 Mb/s, 20 ms, 200 packets: totals only, CPU time\n")
    DownloadTable.printHead(unit: "data packets")
    for (name, profile, loss) in [
      ("linux", Profile.linux, UInt32(0)), ("rfc", .rfc, 0), ("rfc, 0.1 % loss", .rfc, 1_000_000),
    ] {
      DownloadTable.printRow(name) { download(profile, loss, $0) }
    }
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
