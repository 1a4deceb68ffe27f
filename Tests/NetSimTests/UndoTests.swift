import Testing

@testable import NetSim

/// What was lowered without need is raised again when the peer reports duplicates (RFC 3708).
@Suite struct UndoTests {
  /// Without timestamps, which would show the same sooner.
  private func established(timestamps: Bool = false) -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.timestamps = timestamps
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  @Test func aSegmentThatWasOnlyLateRestoresTheWindow() {
    var pair = established()
    let start = pair.now
    pair.delays = {
      $0.side == .server && $0.time == start && $0.start == 1 ? .milliseconds(60) : .zero
    }
    _ = pair.server.write(10 * 1460)
    pair.run(milliseconds: 199)
    #expect(pair.server.segmentsRetransmitted == 1)
    #expect(pair.server.congestion.window < 10)
    pair.run(milliseconds: 1)  // the D-SACK of the retransmission arrives
    #expect(pair.server.congestion.window >= 10)
    #expect(pair.server.congestion.isInSlowStart)
    #expect(pair.server.recovery.undoMarker == nil)
  }

  /// RFC 3522: the echo in the late segment's acknowledgement is older than the repetition.
  @Test func timestampsShowItBeforeTheRepetitionArrives() {
    var pair = established(timestamps: true)
    let start = pair.now
    pair.delays = {
      $0.side == .server && $0.time == start && $0.start == 1 ? .milliseconds(60) : .zero
    }
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 159)
    #expect(pair.server.congestion.window < 10)
    pair.run(milliseconds: 1)
    #expect(pair.server.congestion.window >= 10)
    #expect(pair.server.congestion.isInSlowStart)
  }

  @Test func aSegmentThatWasReallyLostDoesNot() {
    var pair = established()
    let start = pair.now
    pair.loses = { $0.side == .server && $0.time == start && $0.start == 1 }
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 400)
    #expect(pair.server.segmentsRetransmitted == 1)
    #expect(!pair.server.congestion.isInSlowStart)
    #expect(pair.server.congestion.window < 10)
  }

  /// Of two that went again one had been lost: that was congestion.
  @Test func oneRealLossKeepsTheWindowLow() {
    var pair = established()
    let start = pair.now
    pair.delays = {
      $0.side == .server && $0.time == start && $0.start == 1 ? .milliseconds(60) : .zero
    }
    pair.loses = { $0.side == .server && $0.time == start && $0.start == 1 + 1460 }
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 400)
    #expect(pair.server.segmentsRetransmitted == 2)
    #expect(!pair.server.congestion.isInSlowStart)
  }
}
