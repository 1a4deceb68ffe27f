/// What an endpoint sends, and what keeps it from sending (RFC 9293 §3.8, RFC 6675 §5).
extension TCPEndpoint {
  /// What a poll for the next segment came to.
  enum Poll {
    /// There is none for now.
    case nothing
    /// There is one, and there may be more.
    case segment
    /// There is one, and no more for now.
    case last
  }

  /// The next segment to send, or nil when there is none for now.
  mutating func pollTransmit(at now: SimTime, log: inout EventLog) -> Segment? {
    var segment = Segment()
    return pollTransmit(into: &segment, at: now, log: &log) == .nothing ? nil : segment
  }

  /// Writes the next segment to send, if there is one, into `segment`.
  mutating func pollTransmit(
    into segment: inout Segment, at now: SimTime, log: inout EventLog
  ) -> Poll {
    if let reset {
      segment = makeReset(reset, at: now)
      return .segment
    }
    if handshakeIsDue {
      segment = makeHandshake(at: now)
      return .segment
    }
    switch state {
    case .closed, .listen, .timeWait, .synSent: break
    case .synReceived where !fastOpen.isAccepted: break
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck:
      if writeDataSegment(into: &segment, at: now) {
        recovery.sent()
        notification.sent()
        acknowledgements.dataSent(at: now)
        return .segment
      }
      endBurst(at: now, &log)
      watchWindow(at: now)
    }
    guard acknowledgements.isDue else { return .nothing }
    writeSegment(into: &segment, at: sendNext, payload: 0, at: now)
    return .last
  }

  /// Writes the next segment that is more than an acknowledgement. Returns whether there is one.
  @inline(__always)
  private mutating func writeDataSegment(into segment: inout Segment, at now: SimTime) -> Bool {
    if probeIsDue || keepaliveProbes.isDue || windowProbes.isDue {
      return writeProbe(into: &segment, at: now)
    }
    switch burstRemaining > 0 ? .new : nextChoice(at: now) {
    case .nothing: return false
    case .new: writeNewSegment(into: &segment, at: now)
    case .retransmission(let index): writeRetransmission(into: &segment, at: index, at: now)
    }
    return true
  }

  /// What to send next.
  private enum Choice {
    case nothing
    case new
    /// The outstanding segment at an index, again.
    case retransmission(Int)
  }

  /// Chooses what is sent next where no burst is under way, and notes what keeps data back.
  private mutating func nextChoice(at now: SimTime) -> Choice {
    pacedUntil = .never
    isDeferring = false
    if !recovery.sendsNewFirst, let index = scoreboard.nextToRetransmit(),
      recovery.mustRetransmit || pipe < congestion.window
    {
      // What the timer asked for waits for nothing.
      let isUrgent = recovery.mustRetransmit && recovery.phase == .loss
      if isUrgent || !isPaced(at: now) { return .retransmission(index) }
      pendingLimit = .pacing
      return .nothing
    }
    endIdleTime(at: now)
    pendingLimit = newDataLimit ?? beginBurst(at: now)
    if pendingLimit == nil { return .new }
    if recovery.sendsNewFirst {
      let sentAny = sendNext > recovery.point
      recovery.endNewFirst(sentAny: sentAny)
      if !sentAny { return nextChoice(at: now) }
    }
    return .nothing
  }

  /// Writes the probe that is due: for a loss at the tail, for the peer or for its window.
  private mutating func writeProbe(into segment: inout Segment, at now: SimTime) -> Bool {
    if probeIsDue { return writeTailLossProbe(into: &segment, at: now) }
    if keepaliveProbes.isDue {
      segment = makeKeepaliveProbe(at: now)
    } else if peerWindowEnd > sendNext && writeEnd > sendNext && scoreboard.isEmpty {
      // What little the window takes goes out in the probe's place (RFC 9293 §3.8.6.2.1, override).
      windowProbes.isDue = false
      writeNewSegment(into: &segment, at: now)
    } else {
      segment = makeWindowProbe(at: now)
    }
    return true
  }

  /// Segments taken to be in the network. Where SACK is off, each duplicate acknowledgement stands
  /// for a segment that has left it (RFC 5681 §3.2 step 4).
  @inline(__always)
  var pipe: UInt32 {
    let pipe = scoreboard.pipe
    return usesSACK ? pipe : pipe - min(pipe, recovery.duplicates)
  }

  /// What keeps new data from being sent; nil when nothing does.
  @inline(__always)
  private var newDataLimit: Cause? {
    let available = writeEnd - sendNext
    if available <= 0 {
      if isClosing && !finWasSent && state.isSynchronized { return nil }  // the FIN alone
      return idleCause
    }
    if pipe >= congestion.window && sendNext >= freeEnd { return .congestionWindow }
    if mustHoldSmallSegment(available) { return idleCause }
    return windowTakes(min(Int64(payloadLimit), available)) ? nil : .receiveWindow
  }

  /// RFC 9293 §3.7.4: what is left waits for more, unless nothing more can come.
  @inline(__always)
  private func mustHoldSmallSegment(_ available: Int64) -> Bool {
    guard available < Int64(payloadLimit), !isClosing else { return false }
    return isCorked || (holdsSmallSegments && lastSmallEnd > sendUnacknowledged)
  }

  /// After a burst: waits for its end to be acknowledged, and takes note of how much of the window was
  /// used and of what stopped it.
  @inline(__always)
  private mutating func endBurst(at now: SimTime, _ log: inout EventLog) {
    let isLimited = writeEnd > sendNext && (isDeferring || pipe >= congestion.window)
    if isBursting || isLimited {
      if isBursting { scheduleProbe(at: now) }
      isBursting = false
      windowUse.sent(
        outstanding: UInt32(scoreboard.count), isLimited: isLimited || pipe >= congestion.window,
        unacknowledged: sendUnacknowledged, next: sendNext)
    }
    if limit != pendingLimit {
      limit = pendingLimit
      logLimit(at: now, &log)
    }
  }

  /// RFC 8985 §7.3: a new segment if there is one and the peer has room, else the last one again,
  /// whatever the congestion window says.
  private mutating func writeTailLossProbe(into segment: inout Segment, at now: SimTime) -> Bool {
    probeIsDue = false
    let hasNew = writeEnd > sendNext && peerWindowEnd - sendNext >= Int64(payloadLimit)
    probe.begin(end: sendNext, isRetransmission: !hasNew)
    if hasNew {
      writeNewSegment(into: &segment, at: now)
      paceAlone(segment.payloadBytes, at: now)
      probe.begin(end: sendNext, isRetransmission: false)
      timers[.tailLossProbe] = .never
      return true
    }
    guard scoreboard.count > 0 else { return false }
    writeRetransmission(into: &segment, at: scoreboard.count - 1, at: now)
    segment.retransmission = .tailLossProbe
    return true
  }

  @inline(__always)
  private mutating func writeNewSegment(into segment: inout Segment, at now: SimTime) {
    let available = writeEnd - sendNext
    let bytes = max(0, min(Int64(payloadLimit), available, peerWindowEnd - sendNext))
    writeSegment(into: &segment, at: sendNext, payload: UInt32(bytes), at: now)
    burstRemaining -= min(burstRemaining, 1)
    if burstIsWhole && burstRemaining == 0 { segment.flags.insert(.psh) }
    let end = sendNext + bytes
    if bytes < Int64(payloadLimit) { lastSmallEnd = end }
    if end == writeEnd {
      segment.flags.insert(.psh)
      if isClosing && state.isSynchronized { addFIN(&segment) }
    }
    notification.mark(&segment)
    noteRepeated(&segment)
    let sendEnd = sendNext + Int64(segment.sequenceLength)
    scoreboard.append(
      start: sendNext, end: sendEnd, at: now, delivery: deliverySnapshot(at: now))
    sendNext = sendEnd
    isBursting = true
    lastSent = now
    startRetransmissionTimer(at: now)
  }

  private mutating func addFIN(_ segment: inout Segment) {
    if segment.payloadBytes == 0 { segment.flags.remove(.psh) }
    segment.flags.insert(.fin)
    finWasSent = true
    switch state {
    case .established: state = .finWait1
    case .closeWait: state = .lastAck
    case .closed, .listen, .synSent, .synReceived, .finWait1, .finWait2, .closing, .lastAck,
      .timeWait:
      preconditionFailure("a FIN sent twice")
    }
  }

  private mutating func writeRetransmission(
    into segment: inout Segment, at index: Int, at now: SimTime
  ) {
    let entry = scoreboard.entry(at: index)
    let hasFIN = finWasSent && entry.end > writeEnd
    let payload = UInt32(entry.end - entry.start) - (hasFIN ? 1 : 0)
    writeSegment(into: &segment, at: entry.start, payload: payload, at: now)
    if entry.end >= writeEnd && payload > 0 { segment.flags.insert(.psh) }
    if hasFIN { segment.flags.insert(.fin) }
    segment.retransmission = recovery.phase == .loss ? .timeout : .fast
    scoreboard.retransmitted(at: index, at: now, delivery: deliverySnapshot(at: now))
    recovery.retransmitted(clock: Self.timestamp(at: now))
    lastSent = now
    paceAlone(payload, at: now)
    segmentsRetransmitted += 1
    // RFC 6298 §5.1, and again for the oldest.
    if index == 0 { timers[.retransmission] = .never }
    startRetransmissionTimer(at: now)
  }

  /// RFC 6298 §5.1.
  @inline(__always)
  private mutating func startRetransmissionTimer(at now: SimTime) {
    if timers[.retransmission] == .never {
      timers[.retransmission] = sendDeadline(after: rtt.timeout, at: now)
    }
  }

  private mutating func makeHandshake(at now: SimTime) -> Segment {
    handshakeIsDue = false
    var segment = makeSegment(at: 0, payload: 0, at: now)
    segment.flags = state == .synSent ? .syn : [.syn, .ack]
    segment.maximumSegmentSize = UInt16(settings.maximumSegmentSize)
    segment.windowScalePlusOne = usesWindowScaling ? windowShift + 1 : 0
    segment.permitsSACK = state == .synSent ? settings.selectiveAcknowledgements : usesSACK
    segment.hasTimestamps = state == .synSent ? settings.timestamps : usesTimestamps
    segment.sackCount = 0
    addNotification(&segment)
    if scoreboard.isEmpty {
      scoreboard.append(start: 0, end: 1, at: now)
      sendNext = 1
      if state == .synSent && settings.fastOpen { addEarlyData(&segment, at: now) }
    } else {
      scoreboard.retransmitted(at: 0, at: now)
      // The SYN-ACK of a simultaneous open is no repetition of the SYN.
      if !answersSYN {
        segment.retransmission = .handshake
        segmentsRetransmitted += 1
      }
    }
    answersSYN = false
    startRetransmissionTimer(at: now)
    return segment
  }

  /// RFC 3168 §6.1.1. A SYN that goes out again does without, for the sake of middleboxes that drop
  /// those that have it (§6.1.1.1).
  private func addNotification(_ segment: inout Segment) {
    if state == .synReceived && notification.isUsed { segment.flags.insert(.ece) }
    if state == .synSent && settings.congestionNotification == .asks && scoreboard.isEmpty {
      segment.flags.insert([.ece, .cwr])
    }
  }

  /// A segment with the fields that all have in common; it carries the acknowledgement.
  mutating func makeSegment(
    at position: Int64, payload: UInt32, at now: SimTime
  ) -> Segment {
    var segment = Segment()
    writeSegment(into: &segment, at: position, payload: payload, at: now)
    return segment
  }

  /// Writes the fields that all segments have in common, with the acknowledgement.
  @inline(__always)
  private mutating func writeSegment(
    into segment: inout Segment, at position: Int64, payload: UInt32, at now: SimTime
  ) {
    segment.begin(
      sequence: initialSequence.advanced(by: position),
      acknowledgement: state == .synSent
        ? SequenceNumber(0) : peerInitialSequence.advanced(by: reassembly.front),
      window: offeredWindow(at: now), payloadBytes: payload)
    if notification.echoIsDue { segment.flags.insert(.ece) }
    if usesTimestamps || state == .synSent {
      segment.hasTimestamps = usesTimestamps
      segment.timestampValue = Self.timestamp(at: now)
      segment.timestampEcho = latestTimestamp
    }
    // In TIME-WAIT only the bare acknowledgement goes out, as Linux has no more state by then.
    if usesSACK && state != .timeWait && (reassembly.hasGap || reassembly.duplicate != nil) {
      addSACKBlocks(&segment)
    }
    acknowledgements.sent()
    lastAcknowledged = reassembly.front
  }

  /// The timestamp clock ticks each millisecond (RFC 7323 §5.4), as Linux's does.
  static func timestamp(at now: SimTime) -> UInt32 {
    UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000)
  }

  private mutating func addSACKBlocks(_ segment: inout Segment) {
    // RFC 7323 §3.2 leaves room for three blocks beside the timestamps.
    let room = usesTimestamps ? 3 : Segment.maximumSACKBlocks
    var count = 0
    if let duplicate = reassembly.takeDuplicate() {
      segment.sackBlocks[0] = block(duplicate)  // RFC 2883 §4
      count = 1
    }
    var rank = 0
    while count < room, let island = reassembly.island(rank: rank) {
      segment.sackBlocks[count] = block(island)
      count += 1
      rank += 1
    }
    segment.sackCount = UInt8(count)
  }

  private func block(_ span: Reassembly.Span) -> Segment.Block {
    Segment.Block(
      start: peerInitialSequence.advanced(by: span.start),
      end: peerInitialSequence.advanced(by: span.end))
  }
}
