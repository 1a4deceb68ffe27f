/// Timers that run out.
extension TCPEndpoint {
  /// Does what is due at `now`; harmless when nothing is.
  mutating func timerFired(at now: SimTime, log: inout EventLog) {
    if acknowledgements.deadline <= now {
      acknowledgements.delayEnded()
      logTimer(.delayedACK, at: now, &log)
    }
    if timers[.timeWait] <= now {
      end()
      return
    }
    if timers[.retransmission] <= now { retransmissionTimerFired(at: now, &log) }
  }

  /// RFC 6298 §5.4–§5.7.
  private mutating func retransmissionTimerFired(at now: SimTime, _ log: inout EventLog) {
    logTimer(.retransmission, at: now, &log)
    timeouts += 1
    timeoutsInARow += 1
    let isHandshake = state == .synSent || state == .synReceived
    let linear = state == .synSent ? settings.linearSYNTimeouts : 0
    let retries = isHandshake ? settings.synRetries + linear : settings.dataRetries
    if timeoutsInARow > retries {
      fail(.connectionFailed, at: now, &log)
      return
    }
    if timeoutsInARow > linear { rtt.backOff() }
    timers[.retransmission] = now + rtt.timeout
    if isHandshake { handshakeIsDue = true } else { enterLoss(at: now, &log) }
  }

  /// RFC 5681 §3.1 and RFC 6675 §5.1: everything outstanding is taken for lost, the window starts
  /// again from one segment.
  private mutating func enterLoss(at now: SimTime, _ log: inout EventLog) {
    let isRepeated = recovery.isRepairing  // the threshold falls once for each loss
    recovery.enterLoss(point: sendNext)
    scoreboard.markAllLost(lossReport(.timeout, at: now), &log)
    congestion.timeout(isRepeated: isRepeated)
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }
}
