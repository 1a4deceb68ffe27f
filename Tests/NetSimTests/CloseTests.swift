import Testing

@testable import NetSim

/// RFC 9293 §3.6: the ways in which a connection ends.
@Suite struct CloseTests {
  @Test func theSideThatClosesFirstWaitsInTimeWait() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    pair.client.close()
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .finWait1)
    #expect(pair.server.state == .closeWait)
    #expect(pair.server.peerHasClosed)
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .finWait2)
    pair.server.close()
    pair.run(milliseconds: 50)
    #expect(pair.server.state == .lastAck)
    #expect(pair.client.state == .timeWait)
    pair.run(milliseconds: 50)
    #expect(pair.server.state == .closed)
    #expect(!pair.server.hasFailed)
    pair.run(milliseconds: 60_000)
    #expect(pair.client.state == .closed)
    #expect(pair.client.nextDeadline == .never)
  }

  @Test func simultaneousClosesMeetInClosing() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    pair.client.close()
    pair.server.close()
    pair.run(milliseconds: 49)
    #expect(pair.client.state == .finWait1)
    #expect(pair.server.state == .finWait1)
    pair.run(milliseconds: 1)
    #expect(pair.client.state == .closing)
    #expect(pair.server.state == .closing)
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .timeWait)
    #expect(pair.server.state == .timeWait)
  }

  @Test func theFINRidesOnTheLastSegmentOfData() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    _ = pair.server.write(2000)
    pair.server.close()
    pair.run(milliseconds: 50)
    let data = pair.data(.server)
    #expect(data.map(\.segment.payloadBytes) == [1448, 552])
    #expect(data.map { $0.segment.flags.contains(.fin) } == [false, true])
    #expect(pair.client.peerHasClosed)
    #expect(pair.client.delivered == 2001)
  }

  @Test func aLostFINIsSentAgain() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    pair.loses = {
      $0.side == .client && $0.segment.flags.contains(.fin) && $0.time.nanoseconds < 300_000_000
    }
    pair.client.close()
    pair.run(milliseconds: 200)
    #expect(pair.server.state == .established)
    pair.run(milliseconds: 600)
    #expect(pair.server.state == .closeWait)
  }

  @Test func aResetEndsBothSidesAtOnce() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    pair.client.abort()
    pair.run(milliseconds: 50)
    #expect(pair.client.state == .closed)
    #expect(pair.server.state == .closed)
    #expect(pair.server.hasFailed)
    #expect(pair.log.records.last?.kind == .connectionReset)
  }

  @Test func aResetOutsideTheWindowIsIgnored() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    let forged = Segment(
      sequence: SequenceNumber(900), acknowledgement: SequenceNumber(0), flags: .rst, window: 0,
      payloadBytes: 0)
    pair.server.receive(forged, packet: 77, at: pair.now, log: &pair.log)
    #expect(pair.server.state == .established)
  }

  /// RFC 9293 §3.10.7.4: inside the window, but not what is expected next: answered, not obeyed.
  @Test func aResetThatIsNotExpectedNextIsChallenged() {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    let count = pair.sent.count
    let forged = Segment(
      sequence: SequenceNumber(1101), acknowledgement: SequenceNumber(0), flags: .rst, window: 0,
      payloadBytes: 0)
    pair.server.receive(forged, packet: 77, at: pair.now, log: &pair.log)
    pair.run(milliseconds: 1)
    #expect(pair.server.state == .established)
    #expect(pair.sent.count == count + 1)
    #expect(pair.sent[count].segment.acknowledgement == SequenceNumber(1001))
  }
}
