import NetSim
import TestSupport
import Testing

@testable import Scenarios

/// Frames that a scenario injects: their bytes, what is refused, and how they are described.
@Suite struct InjectionTests {
  private func read(_ frames: String) throws -> [HTTP2Injection] {
    try TemporaryFile.with("http: {protocol: http2, inject: [\(frames)]}") {
      try ScenarioFile(path: $0, presets: nil).scenario().clients[0].http2.injections
    }
  }

  private func problems(_ frames: String) throws -> [String] {
    try TemporaryFile.with("http: {protocol: http2, inject: [\(frames)]}") { path in
      ScenarioFile(path: path, presets: nil).problems.map {
        $0.text.replacing(path + ":", with: "")
      }
    }
  }

  /// The numbers of types, flags, codes and settings, and the layouts, are those of RFC 9113 §6 and §7.
  @Test(
    arguments: [
      ("frame: window-update, stream: 1, increment: 0", 8, 0, 1, [0, 0, 0, 0]),
      ("frame: window-update, increment: 2147483647", 8, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF]),
      ("frame: window-update, length: 3", 8, 0, 0, []),
      ("frame: rst-stream, stream: 5, code: cancel", 3, 0, 5, [0, 0, 0, 8]),
      ("frame: rst-stream, code: 4294967295", 3, 0, 0, [0xFF, 0xFF, 0xFF, 0xFF]),
      (
        "frame: goaway, last-stream: 7, code: enhance-your-calm", 7, 0, 0,
        [0, 0, 0, 7, 0, 0, 0, 11]
      ),
      ("frame: goaway, code: http-1-1-required", 7, 0, 0, [0, 0, 0, 0, 0, 0, 0, 13]),
      (
        "frame: settings, settings: {initial-window-size: 65536, 42: 7}", 4, 0, 0,
        [0, 4, 0, 1, 0, 0, 0, 42, 0, 0, 0, 7]
      ),
      ("frame: settings, flags: ack", 4, 1, 0, []),
      ("frame: ping", 6, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]),
      ("frame: ping, flags: ack, payload: 0102030405060708", 6, 1, 0, [1, 2, 3, 4, 5, 6, 7, 8]),
      (
        "frame: headers, flags: [end-stream, end-headers], stream: 2, payload: '82'", 1, 5, 2,
        [0x82]
      ),
      ("frame: data, flags: [padded, priority], stream: 3, payload: 'ff 00'", 0, 40, 3, [255, 0]),
      ("frame: 0x14, flags: 255", 20, 255, 0, []),
      ("frame: priority, stream: 9", 2, 0, 9, [0, 0, 0, 0, 0]),
      (
        "frame: priority-update, payload: 00000001753d30", 16, 0, 0, [0, 0, 0, 1, 0x75, 0x3D, 0x30]
      ),
    ] as [(String, UInt8, UInt8, UInt32, [UInt8])])
  func aFrameHasTheseBytes(
    keys: String, type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8]
  ) throws {
    let frame = try #require(try read("{from: server, after: 120ms, \(keys)}").first)
    #expect(frame.sender == .server && frame.after == .milliseconds(120))
    #expect(frame.header.typeNumber == type && frame.header.flags.rawValue == flags)
    #expect(frame.header.streamID == stream && frame.payload == payload)
    #expect(Int(frame.header.length) == (keys.contains("length") ? 3 : payload.count))
    #expect(frame.count == 1)
  }

  @Test func severalComeInARow() throws {
    let frame = try #require(
      try read("{from: client, after: 1s, frame: ping, count: 50, every: 10ms}").first)
    #expect(frame.count == 50 && frame.interval == .milliseconds(10))
  }

  /// On a command line a frame is one text; frames add up, and `none` takes them away.
  @Test func optionsAddUp() throws {
    func build(_ texts: [String]) throws -> [HTTP2Injection] {
      try ScenarioBuilder(
        [(name: "protocol", value: "http2")] + texts.map { (name: "inject", value: $0) }
      ).build().clients[0].http2.injections
    }
    let reset = "from=client,after=120ms,frame=rst-stream,stream=1,code=cancel"
    let settings =
      "from=server,after=0ms,frame=settings,settings=max-frame-size:1+enable-push:1,flags=ack+padded"
    let frames = try build([reset, settings])
    #expect(frames.map(\.payload) == [[0, 0, 0, 8], [0, 5, 0, 0, 0, 1, 0, 2, 0, 0, 0, 1]])
    #expect(frames[1].header.flags.rawValue == 9)
    #expect(try build([reset, "none"]).isEmpty)
  }

  // MARK: What is refused

  @Test(
    arguments: [
      (
        "{from: client, after: 1s, frame: window-updat}",
        [
          "1:67: frame window-updat: did you mean window-update? There are data, headers, priority, rst-stream, settings, push-promise, ping, goaway, window-update, continuation, altsvc, origin and priority-update, and numbers up to 255"
        ]
      ),
      (
        "{from: client, after: 1s, frame: bytes, payload: abc}",
        [
          "1:67: frame bytes: there are data, headers, priority, rst-stream, settings, push-promise, ping, goaway, window-update, continuation, altsvc, origin and priority-update, and numbers up to 255",
          "1:83: payload abc: a byte has two hexadecimal digits, and these are 3",
        ]
      ),
      (
        "{from: client, after: 1s, frame: ping, payload: 0g}",
        ["1:82: payload 0g: hexadecimal digits are wanted, such as 00000000"]
      ),
      (
        "{from: proxy, after: 1, frame: ping, strem: 1}",
        [
          "1:41: from proxy: it takes client or server",
          "1:55: after 1: a duration needs a unit, such as 50ms",
          "1:71: strem: no such key of a frame; did you mean stream?",
        ]
      ),
      (
        "{from: client, after: 1s}",
        [
          "1:34: a frame needs from, after and frame, such as {from: client, after: 120ms, frame: ping}"
        ]
      ),
      (
        "{from: client, after: 1s, frame: ping, increment: 1}",
        [
          "1:34: increment: only window-update has it; payload says anything in hexadecimal digits"
        ]
      ),
      (
        "{from: client, after: 1s, frame: rst-stream, code: cancel, payload: '00'}",
        ["1:34: code: the payload says that already"]
      ),
      (
        "{from: client, after: 1s, frame: window-update, increment: 1, length: 3}",
        ["1:34: length 3: the payload has 4 bytes, and all of them are sent"]
      ),
      (
        "{from: client, after: 1s, frame: ping, stream: 2147483648}",
        ["1:81: stream 2147483648: a stream lies between 0 and 2147483647"]
      ),
      (
        "{from: client, after: 1s, frame: ping, length: 16777216}",
        ["1:81: length 16777216: a length lies between 0 and 16777215"]
      ),
      (
        "{from: client, after: 1s, frame: ping, flags: [ack, last]}",
        [
          "1:80: flags: there are ack, end-stream, end-headers, padded and priority, and numbers up to 255"
        ]
      ),
      (
        "{from: client, after: 1s, frame: ping, every: 1s}",
        ["1:34: every: count says how many there are, and there is one"]
      ),
      (
        "ping",
        ["1:34: a frame is a group of keys, such as {from: client, after: 120ms, frame: ping}"]
      ),
    ] as [(String, [String])])
  func tellsWhatCannotBe(frame: String, expected: [String]) throws {
    #expect(try problems(frame) == expected)
  }

  @Test func onlyHTTP2HasFrames() {
    let frame = "from=client,after=1s,frame=ping"
    #expect(
      OptionErrorTests.refusal([("inject", frame)])
        == "--inject \(frame): only http2 has streams and their windows; this client's protocol is http1"
    )
    #expect(
      OptionErrorTests.refusal([("protocol", "http2"), ("inject", "ping")])
        == "--inject ping: keys with values are wanted, such as "
        + "from=client,after=120ms,frame=window-update,stream=1,increment=0")
  }

  // MARK: Descriptions

  @Test func describesFramesByTheirFields() throws {
    let scenario = try ScenarioBuilder([
      ("protocol", "http2"),
      ("inject", "from=client,after=120ms,frame=window-update,stream=1,increment=0"),
      ("inject", "from=server,after=1s,frame=20,flags=255,payload=0aff,count=2,every=5ms"),
    ]).build()
    #expect(
      ScenarioDescription(scenario).yaml.contains(
        """
          inject:
          - {from: client, after: 120ms, frame: window-update, stream: 1, increment: 0}
          - {from: server, after: 1s, frame: 20, flags: [255], payload: 0aff, count: 2, every: 5ms}

        """), "\(ScenarioDescription(scenario).yaml)")
  }

  /// Whatever is in a frame, its description makes it again.
  @Test(arguments: UInt64(1)...60)
  func readsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var scenario = try ScenarioBuilder([("protocol", "http2")]).build()
    for _ in 0..<Int.random(in: 1...5, using: &random) {
      let lengths = [0, 0, 1, 3, 4, 5, 6, 8, 12, 18].randomElement(using: &random) ?? 0
      let payload = (0..<lengths).map { _ in UInt8.random(in: 0...255, using: &random) }
      let more = [0, 0, 0, 1, 700].randomElement(using: &random) ?? 0
      var frame = HTTP2Injection(
        from: Bool.random(using: &random) ? .client : .server,
        after: .milliseconds(Int64.random(in: 0...9_999, using: &random)),
        typeNumber: [0, 1, 2, 3, 4, 6, 7, 8, 11, 16, 255].randomElement(using: &random) ?? 0,
        flags: HTTP2Flags(rawValue: [0, 0, 1, 4, 41, 255].randomElement(using: &random) ?? 0),
        stream: [0, 1, 2, 0x7FFF_FFFF].randomElement(using: &random) ?? 0,
        payload: payload, length: UInt32(payload.count + more))
      if Bool.random(using: &random) {
        frame.count = Int.random(in: 2...900, using: &random)
        frame.interval = .milliseconds(Int64.random(in: 0...50, using: &random))
      }
      scenario.clients[0].http2.injections.append(frame)
    }
    let yaml = ScenarioDescription(scenario).yaml
    let again = try TemporaryFile.with(yaml) {
      try ScenarioFile(path: $0, presets: nil).scenario()
    }
    #expect(
      again.clients[0].http2.injections == scenario.clients[0].http2.injections,
      "seed \(seed): \(yaml)")
  }
}
