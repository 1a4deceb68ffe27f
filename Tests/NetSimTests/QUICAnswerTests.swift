import Testing

@testable import NetSim

/// Acknowledgements as seldom as the peer asks (draft-ietf-quic-ack-frequency), and how often somebody
/// is told that a connection ends.
@Suite struct QUICAnswerTests: QUICRuns {
  /// A connection on which the server asks for one answer in ten packets, and waits 100 ms at most.
  private func open(clientKnows: Bool = true, serverKnows: Bool = true) -> QUICPair {
    var policy = QUICPolicy.standard(.rfc)
    policy.server.asksForAnswers = AnswerRequest(packets: 10, delay: .milliseconds(100))
    policy.server.leastDelay = serverKnows ? .milliseconds(1) : nil
    policy.client.leastDelay = clientKnows ? .milliseconds(1) : nil
    policy.server.burst = 0
    let pair = QUICPair(policy)
    pair.open()
    return pair
  }

  private func answers(_ pair: QUICPair, after count: Int) -> Int {
    pair.sent[count...].count { $0.side == .client && !$0.frames(.acknowledgement).isEmpty }
  }

  /// Ten full packets within the window: one answer instead of five.
  @Test func tenPacketsHaveOneAnswer() {
    let pair = open()
    let asked = pair.sent(by: .server).flatMap { $0.frames(.acknowledgementFrequency) }
    #expect(asked.map(\.offset) == [9] && asked.map(\.length) == [100_000])
    pair.run(milliseconds: 500)
    let count = pair.sent.count
    pair.server.write(11_000, on: 3, isLast: false)
    pair.run(milliseconds: 60)
    #expect(pair.sent[count...].count { $0.side == .server } == 10)
    #expect(answers(pair, after: count) == 1)
  }

  /// Fewer wait as long as was asked; the probe time-out allows for it (§7).
  @Test func fewPacketsWait() throws {
    let pair = open()
    pair.run(milliseconds: 500)
    let (count, start) = (pair.sent.count, pair.now)
    pair.server.write(3_000, on: 3, isLast: false)
    pair.run(milliseconds: 300)
    #expect(answers(pair, after: count) == 1)
    let answer = try #require(pair.sent[count...].first { $0.side == .client })
    #expect(answer.time == start + .milliseconds(150))
    #expect(pair.server.peerDelay == .milliseconds(100) && pair.server.timeouts == 0)
  }

  /// What comes out of order is told at once all the same.
  @Test func aHoleIsToldOfAtOnce() {
    let pair = open()
    pair.run(milliseconds: 500)
    let count = pair.sent.count
    let first = pair.sent(by: .server).count + 1
    pair.loses = { $0.side == .server && $0.ordinal == first }
    pair.server.write(3_000, on: 3, isLast: false)
    pair.run(milliseconds: 55)
    #expect(answers(pair, after: count) >= 1)
  }

  @Test(arguments: [(false, true), (true, false)])
  func nobodyAsksWhoDoesNotKnowOfIt(client: Bool, server: Bool) {
    let pair = open(clientKnows: client, serverKnows: server)
    #expect(pair.sent.allSatisfy { $0.frames(.acknowledgementFrequency).isEmpty })
    #expect(pair.client.answering.packets == 2)
  }

  /// To one, two, four and eight of sixteen packets (RFC 9000 §10.2.1).
  @Test func anEndIsToldSeldomer() {
    let pair = QUICPair()
    pair.open()
    pair.loses = { !$0.frames(.connectionClose).isEmpty }
    pair.client.close(at: pair.now, &pair.log)
    pair.pump()
    for _ in 0..<15 {
      pair.server.write(10, on: 3, isLast: false)
      pair.run(milliseconds: 5)
    }
    pair.run(milliseconds: 55)
    let told = pair.sent(by: .client).count { !$0.frames(.connectionClose).isEmpty }
    #expect(told == 1 + 4)
  }

  /// A token of an earlier connection proves the address as well as one of a Retry (§8.1.3).
  @Test func aTokenSavesTheRetry() {
    for hasToken in [false, true] {
      var policy = QUICPolicy.standard(.rfc)
      policy.retries = true
      policy.hasToken = hasToken
      let pair = QUICPair(policy)
      pair.open()
      pair.run(milliseconds: 200)
      #expect(pair.client.isConfirmed == true)
      #expect(pair.sent.contains { $0.packets == [.retry] } == !hasToken)
    }
  }
}
