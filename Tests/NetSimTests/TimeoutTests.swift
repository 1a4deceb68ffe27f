import Testing

@testable import NetSim

/// What follows when the retransmission timer runs out. Segments are of 1,448 bytes, RTT is 100 ms.
@Suite struct TimeoutTests {
  /// A pair whose server loses what `loses` says: segment from 1, transmission from 1.
  private func pair(losing loses: @escaping (Int64, Int) -> Bool) -> EndpointPair {
    var pair = EndpointPair()
    pair.open()
    pair.run(milliseconds: 100)
    var seen: [Int64: Int] = [:]
    pair.loses = { sent in
      guard sent.side == .server, sent.segment.payloadBytes > 0 else { return false }
      let segment = (sent.start - 1) / 1448 + 1
      seen[segment, default: 0] += 1
      return loses(segment, seen[segment] ?? 0)
    }
    return pair
  }

  /// The segments that the server sent from when its timer first ran out, from 1.
  private func afterTimeout(_ pair: EndpointPair) -> [Int64] {
    let data = pair.data(.server)
    guard let first = data.firstIndex(where: { $0.segment.retransmission == .timeout }) else {
      return []
    }
    return data[first...].map { ($0.start - 1) / 1448 + 1 }
  }

  /// RFC 5682 §3.1: when the repetition is acknowledged two new segments go out first; what they
  /// bring shows that the loss was real.
  @Test func twoNewSegmentsGoOutBeforeTheOtherLostOnes() {
    var pair = pair { $1 == 1 && $0 <= 11 }  // the window, and the probe with new data
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 5000)
    #expect(Array(afterTimeout(pair).prefix(5)) == [1, 12, 13, 2, 3])
    #expect(pair.server.timeouts == 1)
    #expect(pair.client.delivered == 100_001)
    #expect(pair.client.segmentsSpurious == 0)
  }

  /// RFC 5682 §3.1, step 3.b: what was sent once only is acknowledged, so that nothing was lost but
  /// acknowledgements; window and threshold are what they were.
  @Test func aSpuriousTimeoutIsUndone() {
    var pair = pair { _, _ in false }
    pair.loses = { $0.side == .client }
    _ = pair.server.write(14_480)
    let start = pair.now
    while pair.server.timeouts == 0 && pair.now - start < .seconds(2) { pair.run(milliseconds: 1) }
    #expect(pair.server.congestion.window == 1)
    #expect(pair.server.congestion.slowStartThreshold == 7)
    pair.loses = { _ in false }
    pair.run(milliseconds: 101)
    #expect(pair.server.congestion.window >= 10)
    #expect(pair.server.congestion.slowStartThreshold == CongestionController.unlimited)
    #expect(pair.server.recovery.phase == .slowStart)
    #expect(pair.server.segmentsRetransmitted == 2)  // the probe, and the timer's
  }

  /// RFC 8985 §6.3: a segment that is lost again after a time-out is found without the timer, and it
  /// is a new loss.
  @Test func aRepetitionThatIsLostAfterATimeoutIsFoundByWhatFollows() {
    var pair = pair { ($1 == 1 && $0 <= 11) || ($0 == 2 && $1 == 2) }
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 5000)
    #expect(pair.server.timeouts == 1)
    #expect(pair.client.delivered == 100_001)
    let phases = pair.log.records.filter { $0.kind == .congestionPhase && $0.side == .server }
      .map(\.detail)
    #expect(phases.contains(CongestionPhase.recovery.rawValue))
  }

  /// Timers run for whole ticks, and the longer ones for groups of them.
  @Test func timersRunInTicks() {
    var settings = TransportSettings.prompt
    settings.timerTick = .milliseconds(4)
    let pair = EndpointPair(settings)
    let cases: [(wait: Int64, expected: Int64)] = [
      (1, 6), (40, 42), (41, 46), (248, 250), (249, 268), (1000, 1016), (10_000, 10_128),
    ]
    for (wait, expected) in cases {
      let deadline = pair.server.deadline(after: .milliseconds(wait), at: .zero)
      #expect(deadline == SimTime.zero + .milliseconds(expected))
    }
    let exact = EndpointPair().server.deadline(after: .milliseconds(41), at: .zero)
    #expect(exact == SimTime.zero + .milliseconds(41))
  }
}
