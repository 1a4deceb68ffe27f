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

  private enum CodingKeys: String, CodingKey {
    case tag, size, cc, queue
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
    var transport = TransportSettings.standard(.linux)
    transport.congestion = cc == "reno" ? .reno : .cubic
    scenario.clients = [
      ClientSettings(
        path: 0, application: .raw, objects: [ByteCount(size)], requestBytes: ByteCount(15),
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
    let rows = try MeasuredDownload.load("clean.jsonl")
    #expect(rows.count == 24)
    var errors: [Double] = []
    var table = "  bytes    cc    Mb/s  RTT ms  queue   Linux ms  simulated      off\n"
    for row in rows {
      var simulator = Simulator(row.scenario, level: .totals)
      let complete = try #require(simulator.run().complete, "\(row.tag) never ended")
      let simulated = Double(complete.nanoseconds) / 1e6
      let error = (simulated - row.completeMs) / row.completeMs
      errors.append(abs(error))
      table += String(
        format: "%8d %@ %6d %6d %6d %11.2f %10.2f %+7.1f%%\n", Int(row.size),
        row.cc.padding(toLength: 6, withPad: " ", startingAt: 0), Int(row.rateMbps),
        Int(row.rttMs), Int(row.queue), row.completeMs, simulated, error * 100)
    }
    errors.sort()
    let median = (errors[errors.count / 2 - 1] + errors[errors.count / 2]) / 2
    table += String(format: "median %.1f%%, worst %.1f%%", median * 100, errors.last! * 100)
    print(table)
    #expect(median < 0.05)
    // Of the 24 three are far off: CUBIC leaves slow start late without HyStart, and a lost
    // retransmission waits for the timer without RACK. The others are within 13 %.
    #expect(errors.filter { $0 > 0.13 }.count <= 3)
  }
}
