import NetSim
import Testing
import Timelines

@Suite struct TimelineTests {
  private func page(_ scenario: Scenario, _ style: TextStyle = TextStyle()) -> String {
    let run = SampleRun.run(scenario)
    return TimelinePage(run.log, reports: run.report.requests).render(style)
      + RunSummary.render(run.report, log: run.log)
  }

  @Test func slowStartIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.download()), is: "slow-start")
  }

  @Test func slowStartIsDrawnInASCIIAsItWasRead() throws {
    try GoldenFile.expect(
      page(SampleRun.download(), TextStyle(isASCII: true)), is: "slow-start-ascii")
  }

  @Test func idealRoundsAreDrawnAsTheyWereRead() throws {
    try GoldenFile.expect(
      page(SampleRun.download(profile: .ideal, bytes: 1_000_000)), is: "ideal-rounds")
  }

  @Test func twoLossesAreDrawnAsTheyWereRead() throws {
    try GoldenFile.expect(page(SampleRun.download(drops: [14, 15])), is: "two-losses")
  }

  @Test func aPageIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.page()), is: "page")
  }

  @Test func theServersSideIsDrawnAsItWasRead() throws {
    let run = SampleRun.run(SampleRun.download(drops: [14]))
    try GoldenFile.expect(
      LadderTimeline(run.log, connection: 0, vantage: .server).render(TextStyle()),
      is: "server-side")
  }

  @Test func aLossThatHoldsOtherStreamsIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.streams()), is: "http2-loss")
  }

  @Test func streamsOverTLSAndTheirWindowAreDrawnAsTheyWereRead() throws {
    try GoldenFile.expect(page(SampleRun.narrowStreams()), is: "http2-tls")
  }

  /// However frames and streams mix, over TLS and without, in every order.
  @Test(arguments: UInt64(1)...24)
  func noLineOfStreamsIsWiderThanTheTerminal(seed: UInt64) {
    var scenario = SampleRun.lossyPage(seed: seed)
    scenario.clients[0].application = .http2
    scenario.clients[0].connections = 1
    scenario.clients[0].keepAlive = true
    scenario.clients[0].http2 = .standard(seed % 2 == 0 ? .rfc : .linux)
    scenario.clients[0].http2.server.scheduler = seed % 3 == 0 ? .sequential : .roundRobin
    scenario.clients[0].tls = seed % 4 < 2 ? TLSSettings(.full13) : nil
    let run = SampleRun.run(scenario)
    let page = TimelinePage(run.log, reports: run.report.requests)
    for width in [60, 80, 97] {
      for line in page.render(TextStyle(width: width)).split(separator: "\n")
      where line.count > width {
        Issue.record("seed \(seed), width \(width): \(line.count) columns in \(line)")
      }
    }
    let ascii = page.render(TextStyle(isASCII: true))
    #expect(ascii.utf8.allSatisfy { $0 < 0x80 }, "seed \(seed)")
    // No HEADERS of a response is folded away.
    let ladder = LadderTimeline(run.log, connection: 0)
    let drawn = ladder.render(TextStyle(width: 200))
    if !drawn.contains("left out here") {
      for stream in run.log.requests.compactMap(\.stream) {
        #expect(
          drawn.contains("HEADERS \(stream)") || drawn.contains(", \(stream)"), "seed \(seed)")
      }
    }
  }

  @Test(arguments: UInt64(1)...60)
  func noLineIsWiderThanTheTerminal(seed: UInt64) {
    let run = SampleRun.run(SampleRun.lossyPage(seed: seed))
    for width in [60, 80, 97, 200] {
      for isASCII in [true, false] {
        let style = TextStyle(width: width, isASCII: isASCII)
        let text = TimelinePage(run.log, reports: run.report.requests).render(style)
        for line in text.split(separator: "\n") where line.count > width {
          Issue.record("seed \(seed), width \(width): \(line.count) columns in \(line)")
        }
      }
    }
  }

  @Test(arguments: UInt64(1)...20)
  func asciiIsASCII(seed: UInt64) {
    let run = SampleRun.run(SampleRun.lossyPage(seed: seed))
    let text = TimelinePage(run.log, reports: run.report.requests)
      .render(TextStyle(isASCII: true))
    #expect(text.utf8.allSatisfy { $0 < 0x80 }, "seed \(seed)")
    #expect(!text.contains("\u{1B}"))
  }

  @Test func colourIsNeverTheOnlySign() {
    let run = SampleRun.run(SampleRun.download(drops: [14]))
    let ladder = LadderTimeline(run.log, connection: 0)
    let coloured = ladder.render(TextStyle(usesColour: true))
    #expect(coloured.contains("\u{1B}[31m"))
    let bare = coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "")
    #expect(bare == ladder.render(TextStyle()))
  }

  @Test func aRepeatedSYNMeasuresNoRoundTrip() {
    var scenario = SampleRun.download()
    scenario.links[0].drops = [DropRule(ordinal: 1)]
    let run = SampleRun.run(scenario)
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    #expect(text.contains("✗"))
    #expect(!text.contains("rtt "))
  }

  /// A capture's clock may jump by years, or back.
  @Test(arguments: [Int64(9_000_000_000_000_000_000), -5_000_000_000])
  func lanesAreDrawnWhateverTheClockDid(end: Int64) {
    var log = EventLog()
    log.connections = [ConnectionDescription()]
    log.requests = [RequestDescription(bodyBytes: 5)]
    let times = (start: SimTime(nanoseconds: 1_000_000), end: SimTime(nanoseconds: end))
    let report = RequestReport(
      request: 0, connection: 0, queued: times.start, sent: times.start, firstByte: times.end,
      complete: times.end, failed: nil,
      intervals: [CauseInterval(start: times.start, end: times.end, cause: .server)])
    let text = LanesTimeline([report, report], log: log).render(TextStyle())
    #expect(text.contains("| complete"))
  }

  @Test func timeNeverRunsBackByMoreThanABurstInTheLadder() {
    let run = SampleRun.run(SampleRun.page())
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    var latest = 0.0
    for line in text.split(separator: "\n").dropFirst(2) {
      let field = line.split(separator: " ")[0].split(separator: "…")[0]
      guard let time = Double(field) else { continue }
      #expect(time >= latest - 20, "\(line)")
      latest = max(latest, time)
    }
  }

  @Test func aLongLadderLeavesItsMiddleOut() {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(1000)), count: 300)
    let run = SampleRun.run(scenario)
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    #expect(text.split(separator: "\n").count == 153)
    #expect(text.contains("more lines, left out here"))
  }

  @Test func everyLossIsInTheLadder() {
    let run = SampleRun.run(SampleRun.download(drops: [14, 15, 40]))
    let text = LadderTimeline(run.log, connection: 0).render(TextStyle())
    let marked = text.split(separator: "\n").filter { $0.contains("✗") }
    #expect(marked.count == 3)
    #expect(marked[0].contains("18825…20272"))
    #expect(marked[0].contains("lost"))
  }
}
