/// What an endpoint sends, and what keeps it from sending (RFC 9293 §3.8, RFC 6675 §5).
extension TCPEndpoint {
  /// The next segment to send, or nil when there is none for now.
  mutating func pollTransmit(at now: SimTime, log: inout EventLog) -> Segment? {
    if let reset { return makeReset(reset, at: now) }
    if handshakeIsDue { return makeHandshake(at: now) }
    switch state {
    case .closed, .listen, .timeWait, .synSent: break
    case .synReceived where !fastOpen.isAccepted: break
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck:
      if let segment = nextDataSegment(at: now) {
        recovery.sent()
        notification.sent()
        acknowledgements.dataSent(at: now)
        return segment
      }
      endBurst(at: now, &log)
      watchWindow(at: now)
    }
    return acknowledgements.isDue ? makeAcknowledgement(at: now) : nil
  }

  private mutating func nextDataSegment(at now: SimTime) -> Segment? {
    if probeIsDue { return makeProbe(at: now) }
    if keepaliveProbes.isDue { return makeKeepaliveProbe(at: now) }
    if windowProbes.isDue {
      // What little the window takes goes out in the probe's place (RFC 9293 §3.8.6.2.1, override).
      if peerWindowEnd > sendNext && writeEnd > sendNext && scoreboard.isEmpty {
        windowProbes.isDue = false
        return makeNewSegment(at: now)
      }
      return makeWindowProbe(at: now)
    }
    if burstRemaining > 0 { return makeNewSegment(at: now) }
    pacedUntil = .never
    isDeferring = false
    if !recovery.sendsNewFirst, let index = scoreboard.nextToRetransmit(),
      recovery.mustRetransmit || pipe < congestion.window
    {
      // What the timer asked for waits for nothing.
      let isUrgent = recovery.mustRetransmit && recovery.phase == .loss
      if isUrgent || !isPaced(at: now) { return makeRetransmission(at: index, at: now) }
      pendingLimit = .pacing
      return nil
    }
    endIdleTime(at: now)
    let limit = newDataLimit ?? beginBurst(at: now)
    self.pendingLimit = limit
    if limit == nil { return makeNewSegment(at: now) }
    if recovery.sendsNewFirst {
      let sentAny = sendNext > recovery.point
      recovery.endNewFirst(sentAny: sentAny)
      if !sentAny { return nextDataSegment(at: now) }
    }
    return nil
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
      return side == .server ? .server : .client
    }
    if pipe >= congestion.window && sendNext >= freeEnd { return .congestionWindow }
    if mustHoldSmallSegment(available) { return side == .server ? .server : .client }
    return windowTakes(min(Int64(payloadLimit), available)) ? nil : .receiveWindow
  }

  /// RFC 9293 §3.7.4: what is left waits for more, unless nothing more can come.
  private func mustHoldSmallSegment(_ available: Int64) -> Bool {
    guard available < Int64(payloadLimit), !isClosing else { return false }
    return isCorked || (holdsSmallSegments && lastSmallEnd > sendUnacknowledged)
  }

  /// After a burst: takes note of how much of the window was used, and of what stopped it.
  private mutating func endBurst(at now: SimTime, _ log: inout EventLog) {
    let isLimited = writeEnd > sendNext && (isDeferring || pipe >= congestion.window)
    if isBursting || isLimited {
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
  private mutating func makeProbe(at now: SimTime) -> Segment? {
    probeIsDue = false
    let hasNew = writeEnd > sendNext && peerWindowEnd - sendNext >= Int64(payloadLimit)
    probe.begin(end: sendNext, isRetransmission: !hasNew)
    if hasNew {
      let segment = makeNewSegment(at: now)
      paceAlone(segment.payloadBytes, at: now)
      probe.begin(end: sendNext, isRetransmission: false)
      timers[.tailLossProbe] = .never
      return segment
    }
    guard scoreboard.count > 0 else { return nil }
    var segment = makeRetransmission(at: scoreboard.count - 1, at: now)
    segment.retransmission = .tailLossProbe
    return segment
  }

  private mutating func makeNewSegment(at now: SimTime) -> Segment {
    let available = writeEnd - sendNext
    let bytes = max(0, min(Int64(payloadLimit), available, peerWindowEnd - sendNext))
    var segment = makeSegment(at: sendNext, payload: UInt32(bytes), at: now)
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
    scoreboard.append(
      start: sendNext, end: sendNext + Int64(segment.sequenceLength), at: now,
      delivery: deliverySnapshot(at: now))
    sendNext += Int64(segment.sequenceLength)
    isBursting = true
    lastSent = now
    startRetransmissionTimer(at: now)
    scheduleProbe(at: now)
    return segment
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

  private mutating func makeRetransmission(at index: Int, at now: SimTime) -> Segment {
    let entry = scoreboard.entry(at: index)
    let hasFIN = finWasSent && entry.end > writeEnd
    let payload = UInt32(entry.end - entry.start) - (hasFIN ? 1 : 0)
    var segment = makeSegment(at: entry.start, payload: payload, at: now)
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
    return segment
  }

  /// RFC 6298 §5.1.
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

  private mutating func makeAcknowledgement(at now: SimTime) -> Segment {
    makeSegment(at: sendNext, payload: 0, at: now)
  }

  /// A segment with the fields that all have in common; it carries the acknowledgement.
  mutating func makeSegment(
    at position: Int64, payload: UInt32, at now: SimTime
  ) -> Segment {
    var segment = Segment(
      sequence: initialSequence.advanced(by: position),
      acknowledgement: state == .synSent
        ? SequenceNumber(0) : peerInitialSequence.advanced(by: reassembly.front),
      flags: .ack, window: offeredWindow(at: now), payloadBytes: payload)
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
    return segment
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

  /// The shift that lets the header's 16 bits say the whole receive window (RFC 7323 §2.3).
  var windowShift: UInt8 {
    var shift: UInt8 = 0
    while shift < 14 && settings.receiveWindow.bytes >> Int64(shift) > 65_535 { shift += 1 }
    return shift
  }
}
