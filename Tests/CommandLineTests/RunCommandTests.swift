import Foundation
import Testing

@Suite struct RunCommandTests {
  private static let download = [
    "run", "--protocol", "tcp", "--objects", "200000", "--request", "15", "--congestion", "reno",
    "--rate", "20Mbps", "--rtt", "50ms", "--queue", "200packets", "--format", "json",
  ]

  @Test func aDownloadHasThePromisedShape() throws {
    let result = try CommandLineProgram.run(Self.download)
    #expect(result.status == 0)
    #expect(result.errors.isEmpty)
    let object = try result.object()
    #expect(object["format"] as? String == "netsim.run/1")
    #expect(
      Set(object.keys) == [
        "format", "fingerprint", "scenario", "complete_ms", "connections", "requests", "waits",
      ])
    let connection = try #require((object["connections"] as? [[String: Any]])?.first)
    #expect(connection["established_ms"] as? Double == 50.048)
    let request = try #require((object["requests"] as? [[String: Any]])?.first)
    let causes = try #require(request["causes_ms"] as? [String: Double])
    #expect(causes["handshake"] == 50.048)
    #expect(causes["propagation"] == 50)
    let complete = try #require(object["complete_ms"] as? Double)
    #expect(abs(causes.values.reduce(0, +) - complete) < 1e-6)
  }

  /// Nothing ends a relay's connection, so that the second request is never read.
  @Test func whoWaitsForWhomIsSaidAndIsNoFailure() throws {
    let relayed = [
      "run", "--protocol", "http1.0", "--keep-alive", "on", "--objects", "2x3kB", "--start",
      "in-series", "--proxy", "blind", "--keep-alive-timeout", "unlimited", "--width", "100",
    ]
    let text = try CommandLineProgram.run(relayed)
    #expect(text.status == 0)
    #expect(
      text.output.contains(
        """
         not complete: 1 of 2 objects, 6,000 B
         request 1 is never answered: the client waits on connection 0 for the answer; the proxy does not
           read it before connection 1 ends; the server waits there for a request

        """))
    let object = try CommandLineProgram.run(relayed + ["--format", "json"]).object()
    let waits = try #require(object["waits"] as? [[String: Any]])
    #expect(waits.map { $0["party"] as? String } == ["client", "proxy 1", "server"])
    #expect(waits.map { $0["awaits"] as? String } == ["answer", "end", "request"])
    #expect(waits.map { $0["connection"] as? Int } == [0, 1, 1])
    #expect(waits.allSatisfy { $0["request"] as? Int == 1 && $0["bytes"] is NSNull })
    let requests = try #require(object["requests"] as? [[String: Any]])
    #expect(requests.map { $0["id"] as? Int } == [0, 1])
    let connections = try #require(object["connections"] as? [[String: Any]])
    #expect(connections.map { $0["leg"] as? Int } == [0, 1])
  }

  /// The same number as natively with and without optimisation and under WebAssembly, which
  /// `tools/wasm/check` compares ("readme-download").
  @Test func theSameCommandGivesTheSameBytesTwice() throws {
    let first = try CommandLineProgram.run(Self.download)
    #expect(try first.object()["fingerprint"] as? String == "dfaf88cc12807e48")
    #expect(try CommandLineProgram.run(Self.download).output == first.output)
  }

  @Test func moreRateOrLessDelayFinishesEarlier() throws {
    func complete(_ rate: String, _ rtt: String) throws -> Double {
      let result = try CommandLineProgram.run(
        "run", "--rate", rate, "--rtt=" + rtt, "--objects", "3x50kB", "--format=json")
      return try #require(try result.object()["complete_ms"] as? Double)
    }
    let base = try complete("10Mbps", "40ms")
    #expect(try complete("20Mbps", "40ms") < base)
    #expect(try complete("10Mbps", "20ms") < base)
  }

  @Test func textEndsWithTheSummary() throws {
    let result = try CommandLineProgram.run("run", "--ascii", "--width", "80")
    #expect(result.status == 0)
    #expect(result.output.contains("cwnd"))
    #expect(result.output.contains("where the time went, ms"))
    #expect(result.output.contains("complete after"))
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test(
    arguments: [
      (["run", "--rate", "0"], "--rate"), (["run", "--rate", "0Mbps"], "--rate"),
      (["run", "--loss", "150%"], "--loss"), (["run", "--objects", ""], "--objects"),
      (["run", "--objects", "-5"], "--objects"), (["run", "--objects", "0x5kB"], "--objects"),
      (["run", "--rtt", "50"], "--rtt"), (["run", "--rtt", "-5ms"], "--rtt"),
      (["run", "--queue", "0packets"], "--queue"), (["run", "--drop", "down:0"], "--drop"),
      (["run", "--connections", "0"], "--connections"), (["run", "--seed", "x"], "--seed"),
      (["run", "--protocol", "grpc"], "not modelled yet"),
      (["run", "--protocol", "http3", "--tls", "none"], "QUIC requires TLS 1.3 (RFC 9001 §4.2)"),
      (["run", "--recovery", "rack"], "not modelled yet"),
      (["run", "--tls", "1.4"], "1.3-resumed"),
      (["run", "--congestion", "cubik"], "cubic"),
      (["run", "--objets", "5"], "did you mean --objects"),
      (["run", "--rate"], "--rate needs a value"),
      (["run", "--format", "jsn"], "did you mean json"),
      (["run", "--width", "5"], "60 or more"), (["rnu"], "did you mean run"),
      (["sweep"], "not built yet"), (["--nonsense"], "unknown option"),
      (["run", "a.yaml", "b.yaml"], "one too many"), (["scenario", "chek"], "did you mean check"),
      (["scenario", "check"], "takes one file"),
      (["pcap", "sumary", "x"], "summary"),
      (["pcap", "stals", "x"], "did you mean stalls"), (["pcap", "summary"], "needs a file"),
      (["model", "linus"], "did you mean linux"), (["model", "hpack"], "needs fields"),
      (["model", "hpack", "Accept: x"], "lower case"),
      (["model", "hpack", "20x50", "--huffman", "maybe"], "on or off"),
      (["model", "hpack", "20x50", "--times", "5000"], "1000 blocks"),
    ] as [([String], String)])
  func aWrongCommandLineGetsOneLineAndStatus2(_ words: [String], _ hint: String) throws {
    let result = try CommandLineProgram.run(words)
    #expect(result.status == 2, "\(words)")
    #expect(result.output.isEmpty, "\(words)")
    #expect(result.errors.hasPrefix("simcli: "), "\(words)")
    #expect(result.errors.contains(hint), "\(words): \(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1, "\(words): \(result.errors)")
  }

  @Test(arguments: [
    [], ["--help"], ["run", "--help"], ["pcap", "--help"], ["model", "--help"], ["--version"],
    ["model"], ["model", "rfc"], ["model", "ideal"], ["pcap"], ["model", "hpack", "--help"],
    ["model", "hpack", "accept: */*", "20x100", "--times", "2", "--table", "1000"],
  ])
  func helpIsAnAnswer(_ words: [String]) throws {
    let result = try CommandLineProgram.run(words)
    #expect(result.status == 0)
    #expect(!result.output.isEmpty)
    #expect(result.errors.isEmpty)
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
  }

  @Test func aReaderThatLeavesEndsTheProgramQuietly() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    let program = URL(filePath: CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "simcli").path
    process.arguments = ["-c", "'\(program)' run --objects 400x20kB --format json | head -1"]
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(String(decoding: text, as: UTF8.self) == "{\n")
    #expect(complaint.isEmpty)
  }
}
