import Testing

@testable import NetSim

/// What was lowered without need is raised again when the peer reports duplicates (RFC 3708).
@Suite struct UndoTests {
  private func established() -> EndpointPair {
    var pair = EndpointPair()
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
    _ = pair.server.write(10 * 1448)
    pair.run(milliseconds: 199)
    #expect(pair.server.segmentsRetransmitted == 1)
    #expect(pair.server.congestion.window < 10)
    pair.run(milliseconds: 1)  // the D-SACK of the retransmission arrives
    #expect(pair.server.congestion.window >= 10)
    #expect(pair.server.congestion.isInSlowStart)
    #expect(pair.server.recovery.undoMarker == nil)
  }

  @Test func aSegmentThatWasReallyLostDoesNot() {
    var pair = established()
    let start = pair.now
    pair.loses = { $0.side == .server && $0.time == start && $0.start == 1 }
    _ = pair.server.write(10 * 1448)
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
    pair.loses = { $0.side == .server && $0.time == start && $0.start == 1 + 1448 }
    _ = pair.server.write(10 * 1448)
    pair.run(milliseconds: 400)
    #expect(pair.server.segmentsRetransmitted == 2)
    #expect(!pair.server.congestion.isInSlowStart)
  }
}
