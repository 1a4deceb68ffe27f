import Testing

@testable import NetSim

/// The examples of RFC 8985. The round trip is 100 ms; P1 of the RFC is segment 0 where it counts from 1.
@Suite struct RecentAcknowledgementTests {
  private func sender(initialWindow: UInt32 = 10) -> ScriptedSender {
    var settings = ScriptedSender.settings(initialWindow: initialWindow)
    settings.lossDetection = .rack
    return ScriptedSender(settings)
  }

  private func numbers(_ segments: [Segment], _ sender: ScriptedSender) -> [Int] {
    segments.map { sender.number(of: $0) }
  }

  /// §3.4, figure 1: four segments, of which the last three are lost. The figure repeats two at once in
  /// step 5c, which rate reduction does not allow: one was delivered, so that one goes out (RFC 9937).
  @Test func aProbeAndRecentAcknowledgementRepairThreeLossesAtTheTail() {
    var sender = sender()
    let start = sender.now
    _ = sender.write(segments: 4)
    _ = sender.wait(.milliseconds(100))
    #expect(sender.acknowledge(upTo: 1).isEmpty)
    let probe = sender.wait(.milliseconds(302))
    #expect(probe.map { sender.number(of: $0.segment) } == [3])  // 3b
    #expect(probe.map { $0.time - start } == [.milliseconds(302)])  // two round trips and 2 ms
    let first = sender.acknowledge(upTo: 1, sacking: [3...3])
    #expect(numbers(first, sender) == [1])  // 5c
    #expect(sender.endpoint.scoreboard.lostCount == 2)  // 5b
    #expect(sender.wait(.milliseconds(100)).isEmpty)
    let second = sender.acknowledge(upTo: 2, sacking: [3...3])
    #expect(numbers(second, sender) == [2])
    #expect(sender.wait(.milliseconds(100)).isEmpty)
    #expect(sender.acknowledge(upTo: 4).isEmpty)  // 8
    #expect(sender.endpoint.timeouts == 0)
    #expect(sender.endpoint.scoreboard.isEmpty)
  }

  /// §3.5: of three segments that are outstanding when the timer runs out, those sent within the last
  /// round trip are not taken for lost, and nothing but the first goes out again.
  @Test func aTimeoutSparesWhatWasSentWithinTheLastRoundTrip() {
    var sender = sender()
    _ = sender.write(segments: 1)
    _ = sender.wait(.milliseconds(1000))  // a probe, in place of the first time-out
    let deadline = sender.endpoint.timers[.retransmission]
    _ = sender.wait(deadline - sender.now - .milliseconds(10))
    #expect(sender.write(segments: 2).count == 2)
    let sent = sender.wait(.milliseconds(10))
    #expect(sent.map { sender.number(of: $0.segment) } == [0])
    #expect(sender.endpoint.timeouts == 1)
    #expect(sender.endpoint.scoreboard.lostCount == 1)
    sender.now = sender.now + .milliseconds(50)
    #expect(sender.acknowledge(upTo: 1).isEmpty)
    #expect(sender.endpoint.timers[.retransmission] > sender.now)
  }

  /// Sends three segments 30 ms apart, more than the reordering window of a quarter of the round trip.
  private func spaced(_ sender: inout ScriptedSender) {
    for _ in 0..<3 {
      _ = sender.write(segments: 1)
      _ = sender.wait(.milliseconds(30))
    }
    _ = sender.wait(.milliseconds(40))  // 130 ms after the first
  }

  /// §4, example 1.
  @Test func aRepairShowsThatWhatWasSentBeforeItIsLostToo() {
    var sender = sender()
    spaced(&sender)
    let first = sender.acknowledge(upTo: 0, sacking: [1...1])
    #expect(numbers(first, sender) == [0])
    _ = sender.wait(.milliseconds(100))
    let second = sender.acknowledge(upTo: 2)
    #expect(numbers(second, sender) == [2])
    #expect(sender.endpoint.timeouts == 0)
  }

  /// §4, example 2, with one more segment behind the losses, whose delivery lets the second one be
  /// repeated.
  @Test func aLostRetransmissionIsFoundByTheOneAfterIt() {
    var sender = sender()
    _ = sender.write(segments: 2)
    _ = sender.wait(.milliseconds(30))  // more than the reordering window of 25 ms
    _ = sender.write(segments: 2)
    _ = sender.wait(.milliseconds(100))
    let first = sender.acknowledge(upTo: 0, sacking: [2...2])
    #expect(numbers(first, sender) == [0])
    let second = sender.acknowledge(upTo: 0, sacking: [2...3])
    #expect(numbers(second, sender) == [1])
    _ = sender.wait(.milliseconds(100))
    let third = sender.acknowledge(upTo: 0, sacking: [1...3])
    #expect(numbers(third, sender) == [0])
    #expect(sender.endpoint.timeouts == 0)
  }

  /// §4, example 3: once the path is known to reorder, a quarter of the round trip is left to what is
  /// late.
  @Test func whatIsReorderedHasAQuarterOfTheRoundTrip() {
    var sender = sender()
    _ = sender.write(segments: 3)
    _ = sender.wait(.milliseconds(100))
    _ = sender.acknowledge(upTo: 0, sacking: [2...2])
    _ = sender.acknowledge(upTo: 3)
    #expect(sender.endpoint.rack.sawReordering)

    for late: Int64 in [24, 26] {
      let first = Int((sender.endpoint.sendNext - 1) / ScriptedSender.segmentBytes)
      _ = sender.write(segments: 3)
      _ = sender.wait(.milliseconds(100))
      #expect(sender.acknowledge(upTo: first, sacking: [first + 2...first + 2]).isEmpty)
      let repeated = sender.wait(.milliseconds(late))
      #expect(repeated.isEmpty == (late < 25))
      _ = sender.acknowledge(upTo: first + 3)
    }
  }

  /// §9.3: ten segments, all lost, with a window of 20. After the probe 1 + 2 + 4 + 2 are repaired, and
  /// the window is the threshold of 10.
  @Test func aFlightLostWholeIsRepairedInSlowStartWithoutATimeout() {
    var sender = sender(initialWindow: 20)
    _ = sender.write(segments: 10)
    let probe = sender.wait(.milliseconds(302))
    #expect(probe.map { sender.number(of: $0.segment) } == [9])
    var flight = numbers(sender.acknowledge(upTo: 0, sacking: [9...9]), sender)
    var rounds: [Int] = []
    while !flight.isEmpty && rounds.count < 10 {
      rounds.append(flight.count)
      sender.now = sender.now + .milliseconds(100)
      var next: [Int] = []
      for number in flight {
        let isLast = number == 8
        let sent = sender.acknowledge(
          upTo: isLast ? 10 : number + 1, sacking: isLast ? [] : [9...9])
        next += numbers(sent, sender)
      }
      flight = next
    }
    #expect(rounds == [1, 2, 4, 2])
    #expect(sender.endpoint.congestion.window == 10)
    #expect(sender.endpoint.timeouts == 0)
  }
}
