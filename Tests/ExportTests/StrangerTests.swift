import Foundation
import NetSim
import Scenarios
import Testing

/// What Wireshark's dissectors say of exported files; skipped where tshark is missing.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct StrangerTests {
  private static let scenarios: [[(name: String, value: String)]] = [
    [("objects", "200kB"), ("drop", "down:data:20,40,41,60")],
    [("objects", "20x30kB"), ("connections", "6"), ("loss", "2%"), ("seed", "3")],
    [("objects", "12000,3000,60000"), ("start", "after-first"), ("loss-down", "3%")],
    [("profile", "rfc"), ("objects", "300kB"), ("loss", "3%"), ("seed", "7")],
    [("profile", "ideal"), ("objects", "500kB")],
    [("protocol", "tcp"), ("objects", "400kB,200kB"), ("loss", "2%"), ("seed", "9")],
    [("objects", "100kB"), ("loss", "20%"), ("seed", "4")],
  ]

  @Test(arguments: scenarios.indices, [Side.client, .server])
  func nothingIsMalformedAndEverythingIsDissected(index: Int, vantage: Side) throws {
    let run = try ExportedRun(Self.scenarios[index])
    let own = run.segments(vantage)
    let frames = try run.withFile(vantage) { try Tshark.frames($0) }
    #expect(frames.count == own.count)
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
    #expect(frames.allSatisfy { $0[.ipChecksum] == "1" && $0[.tcpChecksum] == "1" })
    let hasHeads = run.log.connections[0].application != .raw
    let messages = hasHeads ? run.log.requests.count : 0
    #expect(frames.count { $0[.method] == "GET" } == messages)
    #expect(frames.count { $0[.status] == "200" } == messages)
    guard vantage == .server else { return }
    // The lost packets were seen here; what tshark takes for late was sent again as well.
    let again = Set(run.log.records.filter { $0.kind == .segmentRetransmission }.map(\.item))
    let labelled = frames.indices.filter {
      own[$0].kind == .segmentSent && own[$0].length > 0
        && !(frames[$0][.retransmission] + frames[$0][.outOfOrder]).isEmpty
    }
    let repeated = own.indices.filter {
      own[$0].kind == .segmentSent && own[$0].length > 0 && again.contains(own[$0].item)
    }
    #expect(labelled == repeated)
  }
}

/// What passes proxies, comes in parts or lies about its length is still HTTP to Wireshark.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct StrangerMessageTests {
  private static let proxies = [
    ["blind"], ["stripping"], ["correct"], ["smart"], ["correct,blind"], ["blind,correct"],
  ].map(\.[0])

  @Test(arguments: proxies, [Side.client, .server])
  func everyLegIsDissected(proxies: String, vantage: Side) throws {
    let run = try ExportedRun([
      ("protocol", "http1"), ("objects", "3x30kB"), ("connections", "3"), ("proxy", proxies),
      ("proxy-rtt", "20ms"),
    ])
    try expectResponses(run, vantage, ["200": run.log.requests.count])
  }

  /// A proxy names itself in what it makes anew (RFC 9110 §7.6.3), a relay does not; where the lengths
  /// were not those of the run, the next response would begin in the wrong place.
  @Test(arguments: [("correct", 6), ("blind", 0), ("correct,correct", 12)])
  func headsThatAProxyMakesSayVia(proxies: String, expected: Int) throws {
    let run = try ExportedRun([
      ("protocol", "http1"), ("objects", "3x30kB"), ("proxy", proxies), ("proxy-rtt", "20ms"),
    ])
    let bytes = try run.withFile(.client) { try Data(contentsOf: URL(fileURLWithPath: $0)) }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.ranges(of: "Via: 1.1 proxy\r\n").count == expected)
    let capture = try run.readBack(.client)
    #expect(capture.problem == nil)
    // What a relay did not read is sent again, and answered once.
    let answered = capture.requests.filter { $0.status == 200 }
    #expect(answered.count == run.log.requests.count)
    #expect(answered.allSatisfy { $0.complete != nil })
  }

  @Test(arguments: ["none", "correct", "stripping"], [Side.client, .server])
  func chunksAndHintsAreDissected(proxy: String, vantage: Side) throws {
    var page = ObjectSettings(ByteCount(30_000))
    page.serverTime = .milliseconds(200)
    page.response.framing = .chunked
    page.response.hintsAfter = .zero
    page.response.parts = [
      ResponsePart(ByteCount(10_000), after: .zero),
      ResponsePart(ByteCount(20_000), after: .milliseconds(50)),
    ]
    var named = ObjectSettings(ByteCount(5_000))
    named.after = 0
    named.trigger = .hints
    let given = [(name: "protocol", value: "http1")]
    var scenario = try ScenarioBuilder(
      proxy == "none" ? given : given + [("proxy", proxy)]
    ).build()
    scenario.clients[0].objects = [page, named]
    scenario.clients[0].connections = 2
    let run = ExportedRun(scenario)
    // A relay that asks as HTTP/1.0 does gets none.
    let hints = proxy == "stripping" ? 0 : run.log.connections.map(\.leg).max() == 1 ? 2 : 1
    let responses = ["200": run.log.requests.count, "103": hints].filter { $0.value > 0 }
    try expectResponses(run, vantage, responses)
  }

  private func expectResponses(
    _ run: ExportedRun, _ vantage: Side, _ expected: [String: Int]
  ) throws {
    let frames = try run.withFile(vantage) { try Tshark.frames($0) }
    #expect(frames.count == run.segments(vantage).count)
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
    #expect(frames.allSatisfy { $0[.tcpChecksum] == "1" })
    #expect(frames.count { $0[.method] == "GET" } == run.log.requests.count)
    var statuses: [String: Int] = [:]
    for frame in frames where !frame[.status].isEmpty {
      // A frame that ends two responses names both.
      for status in frame[.status].split(separator: ",") {
        statuses[String(status), default: 0] += 1
      }
    }
    #expect(statuses == expected)
  }
}

/// The program tshark.
enum Tshark {
  static let path = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"]
    .map { $0 + "/tshark" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The fields that are asked for, by their names in display filters.
  enum Field: String, CaseIterable {
    case malformed = "_ws.malformed"
    case ipChecksum = "ip.checksum.status"
    case tcpChecksum = "tcp.checksum.status"
    case udpChecksum = "udp.checksum.status"
    case protocols = "frame.protocols"
    case longType = "quic.long.packet_type"
    case method = "http.request.method"
    case status = "http.response.code"
    case retransmission = "tcp.analysis.retransmission"
    case outOfOrder = "tcp.analysis.out_of_order"
    case severity = "_ws.expert.severity"
    case frameType = "http2.type"
    case http2Method = "http2.headers.method"
    case http2Status = "http2.headers.status"
    case fieldValue = "http2.header.value"
    case priorityUpdate = "http2.priority_update_field_value"
    case dependency = "http2.stream_dependency"
    case weight = "http2.headers.weight"
    case resetCode = "http2.rst_stream.error"
    case goAwayCode = "http2.goaway.error"
    case lastStream = "http2.goaway.last_stream_id"
    case increment = "http2.window_update.window_size_increment"
    case initialWindow = "http2.settings.initial_window_size"
  }

  /// What tshark says of a frame; empty where it says nothing.
  struct Frame {
    fileprivate var values: [Substring]

    subscript(field: Field) -> Substring { values[Field.allCases.firstIndex(of: field) ?? 0] }
  }

  /// Reads a file.
  ///
  /// Out-of-order reassembly is on: without it Wireshark calls each segment that fills a hole an
  /// overlap, and marks it as malformed, in real captures as well.
  static func frames(_ file: String, isHTTP2: Bool = false) throws -> [Frame] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.arguments =
      [
        "-n", "-r", file, "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
        "-o", "udp.check_checksum:TRUE",
        "-o", "tcp.reassemble_out_of_order:TRUE", "-T", "fields",
      ] + (isHTTP2 ? ["-d", "tcp.port==80,http2"] : [])
      + Field.allCases.flatMap { ["-e", $0.rawValue] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      Frame(values: $0.split(separator: "\t", omittingEmptySubsequences: false))
    }
  }
}
