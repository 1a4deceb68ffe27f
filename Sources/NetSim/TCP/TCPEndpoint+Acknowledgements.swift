/// What the sender learns from an acknowledgement (RFC 5681, RFC 6298, RFC 6675).
extension TCPEndpoint {
  /// Takes the acknowledgement, the window and the SACK blocks of a segment.
  mutating func takeAcknowledgement(_ segment: Segment, at now: SimTime, _ log: inout EventLog) {
    let acknowledged = position(acknowledged: segment)
    if acknowledged < sendUnacknowledged { return }  // an old one, overtaken on the way
    var update = Scoreboard.Update()
    let advances = acknowledged > sendUnacknowledged
    if !advances && !usesSACK { countDuplicate(segment) }
    if advances {
      scoreboard.acknowledge(upTo: acknowledged, &update)
      if sendUnacknowledged == 0 { update.newlyAcknowledged = 0 }  // the handshake grows no window
      sendUnacknowledged = acknowledged
    }
    if usesSACK { takeSACKBlocks(segment, &update) }
    if !segment.flags.contains(.syn) { takeWindow(segment) }
    takeRoundTrip(update, at: now, &log)
    if advances { acknowledgedNewData(at: now, &log) }
    let foundLoss = detectLosses(at: now, &log)
    if recovery.phase == .recovery {
      reduceWindow(update, isClean: advances && !foundLoss, at: now, &log)
    }
    if !recovery.isRepairing || recovery.phase == .loss {
      growWindow(by: update.newlyAcknowledged, at: now, &log)
    }
  }

  private mutating func takeWindow(_ segment: Segment) {
    peerWindow = Int64(segment.window) << Int64(peerWindowShift)
    peerWindowEnd = max(peerWindowEnd, sendUnacknowledged + peerWindow)
  }

  private mutating func takeSACKBlocks(_ segment: Segment, _ update: inout Scoreboard.Update) {
    for index in 0..<Int(segment.sackCount) {
      let block = segment.sackBlocks[index]
      let start = block.start.offset(from: initialSequence, near: sendUnacknowledged)
      let end = block.end.offset(from: initialSequence, near: sendUnacknowledged)
      // RFC 2018 §4 and RFC 2883 §4: a block below the acknowledgement reports a duplicate.
      guard start >= sendUnacknowledged, start < end, end <= sendNext else { continue }
      scoreboard.markSACKed(start: start, end: end, &update)
    }
  }

  /// RFC 5681 §2: a duplicate acknowledges nothing, carries nothing and finds something outstanding.
  private mutating func countDuplicate(_ segment: Segment) {
    if segment.isPureAcknowledgement && !scoreboard.isEmpty { recovery.countDuplicate() }
  }

  private mutating func takeRoundTrip(
    _ update: Scoreboard.Update, at now: SimTime, _ log: inout EventLog
  ) {
    guard let start = update.roundTripStart, !update.sawRetransmission else { return }
    let sample = now - start
    rtt.sample(sample)
    log.record(
      EventRecord(
        time: now, kind: .roundTripSample, connection: connection, side: side,
        offset: sample.nanoseconds))
  }

  private mutating func acknowledgedNewData(at now: SimTime, _ log: inout EventLog) {
    timeoutsInARow = 0
    rtt.endBackoff()
    // RFC 6298 §5.2, §5.3.
    timers[.retransmission] = scoreboard.isEmpty ? .never : now + rtt.timeout
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

  private mutating func reduceWindow(
    _ update: Scoreboard.Update, isClean: Bool, at now: SimTime, _ log: inout EventLog
  ) {
    let before = congestion.window
    // Where SACK is off, each duplicate stands for a segment delivered (RFC 6937 §2).
    let delivered = usesSACK ? update.newlyAcknowledged : max(update.newlyAcknowledged, 1)
    congestion.reduce(
      to: recovery.window(
        delivered: delivered, pipe: pipe, threshold: congestion.slowStartThreshold,
        isClean: isClean))
    if congestion.window != before { logWindow(at: now, &log) }
  }

  /// Returns whether a loss was found.
  private mutating func detectLosses(at now: SimTime, _ log: inout EventLog) -> Bool {
    let report = lossReport(.fast, at: now)
    let found: Bool
    if usesSACK {
      found = scoreboard.markLost(threshold: LossRecovery.duplicateThreshold, report, &log)
    } else if recovery.duplicates == LossRecovery.duplicateThreshold && !recovery.isRepairing {
      found = scoreboard.markFirstLost(report, &log)
    } else {
      found = false
    }
    if found && !recovery.isRepairing { enterRecovery(at: now, &log) }
    return found
  }

  private mutating func enterRecovery(at now: SimTime, _ log: inout EventLog) {
    recovery.enterRecovery(point: sendNext, priorWindow: congestion.window)
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
