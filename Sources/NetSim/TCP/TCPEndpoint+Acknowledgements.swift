/// What the sender learns from an acknowledgement (RFC 5681, RFC 6298, RFC 6675).
extension TCPEndpoint {
  /// Takes the acknowledgement, the window and the SACK blocks of a segment.
  mutating func takeAcknowledgement(_ segment: Segment, at now: SimTime, _ log: inout EventLog) {
    if saysNothingNew(segment) {
      takeWindow(segment)
      updatePace()
      return
    }
    let isOvertaken = position(acknowledged: segment) < sendUnacknowledged
    // An old acknowledgement can only say which segments arrived; which may still be news.
    if isOvertaken && (!usesSACK || segment.sackCount == 0) { return }
    let acknowledged = max(position(acknowledged: segment), sendUnacknowledged)
    var update = Scoreboard.Update(
      rack, at: now, minimumRTT: rtt.minimum, recoveryPoint: recovery.point)
    let advances = acknowledged > sendUnacknowledged
    let before = deliveryState
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
    let roundTrip = takeRoundTrip(update, advances: advances, echo: segment, at: now, &log)
    let isDuplicate =
      !advances && update.newlyAcknowledged == 0 && segment.isPureAcknowledgement
    if usesRACK && recovery.phase == .loss {
      judgeTimeout(update, segment, advances: advances, isDuplicate: isDuplicate, at: now, &log)
    }
    if advances {
      judgeRecovery(segment, at: now, &log)
      acknowledgedNewData(at: now, &log)
    } else {
      restartTimer(update.firstSACKed, at: now)
    }
    if reportsDuplicate { judgeDuplicate(segment, at: now, &log) }
    reordering.acknowledged(
      upTo: sendUnacknowledged, reportsDuplicate: reportsDuplicate, next: sendNext)
    let foundLoss = detectLosses(at: now, &log)
    takeProbeAnswer(
      upTo: acknowledged, reportsDuplicate: reportsDuplicate, isDuplicate: isDuplicate,
      at: now, &log)
    if recovery.phase == .recovery {
      // Where SACK is off, each duplicate stands for a segment delivered (RFC 6937 §2).
      let delivered = usesSACK ? update.newlyAcknowledged : max(update.newlyAcknowledged, 1)
      reduceWindow(delivered: delivered, isClean: advances && !foundLoss, at: now, &log)
    }
    takeNotification(segment, delivered: update.newlyAcknowledged, at: now, &log)
    if !recovery.isRepairing { validateWindow(update.newlyAcknowledged, at: now) }
    if advances && !notification.isReducing && (!recovery.isRepairing || recovery.phase == .loss) {
      growWindow(by: update.newlyAcknowledged, at: now, &log)
    }
    if scoreboard.keepsDeliveries {
      takeDeliveries(update, roundTrip, since: before, at: now, &log)
    }
    updatePace()
  }

  /// Whether a segment's acknowledgement says nothing but the window: data came while nothing of our
  /// own is outstanding, and no answer to a loss or a mark is under way.
  @inline(__always)
  private func saysNothingNew(_ segment: Segment) -> Bool {
    segment.payloadBytes > 0 && scoreboard.isEmpty && segment.sackCount == 0
      && position(acknowledged: segment) == sendUnacknowledged && !segment.flags.contains(.syn)
      && !recovery.isRepairing && !notification.isUsed && probe.end == nil && !validatesWindow
      && !scoreboard.keepsDeliveries
  }

  /// RFC 5682: a time-out may have been spurious, and then nothing was lost.
  private mutating func judgeTimeout(
    _ update: Scoreboard.Update, _ segment: Segment, advances: Bool, isDuplicate: Bool,
    at now: SimTime, _ log: inout EventLog
  ) {
    let echo = usesTimestamps && segment.hasTimestamps ? segment.timestampEcho : nil
    let isSpurious = recovery.judgeTimeout(
      update, acknowledged: sendUnacknowledged, next: sendNext, advances: advances, echo: echo,
      isDuplicate: isDuplicate, hasNew: writeEnd > sendNext && peerWindowEnd > sendNext)
    if isSpurious { undoLoss(at: now, &log) }
  }

  /// RFC 3522: what recovery sent again may only have been late. While repetitions are under way it
  /// is too early to say so of all.
  @inline(__always)
  private mutating func judgeRecovery(
    _ segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    guard usesTimestamps, segment.hasTimestamps, scoreboard.retransmittedCount == 0,
      recovery.wasNeedless(echo: segment.timestampEcho)
    else { return }
    undoLoss(at: now, &log)
  }

  /// Nothing was lost: the window is what it was (RFC 4015).
  private mutating func undoLoss(at now: SimTime, _ log: inout EventLog) {
    scoreboard.clearLost()
    congestion.undo(window: recovery.priorWindow, threshold: recovery.priorThreshold)
    recovery.forgetUndo()
    recovery.settle(inSlowStart: congestion.isInSlowStart)
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }

  /// The timer starts again when something is SACKed that was sent before the oldest segment was sent
  /// last: the network delivers. What was sent after it proves nothing.
  @inline(__always)
  private mutating func restartTimer(_ sacked: SimTime?, at now: SimTime) {
    guard usesRACK, let sacked, let oldest = scoreboard.oldestSending,
      sacked < oldest
    else { return }
    timers[.retransmission] = sendDeadline(after: rtt.timeout, at: now)
  }

  @inline(__always)
  private mutating func takeWindow(_ segment: Segment) {
    let window = Int64(segment.window) << Int64(peerWindowShift)
    peerWindowEnd = max(peerWindowEnd, sendUnacknowledged + window)
    peerWindowMax = max(peerWindowMax, window)
  }

  /// Marks what the blocks cover, in the order of the sequence: the most recent stands first, and
  /// what one acknowledgement reports together says nothing about the order of its arrival. Returns
  /// whether one of the blocks reports a duplicate.
  private mutating func takeSACKBlocks(
    _ segment: Segment, _ update: inout Scoreboard.Update
  ) -> Bool {
    var reportsDuplicate = false
    var spans = InlineArray<4, Reassembly.Span>(repeating: Reassembly.Span(start: 0, end: 0))
    var count = 0
    for index in 0..<Int(segment.sackCount) {
      let block = segment.sackBlocks[index]
      let start = block.start.offset(from: initialSequence, near: sendUnacknowledged)
      let end = block.end.offset(from: initialSequence, near: sendUnacknowledged)
      // RFC 2018 §4 and RFC 2883 §4: a block below the acknowledgement reports a duplicate.
      if index == 0 && isDuplicateReport(segment, start, end) { reportsDuplicate = true }
      guard start >= sendUnacknowledged, start < end, end <= sendNext else { continue }
      var place = count
      while place > 0 && spans[place - 1].start > start {
        spans[place] = spans[place - 1]
        place -= 1
      }
      spans[place] = Reassembly.Span(start: start, end: end)
      count += 1
    }
    for index in 0..<count {
      scoreboard.markSACKed(start: spans[index].start, end: spans[index].end, &update)
    }
    return reportsDuplicate
  }

  /// RFC 2883 §4: the first block reports a duplicate where it lies below the acknowledgement, or
  /// inside of the second block.
  private func isDuplicateReport(_ segment: Segment, _ start: Int64, _ end: Int64) -> Bool {
    if end <= min(position(acknowledged: segment), sendUnacknowledged) { return true }
    guard segment.sackCount > 1 else { return false }
    let second = segment.sackBlocks[1]
    return second.start.offset(from: initialSequence, near: sendUnacknowledged) <= start
      && end <= second.end.offset(from: initialSequence, near: sendUnacknowledged)
  }

  /// Segments arrived twice. Where all that were sent again did, none was lost, and the window was
  /// lowered without need.
  private mutating func judgeDuplicate(
    _ segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    let block = segment.sackBlocks[0]
    let start = block.start.offset(from: initialSequence, near: sendUnacknowledged)
    let end = block.end.offset(from: initialSequence, near: sendUnacknowledged)
    let limit = Int64(max(payloadLimit, 1))
    let segments = UInt32(clamping: max((end - start + limit - 1) / limit, 1))
    guard recovery.reportDuplicates(segments, end: end) else { return }
    congestion.undo(window: recovery.priorWindow, threshold: recovery.priorThreshold)
    recovery.forgetUndo()
    // What is lost besides goes on being repaired, with the whole window.
    if recovery.isRepairing && scoreboard.lostCount == 0 {
      recovery.settle(inSlowStart: congestion.isInSlowStart)
      logPhase(at: now, &log)
    }
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }

  /// Remembers window and threshold before they are lowered for a loss.
  mutating func rememberWindow() {
    recovery.remember(
      window: congestion.window, threshold: congestion.slowStartThreshold,
      unacknowledged: sendUnacknowledged, retransmitted: scoreboard.retransmittedCount)
  }

  /// RFC 5681 §2: a duplicate acknowledges nothing, carries nothing and finds something outstanding.
  private mutating func countDuplicate(_ segment: Segment) {
    if segment.isPureAcknowledgement && !scoreboard.isEmpty { recovery.countDuplicate() }
  }

  /// Measures the round trip by the oldest segment that was sent once (Karn's rule, RFC 6298 §3), or
  /// else by the echo of our timestamp, which tells repetitions apart (RFC 7323 §4). Only a
  /// measurement ends the back-off of the time-out. Congestion control looks at the segment sent
  /// last, whose acknowledgement was not delayed.
  @inline(__always)
  private mutating func takeRoundTrip(
    _ update: Scoreboard.Update, advances: Bool, echo segment: Segment, at now: SimTime,
    _ log: inout EventLog
  ) -> SimDuration? {
    let acknowledged = update.sawRetransmission ? nil : update.firstAcknowledged
    let sample: SimDuration
    var latest: SimDuration
    if let start = acknowledged ?? update.firstSACKed {
      sample = now - start
      latest = sample
      if let last = update.lastSACKed ?? update.lastAcknowledged { latest = now - last }
    } else if advances && usesTimestamps && segment.hasTimestamps {
      let elapsed = Self.timestamp(at: now) &- segment.timestampEcho
      sample = .milliseconds(max(1, Int64(elapsed)))
      latest = sample
    } else {
      return nil
    }
    rtt.endBackoff()
    rtt.noteMinimum(latest)
    rtt.sample(sample, unacknowledged: sendUnacknowledged, next: sendNext)
    log.record(
      EventRecord(
        time: now, kind: .roundTripSample, connection: connection, side: side,
        offset: sample.nanoseconds))
    // The handshake's tells congestion control nothing.
    guard sendUnacknowledged > 1 else { return latest }
    let ended = congestion.sampled(
      latest,
      HyStart.Measure(
        minimum: latest, window: congestion.window, time: now, unacknowledged: sendUnacknowledged,
        next: sendNext, isPaced: pacesSegments,
        allowance: congestion.isInSlowStart ? pacer.trainAllowance : .zero))
    if ended { logThreshold(at: now, &log) }
    return latest
  }

  @inline(__always)
  private mutating func acknowledgedNewData(at now: SimTime, _ log: inout EventLog) {
    timeoutsInARow = 0
    // RFC 6298 §5.2, §5.3.
    timers[.retransmission] =
      scoreboard.isEmpty ? .never : sendDeadline(after: rtt.timeout, at: now)
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
    reordering.recovered()
    if recovery.phase == .recovery {
      if let left = validation?.recovered(retransmitted: segmentsRetransmitted) ?? nil {
        congestion.lowerThreshold(to: left)
        logThreshold(at: now, &log)
      }
      congestion.endReduction()
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
    var foundAgain = false
    if usesRACK {
      let window = rack.reorderingWindow(
        quarters: reordering.quarters, isRepairing: recovery.isRepairing,
        sacked: scoreboard.sackedCount,
        minimumRTT: rtt.minimum, smoothedRTT: rtt.smoothed)
      let result = scoreboard.markLost(by: rack, window: window, report, &log)
      found = result.found
      foundAgain = result.foundAgain
      timers[.reordering] = reorderingDeadline(result.deadline, at: now)
    } else if usesSACK {
      found = scoreboard.markLost(threshold: LossRecovery.duplicateThreshold, report, &log)
    } else if recovery.duplicates == LossRecovery.duplicateThreshold && !recovery.isRepairing {
      found = scoreboard.markFirstLost(report, &log)
    } else {
      found = false
    }
    // What was sent during a recovery and lost is the next one's, even if it was found before the
    // first ended (RFC 6675 §5). After a time-out, what is lost again is a new loss (RFC 8985 §6.3).
    if recovery.isRepairing
      ? foundAgain && recovery.phase == .loss : found || scoreboard.lostCount > 0
    {
      enterRecovery(at: now, &log)
    }
    return found
  }

  /// When the timer of the reordering window runs out: exactly, or where the clock ticks two
  /// milliseconds later, as Linux lets no timer be shorter.
  @inline(__always)
  private func reorderingDeadline(_ exact: SimTime, at now: SimTime) -> SimTime {
    guard exact != .never, timerTick > .zero else { return exact }
    return deadline(after: exact - now + .milliseconds(2), at: now)
  }

  /// A probe that repaired a loss counts as a sign of congestion like any other (RFC 8985 §7.4.2).
  @inline(__always)
  private mutating func takeProbeAnswer(
    upTo position: Int64, reportsDuplicate: Bool, isDuplicate: Bool, at now: SimTime,
    _ log: inout EventLog
  ) {
    let repaired = probe.acknowledged(
      upTo: position, reportsDuplicate: reportsDuplicate, isDuplicate: isDuplicate)
    guard repaired, !recovery.isRepairing else { return }
    signalCongestion()
    congestion.endReduction()
    recovery.settle(inSlowStart: false)
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
    logWindow(at: now, &log)
  }

  private mutating func enterRecovery(at now: SimTime, _ log: inout EventLog) {
    if !recovery.isRepairing { rememberWindow() }
    recovery.enterRecovery(point: sendNext, priorWindow: congestion.window)
    probe.cancel()
    timers[.tailLossProbe] = .never
    signalCongestion()
    logPhase(at: now, &log)
    logThreshold(at: now, &log)
  }

  @inline(__always)
  private mutating func growWindow(by segments: UInt32, at now: SimTime, _ log: inout EventLog) {
    guard segments > 0, sendUnacknowledged > freeEnd else { return }
    let inSlowStart = congestion.isInSlowStart
    guard windowMayGrow(inSlowStart: inSlowStart) else { return }
    let before = congestion.window
    congestion.acknowledged(segments, at: now)
    if congestion.window == before { return }
    congestionWindowMax = max(congestionWindowMax, congestion.window)
    if inSlowStart && !congestion.isInSlowStart && !recovery.isRepairing {
      recovery.settle(inSlowStart: false)
      logPhase(at: now, &log)
    }
    logWindow(at: now, &log)
  }
}
