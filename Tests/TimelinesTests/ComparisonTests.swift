import NetSim
import Testing

@testable import Timelines

@Suite struct ComparisonTests {
  private static let http1 = ["http1.0", "http1", "http1-pipelined"]

  private func text(
    _ scenario: Scenario, over names: [String] = http1, _ style: TextStyle = TextStyle()
  ) -> String {
    RunComparison(
      SampleRun.compared(scenario, over: names).runs, conditions: "TLS 1.3 for each; seed 1"
    ).render(style)
  }

  @Test(arguments: [100, 80, 60])
  func twentyObjectsAreDrawnAsTheyWereRead(width: Int) throws {
    try GoldenFile.expect(
      text(SampleRun.twentyObjects(), TextStyle(width: width)), is: "compare-\(width)")
  }

  @Test func twentyObjectsAreDrawnInASCIIAsTheyWereRead() throws {
    try GoldenFile.expect(
      text(SampleRun.twentyObjects(), TextStyle(width: 60, isASCII: true)), is: "compare-ascii")
  }

  @Test func fourProtocolsStandInTwoRows() throws {
    var scenario = SampleRun.page()
    scenario.links[1].drops = [DropRule(ordinal: 20, minimumPayload: 100)]
    try GoldenFile.expect(
      text(scenario, over: SampleRun.protocols.map(\.name), TextStyle(width: 100)),
      is: "compare-four")
  }

  /// Round trips of 100 ms and nothing else: the TCP handshake, the TLS 1.3 handshake, and one for
  /// each request that is sent alone.
  private func roundTrips() -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(1000)), count: 3)
    return scenario
  }

  @Test func theCriticalPathCountsRoundTrips() {
    let lines = text(roundTrips()).split(separator: "\n").map(String.init)
    let start = lines.firstIndex(of: " where it went on the critical path, ms")!
    #expect(
      Array(lines[start...]) == [
        " where it went on the critical path, ms",
        "                        http1.0       http1  http1-pipelined",
        " handshake              300.000     100.000          100.000",
        " tls                    300.000     100.000          100.000",
        " propagation            300.000     300.000          100.000",
        " in all                 900.000     500.000          300.000",
        " http1-pipelined was fastest: complete after 300.000 ms.",
        " http1.0 took 600.000 ms longer (+200.0%), on the critical path mostly handshake",
        "  (+200.000) and tls (+200.000).",
        " http1 took 200.000 ms longer (+66.6%), on the critical path mostly propagation",
        "  (+200.000).",
      ])
  }

  /// The second object is wanted 30 ms after the first is complete: those are the client's.
  @Test func theCriticalPathGoesBackToWhatMadeARequestWanted() {
    var scenario = roundTrips()
    scenario.clients[0].objects = [
      ObjectSettings(ByteCount(1000)),
      ObjectSettings(ByteCount(1000), after: 0, clientTime: .milliseconds(30)),
    ]
    let text = text(scenario, over: ["http1"])
    #expect(text.contains("\n client                  30.000\n in all                 430.000\n"))
    #expect(text.hasSuffix("\n http1 was complete after 430.000 ms.\n"))
  }

  @Test func aRunThatDoesNotEndIsNotTheFastest() {
    var scenario = roundTrips()
    scenario.timeLimit = .milliseconds(450)
    let text = text(scenario)
    #expect(text.contains("\n complete, ms                no          no          300.000\n"))
    #expect(text.contains("\n requests complete            1           2                3\n"))
    #expect(
      text.hasSuffix(
        """
         Only http1-pipelined was complete, after 300.000 ms.
         http1.0 did not complete: 1 of 3 requests did; it was stopped at the limit of
          simulated time.
         http1 did not complete: 2 of 3 requests did; it was stopped at the limit of
          simulated time.

        """))
  }

  /// A request that fails lets the next one have its connection, too: the path goes on through it.
  /// With the first time-out of 1 s, six repeated SYNs come to (2⁷ − 1) s = 127 s, three times over.
  @Test func theCriticalPathGoesThroughFailures() throws {
    var scenario = roundTrips()
    scenario.links[0].loss = Probability(partsPerBillion: 1_000_000_000)
    #expect(
      text(scenario, over: ["http1.0"]).hasSuffix(
        """
         where it went on the critical path, ms
                                http1.0
         handshake           381000.000
         in all              381000.000

         http1.0 did not complete: 0 of 3 requests did.

        """))
  }

  @Test func equallyFastRunsAreSaidToBe() {
    var scenario = roundTrips()
    scenario.clients[0].objects = [ObjectSettings(ByteCount(1000))]
    let text = text(scenario, over: ["http1", "http1-pipelined"])
    #expect(text.contains("\n http1 was fastest: complete after 300.000 ms.\n"))
    #expect(text.hasSuffix("\n http1-pipelined took just as long.\n"))
    // Of one request the critical path is the request itself.
    #expect(!text.contains("critical path"))
  }

  @Test func aLongListLosesItsMiddle() {
    var scenario = roundTrips()
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(1000)), count: 300)
    let beside = text(scenario, TextStyle(width: 120)).split(separator: "\n")
    #expect(beside.contains("… 276 more requests"))
    let stacked = text(scenario, TextStyle(width: 80, isASCII: true)).split(separator: "\n")
    #expect(stacked.filter { $0 == "... 288 more requests" }.count == 3)
  }

  @Test(arguments: UInt64(1)...24)
  func linesFitAndCausesAddUp(seed: UInt64) throws {
    let names = Array(SampleRun.protocols.map(\.name).dropFirst(Int(seed % 3)))
    let (runs, reports) = SampleRun.compared(SampleRun.lossyPage(seed: seed), over: names)
    for report in reports.flatMap(\.requests) {
      let sum = report.intervals.reduce(SimDuration.zero) { $0 + ($1.end - $1.start) }
      #expect(report.complete.map { $0 - report.queued } == sum, "seed \(seed)")
    }
    let comparison = RunComparison(runs, conditions: "TLS 1.3 for each; seed \(seed)")
    for width in [60, 80, 97, 100, 120, 200] {
      for isASCII in [true, false] {
        let text = comparison.render(TextStyle(width: width, isASCII: isASCII))
        for line in text.split(separator: "\n") where line.count > width {
          Issue.record("seed \(seed), width \(width): \(line.count) columns in \(line)")
        }
        #expect(!isASCII || text.utf8.allSatisfy { $0 < 0x80 }, "seed \(seed)")
      }
    }
    // Whatever the losses did, the critical path is as long as the run.
    let rows = comparison.render(TextStyle(width: 200)).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    let complete = try #require(rows.first { $0.starts(with: ["complete,", "ms"]) })
    let path = try #require(rows.last { $0.starts(with: ["in", "all"]) })
    #expect(complete.dropFirst(2) == path.dropFirst(2), "seed \(seed)")
  }

  /// The path runs from the last object back into the middle of the page that names it.
  @Test(arguments: [0, 7]) func thePathIsAsLongAsTheRunWhereAPartMakesAnObjectWanted(
    ownTimeMs: Int64
  ) {
    var scenario = SampleRun.streamedPage()
    scenario.clients[0].objects[1].clientTime = .milliseconds(ownTimeMs)
    scenario.clients[0].objects[2].clientTime = .milliseconds(ownTimeMs)
    let result = SampleRun.run(scenario)
    let run = ComparedRun(
      name: "http1", scenario: scenario, report: result.report, log: result.log)
    expectWhole(run.criticalPath, result.report)
    // It ends with the object that 15 kB of the page name, after 200 and 50 ms of the server's.
    #expect(run.criticalPath.time(.client) == .milliseconds(ownTimeMs))
    #expect(run.criticalPath.time(.server) >= .milliseconds(200 + 50 - 10))
  }

  @Test(arguments: [[ProxyKind.blind], [.correct], [.blind, .correct], [.correct, .stripping]])
  func thePathIsAsLongAsTheRunOverProxies(kinds: [ProxyKind]) {
    let scenario = SampleRun.relayed(by: kinds)
    let result = SampleRun.run(scenario)
    let run = ComparedRun(
      name: "http1.0", scenario: scenario, report: result.report, log: result.log)
    expectWhole(run.criticalPath, result.report)
  }

  private func expectWhole(_ path: CriticalPath, _ report: RunReport) {
    #expect(path.intervals.first?.start == .zero)
    #expect(path.intervals.last?.end == report.complete)
    #expect(report.complete != nil)
    for (one, next) in zip(path.intervals, path.intervals.dropFirst()) {
      #expect(one.end == next.start)
    }
  }

  @Test func colourIsNeverTheOnlySign() {
    let runs = RunComparison(
      SampleRun.compared(SampleRun.twentyObjects(), over: Self.http1).runs)
    for width in [60, 100] {
      let coloured = runs.render(TextStyle(width: width, usesColour: true))
      #expect(coloured.contains("\u{1B}[31mG"))
      #expect(coloured.contains("\u{1B}[32m http1-pipelined was fastest"))
      let bare = coloured.replacing(#/\u{1B}\[[0-9]+m/#, with: "")
      #expect(bare == runs.render(TextStyle(width: width)))
    }
  }
}
