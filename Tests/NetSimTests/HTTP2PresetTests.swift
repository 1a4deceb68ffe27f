import NetSim
import Testing

/// Presets of the ends of HTTP/2 connections, and what their values change.
@Suite struct HTTP2PresetTests {
  private func scenario(
    _ sizes: [Int64], _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].application = .http2
    scenario.clients[0].objects = sizes.map { ObjectSettings(ByteCount($0)) }
    scenario.clients[0].tls = TLSSettings(.full13)
    change(&scenario.clients[0])
    return scenario
  }

  private func log(_ scenario: Scenario) -> EventLog {
    var simulator = Simulator(scenario, level: .everything)
    _ = simulator.run()
    return simulator.log
  }

  /// The payloads of an end's frames of a type, in the order in which they were sent.
  private func payloads(_ log: EventLog, _ type: HTTP2FrameType, from side: Side) -> [UInt32] {
    log.records.filter {
      $0.kind == .frameSent && $0.side == side && $0.frameType == type
    }.map { $0.length - 9 }
  }

  // MARK: Values

  /// What tshark reads in the captured SETTINGS and WINDOW_UPDATE of curl 7.88.1 and nginx 1.22.1.
  @Test func asCaptured() {
    let (curl, nginx) = (HTTP2Preset.curl.policy, HTTP2Preset.nginx.policy)
    #expect(curl.maxConcurrentStreams == 100 && curl.streamWindow == 33_554_432)
    #expect(curl.connectionWindow - HTTP2EndPolicy.initialWindow == 33_488_897)
    #expect(curl.settingsCount == 3)
    #expect(nginx.maxConcurrentStreams == 128 && nginx.streamWindow == 65_536)
    #expect(nginx.maxFrameSize == 16_777_215 && nginx.settingsCount == 3)
    #expect(nginx.connectionWindow - HTTP2EndPolicy.initialWindow == 2_147_418_112)
    #expect(HTTP2Policy.standard(.linux) == HTTP2Policy(client: curl, server: nginx))
  }

  /// Frames of the guide to tuning, windows of four and sixteen frames, and what they let come.
  @Test(
    arguments: [
      (.dynamoDefault, 1_048_576, 4_194_304, 16_777_216, 1_000),
      (.dynamoHighThroughput, 2_097_152, 8_388_608, 33_554_432, 2_000),
      (.dynamoBalanced, 524_288, 2_097_152, 8_388_608, 1_000),
      (.dynamoLowLatency, 262_144, 1_048_576, 4_194_304, 500),
      (.dynamoMemory, 524_288, 2_097_152, 8_388_608, 200),
    ] as [(HTTP2Preset, Int64, Int64, Int64, Int)])
  func asTheGuideHasThem(
    preset: HTTP2Preset, frame: Int64, stream: Int64, connection: Int64, streams: Int
  ) {
    let policy = preset.policy
    #expect(policy.maxFrameSize == frame)
    #expect(policy.streamWindow == stream)
    #expect(policy.connectionWindow == connection)
    #expect(policy.maxConcurrentStreams == streams)
    // Windows that follow the path go up to 16 MiB (hyper's `BDP_LIMIT`), whatever is said of them.
    #expect(policy.windowUpdates == .adaptive)
    #expect(policy.mostHeldBytes(streams: 1) == 16_777_216)
    var fixed = policy
    fixed.windowUpdates = .third
    #expect(fixed.mostHeldBytes(streams: nil) == connection)
    #expect(fixed.mostHeldBytes(streams: 100) == connection)
    #expect(fixed.mostHeldBytes(streams: 1) == stream)
  }

  /// The first window that is seen is 65,535 bytes: no WINDOW_UPDATE stands beside the first SETTINGS, and
  /// the first PING is behind the first data.
  @Test func theGuidesWindowsBeginSmall() throws {
    let log = log(scenario([200_000]) { $0.http2.client = HTTP2Preset.dynamoDefault.policy })
    let client = log.records.filter { $0.kind == .frameSent && $0.side == .client }
    let types = client.map { $0.frameType }
    #expect(types.prefix(2) == [.settings, .headers])
    let data = try #require(
      log.records.first { $0.kind == .frameReceived && $0.side == .client && $0.frameType == .data }
    )
    let ping = try #require(client.first { $0.frameType == .ping })
    #expect(ping.time <= data.time)
    let sentBefore = log.records.filter {
      $0.kind == .frameSent && $0.side == .server && $0.frameType == .data && $0.time < ping.time
    }
    #expect(sentBefore.reduce(0) { $0 + Int64($1.length) - 9 } <= 65_535)
  }

  /// Sixteen streams of 64 KiB are a connection's 1 MiB; 128 of nginx's 8 MiB, far from its window.
  @Test func whatServersMayHold() {
    #expect(HTTP2Preset.envoyEdge.policy.mostHeldBytes(streams: 15) == 983_040)
    #expect(HTTP2Preset.envoyEdge.policy.mostHeldBytes(streams: 17) == 1_048_576)
    #expect(HTTP2Preset.nginx.policy.mostHeldBytes(streams: 128) == 8_388_608)
    #expect(HTTP2Preset.envoy.policy.mostHeldBytes(streams: .max) == 268_435_456)
  }

  // MARK: What they change

  /// How many streams a client allows is for what the server opens: nothing here.
  @Test(arguments: [nil, 1, 200, 2_000] as [Int?])
  func aClientsLimitOfStreamsChangesNothing(limit: Int?) {
    let sizes = [Int64](repeating: 3_000, count: 120)
    var one = Simulator(scenario(sizes))
    var other = Simulator(scenario(sizes) { $0.http2.client.maxConcurrentStreams = limit })
    #expect(one.run().fingerprint == other.run().fingerprint)
  }

  /// hyper opens a hundred streams before it knows of fifty, and opens more as those end.
  @Test func aClientAssumesUntilItKnows() throws {
    let log = log(
      scenario([Int64](repeating: 1_000, count: 150)) {
        $0.tls = nil
        $0.http2.client = HTTP2Preset.hyper.policy
        $0.http2.server.maxConcurrentStreams = 50
      })
    let settings = try #require(
      log.records.first {
        $0.kind == .frameReceived && $0.side == .client
          && $0.detail == HTTP2FrameType.settings.rawValue
      })
    let before = log.records.filter { $0.kind == .requestSent && $0.time < settings.time }
    #expect(before.count == 100)
  }

  /// A server puts 8 KiB into a frame as nginx does, 16 KiB as Envoy does, whatever larger frames the
  /// client takes; one that fills frames is held by what the client takes.
  @Test(
    arguments: [(.nginx, 8_192), (.envoy, 16_384), (.rfc9113, 65_536)] as [(HTTP2Preset, UInt32)])
  func framesAreAsLongAsTheirSenderMakesThem(server: HTTP2Preset, longest: UInt32) {
    let log = log(
      scenario([400_000]) {
        $0.http2 = HTTP2Policy(client: HTTP2Preset.curl.policy, server: server.policy)
        $0.http2.client.maxFrameSize = 65_536
      })
    #expect(payloads(log, .data, from: .server).max() == longest)
  }

  /// The SETTINGS of hyper have four values; its windows are five eighths and a sixteenth of curl's.
  @Test func hyperSaysFourThings() {
    let log = log(scenario([1_000]) { $0.http2.client = HTTP2Preset.hyper.policy })
    #expect(payloads(log, .settings, from: .client) == [24, 0])
  }

  // MARK: Fields

  /// Blocks of requests one after the other: 33 bytes and 13. Where the server keeps no table, the second
  /// begins with a byte that says so and names every field again: 36.
  @Test(arguments: [(4_096, [33, 13, 13]), (0, [33, 36, 35])] as [(UInt32, [UInt32])])
  func aTableOfNoBytesRepeatsFields(bytes: UInt32, blocks: [UInt32]) {
    let log = log(
      scenario([1_000, 1_000, 1_000]) {
        $0.start = .inSeries
        $0.http2.server.headerTableSize = bytes
      })
    #expect(payloads(log, .headers, from: .client) == blocks)
  }

  /// A page's cookie of 1,000 bytes goes once.
  @Test func aCookieGoesOnce() {
    let log = log(scenario([1_000, 1_000, 1_000]) { $0.cookieBytes = ByteCount(1_000) })
    #expect(payloads(log, .headers, from: .client) == [750, 14, 14])
  }

  /// `:status: 103` is four bytes; `link: </o01.bin>; rel=preload` an index, a length and 147 bits.
  @Test func hintsAreABlock() throws {
    let log = log(
      scenario([1_000, 1_000]) {
        $0.http2.server = HTTP2Preset.rfc9113.policy
        $0.objects[0].serverTime = .milliseconds(200)
        $0.objects[0].response.hintsAfter = .zero
        $0.objects[1].after = 0
        $0.objects[1].trigger = .hints
      })
    #expect(try #require(payloads(log, .headers, from: .server).first) == 25)
  }
}
