import Foundation
import NetSim
import Testing

/// One measured download: a line of `Truth/clean.jsonl`.
private struct MeasuredDownload: Decodable {
  var tag: String
  var size: Int64
  var cc: String
  var rateMbps: UInt64
  var rttMs: Int64
  var queue: UInt32
  var completeMs: Double
  /// The packets with data that the link lost, from 1; empty for none.
  var drop: String

  private enum CodingKeys: String, CodingKey {
    case tag, size, cc, queue, drop
    case rateMbps = "rate_mbps"
    case rttMs = "rtt_ms"
    case completeMs = "fct_ms"
  }

  /// The same download, to be simulated.
  var scenario: Scenario {
    var scenario = Scenario.standard(.linux)
    let delay = SimDuration.milliseconds(rttMs) / 2
    scenario.links = [max(queue, 100), queue].map {
      LinkSettings(rate: .megabits(rateMbps), delay: delay, queue: .packets($0))
    }
    scenario.links[1].drops = drop.split(separator: ",").map {
      DropRule(ordinal: UInt32($0) ?? 0, minimumPayload: 100)
    }
    var transport = TransportSettings.standard(.linux)
    transport.congestion = cc == "reno" ? .reno : .cubic
    scenario.clients = [
      ClientSettings(
        path: 0, application: .raw, objects: [ObjectSettings(ByteCount(size))],
        requestBytes: ByteCount(15),
        transport: transport)
    ]
    return scenario
  }

  static func load(_ name: String) throws -> [MeasuredDownload] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Truth")
    let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    return try text.split(separator: "\n").map {
      try JSONDecoder().decode(MeasuredDownload.self, from: Data($0.utf8))
    }
  }
}

/// Completion times against a real Linux 6 over the same link.
@Suite struct MeasuredLinuxTests {
  @Test func cleanDownloadsTakeAsLongAsMeasured() throws {
    let errors = try compare("clean.jsonl", rows: 24)
    #expect(errors.median < 0.03)
    #expect(errors.worst < 0.15)
  }

  @Test func downloadsThatLoseChosenPacketsTakeAboutAsLongAsMeasured() throws {
    let errors = try compare("drops.jsonl", rows: 10)
    #expect(errors.median < 0.06)
    // After a loss early in slow start Linux grows its window more slowly.
    #expect(errors.worst < 0.30)
  }

  /// Simulates each row, prints the table, and returns how far off the rows are.
  private func compare(_ name: String, rows count: Int) throws -> (median: Double, worst: Double) {
    let rows = try MeasuredDownload.load(name)
    #expect(rows.count == count)
    var errors: [Double] = []
    var table = "  bytes    cc    Mb/s  RTT ms  queue  lost          Linux ms  simulated      off\n"
    for row in rows {
      var simulator = Simulator(row.scenario, level: .totals)
      let complete = try #require(simulator.run().complete, "\(row.tag) never ended")
      let simulated = Double(complete.nanoseconds) / 1e6
      let error = (simulated - row.completeMs) / row.completeMs
      errors.append(abs(error))
      table += String(
        format: "%8d %@ %6d %6d %6d  %@ %11.2f %10.2f %+7.1f%%\n", Int(row.size), padded(row.cc, 6),
        Int(row.rateMbps), Int(row.rttMs), Int(row.queue), padded(row.drop, 11), row.completeMs,
        simulated, error * 100)
    }
    errors.sort()
    let middle = errors.count / 2
    let median = errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
    let worst = errors[errors.count - 1]
    print(table + String(format: "median %.1f%%, worst %.1f%%", median * 100, worst * 100))
    return (median, worst)
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text.padding(toLength: width, withPad: " ", startingAt: 0)
  }
}
