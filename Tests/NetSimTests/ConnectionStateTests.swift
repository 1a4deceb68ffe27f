import Testing

@testable import NetSim

/// The states of RFC 9293 §3.3.2 and what arrives in them (§3.10.7).
@Suite struct ConnectionStateTests {
  private func established() -> EndpointPair {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  // MARK: Opening

  /// RFC 9293 §3.5, figure 7.
  @Test func bothMayOpenAtOnce() {
    var pair = EndpointPair.strangers
    pair.client.connect(at: .zero, log: &pair.log)
    pair.server.connect(at: .zero, log: &pair.log)
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .synReceived)
    #expect(pair.server.state == .synReceived)
    #expect(pair.sent.map(\.segment.flags) == [.syn, .syn, [.syn, .ack], [.syn, .ack]])
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .established)
    #expect(pair.server.state == .established)
    #expect(pair.client.congestion.window == 10)
    #expect(pair.client.segmentsRetransmitted == 0)
    _ = pair.client.write(3000)
    _ = pair.server.write(3000)
    pair.run(milliseconds: 100)
    #expect(pair.client.delivered == 3001)
    #expect(pair.server.delivered == 3001)
    // Nothing goes on for ever between them.
    let count = pair.sent.count
    pair.run(milliseconds: 1000)
    #expect(pair.sent.count <= count + 2)
  }

  @Test func aSegmentForNoConnectionIsReset() {
    var pair = EndpointPair.strangers
    var answer = pair.forge(.ack, to: .server, at: 7, acknowledging: 300)
    #expect(answer.map(\.flags) == [.rst])
    #expect(answer[0].sequence == SequenceNumber(5300))  // <SEQ=SEG.ACK><CTL=RST>
    answer = pair.forge([.syn], to: .server, at: 0, payload: 10)
    #expect(answer.map(\.flags) == [[.rst, .ack]])
    #expect(answer[0].sequence == SequenceNumber(0))
    #expect(answer[0].acknowledgement == SequenceNumber(1011))  // SEG.SEQ + SEG.LEN
    answer = pair.forge(.rst, to: .server, at: 0)
    #expect(answer.isEmpty)
  }

  /// RFC 9293 §3.10.7.1: what comes after all resets the peer that sent it.
  @Test func aLateAnswerToAFailedConnectIsReset() {
    var pair = EndpointPair()
    pair.loses = { _ in true }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(milliseconds: 1_000_000)
    #expect(pair.client.hasFailed)
    let answer = pair.forge([.syn, .ack], to: .client, at: 0, acknowledging: 1)
    #expect(answer.map(\.flags) == [.rst])
    #expect(answer[0].sequence == SequenceNumber(1001))
  }

  @Test func aListenerResetsAcknowledgementsAndIgnoresResets() {
    var pair = EndpointPair()
    var answer = pair.forge(.rst, to: .server, at: 0)
    #expect(answer.isEmpty)
    answer = pair.forge(.ack, to: .server, at: 0, acknowledging: 40)
    #expect(answer.map(\.flags) == [.rst])
    #expect(answer[0].sequence == SequenceNumber(5040))
    answer = pair.forge(.fin, to: .server, at: 0)
    #expect(answer.isEmpty)
    #expect(pair.server.state == .listen)
  }

  @Test func aSYNThatIsAnsweredWronglyResetsTheAnswer() {
    var pair = EndpointPair()
    pair.client.connect(at: .zero, log: &pair.log)
    pair.pump()
    let answer = pair.forge([.syn, .ack], to: .client, at: 0, acknowledging: 9)
    #expect(answer.map(\.flags) == [.rst])
    #expect(answer[0].sequence == SequenceNumber(1009))
    #expect(pair.client.state == .synSent)
    pair.run(milliseconds: 200)
    #expect(pair.client.state == .established)
  }

  /// RFC 9293 §3.10.7.4, fifth: <SEQ=SEG.ACK><CTL=RST>.
  @Test func whatWasNotSentCannotBeAcknowledgedInSYNReceived() {
    var pair = EndpointPair()
    _ = pair.forge(.syn, to: .server, at: 0)
    #expect(pair.server.state == .synReceived)
    let answer = pair.forge(.ack, to: .server, at: 1, acknowledging: 2)
    #expect(answer.map(\.flags) == [.rst])
    #expect(answer[0].sequence == SequenceNumber(5002))
    #expect(pair.server.state == .synReceived)
    _ = pair.forge(.ack, to: .server, at: 1, acknowledging: 1)
    #expect(pair.server.state == .established)
  }

  @Test func aListenerListensAgainAfterAReset() {
    var pair = EndpointPair()
    _ = pair.forge(.syn, to: .server, at: 0)
    _ = pair.forge(.rst, to: .server, at: 1)
    #expect(pair.server.state == .listen)
    #expect(!pair.server.hasFailed)
    pair.open()
    pair.run(milliseconds: 50)
    #expect(pair.server.state == .established)
  }

  @Test func whoOpenedActivelyIsRefusedByAResetInSYNReceived() {
    var pair = EndpointPair.strangers
    pair.client.connect(at: .zero, log: &pair.log)
    pair.pump()
    _ = pair.forge(.syn, to: .client, at: 0)
    #expect(pair.client.state == .synReceived)
    _ = pair.forge(.rst, to: .client, at: 1)
    #expect(pair.client.state == .closed)
    #expect(pair.client.hasFailed)
  }

  // MARK: Challenges (RFC 5961)

  @Test func aSYNOnAnOpenConnectionIsChallenged() {
    var pair = established()
    let answer = pair.forge(.syn, to: .server, at: 500)
    #expect(answer.map(\.flags) == [.ack])
    #expect(answer[0].acknowledgement == SequenceNumber(1001))
    #expect(pair.server.state == .established)
  }

  @Test func anAcknowledgementFromLongAgoIsChallengedAndNotHeeded() {
    var pair = established()
    let answer = pair.forge(
      [.ack, .psh], to: .server, at: 1, acknowledging: -5_000_000, payload: 9)
    #expect(answer.map(\.flags) == [.ack])
    #expect(pair.server.delivered == 1)
  }

  @Test func whatLiesBeyondTheWindowIsAnsweredAndNotTaken() {
    var pair = established()
    let far: Int64 = 1 << 24
    let answers =
      pair.forge(.ack, to: .server, at: far, acknowledging: 1)
      + pair.forge(.ack, to: .server, at: far, acknowledging: 1, payload: 100)
    #expect(answers.map(\.flags) == [.ack, .ack])
    #expect(answers.allSatisfy { $0.acknowledgement == SequenceNumber(1001) })
    #expect(!pair.server.reassembly.hasGap)
  }

  // MARK: Closing

  @Test func dataFlowsOnThroughAHalfClosedConnection() {
    var pair = established()
    pair.client.close()
    pair.run(milliseconds: 200)
    #expect(pair.client.state == .finWait2)
    #expect(pair.server.state == .closeWait)
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 2000)
    #expect(pair.client.delivered == 100_001)
    #expect(pair.client.state == .finWait2)
    pair.server.close()
    pair.run(milliseconds: 100)
    #expect(pair.client.state == .timeWait)
    #expect(pair.server.state == .closed)
  }

  @Test func aRepeatedFINStartsTheTimeWaitAgain() {
    var pair = established()
    pair.client.close()
    pair.run(milliseconds: 200)
    let first = pair.now + .milliseconds(50)
    // The acknowledgement of the server's FIN is lost, so that it comes again.
    pair.loses = { $0.side == .client && $0.time == first }
    pair.server.close()
    pair.run(milliseconds: 50)
    #expect(pair.client.timers[.timeWait] == first + .seconds(60))
    pair.run(milliseconds: 1000)
    #expect(pair.server.state == .closed)
    #expect(pair.client.timers[.timeWait] > first + .milliseconds(60_100))
    // What is no FIN changes nothing.
    let end = pair.client.timers[.timeWait]
    _ = pair.forge(.ack, to: .client, at: 2, acknowledging: 2)
    #expect(pair.client.timers[.timeWait] == end)
  }

  @Test(arguments: [TCPState.established, .finWait1, .finWait2, .closeWait])
  func aResetFailsAConnectionThatHadMoreToSay(state: TCPState) {
    var pair = established()
    switch state {
    case .finWait1: pair.server.close()
    case .finWait2:
      pair.server.close()
      pair.run(milliseconds: 100)
    case .closeWait:
      pair.client.close()
      pair.run(milliseconds: 100)
    default: break
    }
    pair.pump()
    #expect(pair.server.state == state)
    let position = pair.server.reassembly.front
    _ = pair.forge(.rst, to: .server, at: position)
    #expect(pair.server.state == .closed)
    #expect(pair.server.hasFailed)
    #expect(pair.server.nextDeadline == .never)
  }

  @Test(arguments: [TCPState.closing, .lastAck, .timeWait])
  func aResetMerelyEndsAConnectionThatIsOver(state: TCPState) {
    var pair = established()
    switch state {
    case .closing:
      pair.client.close()
      pair.server.close()
      pair.run(milliseconds: 50)
    case .lastAck:
      pair.client.close()
      pair.run(milliseconds: 100)
      pair.server.close()
      pair.pump()
    default:
      pair.server.close()
      pair.run(milliseconds: 100)
      pair.client.close()
      pair.run(milliseconds: 50)
    }
    #expect(pair.server.state == state)
    let position = pair.server.reassembly.front
    _ = pair.forge(.rst, to: .server, at: position)
    #expect(pair.server.state == .closed)
    #expect(!pair.server.hasFailed)
  }
}
