import Foundation
import Testing

/// `simcli export` of captures and of scenarios.
@Suite struct ExportCommandTests {
  private func lines(_ arguments: String...) throws -> [[Substring]] {
    let result = try CommandLineProgram.run(["export"] + arguments + ["--out", "-"])
    #expect(result.status == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
  }

  /// `traces/captures.json`: four packets were lost, and their repetitions are in the capture; tshark
  /// counts 224 packets.
  @Test func aCapturesTableHasItsRepetitions() throws {
    let table = try lines("traces/h1-keepalive-drops.pcap", "--to", "csv")
    #expect(table.count == 225)
    let column = try #require(table[0].firstIndex(of: "retransmission"))
    let sequence = try #require(table[0].firstIndex(of: "sequence"))
    let repeated = table.dropFirst().filter { !$0[column].isEmpty }
    #expect(repeated.map { $0[sequence] } == ["12483", "47134", "48582", "114208"])
  }

  @Test func aSelectionOfACaptureIsTaken() throws {
    let name = "traces/h1-six-clean.pcap"
    // tshark: tcp.stream == 0, 2 and 4 have 192 packets in all.
    #expect(try lines(name, "--to", "csv", "--connection", "0,2", "--connection", "4").count == 193)
    #expect(try lines(name, "--to", "csv", "--host", "10.8.0.9").count == 1)
    let early = try lines(name, "--to", "csv", "--before", "50ms", "--after", "40ms")
    #expect(early.dropFirst().allSatisfy { (Double($0[1]) ?? 0) >= 40 })
    #expect(early.dropFirst().allSatisfy { (Double($0[1]) ?? 99) < 50 })
    #expect(early.count > 6)
  }

  @Test func aScenarioHasTheSameTable() throws {
    let options = ["--protocol", "tcp", "--objects", "100000", "--drop", "down:data:20"]
    func table(_ vantage: String) throws -> [[Substring]] {
      let result = try CommandLineProgram.run(
        ["export"] + options + ["--to", "csv", "--out", "-", "--vantage", vantage])
      return result.output.split(separator: "\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false)
      }
    }
    let (client, server) = (try table("client"), try table("server"))
    #expect(server.count == client.count + 1)
    // The 20th segment of 1,448 bytes.
    #expect(server.filter { $0.last == "1" }.map { $0[4] } == ["27513"])
    #expect(client.filter { $0[11] == "fast" }.map { $0[4] } == ["27513"])
  }

  @Test func graphsAreFilesOfTheirOwnAndNeverReplaceOthers() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "graph.xpl").path
    let arguments = ["export", "traces/sse.pcap", "--to", "xplot", "--out", path]
    #expect(try CommandLineProgram.run(arguments).status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(
      names == ["graph-0-down.xpl", "graph-0-up.xpl", "graph-1-down.xpl", "graph-1-up.xpl"])
    try FileManager.default.removeItem(at: folder.url.appending(path: "graph-0-up.xpl"))
    let again = try CommandLineProgram.run(arguments)
    #expect(again.status == 3)
    #expect(again.errors.contains("it exists already"))
    // Nothing was written beside it.
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 3)
  }

  @Test func packetsOfACaptureAreWrittenWithTheirBytes() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "some.pcapng").path
    let result = try CommandLineProgram.run(
      "export", "traces/h1-six-clean.pcap", "--to", "pcapng", "--out", path, "--connection", "2")
    #expect(result.status == 0)
    #expect(result.output.hasSuffix(": 23 packets\n"))
    let summary = try CommandLineProgram.run("pcap", "summary", path, "--format", "json").object()
    #expect(summary["packets"] as? Int == 23)
    let again = try CommandLineProgram.run(
      "export", "traces/sse.pcap", "--to", "pcapng", "--out", path)
    #expect(again.status == 3)
  }

  @Test(
    arguments: [
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--connection", "2"], "has 2, from 0"),
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--connection", "x"], "such as 0,3"),
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--rate", "1Mbps"], "is a capture"),
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--vantage", "client"], "is a capture"),
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--host", "here"], "IPv4 or IPv6"),
      (["traces/sse.pcap", "--to", "csv", "--out", "-", "--after", "2"], "--after 2"),
      (
        ["traces/sse.pcap", "--to", "csv", "--out", "-", "--after", "2s", "--before", "1s"],
        "later than"
      ),
      (["traces/sse.pcap", "--to", "xplot", "--out", "-"], "a file for each graph"),
      (["--to", "csv", "--out", "-", "--filter", "tcp"], "--filter is for captures"),
      (["--protocol", "tcp", "--to", "csv", "--out", "-", "--connection", "1"], "has 1, from 0"),
    ] as [([String], String)])
  func whatDoesNotGoIsAUsageError(_ arguments: [String], _ words: String) throws {
    let result = try CommandLineProgram.run(["export"] + arguments)
    #expect(result.status == 2)
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.output.isEmpty)
  }
}
