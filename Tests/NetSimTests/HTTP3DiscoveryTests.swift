import NetSim
import Testing

/// How clients come to HTTP/3, and what they do where no UDP passes: in `ideal`, with a round trip of
/// 100 ms and four objects one after the other.
@Suite struct HTTP3DiscoveryTests: HTTP2Runs {
  private func page(
    race: Int64? = nil, isKnown: Bool = true, isBlocked: Bool = false
  ) -> (report: RunReport, log: EventLog) {
    var scenario = scenario([10_000, 10_000, 10_000, 10_000])
    scenario.links[0].blocksDatagrams = isBlocked
    scenario.clients[0].application = .http3
    scenario.clients[0].tls = TLSSettings(.full13, tickets: 0)
    scenario.clients[0].quic = .standard(.ideal)
    scenario.clients[0].quic.discovery.isKnown = isKnown
    scenario.clients[0].quic.discovery.raceDelay = race.map { .milliseconds($0) }
    for index in 1..<4 { scenario.clients[0].objects[index].after = index - 1 }
    return run(scenario)
  }

  private func applications(_ log: EventLog) -> [ApplicationProtocol] {
    log.connections.map(\.application)
  }

  // MARK: The race

  /// Where nothing passes, the race costs its delay and no time-out: HTTP/2 needs 300 ms to the end of
  /// the first object, and begins when QUIC has had its time.
  @Test(arguments: [20, 200, 300] as [Int64])
  func aBlackHoleCostsTheDelay(delay: Int64) {
    let run = page(race: delay, isBlocked: true)
    let start = Double(delay)
    let expected: [Double?] = [300 + start, 400 + start, 500 + start, 600 + start]
    #expect(milliseconds(run.report) == expected)
    #expect(applications(run.log) == [.http3, .http2])
  }

  /// Without a race nothing comes, and the client hears of that when the connection has been idle for
  /// 30 s: none of it is a run that goes on for ever.
  @Test func withoutARaceEverythingFails() {
    let run = page(isBlocked: true)
    #expect(run.report.complete == nil)
    #expect(run.report.requests.allSatisfy { $0.failed != nil })
    #expect(milliseconds(run.report.requests[0].failed) == 30_000)
  }

  /// QUIC that is ready within the delay is not raced; one that is raced and first wins.
  @Test(arguments: [(20, 2), (99, 2), (150, 1)] as [(Int64, Int)])
  func quicWins(delay: Int64, connections: Int) {
    let run = page(race: delay)
    #expect(milliseconds(run.report) == [200, 300, 400, 500])
    #expect(run.log.connections.count == connections)
    #expect(run.report.requests.allSatisfy { $0.connection == 0 })
  }

  // MARK: Alt-Svc

  /// The first object comes over HTTP/2, as does what is asked for while the connection over QUIC is
  /// being opened; then nothing more does.
  @Test func alternativesAreLearntFromAResponse() {
    let run = page(isKnown: false)
    #expect(applications(run.log) == [.http2, .http3])
    #expect(milliseconds(run.report) == [300, 400, 500, 600])
    // The third is asked for in the very moment in which the connection is ready, and before it.
    #expect(run.report.requests.map { $0.connection } == [0, 0, 0, 1])
  }

  /// An alternative that cannot be reached costs nothing.
  @Test func anAlternativeThatIsBlockedCostsNothing() {
    let run = page(isKnown: false, isBlocked: true)
    #expect(milliseconds(run.report) == [300, 400, 500, 600])
    #expect(run.report.requests.allSatisfy { $0.connection == 0 })
  }
}
