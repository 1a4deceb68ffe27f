import Captures
import Foundation
import NetSim
import Scenarios
import Timelines

/// A run and the capture files that it was exported as.
struct ExportedRun {
  let log: EventLog
  let report: RunReport

  /// Runs a scenario that the command line's options describe.
  init(_ options: [(name: String, value: String)]) throws {
    self.init(try ScenarioBuilder(options).build())
  }

  init(_ scenario: Scenario) {
    var simulator = Simulator(scenario)
    report = simulator.run()
    log = simulator.log
  }

  /// Calls `body` with the path of a file that is gone afterwards.
  func withFile<Result>(_ vantage: Side, _ body: (String) throws -> Result) throws -> Result {
    let path = NSTemporaryDirectory() + "netsim-export-" + UUID().uuidString + ".pcapng"
    try Data(PcapngExport(log, vantage: vantage).bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
  }

  /// What this project's own reader makes of the file.
  func readBack(_ vantage: Side) throws -> CaptureAnalysis {
    try withFile(vantage) { try CaptureAnalysis.read(path: $0) }
  }

  /// The segments that a side sent or received, in order.
  func segments(_ vantage: Side) -> [EventRecord] {
    log.records.filter {
      ($0.kind == .segmentSent || $0.kind == .segmentReceived) && $0.side == vantage
    }
  }
}
