import Captures
import NetSim
import Testing

/// A run, captured at both ends and compared: what was lost is what the run lost.
@Suite struct ComparedRunTests {
  private static let epochNs: Int64 = 1_767_225_600_000_000_000

  /// When a side sent what the links lost then, in order.
  private func lost(_ run: ExportedRun, sentBy side: Side) -> [Int64] {
    let dropped = Set(run.log.records.filter { $0.kind == .packetDropped }.map(\.item))
    var seen: Set<UInt32> = []
    let sent = run.log.records.filter {
      ($0.kind == .segmentSent || $0.kind == .quicPacketSent) && $0.side == side
        && dropped.contains($0.item) && seen.insert($0.item).inserted
    }
    return sent.map(\.time.nanoseconds)
  }

  /// What the comparison says is lost, by the run's clock.
  private func found(_ way: ComparedWay, _ path: String) throws -> [Int64] {
    let startNs = try #require(try CaptureAnalysis.read(path: path).summary.startUnixNs)
    return way.lost.map { $0.sent.nanoseconds + startNs - Self.epochNs }
  }

  @Test(arguments: UInt64(1)...8, ["http1", "http2", "http3"])
  func theLossesOfARunAreFoundExactly(_ seed: UInt64, _ name: String) throws {
    let run = try ExportedRun([
      ("protocol", name), ("objects", "12x30kB"), ("loss", "3%"), ("seed", "\(seed)"),
      ("connections", name == "http1" ? "3" : "1"), ("rtt", "30ms"), ("queue", "40packets"),
    ])
    let comment = Comment(rawValue: "\(name), seed \(seed)")
    try run.withFile(.client) { client in
      try run.withFile(.server) { server in
        let comparison = try CaptureComparison.read(client, server)
        for (way, side, path) in [
          (comparison.forth, Side.client, client), (comparison.back, .server, server),
        ] {
          let wanted = lost(run, sentBy: side)
          let found = try found(way, path)
          // What is lost at the very beginning or end is due while the other capture does not run.
          let early = (0...3).first { wanted.dropFirst($0).starts(with: found) }
          #expect(early != nil, comment)
          #expect(Int64(found.count) + way.outside == Int64(wanted.count), comment)
          #expect(way.outside <= 3, comment)
          #expect(way.unsent == 0 && way.duplicated == 0 && way.recut == 0, comment)
          #expect(way.reordered == 0, comment)
        }
        // 15 ms each way, and a 40-byte packet's 32 µs at 10 Mb/s; the clocks are one.
        let clocks = try #require(comparison.clocks, comment)
        #expect(abs(clocks.offset.nanoseconds) < 2_000_000, comment)
        let least = try #require(comparison.back.delay, comment).minimum
        #expect(abs(least.nanoseconds - 15_000_000) < 2_000_000, comment)
      }
    }
  }
}
