import NetSim
import Testing

@testable import Timelines

/// Ladders of what is more than one connection's segments: proxies, messages in parts, records.
@Suite struct PartyLadderTests {
  private func page(_ scenario: Scenario, _ style: TextStyle = TextStyle()) -> String {
    let run = SampleRun.run(scenario)
    return TimelinePage(run.log, reports: run.report.requests).render(style)
      + RunSummary.render(run.report, log: run.log, width: style.width)
  }

  @Test func aBlindRelayIsDrawnAsItWasRead() throws {
    let scenario = SampleRun.relayed()
    try GoldenFile.expect(page(scenario, TextStyle(width: 100)), is: "blind-relay-100")
    try GoldenFile.expect(page(scenario), is: "blind-relay-80")
  }

  @Test func chunksWithHintsAreDrawnAsTheyWereRead() throws {
    try GoldenFile.expect(page(SampleRun.streamedPage()), is: "streamed-page")
  }

  @Test func aWrongLengthIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.wrongLength(says: 4000)), is: "wrong-length")
  }

  @Test func aLengthThatIsTooLargeIsSaidWhereTheRequestFails() {
    let text = page(SampleRun.wrongLength(says: 6000))
    #expect(text.contains("└ request 0 failed: 1,000 B of its Content-Length never came"))
  }

  @Test func aRecordThatWaitsForItsEndIsDrawnAsItWasRead() throws {
    try GoldenFile.expect(page(SampleRun.cutRecord()), is: "cut-record")
  }

  /// Nothing is lost and nothing waits for a window: the records need no word.
  @Test func recordsThatComeAtOnceGoWithoutAWord() {
    var scenario = SampleRun.cutRecord()
    scenario.links[1].drops = []
    scenario.clients[0].transport.initialWindow = 64
    #expect(!page(scenario).contains("record"))
  }

  @Test func fourProxiesHaveFourColumnsAndTheRestInWords() {
    let run = SampleRun.run(SampleRun.relayed(by: [.correct, .correct, .correct, .correct]))
    let text = TimelinePage(run.log, reports: run.report.requests)
      .render(TextStyle(width: 100))
    let header = text.split(separator: "\n").first { $0.contains(" ms ") }
    #expect(
      header?.split(separator: " ").joined(separator: " ") == "ms client proxy 1 proxy 2 proxy 3")
    #expect(text.contains("… 2 more legs; --connection N draws one leg"))
  }

  /// Nothing passes behind the proxy: it gives up, and says so.
  @Test func aProxyThatGetsNoAnswerIsSeenToSaySo() {
    var scenario = SampleRun.relayed(by: [.correct])
    scenario.links[2].loss = Probability(partsPerBillion: 1_000_000_000)
    let text = page(scenario, TextStyle(width: 100))
    #expect(text.contains("◀───────── 1…130 ack 104  HTTP 502 ─┤"))
    #expect(text.contains("request 0 failed behind the proxy"))
    #expect(text.contains("└ request 0 failed  "))
    #expect(text.contains("✗"))
  }

  @Test func anUpgradeIsNamedByItsStatus() {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(3000))]
    scenario.clients[0].objects[0].response.framing = .upgrade
    scenario.clients[0].objects[0].response.parts = [
      ResponsePart(ByteCount(1000), after: .zero),
      ResponsePart(ByteCount(2000), after: .milliseconds(50)),
    ]
    let text = page(scenario)
    #expect(text.contains("1…130 ack 115  HTTP 101 ─┤"))
    #expect(text.contains("more of HTTP 101 ─┤"))
  }

  @Test func oneLegIsDrawnAloneWithTheNamesOfItsEnds() {
    let run = SampleRun.run(SampleRun.relayed())
    let text = TimelinePage(run.log, reports: run.report.requests, only: 1).render(TextStyle())
    let lines = text.split(separator: "\n")
    #expect(lines[0].hasSuffix("seen from the proxy"))
    #expect(lines[1].contains(" proxy "))
    #expect(lines[1].hasSuffix("server"))
    #expect(text.contains("cwnd"))
  }

  @Test(arguments: [
    [ProxyKind.blind], [.correct], [.smart, .blind], [.correct, .stripping, .correct],
    [.correct, .correct, .correct, .correct],
  ])
  func noLineIsWiderThanTheTerminal(kinds: [ProxyKind]) {
    var scenario = SampleRun.relayed(by: kinds)
    scenario.links[1].loss = Probability(partsPerBillion: 50_000_000)
    scenario.clients[0].connections = 3
    scenario.clients[0].start = .together
    scenario.clients[0].objects = (1...7).map { ObjectSettings(ByteCount($0 * 9_000)) }
    let run = SampleRun.run(scenario)
    for width in [60, 80, 97, 200] {
      for isASCII in [true, false] {
        let style = TextStyle(width: width, isASCII: isASCII)
        let text = TimelinePage(run.log, reports: run.report.requests).render(style)
        for line in text.split(separator: "\n") where line.count > width {
          Issue.record("\(kinds), width \(width): \(line.count) columns in \(line)")
        }
        #expect(!isASCII || text.utf8.allSatisfy { $0 < 0x80 })
      }
    }
  }

  /// The numbers that people see are those of the client's own requests.
  @Test func requestsAreCountedWithoutThoseOfProxies() {
    let run = SampleRun.run(SampleRun.relayed(by: [.correct]))
    #expect(run.log.requests.count == 4)
    let numbers = RequestNumbers(run.log)
    #expect(numbers.count == 2)
    #expect((0..<4).map { numbers[$0] } == [0, 0, 1, 1])
    let text = page(SampleRun.relayed(by: [.correct]))
    #expect(text.contains("1 /o01.bin 3,000 B"))
    #expect(text.contains("2 objects, 6,000 B"))
  }

  // MARK: Waits

  private func sentences(_ waits: [StandingWait]) -> [String] {
    WaitWords.sentences(waits, RequestNumbers(EventLog()))
  }

  @Test func waitsAreSaidFromTheClientInwards() {
    func wait(
      _ party: StandingWait.Party, _ connection: UInt32?, _ awaited: StandingWait.Awaited
    ) -> StandingWait {
      StandingWait(request: 1, party: party, connection: connection, awaited: awaited)
    }
    #expect(
      sentences([
        wait(.client, 0, .answer), wait(.proxy(1), 1, .end), wait(.server, 1, .request),
      ]) == [
        "request 1 is never answered: the client waits on connection 0 for the answer; the proxy "
          + "does not read it before connection 1 ends; the server waits there for a request"
      ])
    #expect(
      sentences([wait(.client, 2, .rest(1_000)), wait(.server, 2, .request)]) == [
        "request 1 is never complete: the client waits on connection 2 for 1,000 B more of the "
          + "answer; the server waits there for a request"
      ])
    #expect(
      sentences([wait(.client, nil, .connection)]) == [
        "request 1 is never answered: the client waits for a free connection"
      ])
  }

  @Test func ofManyWaitsTheFirstAreSaid() {
    let waits = (0..<5).map {
      StandingWait(request: $0, party: .client, connection: 0, awaited: .turn)
    }
    #expect(sentences(waits).count == 4)
    #expect(sentences(waits).last == "… and 2 more requests wait")
  }
}
