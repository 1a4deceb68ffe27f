import NetSim
import TestSupport
import Testing

@Suite struct HTTP2FrameTests {
  private static let preface = "505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"
  private static let emptySettings = "000000040000000000"

  private func read(
    _ hex: String, isFromClient: Bool = true, isBegun: Bool = true
  ) -> HTTP2Reading {
    HTTP2Reading(
      [UInt8](hex: hex),
      by: HTTP2FrameReader(isFromClient: isFromClient, offset: 0, isBegun: isBegun))
  }

  // MARK: Reading

  @Test("A client begins with 24 bytes, and both ends with SETTINGS (RFC 9113 §3.4)")
  func prefaces() throws {
    let client = read(Self.preface + Self.emptySettings, isBegun: false)
    #expect(client.errors.isEmpty)
    #expect(client.events.map(\.offset) == [24])
    #expect(client.payloads == [.settings([])])
    #expect(client.end == 33)
    #expect(
      read(Self.emptySettings, isFromClient: false, isBegun: false).payloads == [.settings([])])
    let ping = "0000080600000000000000000000000000"
    #expect(read(Self.preface + ping, isBegun: false).errors == [HTTP2Error(.firstFrame)])
    let acknowledgement = "000000040100000000"
    #expect(
      read(acknowledgement, isFromClient: false, isBegun: false).errors
        == [HTTP2Error(.firstFrame)])
    let request = HTTP2Reading(
      Array("GET / HTTP/1.1\r\n\r\n".utf8),
      by: HTTP2FrameReader(isFromClient: true, offset: 0))
    #expect(request.errors == [HTTP2Error(.preface)])
    #expect(request.end == 0)
    #expect(HTTP2Error(.preface).code.name == "PROTOCOL_ERROR")
  }

  @Test("Frames that others add to HTTP/2 are known, and unknown ones are passed over (§5.5)")
  func extensions() {
    // PRIORITY_UPDATE for stream 5: "u=1" (RFC 9218 §7.1).
    #expect(
      read("000007100000000000 00000005 753d31").payloads
        == [.priorityUpdate(prioritized: 5, value: Array("u=1".utf8))])
    #expect(
      read("000007100000000000 00000000 753d31").errors == [HTTP2Error(.streamIdentifier)])
    #expect(
      read("000007100000000005 00000005 753d31").errors == [HTTP2Error(.streamIdentifier)])
    #expect(read("000003100000000000 000000").errors == [HTTP2Error(.frameLength)])
    #expect(
      read("000007100000000000 00000005 753d31", isFromClient: false).errors
        == [HTTP2Error(.role)])
    // ALTSVC on stream 0 for an origin, on stream 1 without; the other way round it is ignored.
    #expect(
      read("0000050a0000000000 0001 61 6232", isFromClient: false).payloads
        == [.alternativeService(origin: [0x61], value: [0x62, 0x32])])
    #expect(
      read("0000040a0000000001 0000 6232", isFromClient: false).payloads
        == [.alternativeService(origin: [], value: [0x62, 0x32])])
    for hex in [
      "0000040a0000000000 0000 6232", "0000050a0000000001 0001 61 6232",
      "0000030a0000000000 0009 61", "0000010a0000000000 00",
    ] {
      #expect(read(hex, isFromClient: false).payloads == [.ignored(type: 10)], "\(hex)")
    }
    // ORIGIN with two origins; ignored on a stream, with a flag, or where a length lies.
    #expect(
      read("0000070c0000000000 0001 61 0002 6263", isFromClient: false).payloads
        == [.origin([[0x61], [0x62, 0x63]])])
    for hex in [
      "0000030c0000000001 0001 61", "0000030c0100000000 0001 61", "0000030c0000000000 0002 61",
    ] {
      #expect(read(hex, isFromClient: false).payloads == [.ignored(type: 12)], "\(hex)")
    }
    // From a client both are ignored.
    #expect(read("0000050a0000000000 0001 61 6232").payloads == [.ignored(type: 10)])
    #expect(read("0000030c0000000000 0001 61").payloads == [.ignored(type: 12)])
    let unknown = read("000003630000000007 616263 000000040000000000")
    #expect(unknown.payloads == [.ignored(type: 0x63), .settings([])])
  }

  @Test("Flags without a meaning and the reserved bit are ignored (RFC 9113 §4.1)")
  func ignoredBits() {
    let reading = read("00000408ff80000003 80000001")
    #expect(reading.payloads == [.windowUpdate(1)])
    #expect(reading.events.first?.header.streamID == 3)
  }

  @Test("Errors of a stream leave its frame out, and reading goes on (RFC 9113 §4.2, §5.4.2)")
  func streamErrors() {
    // PRIORITY of four bytes, WINDOW_UPDATE by nothing, DATA that is too long; behind each a PING.
    let ping = "000008060000000000 0102030405060708"
    let pong = HTTP2Payload.ping(0x0102_0304_0506_0708, isAcknowledgement: false)
    let cases: [(String, HTTP2Error)] = [
      ("000004020000000003 00000000", HTTP2Error(.frameLength, .stream(3))),
      ("000004080000000003 00000000", HTTP2Error(.windowIncrement, .stream(3))),
      ("000000000800000003", HTTP2Error(.frameLength, .stream(3))),
      (
        "004001000000000003" + String(repeating: "00", count: 16_385),
        HTTP2Error(.frameTooLong, .stream(3))
      ),
    ]
    for (hex, error) in cases {
      for size in [1, 7, Int.max] {
        let reading = HTTP2Reading(
          [UInt8](hex: hex + ping), pieces: size,
          by: HTTP2FrameReader(isFromClient: true, offset: 0, isBegun: true))
        #expect(reading.errors == [error])
        #expect(reading.payloads == [pong])
      }
    }
    // On stream 0, or in a block of fields, it is the connection's.
    #expect(read("000004080000000000 00000000").errors == [HTTP2Error(.windowIncrement)])
    #expect(read("004001010000000003").errors == [HTTP2Error(.frameTooLong)])
    #expect(read("004001630000000000").errors == [HTTP2Error(.frameTooLong)])
    #expect(read("004001630000000003").errors == [HTTP2Error(.frameTooLong, .stream(3))])
    #expect(HTTP2Error(.frameTooLong).code.name == "FRAME_SIZE_ERROR")
  }

  @Test("A larger SETTINGS_MAX_FRAME_SIZE lets longer frames in")
  func frameSize() {
    var reader = HTTP2FrameReader(isFromClient: true, offset: 0, isBegun: true)
    reader.setMaximumFrameBytes(16_385)
    let bytes = [UInt8](hex: "004001000000000003") + [UInt8](repeating: 1, count: 16_385)
    #expect(HTTP2Reading(bytes, by: reader).events.first?.header.length == 16_385)
  }

  @Test("Nothing stands within a block of fields (RFC 9113 §6.10)")
  func blocks() {
    let headers = "000001010000000003 82"
    let rest = "000001090400000003 84"
    let payloads = read(headers + "000000090000000003" + rest).payloads
    #expect(
      payloads == [
        .headers(
          fragment: [0x82], priority: nil, padding: nil, endsStream: false, endsBlock: false),
        .continuation(fragment: [], endsBlock: false),
        .continuation(fragment: [0x84], endsBlock: true),
      ])
    for other in [
      "000001000000000003 82", "000001010000000003 82", "000001090400000005 84",
      "000000040000000000", "000000630000000003",
    ] {
      #expect(read(headers + other).errors == [HTTP2Error(.blockInterrupted)], "\(other)")
    }
    #expect(read(rest).errors == [HTTP2Error(.continuation)])
    #expect(read(headers + rest + rest).errors == [HTTP2Error(.continuation)])
    let promise = "000004050000000001 00000002"
    #expect(
      read(promise + "000000040000000000", isFromClient: false).errors
        == [HTTP2Error(.blockInterrupted)])
  }

  @Test("A block of fields has a limit, and so has the number of its frames (RFC 9113 §10.5.1)")
  func blockLimit() {
    let reader = HTTP2FrameReader(
      isFromClient: true, offset: 0, isBegun: true, maximumBlockBytes: 100)
    let headers = [UInt8](hex: "000001010000000003 82")
    let empty = [UInt8](hex: "000000090000000003")
    // 10 bytes, and nine times ten: 9 · 10 + 10 = 100.
    let ten = [UInt8](hex: "000001090000000003 84")
    let nine = HTTP2Reading(headers + (0..<9).flatMap { _ in ten }, by: reader)
    #expect(nine.errors.isEmpty)
    let more = HTTP2Reading(headers + (0..<9).flatMap { _ in ten } + empty, by: reader)
    #expect(more.errors == [HTTP2Error(.blockTooLong)])
    #expect(more.errors.first?.code.name == "ENHANCE_YOUR_CALM")
    let flood = HTTP2Reading(headers + (0..<100).flatMap { _ in empty }, by: reader)
    #expect(flood.events.count == 11)
    #expect(flood.errors == [HTTP2Error(.blockTooLong)])
  }

  @Test("Content that is only counted is not kept")
  func countedContent() {
    let reader = HTTP2FrameReader(
      isFromClient: false, offset: 0, isBegun: true, keepsContent: false)
    let bytes = [UInt8](hex: "000005000100000001 0102030405 000005000800000001 0301000000")
    for size in [1, 2, 11, Int.max] {
      let reading = HTTP2Reading(bytes, pieces: size, by: reader)
      #expect(
        reading.payloads == [
          .data(content: [], padding: nil, endsStream: true),
          .data(content: [], padding: 3, endsStream: false),
        ])
      #expect(reading.events.map(\.header.length) == [5, 5])
    }
    let lying = [UInt8](hex: "000005000800000001 0501000000")
    #expect(HTTP2Reading(lying, by: reader).errors == [HTTP2Error(.padding)])
  }

  @Test("Any bytes are read without a trap, in any pieces alike")
  func anyBytes() {
    let good = [UInt8](
      hex: Self.preface + Self.emptySettings
        + "000005012d00000001 0000000310 000002000100000001 0201"
        + "000004080000000000 00000100 000003030000000003 000000")
    for seed in UInt64(1)...2_000 {
      var generator = SeededGenerator(seed: seed)
      var bytes = good
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 24..<bytes.count, using: &generator)] = .random(
          in: .min ... .max, using: &generator)
      }
      let reader = HTTP2FrameReader(isFromClient: true, offset: 7)
      let whole = HTTP2Reading(bytes, by: reader)
      #expect(HTTP2Reading(bytes, pieces: 1, by: reader) == whole, "seed \(seed)")
      #expect(whole.end <= 7 + Int64(bytes.count), "seed \(seed)")
    }
  }

  // MARK: Settings

  @Test("Settings have the values that they may have (RFC 9113 §6.5.2)")
  func settings() throws {
    let cases: [(HTTP2SettingIdentifier, UInt32, client: Bool, server: Bool)] = [
      (.headerTableSize, .max, true, true),
      (.enablePush, 0, true, true), (.enablePush, 1, true, false), (.enablePush, 2, false, false),
      (.maxConcurrentStreams, .max, true, true), (.maxConcurrentStreams, 0, true, true),
      (.initialWindowSize, 0x7FFF_FFFF, true, true),
      (.initialWindowSize, 0x8000_0000, false, false),
      (.maxFrameSize, 16_383, false, false), (.maxFrameSize, 16_384, true, true),
      (.maxFrameSize, 16_777_215, true, true), (.maxFrameSize, 16_777_216, false, false),
      (.maxHeaderListSize, 0, true, true),
      (.enableConnectProtocol, 1, true, true), (.enableConnectProtocol, 2, false, false),
      (.noRFC7540Priorities, 1, true, true), (.noRFC7540Priorities, 2, false, false),
      (HTTP2SettingIdentifier(rawValue: 0x0A0A), .max, true, true),
    ]
    for (identifier, value, client, server) in cases {
      for (isFromClient, isAllowed) in [(true, client), (false, server)] {
        var writer = HTTP2FrameWriter(isFromClient: isFromClient, isBegun: true)
        var bytes: [UInt8] = []
        let frame = HTTP2Frame(streamID: 0, .settings([HTTP2Setting(identifier, value)]))
        if isAllowed {
          try writer.append(frame, to: &bytes)
          let reading = HTTP2Reading(
            bytes, by: HTTP2FrameReader(isFromClient: isFromClient, offset: 0, isBegun: true))
          #expect(reading.payloads == [frame.payload])
        } else {
          #expect(throws: HTTP2Error(.settingValue(identifier)), "\(identifier) \(value)") {
            try writer.append(frame, to: &bytes)
          }
        }
      }
    }
    let window = HTTP2Error(.settingValue(.initialWindowSize))
    #expect(window.code.name == "FLOW_CONTROL_ERROR")
    #expect(HTTP2Error(.settingValue(.maxFrameSize)).code.name == "PROTOCOL_ERROR")
    #expect(read("000006040000000000 000480000000").errors == [window])
    #expect(
      read("000006040000000000 000200000001", isFromClient: false).errors
        == [HTTP2Error(.settingValue(.enablePush))])
  }

  @Test("Settings are taken in their order, and some do not change back")
  func applySettings() throws {
    var settings = HTTP2Settings()
    #expect(settings.headerTableBytes == 4_096)
    #expect(settings.initialWindowBytes == 65_535)
    #expect(settings.maximumFrameBytes == 16_384)
    #expect(settings.mostStreams == nil)
    #expect(settings.enablesPush)
    try settings.apply(
      [
        HTTP2Setting(.initialWindowSize, 1), HTTP2Setting(.initialWindowSize, 2),
        HTTP2Setting(.maxConcurrentStreams, 100), HTTP2Setting(.enableConnectProtocol, 1),
        HTTP2Setting(HTTP2SettingIdentifier(rawValue: 99), 5),
      ], fromClient: false)
    #expect(settings.initialWindowBytes == 2)
    #expect(settings.mostStreams == 100)
    // RFC 8441 §3.
    #expect(throws: HTTP2Error(.settingValue(.enableConnectProtocol))) {
      try settings.apply([HTTP2Setting(.enableConnectProtocol, 0)], fromClient: false)
    }
    // RFC 9218 §2.1: it was 0 in the first frame, by not being there.
    #expect(throws: HTTP2Error(.settingValue(.noRFC7540Priorities))) {
      try settings.apply([HTTP2Setting(.noRFC7540Priorities, 1)], fromClient: false)
    }
  }

  // MARK: Writing

  @Test("The writer begins with preface and SETTINGS, and with nothing else")
  func beginning() throws {
    var bytes: [UInt8] = []
    var client = HTTP2FrameWriter(isFromClient: true)
    #expect(throws: HTTP2Error(.firstFrame)) {
      try client.append(HTTP2Frame(streamID: 0, .settingsAcknowledgement), to: &bytes)
    }
    #expect(bytes.isEmpty)
    try client.append(HTTP2Frame(streamID: 0, .settings([])), to: &bytes)
    try client.append(HTTP2Frame(streamID: 0, .settingsAcknowledgement), to: &bytes)
    #expect(bytes.hex == Self.preface + Self.emptySettings + "000000040100000000")
    bytes = []
    var server = HTTP2FrameWriter(isFromClient: false)
    try server.append(HTTP2Frame(streamID: 0, .settings([])), to: &bytes)
    #expect(bytes.hex == Self.emptySettings)
  }

  @Test("What a receiver would refuse is not written")
  func refused() {
    let priority = HTTP2Priority(dependency: 0, isExclusive: false, weightLessOne: 15)
    let long = [UInt8](repeating: 0, count: 16_385)
    let cases: [(UInt32, HTTP2Payload, HTTP2Violation)] = [
      (0, .data(content: [], padding: nil, endsStream: false), .streamIdentifier),
      (1, .data(content: long, padding: nil, endsStream: false), .frameTooLong),
      (0, .priority(priority), .streamIdentifier),
      (0, .resetStream(.cancel), .streamIdentifier),
      (1, .settings([]), .streamIdentifier),
      (1, .ping(0, isAcknowledgement: true), .streamIdentifier),
      (1, .goAway(lastStream: 0, code: .noError, debug: []), .streamIdentifier),
      (0, .windowUpdate(0), .windowIncrement),
      (1, .windowUpdate(0x8000_0000), .windowIncrement),
      (1, .continuation(fragment: [], endsBlock: true), .continuation),
      (0x8000_0001, .resetStream(.cancel), .streamIdentifier),
      (1, .pushPromise(promised: 3, fragment: [], padding: nil, endsBlock: true), .promisedStream),
      (1, .pushPromise(promised: 0, fragment: [], padding: nil, endsBlock: true), .promisedStream),
      (0, .priorityUpdate(prioritized: 1, value: []), .role),
      (0, .alternativeService(origin: [], value: [0x61]), .role),
      (1, .origin([]), .role),
    ]
    for (streamID, payload, violation) in cases {
      var writer = HTTP2FrameWriter(isFromClient: false, isBegun: true)
      var bytes: [UInt8] = []
      let error = #expect(throws: HTTP2Error.self, "\(payload.typeNumber)") {
        try writer.append(HTTP2Frame(streamID: streamID, payload), to: &bytes)
      }
      #expect(error?.violation == violation)
      #expect(bytes.isEmpty)
    }
    var client = HTTP2FrameWriter(isFromClient: true, isBegun: true)
    var bytes: [UInt8] = []
    #expect(throws: HTTP2Error(.role)) {
      let promise = HTTP2Payload.pushPromise(
        promised: 2, fragment: [], padding: nil, endsBlock: true)
      try client.append(HTTP2Frame(streamID: 1, promise), to: &bytes)
    }
  }

  @Test("A later GOAWAY does not name a higher stream (RFC 9113 §6.8)")
  func goAway() throws {
    var writer = HTTP2FrameWriter(isFromClient: false, isBegun: true)
    var bytes: [UInt8] = []
    for stream in [0x7FFF_FFFF, 9, 9, 5] as [UInt32] {
      let payload = HTTP2Payload.goAway(lastStream: stream, code: .noError, debug: [])
      try writer.append(HTTP2Frame(streamID: 0, payload), to: &bytes)
    }
    #expect(throws: HTTP2Error(.lastStream)) {
      let payload = HTTP2Payload.goAway(lastStream: 7, code: .noError, debug: [])
      try writer.append(HTTP2Frame(streamID: 0, payload), to: &bytes)
    }
    #expect(bytes.count == 4 * 17)
  }

  @Test("A long block is written as HEADERS and CONTINUATION (RFC 9113 §4.3)")
  func longBlock() throws {
    var writer = HTTP2FrameWriter(isFromClient: true, isBegun: true)
    var bytes: [UInt8] = []
    let block = [UInt8](repeating: 0x82, count: 2 * 16_384 + 1)
    try writer.append(fieldBlock: block, streamID: 1, endsStream: true, to: &bytes)
    let reading = HTTP2Reading(
      bytes, by: HTTP2FrameReader(isFromClient: true, offset: 0, isBegun: true))
    #expect(reading.events.map(\.header.length) == [16_384, 16_384, 1])
    #expect(reading.events.map(\.header.flags.rawValue) == [1, 0, 4])
    #expect(reading.events.map(\.header.typeNumber) == [1, 9, 9])
    bytes = []
    try writer.append(fieldBlock: [0x82], streamID: 3, endsStream: false, to: &bytes)
    #expect(bytes.hex == "00000101040000000382")
  }

  @Test("The fourteen codes have their numbers and names (RFC 9113 §7)")
  func codes() {
    let names = (0..<14).map { HTTP2ErrorCode(rawValue: $0).name ?? "" }
    #expect(
      names == [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT",
        "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR",
        "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
      ])
    #expect(HTTP2ErrorCode.http11Required.rawValue == 13)
    #expect(HTTP2ErrorCode(rawValue: 14).name == nil)
    #expect(HTTP2Error(.fields(.padding)).code == .compressionError)
  }
}
