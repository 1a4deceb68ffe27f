/// How segments go out together, and when: pacing.
extension TCPEndpoint {
  /// Whether the pacer is shut at `now`; if so the endpoint wakes when it opens.
  @inline(__always)
  mutating func isPaced(at now: SimTime) -> Bool {
    guard pacesSegments, pacer.opens > now else { return false }
    pacedUntil = pacer.opens
    return true
  }

  /// Data goes out again after nothing was under way: what was known of the path has aged
  /// (RFC 5681 §4.1).
  @inline(__always)
  mutating func endIdleTime(at now: SimTime) {
    guard let lastSent, writeEnd > sendNext, scoreboard.isEmpty else { return }
    self.lastSent = now
    let window = congestion.window
    if let halvings = validation?.endPause(
      window: window, roundTrip: rtt.smoothed, since: lastSent, at: now)
    {
      congestion.endIdleTime(now - lastSent, halvings: halvings)
    } else {
      congestion.endIdleTime(
        now - lastSent, timeout: settings.slowStartAfterIdle ? rtt.timeout : nil)
    }
  }

  /// Takes the pacing rate from the window and the round trip.
  @inline(__always)
  mutating func updatePace() {
    if congestion.hasModel {
      takeModelPace()
      return
    }
    guard let roundTrip = rtt.smoothed else { return }
    pacer.update(
      window: congestion.window, outstanding: UInt32(scoreboard.count),
      threshold: congestion.slowStartThreshold, payload: payloadLimit, roundTrip: roundTrip)
  }

  /// Takes note of a segment that goes out by itself.
  mutating func paceAlone(_ payload: UInt32, at now: SimTime) {
    if pacesSegments { pacer.sent(bytes: payload, segments: 1, at: now) }
  }

  /// Begins a burst of new segments, where that is allowed by everything but the pacer and a full
  /// burst: returns what holds it back, or nil.
  @inline(__always)
  mutating func beginBurst(at now: SimTime) -> Cause? {
    burstRemaining = 1
    burstIsWhole = false
    guard pacesSegments else { return nil }
    burstRemaining = 0
    if isPaced(at: now) { return .pacing }
    let full = pacer.burst(payload: payloadLimit, minimumRTT: rtt.minimum)
    if isWorthWaiting(forBurst: full, at: now) {
      isDeferring = true
      return .congestionWindow
    }
    let room = min(writeEnd, peerWindowEnd) - sendNext
    let payload = Int64(payloadLimit)
    // A burst takes half of the window at most.
    // A message of the handshake that is free may go out where the window has no room.
    let open = congestion.window - min(pipe, congestion.window)
    let allowed = min(open, max(congestion.window / 2, 1), full)
    burstRemaining = max(1, min(allowed, UInt32(clamping: (room + payload - 1) / payload)))
    burstIsWhole = burstRemaining > 1
    let bytes = max(0, min(Int64(burstRemaining) * payload, room))
    pacer.sent(bytes: UInt32(bytes), segments: burstRemaining, at: now)
    return nil
  }

  /// Whether the window has room, but too little for a burst, and the next acknowledgement will
  /// come soon to make more.
  @inline(__always)
  private func isWorthWaiting(forBurst full: UInt32, at now: SimTime) -> Bool {
    let payload = Int64(payloadLimit)
    let available = writeEnd - sendNext
    guard !recovery.isRepairing, available > payload, congestion.window > pipe,
      now - pacer.opens <= .milliseconds(1),
      let oldest = scoreboard.oldestSending, let roundTrip = rtt.smoothed
    else { return false }
    let byWindow = Int64(congestion.window - pipe) * payload
    let allowed = min(byWindow, peerWindowEnd - sendNext)
    if allowed >= Int64(full) * payload { return false }
    if allowed >= Int64(congestion.window) * payload / 3 { return false }
    if allowed >= available && isClosing { return false }
    // The oldest segment's acknowledgement is expected a round trip after it was sent.
    return oldest + roundTrip - now <= min(.milliseconds(1), roundTrip / 2)
  }
}
