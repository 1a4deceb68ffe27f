/// Timers that run out.
extension TCPEndpoint {
  /// Does what is due at `now`; harmless when nothing is.
  mutating func timerFired(at now: SimTime, log: inout EventLog) {
    if acknowledgements.deadline <= now && acknowledgements.deadlineReached(at: now) {
      logTimer(.delayedACK, at: now, &log)
    }
    if pacedUntil <= now { pacedUntil = .never }  // it looks again, if it is still of use
    if receiveBuffer.wakesAt <= now { readingWoke(at: now) }
    if timers[.persist] <= now { persistTimerFired(at: now, &log) }
    if timers[.keepalive] <= now { keepaliveTimerFired(at: now, &log) }
    if timers[.timeWait] <= now {
      end()
      return
    }
    if timers[.reordering] <= now { reorderingTimerFired(at: now, &log) }
    if timers[.tailLossProbe] <= now { probeTimerFired(at: now, &log) }
    if timers[.retransmission] <= now { retransmissionTimerFired(at: now, &log) }
  }

  /// When a timer that is set at `now` runs out.
  ///
  /// Where a tick has a length, timers run for whole ticks, begun at some point of one, and from 63
  /// ticks on for whole groups of 8, from 504 of 64 (Linux's timer wheel). On average that is half a
  /// tick, or half a group, more.
  @inline(__always)
  func deadline(after wait: SimDuration, at now: SimTime) -> SimTime {
    Self.deadline(after: wait, at: now, tick: timerTick)
  }

  @inline(__always)
  private static func deadline(
    after wait: SimDuration, at now: SimTime, tick length: SimDuration
  ) -> SimTime {
    let tick = length.nanoseconds
    if tick == 0 { return now + wait }
    let ticks = SimDuration(nanoseconds: wait.nanoseconds + tick - 1).wholeTicks(of: length)
    var group: Int64 = 1
    while ticks >= 63 * group && group < 512 { group *= 8 }
    return now + SimDuration(nanoseconds: ticks * tick + group * tick / 2)
  }

  /// When a retransmission timer runs out that starts with what is sent at `now`, or when the pacer
  /// lets it go.
  @inline(__always)
  func sendDeadline(after wait: SimDuration, at now: SimTime) -> SimTime {
    deadline(after: wait, at: pacesSegments ? max(now, pacer.opens) : now)
  }

  /// RFC 8985 §6.3: what was given leave to be late is late.
  private mutating func reorderingTimerFired(at now: SimTime, _ log: inout EventLog) {
    logTimer(.reordering, at: now, &log)
    timers[.reordering] = .never
    let wasRepairing = recovery.phase == .recovery
    _ = detectLosses(at: now, &log)
    if recovery.phase == .recovery && !wasRepairing {
      // What was late has left the network: the window allows its retransmission.
      reduceWindow(delivered: 1, isClean: false, at: now, &log)
    }
  }

  /// RFC 8985 §7.3: a probe goes out in place of waiting for the retransmission timer, which starts
  /// again behind it.
  private mutating func probeTimerFired(at now: SimTime, _ log: inout EventLog) {
    logTimer(.tailLossProbe, at: now, &log)
    timers[.tailLossProbe] = .never
    guard !scoreboard.isEmpty else { return }
    probeIsDue = true
    timers[.retransmission] = sendDeadline(after: rtt.timeout, at: now)
  }

  /// Starts the wait for a probe, after new data was sent or acknowledged (RFC 8985 §7.2). It never
  /// outlasts the retransmission timer.
  mutating func scheduleProbe(at now: SimTime) {
    guard usesRACK, !recovery.isRepairing, scoreboard.sackedCount == 0, probe.end == nil,
      state.isSynchronized, !scoreboard.isEmpty
    else {
      timers[.tailLossProbe] = .never
      return
    }
    let wait = TailLossProbe.timeout(
      smoothedRTT: rtt.smoothed, outstanding: scoreboard.count, settings: settings)
    timers[.tailLossProbe] = min(sendDeadline(after: wait, at: now), timers[.retransmission])
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
    timers[.retransmission] = sendDeadline(after: rtt.timeout, at: now)
    if isHandshake { handshakeIsDue = true } else { enterLoss(at: now, &log) }
  }

  /// RFC 5681 §3.1 and RFC 6675 §5.1: everything outstanding is taken for lost, the window starts
  /// again from one segment.
  private mutating func enterLoss(at now: SimTime, _ log: inout EventLog) {
    // The threshold falls once for each loss: not while an earlier one is repaired, unless that made
    // progress.
    let isRepeated =
      recovery.isRepairing && recovery.point > sendUnacknowledged
      && (recovery.phase == .recovery || timeoutsInARow > 1)
    if !isRepeated {
      rememberWindow()
    }
    // RFC 5682 §3.1: not while an earlier loss is repaired.
    let isTentative = usesRACK && (!recovery.isRepairing || timeoutsInARow > 1)
    recovery.enterLoss(
      point: sendNext, isTentative: isTentative, now: Self.timestamp(at: now))
    probe.cancel()
    timers[.tailLossProbe] = .never
    timers[.reordering] = .never
    // RFC 8985 §6.3: what was sent within the last round trip may still arrive.
    let recent = usesRACK ? SimTime(nanoseconds: now.nanoseconds - rack.roundTrip.nanoseconds) : now
    scoreboard.markAllLost(sentBefore: recent, lossReport(.timeout, at: now), &log)
    validation?.forget()
    congestion.timeout(isRepeated: isRepeated, pipe: scoreboard.pipe, at: now, next: sendNext)
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }
}
