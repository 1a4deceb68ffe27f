import Foundation
import Testing

/// `pcap stalls`, `pcap packets`, the overview of `pcap timeline`, and the choices of all views.
@Suite struct PcapViewTests {
  private static let drops = "traces/h1-keepalive-drops.pcap"

  private func lines(_ arguments: String...) throws -> [String] {
    let result = try CommandLineProgram.run(["pcap"] + arguments)
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map(String.init)
  }

  private func list(_ name: String, _ arguments: String...) throws -> [[String: Any]] {
    let result = try CommandLineProgram.run(["pcap", name] + arguments + ["--format", "json"])
    #expect(result.status == 0, "\(result.errors)")
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.pcap.\(name)/1")
    return try #require(object[name] as? [[String: Any]])
  }

  // MARK: Stalls

  /// Packet 169 brings the last segment of the sixth response, which the link had dropped
  /// (`traces/captures.json`); 685.775 − 596.391 ms is more than two round trips of 40.
  @Test func aStallHasItsRequestItsCauseAndThePacketThatEndedIt() throws {
    #expect(
      try lines("stalls", Self.drops) == [
        "     from ms    for ms  conn  request   packet  cause",
        "     596.391    89.383     0        5      169  transport gap, down",
        "  packet is the one that ended it",
        "  transport gap: 1 stall, 89.383 ms",
      ])
    let stalls = try list("stalls", Self.drops)
    try #require(stalls.count == 1)
    #expect(stalls[0]["cause"] as? String == "transport_gap")
    #expect(stalls[0]["direction"] as? String == "down")
    #expect(stalls[0]["sure"] as? String == "certain")
    #expect(stalls[0]["request"] as? Int == 5)
    #expect(stalls[0]["packet"] as? Int == 169)
    #expect(stalls[0]["stream"] is NSNull)
    #expect(stalls[0]["duration_ms"] as? Double == 89.383468)
  }

  @Test func requestsOfStallsCountThroughAllFiles() throws {
    // The capture that begins first has the requests 0 to 3; the stream's request is then the fifth.
    let stalls = try list("stalls", "traces/h1-pipelining.pcap", "traces/sse.pcap")
    let requests = stalls.map { $0["request"] as? Int }
    #expect(requests.first == 0)
    #expect(requests.dropFirst().allSatisfy { $0 == 4 || $0 == 5 })
    #expect(stalls.allSatisfy { $0["cause"] as? String == "server" })
  }

  @Test func stallsNotLongerThanAskedForAreLeftOut() throws {
    #expect(try list("stalls", Self.drops, "--longer", "89ms").count == 1)
    #expect(try list("stalls", Self.drops, "--longer", "90ms").isEmpty)
    // Its end at 685.775 ms lies behind the one bound, its beginning at 596.391 before the other.
    #expect(try list("stalls", Self.drops, "--after", "685ms").count == 1)
    #expect(try list("stalls", Self.drops, "--after", "686ms").isEmpty)
    #expect(try list("stalls", Self.drops, "--before", "597ms").count == 1)
    #expect(try list("stalls", Self.drops, "--before", "596ms").isEmpty)
    #expect(try list("stalls", Self.drops, "--host", "10.8.0.2").count == 1)
    #expect(try list("stalls", Self.drops, "--host", "::1").isEmpty)
  }

  // MARK: Packets

  @Test func aPacketThatWasSentAgainIsLabelled() throws {
    let rows = try lines("packets", Self.drops)
    // 224 packets, as capinfos counts them, and the heading.
    #expect(rows.count == 225)
    #expect(
      rows[..<3] == [
        "  packet          ms  conn  way   flags          sequence  bytes        ack  found",
        "       1       0.000     0  up    SYN                   0      0          -",
        "       2      40.277     0  down  SYN ACK               0      0          1",
      ])
    #expect(
      rows[32]
        == "      32     191.703     0  down  ACK               12483   1448        159"
        + "  retransmission fast, certain by ip id")
    #expect(rows.filter { $0.contains("retransmission") }.count == 4)
  }

  @Test func theServersCaptureTellsThemByTheirTimestamps() throws {
    let packets = try list("packets", "traces/h1-keepalive-drops-server.pcap")
    let labelled = packets.filter { ($0["labels"] as? [String])?.isEmpty == false }
    // The numbers of the same four packets in that capture, as `TraceTests` has them.
    #expect(labelled.map { $0["packet"] as? Int } == [33, 79, 81, 165])
    #expect(
      labelled.allSatisfy {
        $0["labels"] as? [String] == ["retransmission fast, certain by timestamp_echo"]
      })
  }

  @Test func packetsAreChosenByTimeConnectionAndHost() throws {
    // The first four packets, as the text view has them: 0, 40.277, 40.283 and 40.376 ms.
    let early = try list("packets", Self.drops, "--after", "40.28ms", "--before", "40.3ms")
    #expect(early.map { $0["packet"] as? Int } == [3])
    let six = "traces/h1-six-clean.pcap"
    let some = try list("packets", six, "--connection", "1,3", "--connection", "5")
    #expect(Set(some.compactMap { $0["connection"] as? Int }) == [1, 3, 5])
    #expect(try list("packets", six, "--host", "10.8.0.9").isEmpty)
    let all = try list("packets", six).count
    #expect(try list("packets", six, "--host", "10.8.0.9", "--host", "10.8.0.1").count == all)
  }

  // MARK: Timeline

  /// Seven connections in one capture and six in the other are more than are drawn at once.
  @Test func aLargeCaptureOpensWithAnOverview() throws {
    let files = ["traces/h1-six-clean.pcap", "traces/h1-close-clean.pcap"]
    let rows = try lines("timeline", files[0], files[1])
    #expect(rows[0] == "traces/h1-six-clean.pcap, traces/h1-close-clean.pcap")
    #expect(rows.contains("  connections: 13 http/1.1"))
    let heading = try #require(rows.firstIndex { $0.hasPrefix("   conn") })
    #expect(
      rows[heading]
        == "   conn     from ms      for ms        bytes  lost  stalled ms  what, between whom")
    #expect(
      rows[heading + 1]
        == "     12    2534.218     274.819       17,053     0      83.172"
        + "  http/1.1 10.8.0.1:42018 → 10.8.0.2:80")
    // Those that did not stall stand by their bytes.
    let bytes = rows[(heading + 2)..<(heading + 14)].map { row in
      Int(row.dropFirst(31).prefix(13).filter { $0.isNumber })
    }
    #expect(bytes.first == 65_017)
    #expect(bytes.compactMap { $0 } == bytes.compactMap { $0 }.sorted(by: >) && bytes.count == 12)
    #expect(rows.suffix(2).first?.contains("--connection 12 ") == true)
    let one = try lines("timeline", files[0], files[1], "--connection", "12")
    #expect(!one.contains { $0.hasPrefix("   conn") })
    #expect(one.contains { $0.contains("SYN") })
  }

  @Test func ofManyConnectionsFifteenAreListed() throws {
    // Besides those thirteen there are one, two and one.
    let rows = try lines(
      "timeline", "traces/h1-six-clean.pcap", "traces/h1-close-clean.pcap",
      "traces/h1-keepalive-clean.pcap", "traces/sse.pcap", "traces/h1-pipelining.pcap")
    #expect(rows.contains("  and 2 connections more that stalled less"))
    #expect(rows.filter { $0.contains(" → ") }.count == 15)
  }

  // MARK: Bad input

  @Test(arguments: [
    (["packets", drops, "--longer", "1s"], "--longer belongs to stalls"),
    (["stalls", drops, "--longer", "5"], "--longer 5: a duration needs a unit"),
    (["stalls", drops, "--connection", "1"], "--connection 1: the capture has 1, from 0"),
    (["packets", drops, "--connection", "0,"], "--connection 0,: numbers from 0, such as 0,3"),
    (["packets", drops, "--connection", "-1"], "--connection"),
    (["packets", drops, "--connection", "4294967296"], "numbers from 0"),
    (["summary", drops, "--connection", "0"], "summary is of all that is read"),
    (["summary", drops, "--after", "1s"], "--filter reads less"),
    (["timeline", drops, "--connection", "0,1"], "draws one connection, or all; name one"),
    (["stalls", drops, "--host", "example.org"], "an IPv4 or IPv6 address is wanted"),
    (["stalls", drops, "--host", "10.8.0"], "--host 10.8.0: an IPv4"),
    (["packets", drops, "--after", "2s", "--before", "2s"], "later than --after"),
    (["packets", drops, "--before", "1parsec"], "parsec is no unit"),
    (["stals", drops], "unknown view stals; did you mean stalls?"),
    (["packet", drops], "did you mean packets?"),
    (["stalls"], "pcap stalls needs a file"),
  ])
  func whatCannotBeIsSaidInOneLine(_ arguments: [String], _ hint: String) throws {
    let result = try CommandLineProgram.run(["pcap"] + arguments)
    #expect(result.status == 2)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }

  @Test(arguments: ["stalls", "packets"])
  func nothingChosenIsSaid(_ view: String) throws {
    let rows = try lines(view, Self.drops, "--after", "100s")
    #expect(rows.count == 1)
    #expect(rows[0].contains("traces/h1-keepalive-drops.pcap"))
    #expect(rows[0].contains("of those chosen"), "\(rows[0])")
  }
}
