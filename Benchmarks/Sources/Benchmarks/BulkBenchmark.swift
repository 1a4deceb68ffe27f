import CAllocations
import NetSim

/// A bulk download, keeping totals only: events and TCP data segments per second of CPU time, and
/// what an event allocates once everything has grown to its working size.
enum BulkBenchmark {
  /// One way to download in bulk.
  private struct Case {
    var name: String
    var congestion: CongestionAlgorithm
    /// Parts per billion on the way down.
    var loss: UInt32
    var clients = 1
    /// Megabits per second, and the queue of the way down in packets.
    var rate: UInt64 = 100
    var queue: UInt32 = 200
  }

  private static let cases = [
    Case(name: "Reno, no loss", congestion: .reno, loss: 0),
    Case(name: "CUBIC, no loss", congestion: .cubic, loss: 0),
    Case(name: "CUBIC, 0.1 % loss", congestion: .cubic, loss: 1_000_000),
    Case(name: "CUBIC, 1 % loss", congestion: .cubic, loss: 10_000_000),
    Case(name: "CUBIC, 10 flows", congestion: .cubic, loss: 0, clients: 10),
    Case(
      name: "CUBIC, 1,000 flows", congestion: .cubic, loss: 0, clients: 1_000, rate: 1_000,
      queue: 20_000),
  ]

  /// Payload of a segment: MSS 1,460 less 12 bytes of timestamps.
  private static let segmentBytes: Int64 = 1448

  static func run() {
    print(
      "\nBulk download over 100 Mb/s, 20 ms, 200 packets (1,000 flows: 1 Gb/s, 20,000 packets): "
        + "totals only, CPU time\n")
    DownloadTable.printHead(unit: "data segments")
    for each in cases { DownloadTable.printRow(each.name) { download(each, bytes: $0) } }
    if allocations_are_counted() == 0 {
      print("\nAllocations are counted with glibc only: the zeros above mean nothing.")
    }
  }

  /// Runs the download; the segments are those that carry data, retransmissions included.
  private static func download(_ each: Case, bytes: Int64) -> (packets: UInt64, RunReport) {
    var simulator = Simulator(scenario(each, bytes: bytes), level: .totals)
    let report = simulator.run()
    let perClient = (bytes / Int64(each.clients) + segmentBytes - 1) / segmentBytes
    let first = perClient * Int64(each.clients)
    let again = report.connections.reduce(Int64(0)) { $0 + $1.retransmitted }
    return (UInt64(first + again), report)
  }

  private static func scenario(_ each: Case, bytes: Int64) -> Scenario {
    let up = LinkSettings(rate: .megabits(each.rate), delay: .milliseconds(10))
    let down = LinkSettings(
      rate: .megabits(each.rate), delay: .milliseconds(10), queue: .packets(each.queue),
      loss: Probability(partsPerBillion: each.loss))
    var transport = TransportSettings.standard(.linux)
    transport.congestion = each.congestion
    let client = ClientSettings(
      path: 0, application: .raw, objects: [ObjectSettings(ByteCount(bytes / Int64(each.clients)))],
      transport: transport)
    return Scenario(
      profile: .linux, seed: 1, links: [up, down], paths: [PathSettings(up: [0], down: [1])],
      clients: Array(repeating: client, count: each.clients))
  }
}
