import NetSim
import Testing

/// HTTP/3 where its times can be counted: in `ideal`.
@Suite struct HTTP3ClosedFormTests: HTTP2Runs {
  private func overQUIC(_ client: inout ClientSettings) {
    client.application = .http3
    client.tls = TLSSettings(.full13, tickets: 0)
  }

  /// One object that fits the first window: one round trip for the handshake, one for the object.
  @Test func aSmallObjectTakesTwoRoundTrips() {
    let report = run(scenario([10_000]) { overQUIC(&$0) }).report
    #expect(milliseconds(report.complete) == 200)
  }

  /// Without loss, HTTP/3 is one round trip ahead of HTTP/2 over TLS 1.3: that of TCP's handshake.
  @Test(arguments: [(1, 10_000), (60, 10_000), (6, 100_000), (3, 1_000_000)])
  func isOneRoundTripAheadOfHTTP2(count: Int, size: Int64) {
    let sizes = Array(repeating: size, count: count)
    let three = run(scenario(sizes) { overQUIC(&$0) }).report
    let two = run(scenario(sizes) { $0.tls = TLSSettings(.full13, tickets: 0) }).report
    #expect(milliseconds(two.complete).map { $0 - 100 } == milliseconds(three.complete))
  }

  // MARK: One lost packet among three streams

  /// Three answers of three packets each, one after the other over a line of 10 Mb/s (1.2 ms a packet)
  /// and 50 ms of air, in which the second is lost.
  private func threeStreams(
    _ scheduler: StreamScheduler, isStreamAware: Bool = true
  ) -> (report: RunReport, log: EventLog) {
    var scenario = scenario([20, 4_334, 4_334, 4_334])
    overQUIC(&scenario.clients[0])
    scenario.clients[0].quic.server.scheduler = scheduler
    scenario.clients[0].quic.isStreamAware = isStreamAware
    for index in 1...3 {
      scenario.clients[0].objects[index].after = 0
      scenario.clients[0].objects[index].responseHead = ByteCount(41)
    }
    var line = scenario.links[1]
    line.delay = .zero
    line.rate = .megabits(10)
    scenario.links.append(line)
    scenario.paths[0].down = [2, 1]
    // Those of the handshake and of the page come before.
    let clean = run(scenario)
    let first = clean.log.records.first {
      $0.kind == .quicFrame && $0.side == .server && $0.item == 4
    }
    let before = clean.log.records.filter {
      $0.kind == .packetEnqueued && $0.place == 1 && $0.time < (first?.time ?? .zero)
    }
    scenario.links[1].drops = [DropRule(ordinal: UInt32(before.count) + 2)]
    return run(scenario)
  }

  /// When each answer was complete, from the first packet's leaving.
  private func times(_ run: (report: RunReport, log: EventLog)) -> [Double?] {
    let first = run.log.records.first {
      $0.kind == .quicFrame && $0.side == .server && $0.item == 4
    }
    let start = milliseconds(first?.time) ?? 0
    return milliseconds(run.report).dropFirst().map { time in
      time.map { ((($0 - start) * 10).rounded()) / 10 }
    }
  }

  /// The stream whose packet was lost waits for it, a round trip; the others do not.
  @Test func aLostPacketHoldsItsOwnStreamOnly() {
    #expect(times(threeStreams(.roundRobin)) == [58.4, 157.2, 60.8])
  }

  /// One after the other, the loss hurts the first, whose packets it is among.
  @Test func inSequenceALossHurtsTheStreamThatIsBeingSent() {
    #expect(times(threeStreams(.sequential)) == [157.2, 57.2, 60.8])
  }

  /// It is the order of delivery and not UDP: with one order for all, everything waits.
  @Test func inOneOrderEverythingWaits() {
    #expect(times(threeStreams(.roundRobin, isStreamAware: false)) == [157.2, 157.2, 157.2])
  }

  /// What the hole held is charged to it.
  @Test func theHoleIsChargedToItsStream() {
    let report = threeStreams(.roundRobin).report
    let gaps = report.requests.map { request in
      request.intervals.filter { $0.cause == .streamGap }.map { $0.end - $0.start }
    }
    #expect(gaps[1].isEmpty && gaps[3].isEmpty)
    #expect(gaps[2].count == 1)
    let one = threeStreams(.roundRobin, isStreamAware: false).report
    #expect(one.requests[1].intervals.contains { $0.cause == .transportGap })
    #expect(!one.requests[1].intervals.contains { $0.cause == .streamGap })
  }
}
