import Foundation
import NetSim
import Testing

/// One measured page: a line of `Truth/http1.jsonl`, `http2.jsonl` or `http3.jsonl`.
private struct MeasuredPage: Decodable {
  var tag: String
  var `protocol`: String
  var objectBytes: [Int64]
  var rateMbps: Double
  var rttMs: Double
  var queue: UInt32
  var loss: Double
  var wallMs: Double
  var repeatedMs: [Double]?
  /// The packets of whatever kind that the link lost on their way to the client, from 1.
  var lost: [UInt32]?

  private enum CodingKeys: String, CodingKey {
    case tag, queue, loss
    case `protocol` = "proto"
    case objectBytes = "object_bytes"
    case rateMbps = "rate_mbps"
    case rttMs = "rtt_ms"
    case wallMs = "wall_ms"
    case repeatedMs = "wall_ms_runs"
    case lost = "lost_packets_down"
  }

  /// What curl and nginx did, to be simulated.
  var scenario: Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.links = (0..<2).map { _ in
      LinkSettings(
        rate: Bitrate(bitsPerSecond: UInt64(rateMbps * 1e6)),
        delay: .microseconds(Int64(rttMs * 500)), queue: .packets(queue))
    }
    scenario.links[1].drops = (lost ?? []).map { DropRule(ordinal: $0) }
    var client = ClientSettings(
      path: 0, application: .http11, objects: objectBytes.map { ObjectSettings(ByteCount($0)) },
      connections: self.protocol == "h1-six" ? 6 : 1, keepAlive: self.protocol != "h1-close",
      transport: .standard(.linux))
    client.start = self.protocol == "h1-six" ? .together : .inSeries
    client.writesHeadAlone = true
    if self.protocol == "h1-tls13" { client.tls = TLSSettings(.full13) }
    if self.protocol == "h2" {
      client.application = .http2
      client.http2 = .standard(.linux)
      client.tls = TLSSettings(.full13)
      // As captures of such loads show it, from the client's Finished to the tickets: the requests have
      // come by then.
      client.tls?.serverTime = .microseconds(1400)
      client.start = .together
    }
    if self.protocol == "h3" {
      client.application = .http3
      client.quic = .standard(.linux)
      client.tls = TLSSettings(.full13, tickets: 1)
      // As captures show it, from the client's Initial to the server's, less the round trip.
      client.tls?.serverTime = .microseconds(2800)
      client.start = .together
    }
    scenario.clients = [client]
    return scenario
  }

  /// How far a simulated time is off: the distance to the nearer end of what was measured, where up to
  /// 15 ms are the programs' start-up and count as none.
  func error(of simulated: Double) -> Double {
    let runs = repeatedMs ?? [wallMs]
    let least = runs.min() ?? wallMs
    let most = runs.max() ?? wallMs
    let distance = simulated < least - 15 ? simulated - least + 15 : max(simulated - most, 0)
    return distance / wallMs
  }

  static func load(_ name: String) throws -> [MeasuredPage] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Truth/\(name).jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map {
      try JSONDecoder().decode(MeasuredPage.self, from: Data($0.utf8))
    }
  }
}

/// Page loads over the same link, by curl from nginx: a connection for each object, one kept, six at
/// once, one with TLS 1.3, one of HTTP/2; and by ngtcp2 over HTTP/3.
@Suite struct MeasuredPageTests {
  @Test func pagesWithoutLossTakeAsLongAsMeasured() throws {
    let errors = try compare(rows: 8) { $0.loss == 0 }
    #expect(errors.median < 0.01)
    #expect(errors.worst < 0.03)
  }

  /// Which packet of which connection is the n-th depends on the programs where six connections run at
  /// once: there two real runs differ by as much as this.
  @Test func pagesThatLosePacketsTakeAsLongAsMeasured() throws {
    let errors = try compare(rows: 48) { $0.loss > 0 }
    #expect(errors.median < 0.02)
    #expect(errors.nineInTen < 0.25)
  }

  /// Thirteen objects at once over one connection of HTTP/2.
  @Test func http2WithoutLossTakesAsLongAsMeasured() throws {
    let errors = try compare("http2", rows: 2) { $0.loss == 0 }
    #expect(errors.median < 0.03)
    #expect(errors.worst < 0.08)
  }

  @Test func http2ThatLosesPacketsTakesAsLongAsMeasured() throws {
    let errors = try compare("http2", rows: 12) { $0.loss > 0 }
    #expect(errors.median < 0.08)
    #expect(errors.nineInTen < 0.25)
  }

  /// The same objects at once over HTTP/3, by ngtcp2's client and server.
  @Test func http3WithoutLossTakesAsLongAsMeasured() throws {
    let errors = try compare("http3", rows: 2) { $0.loss == 0 }
    #expect(errors.median < 0.03)
    #expect(errors.worst < 0.08)
  }

  @Test func http3ThatLosesPacketsTakesAsLongAsMeasured() throws {
    let errors = try compare("http3", rows: 12) { $0.loss > 0 }
    #expect(errors.median < 0.08)
    #expect(errors.nineInTen < 0.25)
  }

  /// Simulates the pages, prints the table, and returns how far off they are.
  private func compare(
    _ name: String = "http1", rows count: Int, where isWanted: (MeasuredPage) -> Bool
  ) throws -> MeasuredErrors {
    let pages = try MeasuredPage.load(name).filter(isWanted)
    #expect(pages.count == count)
    var all: [Double] = []
    var table = "page                              measured ms  simulated      off\n"
    for page in pages {
      var simulator = Simulator(page.scenario, level: .totals)
      let complete = try #require(simulator.run().complete, "\(page.tag) never ended")
      let simulated = Double(complete.nanoseconds) / 1e6
      let error = page.error(of: simulated)
      all.append(abs(error))
      table +=
        page.tag.padding(toLength: 32, withPad: " ", startingAt: 0)
        + String(format: "%13.1f %10.1f %+7.1f%%\n", page.wallMs, simulated, error * 100)
    }
    let errors = MeasuredErrors(all)
    print(table + errors.text)
    return errors
  }
}
