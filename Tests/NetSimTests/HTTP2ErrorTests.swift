import NetSim
import Testing

/// Streams that end early, and frames that break a rule: what is sent for them, and who goes on.
@Suite struct HTTP2ErrorTests: HTTP2Runs {
  /// The frames of a type that a side sent: when, and the number that they carry.
  private func sent(
    _ type: HTTP2FrameType, by side: Side, _ log: EventLog
  ) -> [(milliseconds: Int64, stream: UInt32, number: UInt32)] {
    frames(type, of: side, log).map { ($0.time.nanoseconds / 1_000_000, $0.item, $0.length) }
  }

  // MARK: Streams that end early

  /// A client resets its first stream 30 ms after asking: the server, which answers after 500 ms, hears
  /// of it at 180 ms and answers the second stream alone.
  @Test func aCancelledStreamIsReset() {
    let (report, log) = run(
      scenario([1_000, 1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.objects[0].cancelAfter = .milliseconds(30)
      })
    let resets = sent(.resetStream, by: .client, log)
    #expect(resets.count == 1)
    #expect(resets[0] == (130, 1, HTTP2ErrorCode.cancel.rawValue))
    #expect(report.requests.map { $0.complete == nil } == [true, false])
    #expect(report.requests[1].complete == .zero + .milliseconds(700))
    let answered = sent(.headers, by: .server, log).map(\.stream)
    #expect(answered == [3])
    let failure = log.records.first { $0.kind == .requestFailed }
    #expect(failure?.detail == RequestFailure.cancelled.rawValue)
  }

  /// What the server had written when the reset came is carried for nothing, and is given back to the
  /// window of the connection: the other stream is complete.
  @Test func whatComesAfterAResetGivesItsWindowBack() {
    let (report, log) = run(
      scenario([500_000, 300_000]) {
        $0.objects[0].cancelAfter = .milliseconds(150)
        $0.http2.client.connectionWindow = HTTP2EndPolicy.initialWindow
        $0.http2.client.streamWindow = HTTP2EndPolicy.initialWindow
      })
    #expect(report.requests.map { $0.complete == nil } == [true, false])
    #expect(report.requests[1].complete != nil)
    let ends = sent(.data, by: .server, log).filter { $0.stream == 1 }
    #expect(ends.allSatisfy { $0.milliseconds <= 300 })
  }

  /// HTTP/1.1 can only end the connection; what waits for it goes to another one.
  @Test func beforeHTTP2TheConnectionEnds() {
    let (report, log) = run(
      scenario([1_000, 1_000]) {
        $0.application = .http11
        $0.serverTimes = [.milliseconds(500)]
        $0.objects[0].cancelAfter = .milliseconds(30)
      })
    #expect(report.connections.count == 2)
    #expect(log.records.contains { $0.kind == .connectionReset && $0.connection == 0 })
    #expect(report.requests.map { $0.complete == nil } == [true, false])
    // Given up at 130 ms; then a handshake, a round trip and 500 ms.
    #expect(report.requests[1].complete == .zero + .milliseconds(830))
  }

  /// A request has a time limit from when it is wanted, also where it never left.
  @Test func aTimeLimitFromWhenItIsWanted() {
    let (report, log) = run(
      scenario([1_000, 1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.requestTimeout = .milliseconds(80)
      })
    #expect(report.requests.allSatisfy { $0.complete == nil })
    let failures = log.records.filter { $0.kind == .requestFailed }
    #expect(
      failures.map(\.detail) == [RequestFailure.tooLate.rawValue, RequestFailure.tooLate.rawValue])
    #expect(failures.allSatisfy { $0.time == .zero + .milliseconds(80) })
    #expect(sent(.headers, by: .client, log).isEmpty)
  }

  /// 101 streams are opened before the server's SETTINGS say 100: one is refused, and asked for again
  /// when there is room (RFC 9113 §8.7).
  @Test func aRefusedStreamIsAskedForAgain() {
    let (report, log) = run(
      scenario(Array(repeating: 1_000, count: 101)) {
        $0.http2.server.maxConcurrentStreams = 100
        $0.serverTimes = [.milliseconds(10)]
      })
    let resets = sent(.resetStream, by: .server, log)
    #expect(resets.map(\.number) == [HTTP2ErrorCode.refusedStream.rawValue])
    #expect(resets.map(\.stream) == [201])
    #expect(report.requests.allSatisfy { $0.complete != nil })
    #expect(report.retriedRequests == 1)
    #expect(sent(.headers, by: .client, log).last?.stream == 203)
  }

  // MARK: Frames that break a rule

  /// A frame that breaks a rule, and the code and stream (0 for the connection) that end it.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let injection: HTTP2Injection
    let code: HTTP2ErrorCode
    let stream: UInt32
    var testDescription: String { name }
  }

  static let wrongFrames: [Case] = [
    Case(
      name: "WINDOW_UPDATE by nothing on a stream (§6.9)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 8, stream: 1, payload: [0, 0, 0, 0]),
      code: .protocolError, stream: 1),
    Case(
      name: "WINDOW_UPDATE by nothing on the connection (§6.9)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 8, payload: [0, 0, 0, 0]),
      code: .protocolError, stream: 0),
    Case(
      name: "a window beyond 2^31 − 1 (§6.9.1)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 8, payload: [0x7F, 0xFF, 0xFF, 0xFF]),
      code: .flowControlError, stream: 0),
    Case(
      name: "a client's even stream (§5.1.1)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 1, flags: [.endHeaders, .endStream],
        stream: 2, payload: [0x82]),
      code: .protocolError, stream: 0),
    Case(
      name: "DATA on an idle stream (§6.1)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 0, stream: 9, payload: [1]),
      code: .protocolError, stream: 0),
    Case(
      name: "DATA behind the end of a stream (§5.1)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 0, stream: 1, payload: [1]),
      code: .streamClosed, stream: 1),
    Case(
      name: "PING of seven bytes (§6.7)",
      injection: HTTP2Injection(from: .client, after: .milliseconds(150), typeNumber: 6, length: 7),
      code: .frameSizeError, stream: 0),
    Case(
      name: "a frame above SETTINGS_MAX_FRAME_SIZE (§4.2)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 4, length: 16_386),
      code: .frameSizeError, stream: 0),
    Case(
      name: "SETTINGS_INITIAL_WINDOW_SIZE of 2^31 (§6.5.2)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 4, payload: [0, 4, 0x80, 0, 0, 0]),
      code: .flowControlError, stream: 0),
    Case(
      name: "fields that cannot be decoded (§4.3)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 1, flags: [.endHeaders, .endStream],
        stream: 9, payload: [0x80]),
      code: .compressionError, stream: 0),
    Case(
      name: "CONTINUATION that continues nothing (§6.10)",
      injection: HTTP2Injection(
        from: .client, after: .milliseconds(150), typeNumber: 9, stream: 1, payload: [0x82]),
      code: .protocolError, stream: 0),
    Case(
      name: "the server pushes on a stream of its own (§6.6)",
      injection: HTTP2Injection(
        from: .server, after: .milliseconds(150), typeNumber: 5, flags: .endHeaders, stream: 2,
        payload: [0, 0, 0, 4, 0x82]),
      code: .protocolError, stream: 0),
    Case(
      name: "the server answers a stream that is idle (§5.1)",
      injection: HTTP2Injection(
        from: .server, after: .milliseconds(150), typeNumber: 1, flags: .endHeaders, stream: 9,
        payload: [0x88]),
      code: .protocolError, stream: 0),
  ]

  /// The end that reads it says the RFC's code, and ends the stream or the connection.
  @Test(arguments: wrongFrames) func aWrongFrameEndsWhatItReaches(_ wrong: Case) throws {
    let (_, log) = run(
      scenario([1_000, 1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.http2.injections = [wrong.injection]
        $0.http2.server.connectionWindow = HTTP2EndPolicy.initialWindow
        $0.http2.client.connectionWindow = HTTP2EndPolicy.initialWindow
      })
    let reader = wrong.injection.sender.peer
    let error = try #require(log.records.first { $0.kind == .frameError })
    #expect(error.side == reader)
    #expect(UInt32(error.detail) == wrong.code.rawValue)
    #expect(error.item == wrong.stream)
    // The preface left at 100 ms.
    #expect(error.time == .zero + .milliseconds(300))
    if wrong.stream > 0 {
      let resets = sent(.resetStream, by: reader, log)
      #expect(resets.map(\.number) == [wrong.code.rawValue])
      #expect(resets.map(\.stream) == [wrong.stream])
      #expect(sent(.goAway, by: reader, log).isEmpty)
    } else {
      let ends = sent(.goAway, by: reader, log)
      #expect(ends.map(\.milliseconds) == [300])
      #expect(ends[0].number == (reader == .server ? 3 : 0))
      #expect(
        log.records.contains {
          $0.kind == .segmentSent && $0.side == reader
            && TCPFlags(rawValue: $0.detail).contains(.fin) && $0.connection == 0
        })
    }
  }

  /// What an end may do with any frame that it does not know: nothing (RFC 9113 §4.1, §5.5).
  @Test func anUnknownFrameIsIgnored() {
    let (report, log) = run(
      scenario([1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.http2.injections = [
          HTTP2Injection(from: .client, after: .milliseconds(10), typeNumber: 0x42, length: 100)
        ]
      })
    #expect(!log.records.contains { $0.kind == .frameError })
    #expect(report.requests[0].complete == .zero + .milliseconds(700))
  }

  // MARK: Floods

  /// A block of fields that never ends meets its limit: HEADERS and CONTINUATION of 1,009 bytes with
  /// their headers, of which 64 fit 65,536 bytes.
  @Test func aBlockWithoutEndMeetsItsLimit() throws {
    var more = HTTP2Injection(
      from: .client, after: .milliseconds(150), typeNumber: 9, stream: 3, length: 1_000)
    more.count = 200
    let (_, log) = run(
      scenario([1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.http2.injections = [
          HTTP2Injection(
            from: .client, after: .milliseconds(150), typeNumber: 1, stream: 3, length: 1_000),
          more,
        ]
      })
    let error = try #require(log.records.first { $0.kind == .frameError })
    #expect(UInt32(error.detail) == HTTP2ErrorCode.enhanceYourCalm.rawValue)
    #expect(error.item == 0)
    #expect(HTTP2Violation(number: Int(error.offset)) == .blockTooLong)
  }

  /// An entry of 4,000 bytes, and one byte for each repetition: 17 count for more than 65,536 bytes
  /// (RFC 9113 §10.5.1). The tables still agree, so that the other stream goes on.
  @Test(arguments: [(15, false), (16, true)]) func aBombMeetsItsLimit(
    repetitions: Int, isRefused: Bool
  ) {
    // A literal with indexing of name "a" and a value of 4,000 zeros: 4,000 = 127 + 3,873.
    var block: [UInt8] = [0x40, 1, 0x61, 0x7F, 0xA1, 0x1E] + [UInt8](repeating: 0x30, count: 4_000)
    block += [UInt8](repeating: 0xBE, count: repetitions)
    let (report, log) = run(
      scenario([1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.http2.injections = [
          HTTP2Injection(
            from: .client, after: .milliseconds(150), typeNumber: 1,
            flags: [.endHeaders, .endStream], stream: 3, payload: block)
        ]
      })
    let errors = log.records.filter { $0.kind == .frameError }
    #expect(errors.map(\.item) == (isRefused ? [3] : []))
    #expect(sent(.resetStream, by: .server, log).map(\.stream) == (isRefused ? [3] : []))
    #expect(report.requests[0].complete != nil)
  }

  /// PING and SETTINGS are counted: a thousand at once, and no more.
  @Test(arguments: [4, 6] as [UInt8], [998, 1_001]) func aFloodOfControlFramesIsEnded(
    type: UInt8, count: Int
  ) {
    var flood = HTTP2Injection(
      from: .client, after: .milliseconds(150), typeNumber: type, length: type == 6 ? 8 : 0)
    flood.count = count
    let (_, log) = run(
      scenario([1_000]) {
        $0.serverTimes = [.milliseconds(500)]
        $0.http2.injections = [flood]
      })
    let errors = log.records.filter { $0.kind == .frameError }
    #expect(errors.map { UInt32($0.detail) } == (count > 1_000 ? [11] : []))
  }

  /// A client that resets each stream as soon as it is open makes work for nothing: after a thousand
  /// the server has had enough (CVE-2023-44487).
  @Test(arguments: [1_000, 1_100]) func resetsAreCounted(count: Int) {
    let (report, log) = run(
      scenario(Array(repeating: 1_000, count: count)) {
        $0.serverTimes = [.milliseconds(500)]
        for index in $0.objects.indices { $0.objects[index].cancelAfter = .zero }
      })
    let errors = log.records.filter { $0.kind == .frameError }
    #expect(errors.map { UInt32($0.detail) } == (count > 1_000 ? [11] : []))
    #expect(report.requests.allSatisfy { $0.complete == nil })
  }
}
