import Testing

@testable import NetSim

/// When a receiver acknowledges (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
@Suite struct AcknowledgementTests {
  private func pair(_ policy: AcknowledgementPolicy) -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.acknowledgements = policy
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  /// When the client sent acknowledgements since `start`, in ms.
  private func times(_ pair: EndpointPair, since start: SimTime) -> [Int64] {
    pair.sent.filter { $0.side == .client && $0.time >= start }
      .map { ($0.time - start).nanoseconds / 1_000_000 }
  }

  @Test func everySecondSegmentIsAcknowledgedAtOnce() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(4 * 1448)
    pair.run(milliseconds: 200)
    #expect(times(pair, since: start) == [50, 50])
  }

  @Test func aSegmentAloneIsAcknowledgedAfterTheDelay() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(3 * 1448)
    pair.run(milliseconds: 200)
    #expect(times(pair, since: start) == [50, 90])
  }

  @Test func quickAcknowledgementsComeFirst() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 3))
    let start = pair.now
    _ = pair.server.write(6 * 1448)
    pair.run(milliseconds: 200)
    // Three at once, then the fifth's with the fourth, and the sixth alone after the delay.
    #expect(times(pair, since: start) == [50, 50, 50, 50, 90])
  }

  @Test func anAcknowledgementRidesOnDataThatGoesTheSameWay() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(1448)
    pair.run(milliseconds: 60)
    _ = pair.client.write(100)
    pair.run(milliseconds: 100)
    let sent = pair.sent.filter { $0.side == .client && $0.time >= start }
    #expect(sent.count == 1)
    #expect(sent[0].segment.payloadBytes == 100)
    #expect(sent[0].segment.acknowledgement == SequenceNumber(5001 + 1448))
  }

  /// The receive window opens by two segments with each that arrives, and says so at once.
  @Test func segmentsThatOpenTheWindowAreAcknowledgedAtOnce() {
    var settings = TransportSettings.prompt
    settings.acknowledgements = AcknowledgementPolicy(
      everySegments: 2, delay: .milliseconds(40), quickSegments: 1)
    settings.initialReceiveWindow = ByteCount(100_000)
    settings.receiveWindow = ByteCount(100_000 + 3 * 2 * 1448)
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    #expect(pair.client.receiveBuffer.opened == 100_000)
    let start = pair.now
    _ = pair.server.write(6 * 1448)
    pair.run(milliseconds: 200)
    #expect(pair.client.receiveBuffer.opened == 100_000 + 3 * 2 * 1448)
    // Three open it, two go together, and the last waits.
    #expect(times(pair, since: start) == [50, 50, 50, 50, 90])
  }

  @Test func theEndOfABurstIsAcknowledgedAtOnce() {
    var policy = AcknowledgementPolicy(
      everySegments: 2, delay: .milliseconds(40), quickSegments: 0)
    policy.acknowledgesBursts = true
    var pair = pair(policy)
    let start = pair.now
    _ = pair.server.write(3 * 1448)
    pair.run(milliseconds: 200)
    #expect(times(pair, since: start) == [50, 50])
  }

  /// After three acknowledgements of a hole the next are held together for a millisecond.
  @Test func acknowledgementsOfAHoleAreHeldTogether() {
    var policy = AcknowledgementPolicy(
      everySegments: 2, delay: .milliseconds(40), quickSegments: 0)
    policy.compressionDelay = .milliseconds(1)
    var schedule = AcknowledgementSchedule(policy)
    var sent: [Int64] = []
    for microseconds in stride(from: Int64(0), through: 4000, by: 300) {
      let now = SimTime.zero + .microseconds(microseconds)
      if schedule.deadline <= now {
        let delayEnded = schedule.deadlineReached(at: now)
        #expect(!delayEnded)
      }
      schedule.segmentArrivedAtHole(
        front: 1, movedFront: false, at: now, roundTrip: .milliseconds(100))
      if schedule.isDue {
        sent.append(microseconds)
        schedule.sent()
      }
    }
    #expect(sent == [0, 300, 600, 2100, 3600])
    // A new hole is reported at once.
    schedule.segmentArrivedAtHole(
      front: 2, movedFront: false, at: SimTime.zero + .milliseconds(5),
      roundTrip: .milliseconds(100))
    #expect(schedule.isDue)
  }

  /// Who answers at once is taken to go on doing so: acknowledgements wait for the answer.
  @Test func anInteractiveReceiverSendsNoQuickAcknowledgements() {
    var schedule = AcknowledgementSchedule(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 16))
    let deadline = SimTime.zero + .milliseconds(60)
    schedule.segmentArrived(at: .zero, isPushed: true, deadline: deadline)
    #expect(schedule.isDue)
    schedule.sent()
    schedule.dataSent(at: SimTime.zero + .milliseconds(10))
    schedule.segmentArrived(
      at: SimTime.zero + .milliseconds(20), isPushed: true, deadline: deadline)
    #expect(!schedule.isDue)
    #expect(schedule.deadline == deadline)
    let delayEnded = schedule.deadlineReached(at: deadline)
    #expect(delayEnded)
    schedule.sent()
    // No answer came: quick again.
    schedule.segmentArrived(
      at: SimTime.zero + .milliseconds(90), isPushed: true, deadline: .never)
    #expect(schedule.isDue)
  }
}
