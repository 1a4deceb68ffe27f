import NetSim
import Testing

@testable import Timelines

/// HTTP/3 over QUIC, drawn: datagrams, the packets and streams in them, and what waits for what.
@Suite struct QUICDrawingTests {
  /// What is drawn but the lanes.
  private func page(_ scenario: Scenario, _ style: TextStyle = TextStyle()) -> String {
    let run = SampleRun.run(scenario)
    let losses = OwnStreamLosses(run.log).sentences
      .flatMap { DisplayWidth.wrapped($0, indent: 1, width: style.width) }
    return LadderTimeline(run.log, connection: 0).render(style) + "\n"
      + (WindowPlot(run.log, connection: 0)?.render(style) ?? "") + "\n"
      + losses.map { $0 + "\n" }.joined()
      + RunSummary.render(run.report, log: run.log, width: style.width)
  }

  @Test func aCleanPageIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.quicPage()), is: "quic-page")
  }

  @Test(arguments: [100, 80, 60])
  func aLossThatHoldsOneStreamIsDrawnAsItWasRead(width: Int) throws {
    try GoldenFile.expect(
      page(SampleRun.quicPage(drops: [6]), TextStyle(width: width)), is: "quic-loss-\(width)")
  }

  @Test func aLossThatHoldsOneStreamIsDrawnInASCIIAsItWasRead() throws {
    try GoldenFile.expect(
      page(SampleRun.quicPage(drops: [6]), TextStyle(isASCII: true)), is: "quic-loss-ascii")
  }

  @Test func retryAndEarlyDataAreDrawnAsTheyWereRead() throws {
    try GoldenFile.expect(page(SampleRun.quicRetry()), is: "quic-retry")
  }

  @Test func aLostInitialIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.lostInitial()), is: "quic-lost-initial")
  }
}

/// What the drawings of QUIC say, held against times that can be counted.
@Suite struct QUICWordsTests {
  /// Objects that fit the first window, and round trips of 100 ms and nothing else; a longer packet from
  /// the server is lost.
  private func page(over application: ApplicationProtocol, drop: UInt32? = nil) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.links[1].drops = drop.map { [DropRule(ordinal: $0, minimumPayload: 1_000)] } ?? []
    scenario.clients[0].application = application
    scenario.clients[0].tls = TLSSettings(.full13, tickets: 0)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(4_000)), count: 3)
    return scenario
  }

  /// The stream waits for an acknowledgement to reach the server and for the bytes to come again: one
  /// round trip. The others do not.
  @Test func aLossHoldsItsOwnStreamForARoundTrip() {
    let run = SampleRun.run(page(over: .http3, drop: 3))
    #expect(
      OwnStreamLosses(run.log).sentences == [
        "Lost packet 2 held stream 0 for 100.0 ms; streams 4 and 8 went on."
      ])
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    #expect(text.split(separator: "\n").count { $0.contains("✗") } == 1)
    #expect(text.contains("  gap 0\n"))
    #expect(!text.contains("gap 4") && !text.contains("gap 8"))
    // Bytes 1,460 to 2,919 were lost, and the 1,187 behind them waited.
    #expect(text.contains("└ stream 0: 2,647 B at once; 1,187 B held up to 100.0 ms\n"))
    #expect(text.contains("└ meanwhile streams 4 and 8 went on\n"))
  }

  /// Nothing waits behind a stream's last bytes, and yet it is late. The packet holds the beginning of
  /// the next stream, too, so that both have to wait for it.
  @Test func theLossOfAStreamsEndMakesItLate() {
    let run = SampleRun.run(page(over: .http3, drop: 4))
    #expect(
      OwnStreamLosses(run.log).sentences == [
        "Lost packet 3 held streams 0 and 4 for 100.0 and 100.0 ms; stream 8 went on."
      ])
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    #expect(text.contains("└ stream 0: 1,187 B came 100.0 ms late\n"))
  }

  /// With HTTP/3 only the object with the lost bytes is a round trip late; with HTTP/2 all are.
  @Test(arguments: [
    (ApplicationProtocol.http3, [100, 0, 0]), (.http2, [100, 100, 100]),
  ])
  func theSameLossHurtsOneStreamOrAll(_ application: ApplicationProtocol, late: [Int64]) {
    func times(_ drop: UInt32?) -> [Int64] {
      SampleRun.run(page(over: application, drop: drop)).report.requests.map {
        ($0.complete?.nanoseconds ?? 0) / 1_000_000
      }
    }
    #expect(zip(times(3), times(nil)).map { $0 - $1 } == late)
  }

  @Test func aComparisonHasBothTransports() {
    let text = RunComparison(SampleRun.overBoth(SampleRun.quicPage(drops: [6])))
      .render(TextStyle())
    #expect(text.contains("                          http2       http3\n"))
    #expect(text.contains("\n lost down                    1           1\n"))
  }

  @Test(arguments: UInt64(1)...24)
  func linesFitAndEveryLossIsDrawn(seed: UInt64) {
    let run = SampleRun.run(SampleRun.lossyQUIC(seed: seed))
    let page = TimelinePage(run.log, reports: run.report.requests)
    for width in [60, 80, 97] {
      for line in page.render(TextStyle(width: width)).split(separator: "\n")
      where line.count > width {
        Issue.record("seed \(seed), width \(width): \(line.count) columns in \(line)")
      }
    }
    let ascii = page.render(TextStyle(isASCII: true))
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 }, "seed \(seed)")
    for vantage in [Side.client, .server] {
      let ladder = LadderTimeline(run.log, connection: 0, vantage: vantage)
      let lost = run.log.records.count { $0.kind == .packetDropped && $0.connection == 0 }
      #expect(ladder.rows.count { $0.kind == .lost } == lost, "seed \(seed)")
      for (row, next) in zip(ladder.rows, ladder.rows.dropFirst()) {
        #expect(next.time >= row.time, "seed \(seed)")
      }
    }
  }

  /// Every byte that waited is told of once.
  @Test(arguments: UInt64(1)...24)
  func whatWaitedIsSetFree(seed: UInt64) {
    let run = SampleRun.run(SampleRun.lossyQUIC(seed: seed))
    guard run.report.complete != nil else { return }
    let datagrams = LoggedDatagrams(run.log, connection: 0)
    let holds = StreamHolds(run.log, connection: 0, side: .client, datagrams).holds
    let waiting = run.log.records.contains {
      $0.kind == .streamBuffered && $0.side == .client && $0.connection == 0
    }
    #expect(waiting == holds.contains { $0.waited > 0 }, "seed \(seed)")
    for hold in holds {
      #expect(hold.waited <= hold.delivered && hold.since <= hold.released, "seed \(seed)")
      #expect(!hold.others.contains(hold.stream), "seed \(seed)")
    }
  }

  @Test func theTransportIsInTheJSON() {
    let run = SampleRun.run(SampleRun.quicRetry())
    let text = RunJSON.value(run.report, log: run.log, scenario: .object([])).text()
    #expect(text.contains(#""transport": "quic""#))
    #expect(text.contains(#""retry": true"#))
    #expect(text.contains(#""version_negotiation": false"#))
    #expect(text.contains(#""zero_rtt": true"#))
    #expect(text.contains(#""stream": 8"#))
    let rows = LadderJSON.value([LadderTimeline(run.log, connection: 0)]).text()
    #expect(rows.contains(#""label": "Retry""#))
    #expect(rows.contains(#""stream": 0"#))
  }

  /// Sums by hand: pseudo-header 141e, ports and length d5e3 with it, "hi" 6869: 3e4d, its complement
  /// c1b2. A payload of 2a1c makes the sum ffff, whose complement would be 0.
  @Test func theChecksumOfADatagramIsRight() throws {
    let header = UDPHeader(sourcePort: 49_152, destinationPort: 443)
    func bytes(_ payload: [UInt8]) throws -> [UInt8] {
      var bytes: [UInt8] = []
      try header.write(
        payload: payload, source: IPAddress(10, 0, 0, 1), destination: IPAddress(10, 1, 0, 1),
        to: &bytes)
      return bytes
    }
    #expect(
      try bytes([0x68, 0x69]) == [0xC0, 0, 0x01, 0xBB, 0, 10, 0xC1, 0xB2, 0x68, 0x69])
    #expect(try bytes([0x2A, 0x1C])[6...7] == [0xFF, 0xFF])
  }
}
