import Testing

@testable import NetSim

/// How many round trips it takes to begin (RFC 9000 §7, §8, RFC 9001), over 100 ms without loss.
@Suite struct QUICHandshakeTests: QUICRuns {
  private func established(_ scenario: Scenario) -> Double? {
    milliseconds(run(scenario).report.connections[0].established)
  }

  private func certificate(_ bytes: Int64) -> Scenario {
    unpaced([1000]) { $0.tls = TLSSettings(.full13, certificate: ByteCount(bytes), tickets: 0) }
  }

  /// So that nothing waits but for round trips.
  private func unpaced(
    _ sizes: [Int64], _ profile: Profile = .rfc, _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    scenario(sizes, profile) {
      for side in [Side.client, .server] { $0.quic[side].burst = 0 }
      change(&$0)
    }
  }

  /// UDP payload of the server's datagrams until the client has answered.
  private func firstFlight(_ log: EventLog) -> [Int64] {
    var sizes: [UInt32: Int64] = [:]
    for record in log.records where record.kind == .quicPacketSent && record.side == .server {
      if record.time < .zero + .milliseconds(150) {
        sizes[record.item, default: 0] += Int64(record.length)
      }
    }
    return sizes.keys.sorted().map { sizes[$0] ?? 0 }
  }

  /// A flight of three datagrams of 1,200 bytes is what a client's first 1,200 bytes allow.
  @Test func aFlightOfThreeTimesTheFirstDatagramTakesOneRoundTrip() {
    var largest: Int64 = 2800
    while established(certificate(largest + 1)) == 100 { largest += 1 }
    #expect(largest == 2856)
    let whole = run(certificate(largest))
    #expect(firstFlight(whole.log) == [1200, 1200, 1200])
    #expect(milliseconds(whole.report.complete) == 200)
    let cut = run(certificate(largest + 1))
    #expect(firstFlight(cut.log) == [1200, 1200, 1200])
    #expect(milliseconds(cut.report.connections[0].established) == 200)
    #expect(milliseconds(cut.report.complete) == 300)
  }

  /// Another size of datagram has another limit, as the credit is counted and not the datagrams.
  @Test func theCreditCountsBytes() {
    var scenario = certificate(4000)
    #expect(established(scenario) == 200)
    scenario.clients[0].quic.client.datagramSize = 1452
    #expect(established(scenario) == 200)  // A client's first datagram is padded to 1,200 bytes.
    scenario.clients[0].quic.hasToken = true
    #expect(established(scenario) == 100)
  }

  /// Retry costs a round trip, but proves the address: the flight may be as long as it is (RFC 9000 §8.1.2).
  @Test(arguments: [815, 8000])
  func aRetryTakesOneRoundTrip(bytes: Int64) {
    var scenario = certificate(bytes)
    scenario.clients[0].quic.retries = true
    #expect(established(scenario) == 200)
    scenario.clients[0].quic.hasToken = true
    scenario.clients[0].quic.server.tokenBytes = 57
    #expect(established(scenario) == 100)
  }

  /// Another version takes a round trip (RFC 9000 §6).
  @Test func anotherVersionTakesOneRoundTrip() {
    var scenario = certificate(815)
    scenario.clients[0].quic.negotiatesVersion = true
    #expect(established(scenario) == 200)
  }

  /// A HelloRetryRequest too (RFC 8446 §4.1.4).
  @Test func anotherGroupTakesOneRoundTrip() {
    let asked = unpaced([1000]) { $0.tls = TLSSettings(.retry13, tickets: 0) }
    #expect(established(asked) == 200)
  }

  // MARK: 0-RTT

  private func early(_ size: Int64, _ change: (inout ClientSettings) -> Void = { _ in }) -> Scenario
  {
    unpaced([size]) {
      $0.tls = TLSSettings(.earlyData13, tickets: 0)
      change(&$0)
    }
  }

  /// The request leaves with the first datagrams, and the response comes with the handshake.
  @Test func anEarlyRequestIsAnsweredAfterOneRoundTrip() {
    let (report, log) = run(early(1000))
    let sent = log.records.first { $0.kind == .requestSent }
    #expect(sent?.time == .zero)
    #expect(datagrams(log, of: .client).prefix(2).contains { $0.contains("zeroRTT") })
    #expect(milliseconds(report.complete) == 100)
  }

  /// Until the address is proved the response has what the handshake leaves of the credit.
  @Test func anEarlyResponseIsLimitedByTheCredit() {
    let (report, _) = run(early(6000))
    #expect(milliseconds(report.complete) == 200)
    let proved = run(early(6000) { $0.quic.hasToken = true }).report
    #expect(milliseconds(proved.complete) == 100)
  }

  /// Where 0-RTT packets overtake the Initial they wait for its keys (RFC 9001 §5.7).
  @Test func earlyPacketsThatOvertakeTheInitialWait() {
    let pair = QUICPair(tls: TLSSettings(.earlyData13, tickets: 0))
    pair.delays = { $0.packets.first == .initial && $0.time == .zero ? .milliseconds(30) : .zero }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.client.write(3000, on: 0, isLast: true)
    pair.run(milliseconds: 79)
    #expect(pair.server.delivered(of: 0) == 0)
    #expect(pair.server.bytesReceived > 1200)
    pair.run(milliseconds: 1)
    #expect(pair.server.delivered(of: 0) == 3000)
  }

  // MARK: Losses

  private func losing(_ ordinals: [UInt32], _ profile: Profile, up: Bool = true) -> Double? {
    var lossy = unpaced([1000], profile)
    lossy.links[up ? 0 : 1].drops = ordinals.map { DropRule(ordinal: $0) }
    return milliseconds(run(lossy).report.complete)
  }

  /// 333 + 4 · 166.5 ms for the first, twice that for the second (RFC 9002 §6.2.2).
  @Test(arguments: [Profile.rfc, .ideal])
  func aLostInitialCosts999Milliseconds(profile: Profile) {
    #expect(losing([], profile) == 200)
    #expect(losing([1], profile) == 1199)
    #expect(losing([1, 2], profile) == 3197)
  }
}
