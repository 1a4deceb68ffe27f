import NetSim

/// A table of downloads: events, and packets with data, per second of CPU time, and what an event
/// allocates once everything has grown to its working size.
enum DownloadTable {
  private static let bytes: Int64 = 100_000_000
  private static let widths = [14, 18, 11, 20]

  /// Prints the line of titles; `unit` is what is counted besides events.
  static func printHead(unit: String) {
    printLine("", ["events/s", unit + "/s", "ns/event", "allocations/event"])
  }

  /// Prints what a download costs. `download` runs one of so many bytes and tells how many packets it
  /// took. The allocations of a run twice as long, less those of the run itself, belong to its events
  /// after the warm-up.
  static func printRow(
    _ name: String, _ download: (_ bytes: Int64) -> (packets: UInt64, RunReport)
  ) {
    let (_, shortReport) = download(bytes)  // Warms the caches.
    let (short, _) = Cost.of { download(bytes) }
    let (long, (packets, report)) = Cost.least(of: 3) { download(2 * bytes) }
    precondition(report.complete != nil, "the download of '\(name)' did not end")
    let moreEvents = Double(report.events) - Double(shortReport.events)
    let moreAllocations = Double(long.allocations) - Double(short.allocations)
    printLine(
      name,
      [
        Figure.decimal(long.perSecond(report.events), digits: 0),
        Figure.decimal(long.perSecond(packets), digits: 0),
        Figure.decimal(Double(long.cpuNanoseconds) / Double(report.events), digits: 1),
        Figure.decimal(max(0, moreAllocations / moreEvents), digits: 6),
      ])
  }

  private static func printLine(_ name: String, _ figures: [String]) {
    print(
      Figure.left(name, width: 20)
        + zip(figures, widths).map { Figure.right($0, width: $1) }.joined())
  }
}
