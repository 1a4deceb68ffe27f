/// Segments that arrive (RFC 9293 §3.10.7).
extension TCPEndpoint {
  /// Takes a segment that arrived as packet number `packet`.
  mutating func receive(
    _ segment: Segment, packet: UInt32, at now: SimTime, log: inout EventLog
  ) {
    logReceived(segment, packet, at: now, &log)
    switch state {
    case .closed: answerClosed(segment)
    case .listen: receiveInListen(segment, at: now, &log)
    case .synSent: receiveInSynSent(segment, at: now, &log)
    case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck,
      .timeWait:
      receiveSynchronized(segment, packet, at: now, &log)
    }
  }

  /// RFC 9293 §3.10.7.1: a segment for a connection that is not there gets a reset, a reset nothing.
  private mutating func answerClosed(_ segment: Segment) {
    if !segment.flags.contains(.rst) && hasFailed { resetIsDue = true }
  }

  private mutating func receiveInListen(
    _ segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    guard segment.flags.contains(.syn), !segment.flags.contains(.rst) else { return }
    state = .synReceived
    takeSYN(segment)
    handshakeIsDue = true
    recordMilestone(.connectionOpened, at: now, &log)
  }

  private mutating func receiveInSynSent(
    _ segment: Segment, at now: SimTime, _ log: inout EventLog
  ) {
    let answersSYN = segment.flags.contains(.ack) && position(acknowledged: segment) == 1
    if segment.flags.contains(.rst) {
      if answersSYN { fail(.connectionFailed, at: now, &log) }
      return
    }
    guard segment.flags.contains(.syn), answersSYN else { return }
    takeSYN(segment)
    takeAcknowledgement(segment, at: now, &log)
    acknowledgements.require()
    establish(at: now, &log)
  }

  /// What both ends learn from the other's SYN: where its stream begins, and its options.
  private mutating func takeSYN(_ segment: Segment) {
    peerInitialSequence = segment.sequence
    _ = reassembly.receive(Reassembly.Span(start: 0, end: 1))
    usesTimestamps = settings.timestamps && segment.hasTimestamps
    usesSACK = settings.selectiveAcknowledgements && segment.permitsSACK
    scoreboard.keepsOrder = usesRACK
    notification.takeSYN(
      segment.flags, isAnswer: state == .synSent, settings.congestionNotification)
    // RFC 7323 §2.2: scaling is on only when both SYNs carry the option.
    usesWindowScaling = segment.windowScalePlusOne > 0
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
  }

  private mutating func establish(at now: SimTime, _ log: inout EventLog) {
    state = .established
    // RFC 5681 §3.1: a handshake that lost segments crossed a congested path.
    if segmentsRetransmitted > settings.forgivenHandshakeRetries { congestion.reduce(to: 1) }
    if scoreboard.keepsDeliveries { beginDeliveries(at: now) }
    recordMilestone(.connectionEstablished, at: now, &log)
    logWindow(at: now, &log)
  }

  private mutating func receiveSynchronized(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    let start = position(received: segment)
    if segment.flags.contains(.rst) {
      // RFC 9293 §3.10.7.4: only a reset with the number that is expected next counts; inside the
      // window another is answered, so that a peer that means it can send it again.
      if start == reassembly.front {
        fail(.connectionReset, at: now, &log)
      } else if start > reassembly.front && start < reassembly.front + receiveWindow {
        acknowledgements.require()
      }
      return
    }
    if segment.flags.contains(.syn) {
      // The SYN-ACK again: our acknowledgement was lost. The same answer serves RFC 5961 §4.
      acknowledgements.require()
      if state == .synReceived { handshakeIsDue = true }
      return
    }
    guard segment.flags.contains(.ack) else { return }
    if position(acknowledged: segment) > sendNext {
      // RFC 9293 §3.10.7.4: an ACK of what was never sent.
      if settings.answersUnsentAcknowledgements { acknowledgements.require() }
      return
    }
    if notification.arrived(segment) { acknowledgements.require() }
    if segment.hasTimestamps && start <= lastAcknowledged {
      latestTimestamp = segment.timestampValue
    }
    takeAcknowledgement(segment, at: now, &log)
    if state == .synReceived && sendUnacknowledged >= 1 { establish(at: now, &log) }
    if segment.sequenceLength > 0 { takeData(segment, packet, start: start, at: now, &log) }
    advanceState(at: now, &log)
  }

  /// Takes payload and FIN into the stream and decides when to acknowledge.
  private mutating func takeData(
    _ segment: Segment, _ packet: UInt32, start: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    let end = start + Int64(segment.sequenceLength)
    // RFC 9293 §3.10.7.4: what lies beyond the window is not taken.
    guard start < reassembly.front + receiveWindow else {
      acknowledgements.require()
      return
    }
    if segment.flags.contains(.fin) { peerFIN = end - 1 }
    let hadGap = reassembly.hasGap
    let before = delivered
    let arrival = reassembly.receive(Reassembly.Span(start: start, end: end))
    if arrival != .duplicate { growReceiveWindow(by: segment) }
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
        acknowledgements.segmentArrived(
          at: now, isPushed: segment.flags.contains(.psh) || segment.payloadBytes < payloadLimit,
          deadline: deadline(after: settings.acknowledgements.delay, at: now))
      }
    }
  }

  /// A segment that fills its packet shows that the memory it takes is used well: the window opens by
  /// two segments.
  private mutating func growReceiveWindow(by segment: Segment) {
    let room = settings.receiveWindow.bytes - receiveWindow
    guard room > 0, segment.payloadBytes >= 128 else { return }
    receiveWindow += min(room, 2 * Int64(payloadLimit))
    acknowledgements.windowGrew()
  }

  private mutating func takeSpurious(
    _ segment: Segment, _ packet: UInt32, _ start: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    segmentsSpurious += 1
    logSpan(.segmentSpurious, packet, start, segment.payloadBytes, at: now, &log)
  }

  /// Follows RFC 9293 §3.6 when a FIN was acknowledged or received.
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
    case .timeWait:
      timers[.timeWait] = now + settings.timeWait  // the peer's FIN again: RFC 9293 §3.10.7.4
    case .closed, .listen, .synSent, .synReceived, .closeWait: break
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
