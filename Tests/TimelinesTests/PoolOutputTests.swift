import Foundation
import NetSim
import Testing
import Timelines

/// What pools did, as text and as JSON; and probes on the ladder.
@Suite struct PoolOutputTests {
  /// Two requests fifty seconds apart, a heartbeat after thirty, and a check before the second.
  private static func probed() -> SampleRun.Result {
    run(2, Arrivals(.even(.seconds(50)))) {
      $0.pool.heartbeat = ProbePolicy(after: .seconds(30))
      $0.pool.validation = ProbePolicy(after: .seconds(2))
    }
  }

  /// So many empty objects over `ideal` with a round trip of 75 ms.
  private static func run(
    _ count: Int, _ arrivals: Arrivals, _ change: (inout ClientSettings) -> Void
  ) -> SampleRun.Result {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .microseconds(37_500) }
    scenario.clients[0].objects = Array(repeating: ObjectSettings(.zero), count: count)
    scenario.clients[0].arrivals = arrivals
    change(&scenario.clients[0])
    return SampleRun.run(scenario)
  }

  @Test func theSummaryHasWhatThePoolDid() throws {
    let run = Self.probed()
    let text = RunSummary.render(run.report, log: run.log, width: 120)
    #expect(
      text.contains(
        """
         pool: 1 connection opened, 2 requests answered, 1 of them on a connection already used (50.0%)
         checks before use: 1 sent, 0 without an answer
         heartbeats: 1 sent, 0 without an answer
        """), "\(text)")
    #expect(text.contains("complete after 50150.000 ms: 2 objects, 0 B"))
  }

  @Test func waitsAndFailuresStandInTheSummary() throws {
    let run = Self.run(50, Arrivals(.even(.zero), from: .seconds(1))) {
      ($0.connections, $0.pool.openedAhead) = (10, 10)
      ($0.pool.longestWait, $0.pool.queueLimit) = (.milliseconds(100), 30)
    }
    let text = RunSummary.render(run.report, log: run.log, width: 120)
    #expect(
      text.contains(
        " waited for a connection: 30 requests; of all, mean 68.750, median 75.000, p99 100.000, "
          + "longest 100.000 ms\n"), "\(text)")
    #expect(text.contains(" failed for want of a connection: 10 at once, 20 after waiting\n"))
  }

  @Test func theJSONHasThePool() throws {
    let run = Self.probed()
    let text = RunJSON.value(run.report, log: run.log, scenario: .object([])).text()
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let pool = try #require(object["pool"] as? [String: Any])
    #expect(pool["opened"] as? Int == 1 && pool["answered"] as? Int == 2)
    #expect(pool["reuse_ratio"] as? Double == 0.5)
    #expect((pool["checks"] as? [String: Int]) == ["sent": 1, "failed": 0])
    #expect((pool["heartbeats"] as? [String: Int]) == ["sent": 1, "failed": 0])
    #expect((object["requests"] as? [[String: Any]])?.count == 2)
  }

  /// A run without HTTP has no pool, and one without any of the options no line about it.
  @Test func nothingIsSaidWhereThereIsNothingToSay() throws {
    let download = SampleRun.run(SampleRun.download())
    let text = RunJSON.value(download.report, log: download.log, scenario: .object([])).text()
    #expect(!text.contains("\"pool\": {"))
    let page = SampleRun.run(SampleRun.page())
    #expect(!RunSummary.render(page.report, log: page.log).contains("pool"))
  }

  @Test func probesAreOnTheLadder() throws {
    let run = Self.probed()
    let page = TimelinePage(run.log, reports: run.report.requests)
      .render(TextStyle(width: 100))
    #expect(page.matches(of: /OPTIONS \*  76 B/).count == 2)
    #expect(page.contains("0 /o00.bin") && !page.contains("* 0 B"))
  }
}
