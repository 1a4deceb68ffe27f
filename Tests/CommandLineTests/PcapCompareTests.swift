import Foundation
import Testing

/// `simcli pcap compare`.
@Suite struct PcapCompareTests {
  private func lost(_ directions: [[String: Any]], _ index: Int) throws -> [[String: Any]] {
    try #require(directions[index]["lost"] as? [[String: Any]])
  }

  /// `traces/captures.json`: of `h3-drops` the link lost one datagram with 1,200 bytes and three with
  /// 1,444, all from the server.
  @Test func theJSONNamesTheLostDatagrams() throws {
    let result = try CommandLineProgram.run(
      "pcap", "compare", "traces/h3-drops.pcap", "traces/h3-drops-server.pcap", "--format", "json")
    #expect(result.status == 0)
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.pcap.compare/1")
    let directions = try #require(object["directions"] as? [[String: Any]])
    #expect(directions.map { $0["from"] as? String } == ["a", "b"])
    #expect(try lost(directions, 0).isEmpty)
    let back = try lost(directions, 1)
    #expect(back.map { $0["payload_bytes"] as? Int } == [1200, 1444, 1444, 1444])
    #expect(back.allSatisfy { $0["transport"] as? String == "udp" && $0["sequence"] is NSNull })
    #expect((directions[1]["sent"] as? Int) == 145)
    #expect((directions[1]["arrived"] as? Int) == 141)
    let delay = try #require(directions[1]["delay_ms"] as? [String: Double])
    #expect(abs(try #require(delay["min"]) - 20.068) < 0.001)
  }

  @Test(arguments: [60, 80])
  func theTextFitsItsWidth(_ width: Int) throws {
    let result = try CommandLineProgram.run(
      "pcap", "compare", "traces/h2-drops.pcap", "traces/h2-drops-server.pcap", "--ascii",
      "--width", "\(width)")
    #expect(result.status == 0)
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= width })
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.output.contains("lost from B to A"))
  }

  @Test func whatHasNothingInCommonIsBadInput() throws {
    let result = try CommandLineProgram.run(
      "pcap", "compare", "traces/h2-drops.pcap", "traces/sse.pcap")
    #expect(result.status == 3)
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("no packet in common"))
  }

  @Test(arguments: [["traces/sse.pcap"], ["a", "b", "c"], ["-", "-"]])
  func otherThanTwoCapturesAreAUsageError(_ files: [String]) throws {
    let result = try CommandLineProgram.run(["pcap", "compare"] + files)
    #expect(result.status == 2)
  }
}
