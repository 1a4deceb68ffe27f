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
  /// The same run repeated; nil where it was not.
  var repeatedMs: [Double]?
  /// The packets with data that the link lost, from 1; empty for none.
  var drop: String
  /// The packets of whatever kind that the link lost, from 1; nil for none.
  var lost: [UInt32]?

  private enum CodingKeys: String, CodingKey {
    case tag, size, cc, queue, drop
    case rateMbps = "rate_mbps"
    case rttMs = "rtt_ms"
    case completeMs = "fct_ms"
    case repeatedMs = "fct_ms_runs"
    case lost = "lost_packets_down"
  }

  /// The same download, to be simulated.
  var scenario: Scenario {
    var scenario = Scenario.standard(.linux)
    let delay = SimDuration.milliseconds(rttMs) / 2
    scenario.links = [max(queue, 100), queue].map {
      LinkSettings(rate: .megabits(rateMbps), delay: delay, queue: .packets($0))
    }
    scenario.links[1].drops =
      drop.split(separator: ",").map { DropRule(ordinal: UInt32($0) ?? 0, minimumPayload: 100) }
      + (lost ?? []).map { DropRule(ordinal: $0, minimumPayload: 0) }
    var transport = TransportSettings.standard(.linux)
    switch cc {
    case "reno": transport.congestion = .reno
    case "bbr": transport.congestion = .bbr
    default: transport.congestion = .cubic
    }
    scenario.clients = [
      ClientSettings(
        path: 0, application: .raw, objects: [ObjectSettings(ByteCount(size))],
        requestBytes: ByteCount(15),
        transport: transport)
    ]
    return scenario
  }

  /// How far a simulated time is off: the distance to the nearer end of what was measured, where up
  /// to 2 ms are the programs' own and count as none.
  func error(of simulated: Double) -> Double {
    let runs = repeatedMs ?? [completeMs]
    let least = runs.min() ?? completeMs
    let most = runs.max() ?? completeMs
    let distance = simulated < least ? simulated - least : max(simulated - most, 0)
    return abs(distance) <= 2 ? 0 : distance / completeMs
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
    #expect(errors.median < 0.005)
    #expect(errors.worst < 0.06)
  }

  @Test func downloadsThatLoseChosenPacketsTakeAsLongAsMeasured() throws {
    let errors = try compare("drops.jsonl", rows: 10)
    #expect(errors.median < 0.005)
    #expect(errors.worst < 0.02)
  }

  @Test func downloadsThatLosePacketsAtRandomTakeAsLongAsMeasured() throws {
    let errors = try compare("loss.jsonl", rows: 42)
    #expect(errors.median < 0.005)
    #expect(errors.nineInTen < 0.03)
  }

  /// With lists of lost packets, queues that overflow in start-up, and one run of 12 s, in which the
  /// round trip is probed once.
  @Test func downloadsUnderBBRTakeAsLongAsMeasured() throws {
    let errors = try compare("bbr.jsonl", rows: 41)
    #expect(errors.median < 0.005)
    #expect(errors.nineInTen < 0.01)
    #expect(errors.worst < 0.03)
  }

  /// Simulates each row, prints the table, and returns how far off the rows are.
  private func compare(_ name: String, rows count: Int) throws -> MeasuredErrors {
    let rows = try MeasuredDownload.load(name)
    #expect(rows.count == count)
    var all: [Double] = []
    var table = "  bytes    cc    Mb/s  RTT ms  queue  lost          Linux ms  simulated      off\n"
    for row in rows {
      var simulator = Simulator(row.scenario, level: .totals)
      let complete = try #require(simulator.run().complete, "\(row.tag) never ended")
      let simulated = Double(complete.nanoseconds) / 1e6
      let error = row.error(of: simulated)
      all.append(abs(error))
      table += String(
        format: "%8d %@ %6d %6d %6d  %@ %11.2f %10.2f %+7.1f%%\n", Int(row.size), padded(row.cc, 6),
        Int(row.rateMbps), Int(row.rttMs), Int(row.queue),
        padded(row.lost == nil ? String(row.drop.prefix(11)) : "at random", 11), row.completeMs,
        simulated,
        error * 100)
    }
    let errors = MeasuredErrors(all)
    print(table + errors.text)
    return errors
  }

  private func padded(_ text: String, _ width: Int) -> String {
    text.padding(toLength: width, withPad: " ", startingAt: 0)
  }
}
