import Testing

@testable import NetSim

/// Marks, and how a connection ends.
@Suite struct QUICEndTests: QUICRuns {
  // MARK: ECN (RFC 9000 §13.4, RFC 9002 §7.1)

  private func marking(_ transport: TransportSettings) -> QUICPair {
    let pair = QUICPair(transport: transport)
    pair.open()
    pair.run(milliseconds: 1000)
    return pair
  }

  /// A mark lowers the window once, without a loss.
  @Test func aMarkLowersTheWindow() {
    var transport = TransportSettings.standard(.rfc)
    transport.congestion = .reno
    transport.congestionNotification = .asks
    let pair = marking(transport)
    let before = pair.server.congestion.window
    var marked = 0
    let first = pair.sent(by: .server).count + 1
    pair.marks = { $0.side == .server && $0.ordinal == first }
    pair.server.write(5000, on: 3, isLast: false)
    pair.run(milliseconds: 1000)
    for datagram in pair.sent(by: .client) {
      marked = datagram.frames(.congestionCounts).map { Int($0.length) }.max() ?? marked
    }
    #expect(marked == 1)
    #expect(pair.log.records.contains { $0.kind == .quicPacketLost } == false)
    #expect(pair.server.congestion.window == before / 2)
  }

  @Test func whoDoesNotAskIsNotMarked() {
    var transport = TransportSettings.standard(.rfc)
    transport.congestionNotification = .never
    let pair = marking(transport)
    pair.marks = { _ in true }
    pair.server.write(5000, on: 3, isLast: false)
    pair.run(milliseconds: 1000)
    #expect(pair.sent.allSatisfy { $0.frames(.congestionCounts).isEmpty })
  }

  // MARK: The end (RFC 9000 §10)

  /// The shorter of both ends' times counts, from the last packet that was received.
  @Test func anIdleConnectionEndsSilently() {
    var policy = QUICPolicy.standard(.rfc)
    policy.client.idleTimeout = .seconds(5)
    let pair = QUICPair(policy)
    pair.open()
    let count = pair.sent.count
    pair.run(until: .zero + .seconds(6))
    #expect(pair.client.state == .closed && pair.server.state == .closed)
    #expect(pair.sent.count == count)
    let ends = pair.log.records.filter { $0.kind == .connectionClosed }
    #expect(ends.count == 2)
    let span = SimTime.zero + .seconds(5)...SimTime.zero + .milliseconds(5400)
    #expect(ends.allSatisfy { span.contains($0.time) })
  }

  /// Three probe time-outs at least (§10.1).
  @Test func aConnectionIsNotIdleWhileItProbes() {
    var policy = QUICPolicy.standard(.rfc)
    policy.client.idleTimeout = .milliseconds(10)
    let pair = QUICPair(policy)
    pair.open()
    #expect(pair.client.state == .open)
    #expect(pair.client.idleTimeout == pair.client.probeTimeout(.application) * 3)
  }

  @Test func closingTellsThePeer() {
    let pair = QUICPair()
    pair.open()
    pair.client.close(at: pair.now, &pair.log)
    pair.run(milliseconds: 50)
    #expect(pair.sent(by: .client).last?.frames(.connectionClose).count == 1)
    #expect(pair.server.state == .closed)
    pair.run(milliseconds: 2000)
    #expect(pair.client.state == .closed)
  }

  /// Whoever misses the end is told again when it sends (§10.2.1).
  @Test func aLostCloseIsSentAgainToWhoGoesOn() {
    let pair = QUICPair()
    pair.open()
    pair.loses = { !$0.frames(.connectionClose).isEmpty && $0.time < .zero + .milliseconds(260) }
    pair.client.close(at: pair.now, &pair.log)
    pair.pump()
    pair.server.write(100, on: 3, isLast: false)
    pair.run(milliseconds: 60)
    #expect(pair.server.state == .open)
    pair.run(milliseconds: 60)
    #expect(pair.sent(by: .client).count { !$0.frames(.connectionClose).isEmpty } == 2)
    #expect(pair.server.state == .closed)
  }

  /// A server that never hears of the end lets the connection go when nothing comes any more.
  @Test func aServerThatMissesTheEndGivesUp() {
    let pair = QUICPair()
    pair.open()
    pair.loses = { $0.side == .client }
    pair.client.close(at: pair.now, &pair.log)
    pair.run(until: .zero + .seconds(31))
    #expect(pair.server.state == .closed)
  }
}
