/// Segments that arrive (RFC 9293 §3.10.7).
extension TCPEndpoint {
  /// Takes a segment that arrived as packet number `packet`.
  mutating func receive(
    _ segment: Segment, packet: UInt32, at now: SimTime, log: inout EventLog
  ) {
    logReceived(segment, packet, at: now, &log)
    receiveBuffer.read(until: now, delivered: delivered)
    switch state {
    case .closed: answerWithReset(segment)
    case .listen: receiveInListen(segment, packet, at: now, &log)
    case .synSent: receiveInSynSent(segment, at: now, &log)
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      receiveSynchronized(segment, packet, at: now, &log)
    }
    scheduleReading(at: now)
  }

  /// RFC 9293 §3.10.7.2.
  private mutating func receiveInListen(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    if segment.flags.contains(.rst) { return }
    if segment.flags.contains(.ack) {
      answerWithReset(segment)
      return
    }
    guard segment.flags.contains(.syn) else { return }
    state = .synReceived
    takeSYN(segment)
    takeEarlyData(segment, packet, at: now, &log)
    handshakeIsDue = true
    recordMilestone(.connectionOpened, at: now, &log)
  }

  /// RFC 9293 §3.10.7.3.
  private mutating func receiveInSynSent(
    _ segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    let hasACK = segment.flags.contains(.ack)
    let answersOurs =
      hasACK && position(acknowledged: segment) >= 1
      && position(acknowledged: segment) <= sendNext
    if hasACK && !answersOurs {
      answerWithReset(segment)
      return
    }
    if segment.flags.contains(.rst) {
      if answersOurs { fail(.connectionFailed, at: now, &log) }
      return
    }
    guard segment.flags.contains(.syn) else { return }
    takeSYN(segment)
    guard answersOurs else {
      // Both opened at once (RFC 9293 §3.5, figure 7): the SYN again, with an acknowledgement.
      state = .synReceived
      handshakeIsDue = true
      answersSYN = true
      return
    }
    takeAcknowledgement(segment, at: now, &log)
    acknowledgements.require()
    establish(at: now, &log)
    repeatEarlyData()
  }

  /// What both ends learn from the other's SYN: where its stream begins, and its options.
  private mutating func takeSYN(_ segment: Segment) {
    peerInitialSequence = segment.sequence
    _ = reassembly.receive(Reassembly.Span(start: 0, end: 1))
    usesTimestamps = settings.timestamps && segment.hasTimestamps
    usesSACK = settings.selectiveAcknowledgements && segment.permitsSACK
    usesRACK = usesSACK && settings.lossDetection == .rack
    scoreboard.keepsOrder = usesRACK
    notification.takeSYN(
      segment.flags, isAnswer: state == .synSent, settings.congestionNotification)
    // RFC 7323 §2.2: scaling is on only when both SYNs carry the option.
    usesWindowScaling = segment.windowScalePlusOne > 0
    if !usesWindowScaling { receiveBuffer.forgoScaling() }
    peerWindowShift = segment.windowScalePlusOne > 0 ? segment.windowScalePlusOne - 1 : 0
    latestTimestamp = segment.timestampValue
    // RFC 9293 §3.7.1: 536 when the option is absent; RFC 6691: options come out of the payload.
    // Less than 48 bytes would hardly hold the options (Linux's tcp_min_snd_mss).
    let peerLimit =
      segment.maximumSegmentSize == 0 ? 536 : max(UInt32(segment.maximumSegmentSize), 48)
    payloadLimit = min(settings.maximumSegmentSize, peerLimit) - (usesTimestamps ? 12 : 0)
    // RFC 7323 §2.2: a SYN's window is not scaled. It counts from the byte after our SYN, which takes
    // no room.
    peerWindowEnd = max(sendUnacknowledged, 1) + Int64(segment.window)
    peerWindowMax = Int64(segment.window)
  }

  private mutating func establish(at now: SimTime, _ log: inout EventLog) {
    state = .established
    if timeouts > 0 { rtt.fallBack() }
    receiveBuffer.established(at: now)
    startKeepalive(at: now)
    // RFC 5681 §3.1: a handshake that lost segments crossed a congested path.
    if segmentsRetransmitted > settings.forgivenHandshakeRetries { congestion.reduce(to: 1) }
    if scoreboard.keepsDeliveries { beginDeliveries(at: now) }
    recordMilestone(.connectionEstablished, at: now, &log)
    logWindow(at: now, &log)
  }

  @inline(__always)
  private mutating func receiveSynchronized(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    let start = position(received: segment)
    if segment.flags.contains(.rst) {
      takeReset(segment, at: now, &log)
      return
    }
    heardPeer(at: now)
    if segment.flags.contains(.syn) && !completesSimultaneousOpen(segment) {
      // The SYN-ACK again: our acknowledgement was lost. The same answer serves RFC 5961 §4.
      acknowledgements.require()
      if state == .synReceived { handshakeIsDue = true }
      return
    }
    guard segment.flags.contains(.ack) else { return }
    if !takesAcknowledgement(segment, start: start) { return }
    if notification.arrived(segment) { acknowledgements.require() }
    if segment.hasTimestamps && start <= lastAcknowledged {
      latestTimestamp = segment.timestampValue
    }
    takeAcknowledgement(segment, at: now, &log)
    if state == .synReceived && sendUnacknowledged >= 1 { establish(at: now, &log) }
    if segment.sequenceLength > 0 && !segment.flags.contains(.syn) {
      takeData(segment, packet, start: start, at: now, &log)
    }
    // RFC 9293 §3.10.7.4: the peer's FIN again, so that our acknowledgement of it was lost.
    if state == .timeWait && segment.flags.contains(.fin) {
      timers[.timeWait] = now + settings.timeWait
    }
    advanceState(at: now, &log)
  }

  /// Whether a SYN-ACK is the peer's answer to our SYN, after both opened at once. Its number lies
  /// before the window, though it is what RFC 9293 §3.5 figure 7 shows.
  private func completesSimultaneousOpen(_ segment: Segment) -> Bool {
    state == .synReceived && openedActively && segment.flags.contains(.ack)
      && position(received: segment) == 0 && position(acknowledged: segment) == sendNext
  }

  /// RFC 9293 §3.10.7.4: whether an acknowledgement is one of what was sent. Others are answered, and
  /// what is in their segments is not taken.
  @inline(__always)
  private mutating func takesAcknowledgement(_ segment: Segment, start: Int64) -> Bool {
    if segment.sequenceLength == 0 {
      // Nothing that was not acknowledged already is a probe, to be answered.
      if start < lastAcknowledged { acknowledgements.require() }
      if start > receiveBuffer.acceptedEnd(front: reassembly.front) {
        acknowledgements.require()
        return false
      }
    }
    answerWindowProbe(segment)
    let acknowledged = position(acknowledged: segment)
    if state == .synReceived && (acknowledged < 1 || acknowledged > sendNext) {
      answerWithReset(segment)
      return false
    }
    if acknowledged > sendNext {
      // An ACK of what was never sent.
      if settings.answersUnsentAcknowledgements { acknowledgements.require() }
      return false
    }
    if acknowledged < sendUnacknowledged - max(peerWindowMax, 65_535) {
      acknowledgements.require()  // RFC 5961 §5: nobody who took part sends it now
      return false
    }
    return true
  }

  /// Takes payload and FIN into the stream and decides when to acknowledge.
  @inline(__always)
  private mutating func takeData(
    _ segment: Segment, _ packet: UInt32, start: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    // RFC 9293 §3.10.7.4: what lies beyond the window is not taken. A FIN takes no room in the buffer.
    let limit = receiveBuffer.acceptedEnd(front: reassembly.front)
    let hasFIN = segment.flags.contains(.fin)
    let payloadEnd = min(start + Int64(segment.payloadBytes), limit)
    let fits = payloadEnd == start + Int64(segment.payloadBytes)
    let end = hasFIN && fits ? payloadEnd + 1 : payloadEnd
    guard start < end else {
      acknowledgements.require()
      return
    }
    if hasFIN && fits { peerFIN = end - 1 }
    let hadGap = reassembly.hasGap
    let before = delivered
    let arrival = reassembly.receive(Reassembly.Span(start: start, end: end))
    if arrival != .duplicate { growReceiveWindow(by: segment, at: now) }
    switch arrival {
    case .duplicate:
      if segment.retransmission != nil { takeSpurious(segment, packet, start, at: now, &log) }
      acknowledgements.duplicateArrived()
    case .buffered:
      logSpan(.bytesBuffered, packet, start, segment.payloadBytes, at: now, &log)
      acknowledgements.segmentArrivedAtHole(
        front: reassembly.front, movedFront: false, at: now, roundTrip: rtt.smoothed)
    case .delivered:
      logDelivered(packet, from: before, at: now, &log)
      if peerHasClosed || (hadGap && !reassembly.hasGap) { acknowledgements.require() }
      if reassembly.hasGap {
        acknowledgements.segmentArrivedAtHole(
          front: reassembly.front, movedFront: true, at: now, roundTrip: rtt.smoothed)
      } else {
        // Small segments are acknowledged as they are read.
        let waits = applicationIsBusy && segment.payloadBytes < payloadLimit
        acknowledgements.segmentArrived(
          at: now, waitsForReader: waits,
          isPushed: segment.flags.contains(.psh) || segment.payloadBytes < payloadLimit,
          deadline: acknowledgements.delayed == .never
            ? deadline(after: acknowledgements.delay, at: now) : .never)
      }
    }
  }

  private mutating func takeSpurious(
    _ segment: Segment, _ packet: UInt32, _ start: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    segmentsSpurious += 1
    logSpan(.segmentSpurious, packet, start, segment.payloadBytes, at: now, &log)
  }

  /// Follows RFC 9293 §3.6 when a FIN was acknowledged or received.
  @inline(__always)
  private mutating func advanceState(at now: SimTime, _ log: inout EventLog) {
    let finIsAcknowledged = finWasSent && sendUnacknowledged > writeEnd
    switch state {
    case .established:
      if peerHasClosed { state = .closeWait }
    case .finWait1:
      if finIsAcknowledged { state = .finWait2 } else if peerHasClosed { state = .closing }
      if state == .finWait2 && peerHasClosed { enterTimeWait(at: now, &log) }
    case .finWait2:
      if peerHasClosed { enterTimeWait(at: now, &log) }
    case .closing:
      if finIsAcknowledged { enterTimeWait(at: now, &log) }
    case .lastAck:
      if finIsAcknowledged {
        end()
        recordMilestone(.connectionClosed, at: now, &log)
      }
    case .closed, .listen, .synSent, .synReceived, .closeWait, .timeWait: break
    }
  }

  private mutating func enterTimeWait(at now: SimTime, _ log: inout EventLog) {
    state = .timeWait
    timers.stopAll()
    timers[.timeWait] = now + settings.timeWait
    recordMilestone(.connectionClosed, at: now, &log)
  }

  // MARK: Positions

  /// The position of the first byte of a received segment.
  @inline(__always)
  func position(received segment: Segment) -> Int64 {
    segment.sequence.offset(from: peerInitialSequence, near: reassembly.front)
  }

  /// The position that a received segment acknowledges up to.
  @inline(__always)
  func position(acknowledged segment: Segment) -> Int64 {
    segment.acknowledgement.offset(from: initialSequence, near: sendUnacknowledged)
  }
}
