import Foundation
import Testing

@Suite struct PcapCommandTests {
  private func capture(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: CommandLineProgram.root.appending(path: "traces/" + name)))
  }

  private func connections(_ file: String) throws -> [[String: Any]] {
    let result = try CommandLineProgram.run("pcap", "connections", file, "--format", "json")
    #expect(result.status == 0)
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.pcap.connections/1")
    return try #require(object["connections"] as? [[String: Any]])
  }

  /// `traces/captures.json`: three segments of 1,448 bytes and one of 242 were lost by the link.
  @Test func theFourLostPacketsAreNamedAndNoOthers() throws {
    let all = try connections("traces/h1-keepalive-drops.pcap")
    #expect(all.count == 1)
    let lost = try #require(all[0]["lost"] as? [[String: Any]])
    #expect(lost.map { $0["length"] as? Int } == [1448, 1448, 1448, 242])
    #expect(lost.map { $0["sequence"] as? Int } == [12_483, 47_134, 48_582, 114_208])
    #expect((all[0]["possibly_lost"] as? [Any])?.isEmpty == true)
    #expect(all[0]["protocol"] as? String == "http/1.1")
  }

  @Test(arguments: [
    "h1-keepalive-clean", "h1-close-clean", "h1-six-clean", "h1-tls12-clean", "h1-tls13-clean",
    "h2-clean",
  ])
  func nothingIsInventedInACleanCapture(_ name: String) throws {
    for connection in try connections("traces/\(name).pcap") {
      #expect((connection["lost"] as? [Any])?.isEmpty == true)
      #expect((connection["possibly_lost"] as? [Any])?.isEmpty == true)
      #expect(connection["retransmissions"] as? Int == 0)
    }
  }

  @Test(arguments: [("h1-tls12-clean", "1.2", "http/1.1"), ("h1-tls13-clean", "1.3", nil)])
  func theHandshakeOfTLSIsRead(_ name: String, _ version: String, _ alpn: String?) throws {
    let connection = try #require(try connections("traces/\(name).pcap").first)
    #expect(connection["protocol"] as? String == "tls")
    #expect(connection["tls_version"] as? String == version)
    #expect(connection["alpn"] as? String == alpn)
    #expect(connection["server_name"] is NSNull)
    let secured = try #require(connection["secured_ms"] as? Double)
    #expect(secured > 80 && secured < 128)
    let text = try CommandLineProgram.run("pcap", "connections", "traces/\(name).pcap").output
    #expect(text.contains("TLS \(version), \(alpn ?? "offered: http/1.1"), complete at "))
    let ladder = try CommandLineProgram.run("pcap", "timeline", "traces/\(name).pcap").output
    #expect(ladder.contains("ClientHello ─"))
    #expect(ladder.contains("ServerHello "))
  }

  @Test func theTimelineMarksTheLostPackets() throws {
    let result = try CommandLineProgram.run("pcap", "timeline", "traces/h1-keepalive-drops.pcap")
    #expect(result.status == 0)
    let lost = result.output.split(separator: "\n").filter { $0.contains("✗") }
    #expect(lost.count == 4)
    for span in ["12483…13930", "47134…48581", "48582…50029", "114208…114449"] {
      #expect(lost.contains { $0.contains(span) })
    }
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(arguments: ["h1-keepalive-drops", "h1-keepalive-drops-server"])
  func requestsHaveTheirTimesAndCausesThatAddUp(_ name: String) throws {
    let result = try CommandLineProgram.run(
      "pcap", "requests", "traces/\(name).pcap", "--format", "json")
    let requests = try #require(try result.object()["requests"] as? [[String: Any]])
    #expect(
      requests.map { $0["bytes"] as? Int } == [
        12_000, 3_000, 8_000, 30_000, 60_000, 15_000, 45_000,
      ])
    #expect(requests.allSatisfy { $0["status"] as? Int == 200 })
    for request in requests {
      let causes = try #require(request["causes_ms"] as? [String: Double])
      let complete = try #require(request["complete_ms"] as? Double)
      let queued = try #require(request["queued_ms"] as? Double)
      #expect(abs(causes.values.reduce(0, +) - (complete - queued)) < 1e-5)
    }
  }

  @Test func theTimelineIsDataToo() throws {
    let result = try CommandLineProgram.run(
      "pcap", "timeline", "traces/h1-keepalive-drops.pcap", "--format", "json")
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.pcap.timeline/1")
    let timeline = try #require(object["timeline"] as? [[String: Any]])
    let rows = try #require(timeline.first?["rows"] as? [[String: Any]])
    #expect(rows.filter { $0["kind"] as? String == "lost" }.count == 4)
    #expect(rows.filter { $0["kind"] as? String == "retransmission" }.count == 4)
  }

  /// A slow response first, then three quick ones that wait behind it (RFC 9112 §9.3.2).
  @Test func pipelinedRequestsWaitForTheResponseBefore() throws {
    let result = try CommandLineProgram.run(
      "pcap", "requests", "traces/h1-pipelining.pcap", "--format", "json")
    let requests = try #require(try result.object()["requests"] as? [[String: Any]])
    let waits = requests.map { ($0["causes_ms"] as? [String: Double])?["response_order"] ?? 0 }
    #expect(waits.map { $0 > 500 } == [false, true, true, true])
    #expect(waits[0] == 0)
  }

  @Test func aCutCaptureGivesWhatWasReadAndStatus3() throws {
    let folder = try TemporaryFolder()
    let whole = try capture("h1-keepalive-drops.pcap")
    let file = try folder.write(whole.prefix(100_000), as: "cut.pcap")
    let result = try CommandLineProgram.run("pcap", "summary", file, "--format", "json")
    #expect(result.status == 3)
    #expect((try result.object()["packets"] as? Int ?? 0) > 50)
    #expect(result.errors.contains("cut.pcap: packet"))
    #expect(result.errors.split(separator: "\n").count == 1)
  }

  @Test func aCaptureWithoutConnectionsIsAnEmptyList() throws {
    let folder = try TemporaryFolder()
    let header = try capture("h1-keepalive-drops.pcap").prefix(24)
    let file = try folder.write(header, as: "nothing.pcap")
    #expect(try connections(file).isEmpty)
    for view in ["summary", "connections", "requests", "timeline"] {
      let result = try CommandLineProgram.run("pcap", view, file)
      #expect(result.status == 0, "\(view)")
      #expect(!result.output.isEmpty, "\(view)")
    }
  }

  @Test func badFilesGetOneLineAndStatus3() throws {
    let folder = try TemporaryFolder()
    var lying = Array(try capture("h1-keepalive-drops.pcap").prefix(4000))
    lying.replaceSubrange(32..<36, with: [0xFF, 0xFF, 0xFF, 0x7F])  // the first record's length
    var unknown = Array(try capture("h1-keepalive-drops.pcap").prefix(4000))
    unknown.replaceSubrange(20..<24, with: [0x99, 0x09, 0, 0])  // the link type
    let files = [
      (folder.url.path + "/missing.pcap", "missing.pcap"),
      (folder.url.path, "directory"),
      (try folder.write([], as: "empty.pcap"), "empty"),
      (
        try folder.write(Array("This is no capture at all, it is a text.\n".utf8), as: "a.txt"),
        "capture"
      ),
      (try folder.write(lying, as: "lying.pcap"), "packet 1"),
      (try folder.write(unknown, as: "link.pcap"), "link type"),
    ]
    for (file, hint) in files {
      let result = try CommandLineProgram.run("pcap", "connections", file)
      #expect(result.status == 3, "\(hint)")
      #expect(result.errors.contains(hint), "\(hint): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count == 1, "\(hint): \(result.errors)")
    }
  }

  @Test func severalFilesAndStandardInputAreOneCapture() throws {
    let files = ["traces/h1-keepalive-drops.pcap", "traces/sse.pcap", "-"]
    let result = try CommandLineProgram.run(
      ["pcap", "summary"] + files + ["--format", "json"], input: "traces/h1-pipelining.pcap")
    #expect(result.status == 0)
    let object = try result.object()
    #expect(object["files"] as? [String] == files)
    // 224, 52 and 26 packets, as capinfos counts them.
    #expect(object["packets"] as? Int == 302)
    #expect(object["connections"] as? [String: Int] == ["http/1.1": 4])
    let twice = try CommandLineProgram.run("pcap", "summary", "-", "-")
    #expect(twice.status == 2)
    let missing = try CommandLineProgram.run("pcap", "summary", files[0], "/nowhere/x.pcap")
    #expect(missing.status == 3)
    #expect(missing.errors.contains("/nowhere/x.pcap"))
  }

  @Test(arguments: [
    (["--out", "x.pcap"], 2, "--interface"), (["--interface", "lo"], 2, "--out"),
    (["--interface", "lo", "--out", "x.pcap", "--count", "0"], 2, "--count"),
    (["--interface", "lo", "--out", "x.pcap", "--duration", "10"], 2, "--duration"),
    (["--interface", "lo", "--out", "x.pcap", "y"], 2, "one too many"),
    (["--interface", "lo", "--outt", "x.pcap"], 2, "--out?"),
    (["--interface", "no such interface", "--out", "x.pcap"], 3, "no such interface"),
  ])
  func recordingSaysWhatIsMissing(_ words: [String], _ status: Int32, _ hint: String) throws {
    let folder = try TemporaryFolder()
    let result = try CommandLineProgram.run(["pcap", "record"] + words, in: folder.url)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.contains(hint), "\(result.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }
}
