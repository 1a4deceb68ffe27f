import Foundation
import NetSim
import Testing
import Timelines

/// Streams that end early, and frames that break a rule, as the drawings and the JSON tell them.
@Suite struct StreamErrorDrawingTests {
  private func scenario(_ change: (inout ClientSettings) -> Void) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].application = .http2
    scenario.clients[0].objects = [1_000, 2_000, 3_000].map { ObjectSettings(ByteCount($0)) }
    scenario.clients[0].serverTimes = [.milliseconds(300)]
    change(&scenario.clients[0])
    return scenario
  }

  private func page(_ scenario: Scenario) -> String {
    let run = SampleRun.run(scenario)
    return TimelinePage(run.log, reports: run.report.requests).render(TextStyle())
      + RunSummary.render(run.report, log: run.log)
  }

  /// The first of three requests is given up 30 ms after it was sent.
  @Test func aCancelledStreamIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(
      page(scenario { $0.objects[0].cancelAfter = .milliseconds(30) }), is: "http2-cancel")
  }

  /// A WINDOW_UPDATE by nothing ends a stream; DATA on stream 0, 50 ms later, the connection.
  @Test func errorsAreDrawnAsTheyWereRead() throws {
    let scenario = scenario {
      $0.http2.injections = [
        HTTP2Injection(
          from: .client, after: .milliseconds(50), typeNumber: 8, stream: 1,
          payload: [0, 0, 0, 0]),
        HTTP2Injection(from: .client, after: .milliseconds(100), typeNumber: 0, payload: [1]),
      ]
    }
    try GoldenFile.expect(page(scenario), is: "http2-errors")
  }

  // MARK: Words

  private func ladder(_ scenario: Scenario) -> String {
    LadderTimeline(SampleRun.run(scenario).log, connection: 0).render(TextStyle(width: 140))
  }

  /// A server that says it twice names no stream first, which reads as all; asked by PING in between.
  @Test func goAwayInTwoSteps() {
    let drawn = ladder(
      scenario {
        $0.http2.server.ending = .twice
        $0.persistence.serverLifetime = .milliseconds(200)
      })
    #expect(drawn.contains("GOAWAY all "))
    #expect(drawn.contains("PING ack "))
    #expect(drawn.contains("GOAWAY 5 ") && !drawn.contains("GOAWAY 2147483647"))
  }

  /// Thirty alike in one packet are one label; what has no name is told by its number.
  @Test func injectedFramesSayWhatTheyAre() {
    let drawn = ladder(
      scenario {
        $0.http2.injections = [
          HTTP2Injection(
            from: .client, after: .milliseconds(120), typeNumber: 6,
            payload: Array(repeating: 0, count: 8)),
          HTTP2Injection(from: .server, after: .milliseconds(150), typeNumber: 20, payload: [1]),
          HTTP2Injection(
            from: .server, after: .milliseconds(170), typeNumber: 3, stream: 3,
            payload: [0, 0, 0, 2]),
        ]
        $0.http2.injections[0].count = 30
      })
    #expect(drawn.contains("injected 30x PING "))
    #expect(drawn.contains("injected type 20 "))
    #expect(drawn.contains("injected RST_STREAM 3 INTERNAL_ERROR "))
    #expect(drawn.contains("request 1: reset by the server, INTERNAL_ERROR"))
  }

  /// Of five streams that are opened before the server says four one is refused.
  @Test func aRefusedStreamIsSaidToBeAskedAgain() {
    let scenario = scenario {
      $0.objects = Array(repeating: ObjectSettings(ByteCount(1_000)), count: 5)
      $0.http2.server.maxConcurrentStreams = 4
    }
    let run = SampleRun.run(scenario)
    let drawn = LadderTimeline(run.log, connection: 0).render(TextStyle(width: 140))
    #expect(drawn.contains("RST_STREAM 9 REFUSED_STREAM"))
    #expect(drawn.contains("request 4 is refused, and asked again"))
    let lanes = LanesTimeline(run.report.requests, log: run.log).render(TextStyle())
    #expect(lanes.contains("x stream reset"))
    #expect(lanes.split(separator: "\n").contains { $0.hasPrefix("4 s11") && $0.contains("x") })
    let summary = RunSummary.render(run.report, log: run.log)
    #expect(summary.contains("1 request refused by servers, and asked again"))
    #expect(!summary.contains("the connection had ended"))
  }

  /// Given up before anything was sent, and before HTTP/2.
  @Test func whatIsTooLateSaysSo() {
    let run = SampleRun.run(
      scenario {
        $0.application = .http11
        $0.requestTimeout = .milliseconds(250)
      })
    #expect(
      RunSummary.render(run.report, log: run.log).contains("requests: 3 given up as too late"))
    let drawn = LadderTimeline(run.log, connection: 0).render(TextStyle())
    #expect(drawn.contains("request 0: not answered in time, given up by the client"))
    let lanes = LanesTimeline(run.report.requests, log: run.log).render(TextStyle())
    #expect(lanes.contains("! failed") && !lanes.contains("x stream reset"))
  }

  /// Every violation's words are drawn in ASCII, too.
  @Test func wordsOfErrorsAreASCII() {
    let run = SampleRun.run(
      scenario {
        $0.http2.injections = [
          HTTP2Injection(
            from: .client, after: .milliseconds(50), typeNumber: 8,
            payload: [0x7F, 0xFF, 0xFF, 0xFF])
        ]
      })
    let drawn = LadderTimeline(run.log, connection: 0).render(TextStyle(isASCII: true))
    #expect(drawn.contains("the server: a window would be larger than 2^31 - 1"))
    #expect(drawn.contains("GOAWAY 5 FLOW_CONTROL_ERROR"))
    #expect(drawn.utf8.allSatisfy { $0 < 0x80 })
  }

  // MARK: JSON

  @Test func errorsAndFailuresAreJSON() throws {
    let run = SampleRun.run(
      scenario {
        $0.objects[2].cancelAfter = .milliseconds(20)
        $0.http2.injections = [
          HTTP2Injection(
            from: .server, after: .milliseconds(200), typeNumber: 8, stream: 1,
            payload: [0, 0, 0, 0])
        ]
      })
    let text = RunJSON.value(run.report, log: run.log, scenario: .object([])).text()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let connection = try #require((object["connections"] as? [[String: Any]])?.first)
    let error = try #require((connection["errors"] as? [[String: Any]])?.first)
    // Sent 200 ms after the preface, which leaves at 100 ms, and 50 ms under way.
    #expect(error["time_ms"] as? Double == 350)
    #expect(error["end"] as? String == "client" && error["stream"] as? Int == 1)
    #expect(error["code"] as? String == "PROTOCOL_ERROR")
    #expect(error["reason"] as? String == "a window is to grow by nothing, or beyond its end")
    let requests = try #require(object["requests"] as? [[String: Any]])
    #expect(requests.map { $0["failure"] as? String } == ["reset", nil, "cancelled"])
    #expect(requests.map { $0["failed_ms"] as? Double } == [350, nil, 120])
  }
}
