/// What the sender learns from an acknowledgement (RFC 5681, RFC 6298, RFC 6675).
extension TCPEndpoint {
  /// Takes the acknowledgement, the window and the SACK blocks of a segment.
  mutating func takeAcknowledgement(_ segment: Segment, at now: SimTime, _ log: inout EventLog) {
    let isOvertaken = position(acknowledged: segment) < sendUnacknowledged
    // An old acknowledgement can only say which segments arrived; which may still be news.
    if isOvertaken && (!usesSACK || segment.sackCount == 0) { return }
    let acknowledged = max(position(acknowledged: segment), sendUnacknowledged)
    var update = Scoreboard.Update(rack, at: now, minimumRTT: rtt.minimum)
    let advances = acknowledged > sendUnacknowledged
    if !advances && !usesSACK { countDuplicate(segment) }
    if advances {
      scoreboard.acknowledge(upTo: acknowledged, &update)
      if !usesSACK { recovery.countDelivered(&update) }
      if sendUnacknowledged == 0 { update.newlyAcknowledged = 0 }  // the handshake grows no window
      sendUnacknowledged = acknowledged
    }
    var reportsDuplicate = false
    if usesSACK { reportsDuplicate = takeSACKBlocks(segment, &update) }
    rack = update.rack
    if !segment.flags.contains(.syn) && !isOvertaken { takeWindow(segment) }
    takeRoundTrip(update, echo: segment, at: now, &log)
    if advances { acknowledgedNewData(at: now, &log) }
    let foundLoss = detectLosses(at: now, &log)
    takeProbeAnswer(
      upTo: acknowledged, reportsDuplicate: reportsDuplicate,
      isDuplicate: !advances && update.newlyAcknowledged == 0 && segment.isPureAcknowledgement,
      at: now, &log)
    if recovery.phase == .recovery {
      // Where SACK is off, each duplicate stands for a segment delivered (RFC 6937 §2).
      let delivered = usesSACK ? update.newlyAcknowledged : max(update.newlyAcknowledged, 1)
      reduceWindow(delivered: delivered, isClean: advances && !foundLoss, at: now, &log)
    }
    // Only an acknowledgement that moves on grows the window: one that tells of a gap is no reason to
    // send more (Linux's tcp_may_raise_cwnd).
    takeNotification(segment, update, at: now, &log)
    if advances && !notification.isReducing && (!recovery.isRepairing || recovery.phase == .loss) {
      growWindow(by: update.newlyAcknowledged, at: now, &log)
    }
  }

  private mutating func takeWindow(_ segment: Segment) {
    peerWindow = Int64(segment.window) << Int64(peerWindowShift)
    peerWindowEnd = max(peerWindowEnd, sendUnacknowledged + peerWindow)
  }

  /// Returns whether one of the blocks reports a duplicate.
  private mutating func takeSACKBlocks(
    _ segment: Segment, _ update: inout Scoreboard.Update
  ) -> Bool {
    var reportsDuplicate = false
    for index in 0..<Int(segment.sackCount) {
      let block = segment.sackBlocks[index]
      let start = block.start.offset(from: initialSequence, near: sendUnacknowledged)
      let end = block.end.offset(from: initialSequence, near: sendUnacknowledged)
      // RFC 2018 §4 and RFC 2883 §4: a block below the acknowledgement reports a duplicate.
      if index == 0 && end <= min(position(acknowledged: segment), sendUnacknowledged) {
        reportsDuplicate = true
      }
      guard start >= sendUnacknowledged, start < end, end <= sendNext else { continue }
      scoreboard.markSACKed(start: start, end: end, &update)
    }
    return reportsDuplicate
  }

  /// RFC 5681 §2: a duplicate acknowledges nothing, carries nothing and finds something outstanding.
  private mutating func countDuplicate(_ segment: Segment) {
    if segment.isPureAcknowledgement && !scoreboard.isEmpty { recovery.countDuplicate() }
  }

  /// Measures the round trip by a segment that was sent once (Karn's rule, RFC 6298 §3), or else by
  /// the echo of our timestamp, which tells repetitions apart (RFC 7323 §4). Only a measurement ends
  /// the back-off of the time-out.
  private mutating func takeRoundTrip(
    _ update: Scoreboard.Update, echo segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    guard update.newlyAcknowledged > 0 || update.roundTripStart != nil else { return }
    let sample: SimDuration
    if let start = update.roundTripStart, !update.sawRetransmission {
      sample = now - start
    } else if usesTimestamps && segment.hasTimestamps {
      let elapsed = Self.timestamp(at: now) &- segment.timestampEcho
      sample = .milliseconds(max(1, Int64(elapsed)))
    } else {
      return
    }
    rtt.endBackoff()
    rtt.sample(sample)
    log.record(
      EventRecord(
        time: now, kind: .roundTripSample, connection: connection, side: side,
        offset: sample.nanoseconds))
    let ended = congestion.sampled(
      sample, minimum: rtt.minimum ?? sample, at: now, unacknowledged: sendUnacknowledged,
      next: sendNext)
    if ended { logThreshold(at: now, &log) }
  }

  private mutating func acknowledgedNewData(at now: SimTime, _ log: inout EventLog) {
    timeoutsInARow = 0
    // RFC 6298 §5.2, §5.3.
    timers[.retransmission] = scoreboard.isEmpty ? .never : now + rtt.timeout
    scheduleProbe(at: now)
    if recovery.isRepairing && sendUnacknowledged >= recovery.point {
      settle(at: now, &log)
    } else if recovery.phase == .recovery && !usesSACK {
      // RFC 6582 §3.2 step 3: a partial acknowledgement shows the next hole.
      _ = scoreboard.markFirstLost(lossReport(.fast, at: now), &log)
    }
    recovery.endDuplicates()
  }

  /// Everything that was outstanding when the loss was found has arrived.
  private mutating func settle(at now: SimTime, _ log: inout EventLog) {
    if recovery.phase == .recovery {
      congestion.reduce(to: congestion.slowStartThreshold)  // RFC 6937 §3, at the end
      logWindow(at: now, &log)
    }
    recovery.settle(inSlowStart: congestion.isInSlowStart)
    logPhase(at: now, &log)
  }

  /// Sets the window during recovery, after `delivered` more segments have left the network.
  mutating func reduceWindow(
    delivered: UInt32, isClean: Bool, at now: SimTime, _ log: inout EventLog
  ) {
    let before = congestion.window
    congestion.reduce(
      to: recovery.window(
        delivered: delivered, pipe: pipe, threshold: congestion.slowStartThreshold,
        isClean: isClean))
    if congestion.window != before { logWindow(at: now, &log) }
  }

  /// Finds losses by what has arrived, and repairs them. Returns whether there was a new one.
  mutating func detectLosses(at now: SimTime, _ log: inout EventLog) -> Bool {
    let report = lossReport(.fast, at: now)
    let found: Bool
    if usesRACK {
      let window = rack.reorderingWindow(
        isRepairing: recovery.isRepairing, sacked: scoreboard.sackedCount,
        minimumRTT: rtt.minimum, smoothedRTT: rtt.smoothed)
      let result = scoreboard.markLost(by: rack, window: window, report, &log)
      found = result.found
      timers[.reordering] = result.deadline
    } else if usesSACK {
      found = scoreboard.markLost(threshold: LossRecovery.duplicateThreshold, report, &log)
    } else if recovery.duplicates == LossRecovery.duplicateThreshold && !recovery.isRepairing {
      found = scoreboard.markFirstLost(report, &log)
    } else {
      found = false
    }
    if found && !recovery.isRepairing { enterRecovery(at: now, &log) }
    return found
  }

  /// A probe that repaired a loss counts as a sign of congestion like any other (RFC 8985 §7.4.2).
  private mutating func takeProbeAnswer(
    upTo position: Int64, reportsDuplicate: Bool, isDuplicate: Bool, at now: SimTime,
    _ log: inout EventLog
  ) {
    let repaired = probe.acknowledged(
      upTo: position, reportsDuplicate: reportsDuplicate, isDuplicate: isDuplicate)
    guard repaired, !recovery.isRepairing else { return }
    congestion.congestionEvent()
    congestion.reduce(to: congestion.slowStartThreshold)
    recovery.settle(inSlowStart: false)
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }

  private mutating func enterRecovery(at now: SimTime, _ log: inout EventLog) {
    recovery.enterRecovery(point: sendNext, priorWindow: congestion.window)
    probe.cancel()
    timers[.tailLossProbe] = .never
    congestion.congestionEvent()
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
  }

  private mutating func growWindow(by segments: UInt32, at now: SimTime, _ log: inout EventLog) {
    guard segments > 0 else { return }
    let inSlowStart = congestion.isInSlowStart
    guard windowUse.allowsGrowth(window: congestion.window, inSlowStart: inSlowStart) else {
      return
    }
    let before = congestion.window
    congestion.acknowledged(segments, at: now, minimumRTT: rtt.minimum ?? .zero)
    if congestion.window == before { return }
    congestionWindowMax = max(congestionWindowMax, congestion.window)
    if inSlowStart && !congestion.isInSlowStart && !recovery.isRepairing {
      recovery.settle(inSlowStart: false)
      logPhase(at: now, &log)
    }
    logWindow(at: now, &log)
  }
}
