import NetSim
import Scenarios
import Testing
import Timelines

/// What Wireshark's dissector of HTTP/2 says of exported files; skipped where tshark is missing.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct StrangerFrameTests {
  private static let scenarios: [[(name: String, value: String)]] = [
    [("profile", "ideal"), ("objects", "3x4371"), ("drop", "down:data:3")],
    [("objects", "20x30kB"), ("loss", "2%"), ("seed", "3")],
    [("profile", "rfc"), ("objects", "3x60kB"), ("loss", "1%"), ("seed", "5")],
    [("profile", "rfc"), ("objects", "3x30kB"), ("stream-window", "4000")],
    [("objects", "12x6kB"), ("loss", "10%"), ("scheduler", "round-robin")],
    // Blocks of given lengths, down to what is no request any more.
    [("profile", "rfc"), ("objects", "4x3kB"), ("request", "60")],
    [("profile", "rfc"), ("objects", "4x3kB"), ("request", "15")],
    [("profile", "rfc"), ("objects", "4x3kB"), ("request", "400")],
    [("objects", "12x6kB"), ("keep-alive-max", "5")],
    // Other fields, and other ends.
    [("objects", "12x6kB"), ("headers", "browser"), ("cookie", "1kB")],
    [("objects", "6x60kB"), ("client-http2", "hyper"), ("server-http2", "envoy-edge")],
    [("objects", "6x6kB"), ("header-table-size", "0"), ("start", "in-series")],
  ]

  @Test(arguments: scenarios.indices, [Side.client, .server])
  func everyFrameIsDissected(index: Int, vantage: Side) throws {
    try expectFrames(
      ExportedRun(
        Self.scenarios[index] + [(name: "protocol", value: "http2"), (name: "tls", value: "none")]),
      vantage)
  }

  /// Hints before a response, a POST, a response's head of a given length.
  @Test(arguments: [Side.client, .server])
  func hintsAndGivenHeadsAreDissected(vantage: Side) throws {
    var scenario = try ScenarioBuilder([
      (name: "protocol", value: "http2"), (name: "tls", value: "none"),
    ]).build()
    var page = ObjectSettings(ByteCount(30_000))
    page.serverTime = .milliseconds(200)
    page.response.hintsAfter = .zero
    var named = ObjectSettings(ByteCount(5_000))
    named.after = 0
    named.trigger = .hints
    named.method = .post
    var short = ObjectSettings(ByteCount(700))
    short.responseHead = ByteCount(11)
    var long = ObjectSettings(ByteCount(700))
    long.responseHead = ByteCount(20_000)
    scenario.clients[0].objects = [page, named, short, long]
    let frames = try expectFrames(ExportedRun(scenario), vantage)
    let methods = frames.flatMap { $0[.http2Method].split(separator: ",") }
    #expect(methods.sorted() == ["GET", "GET", "GET", "POST"])
    let statuses = frames.flatMap { $0[.http2Status].split(separator: ",") }
    #expect(statuses.sorted() == ["103", "200", "200", "200", "200"])
  }

  /// Urgencies as fields and in PRIORITY_UPDATE, as tshark reads them.
  @Test(arguments: [Side.client, .server])
  func urgenciesAreDissected(vantage: Side) throws {
    var scenario = try ScenarioBuilder([
      ("protocol", "http2"), ("tls", "none"), ("scheduler", "urgency"),
      ("objects", "u5i:200kB,u0:3kB,300kB"),
    ]).build()
    var later = ObjectPriority()
    later.field = HTTPPriority(urgency: 1, isIncremental: true)
    scenario.clients[0].objects[2].reprioritization = Reprioritization(
      after: .milliseconds(60), later)
    let frames = try expectFrames(ExportedRun(scenario), vantage)
    let values = frames.map { $0[.fieldValue] }
    #expect(values.count { $0.hasSuffix("*/*,u=5, i") } == 1)
    #expect(values.count { $0.hasSuffix("*/*,u=0") } == 1)
    let updates = frames.map { $0[.priorityUpdate] }.filter { !$0.isEmpty }
    #expect(updates == ["u=1, i"])
  }

  /// Dependencies and weights, in HEADERS and in PRIORITY.
  @Test(arguments: [Side.client, .server])
  func theTreeIsDissected(vantage: Side) throws {
    var scenario = try ScenarioBuilder([
      ("protocol", "http2"), ("tls", "none"), ("scheduler", "tree"), ("objects", "200kB,300kB"),
    ]).build()
    scenario.clients[0].objects[1].priority.weight = 200
    scenario.clients[0].objects[1].priority.dependsOn = 0
    scenario.clients[0].objects[1].priority.isExclusive = true
    var later = ObjectPriority()
    later.weight = 7
    scenario.clients[0].objects[1].reprioritization = Reprioritization(
      after: .milliseconds(60), later)
    let frames = try expectFrames(ExportedRun(scenario), vantage)
    // tshark tells weights less one, as they are sent.
    #expect(frames.map { $0[.weight] }.filter { !$0.isEmpty } == ["199", "6"])
    #expect(frames.map { $0[.dependency] }.filter { !$0.isEmpty } == ["1", "0"])
  }

  /// Expects that tshark finds the frames of the log, and nothing wrong with them.
  @discardableResult
  private func expectFrames(_ run: ExportedRun, _ vantage: Side) throws -> [Tshark.Frame] {
    let frames = try run.withFile(vantage) { try Tshark.frames($0, isHTTP2: true) }
    #expect(frames.count == run.segments(vantage).count)
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
    #expect(frames.allSatisfy { !$0[.severity].contains("8388608") })  // PI_ERROR
    #expect(frames.allSatisfy { $0[.tcpChecksum] == "1" })
    let types = frames.flatMap { $0[.frameType].split(separator: ",") }.compactMap { UInt8($0) }
    let sent = run.log.records.filter { $0.kind == .frameSent }.map { $0.detail & 0x7F }
    #expect(types.sorted() == sent.sorted())
    let methods = frames.flatMap { $0[.http2Method].split(separator: ",") }
    #expect(methods.count == run.log.records.count { $0.kind == .requestSent })
    return frames
  }
}

/// The bytes of exported frames.
@Suite struct FrameContentTests {
  /// The first two segments of data of a client without limits.
  @Test func aClientBeginsWithThesePackets() throws {
    let run = try ExportedRun([
      ("profile", "ideal"), ("protocol", "http2"), ("tls", "none"), ("objects", "4371"),
    ])
    let packets = try PcapngBlocks(PcapngExport(run.log, vantage: .client).bytes).packets
    let data = zip(packets, run.segments(.client)).filter {
      $0.1.kind == .segmentSent && $0.1.length > 0
    }.map { Array($0.0.bytes.suffix(Int($0.1.length))) }
    let settings: [UInt8] = [
      0, 0, 18, 4, 0, 0, 0, 0, 0,  // SETTINGS of 18 bytes
      0, 4, 0x7F, 0xFF, 0xFF, 0xFF,  // INITIAL_WINDOW_SIZE
      0, 2, 0, 0, 0, 1,  // ENABLE_PUSH
      0, 5, 0, 0, 0x40, 0,  // MAX_FRAME_SIZE
    ]
    // WINDOW_UPDATE of the connection, 2^31 - 1 - 65,535.
    let update: [UInt8] = [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7F, 0xFF, 0, 0]
    #expect(data[0] == Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + settings + update)
    // HEADERS 1 with END_STREAM and END_HEADERS: GET (2), the path (name 4), http (6).
    #expect(data[1].prefix(9) == [0, 0, 33, 1, 5, 0, 0, 0, 1])
    #expect(data[1][9..<12] == [0x82, 0x04, 0x86])
    #expect(data[1].count == 42)
  }

  /// A body is the same 64 letters over and over, however many frames it took.
  @Test func contentGoesOnAcrossFrames() throws {
    let run = try ExportedRun([("protocol", "http2"), ("tls", "none"), ("objects", "20000")])
    let packets = try PcapngBlocks(PcapngExport(run.log, vantage: .client).bytes).packets
    var stream: [UInt8] = []
    for (packet, record) in zip(packets, run.segments(.client))
    where record.kind == .segmentReceived && record.length > 0 {
      #expect(record.offset == Int64(stream.count) + 1)
      stream += packet.bytes.suffix(Int(record.length))
    }
    let frames = run.log.records.filter {
      $0.kind == .frameSent && $0.side == .server && $0.detail & 0x7F == 0
    }
    // nginx's chunks of 8,192 bytes.
    #expect(frames.map(\.length) == [8_201, 8_201, 3_625])
    let body = frames.flatMap {
      stream[Int($0.offset) + 8..<Int($0.offset) - 1 + Int($0.length)]
    }
    let line = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n".utf8)
    #expect(body.count == 20_000)
    #expect(body.enumerated().allSatisfy { $0.element == line[$0.offset % 64] })
  }
}
