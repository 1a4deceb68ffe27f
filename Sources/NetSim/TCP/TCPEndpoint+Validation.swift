/// Whether the congestion window was used of late (RFC 7661), and what follows from it.
extension TCPEndpoint {
  /// Takes note of what was acknowledged outside of recovery; the handshake says nothing of the window.
  @inline(__always)
  mutating func validateWindow(_ acknowledged: UInt32, at now: SimTime) {
    guard validatesWindow, sendUnacknowledged > 1 else { return }
    validation?.acknowledged(
      acknowledged, unacknowledged: sendUnacknowledged, next: sendNext,
      window: congestion.window, roundTrip: rtt.smoothed, at: now)
    let halvings = validation?.periodsOver(at: now) ?? 0
    if halvings > 0 { congestion.endIdleTime(.zero, halvings: halvings) }
  }

  /// Whether acknowledgements may grow the window: where it is validated, or else where it is full.
  @inline(__always)
  func windowMayGrow(inSlowStart: Bool) -> Bool {
    guard validatesWindow, let validation else {
      return windowUse.allowsGrowth(window: congestion.window, inSlowStart: inSlowStart)
    }
    return validation.isValidated || windowUse.isLimited
  }

  /// Something was lost, or marked: lowers the threshold.
  mutating func signalCongestion() {
    let used = validation?.lossFound(
      outstanding: UInt32(scoreboard.count), retransmitted: segmentsRetransmitted)
    congestion.congestionEvent(used: used ?? nil)
  }
}
