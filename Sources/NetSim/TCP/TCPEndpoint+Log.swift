/// What an endpoint writes into the log. None of it changes what the endpoint does.
///
/// It is inlined, because otherwise the endpoint is copied for the call even where nothing is logged.
extension TCPEndpoint {
  @inline(__always)
  func recordMilestone(_ kind: EventKind, at now: SimTime, _ log: inout EventLog) {
    log.recordMilestone(
      EventRecord(time: now, kind: kind, connection: connection, side: side))
  }

  @inline(__always)
  func logWindow(at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .congestionWindow, connection: connection, side: side,
        offset: Int64(congestion.window) * Int64(payloadLimit),
        length: UInt32(clamping: UInt64(pipe) * UInt64(payloadLimit))))
  }

  @inline(__always)
  func logThreshold(at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .slowStartThreshold, connection: connection, side: side,
        offset: Int64(congestion.slowStartThreshold) * Int64(payloadLimit)))
  }

  @inline(__always)
  func logPhase(at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .congestionPhase, connection: connection, side: side,
        detail: recovery.phase.rawValue))
  }

  @inline(__always)
  func logLimit(at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .sendLimited, connection: connection, side: side,
        detail: limit.map { $0.rawValue + 1 } ?? 0))
  }

  @inline(__always)
  func logTimer(_ timer: TimerKind, at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .timerFired, connection: connection, side: side, detail: timer.rawValue))
  }

  @inline(__always)
  func lossReport(_ kind: RetransmissionKind, at now: SimTime) -> LossReport {
    LossReport(connection: connection, side: side, kind: kind, time: now)
  }

  @inline(__always)
  func logSpan(
    _ kind: EventKind, _ packet: UInt32, _ start: Int64, _ length: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: packet, offset: start,
        length: length))
  }

  /// Bytes were handed to the application; this counts in the fingerprint at every level.
  @inline(__always)
  func logDelivered(
    _ packet: UInt32, from before: Int64, at now: SimTime, _ log: inout EventLog
  ) {
    let after = delivered
    if after == before { return }  // a FIN alone
    log.fold(now, .bytesDelivered, connection, after)
    logSpan(.bytesDelivered, packet, before, UInt32(after - before), at: now, &log)
  }

  /// Writes the segment that has just been polled, as packet number `packet`.
  @inline(__always)
  mutating func logSent(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    guard log.level == .everything else { return }
    let start = segment.sequence.offset(from: initialSequence, near: sendNext)
    let acknowledged = segment.acknowledgement.offset(
      from: peerInitialSequence, near: reassembly.front)
    let frame = SegmentFrame(
      kind: .segmentSent, start: start, acknowledged: acknowledged,
      windowShift: segment.flags.contains(.syn) ? 0 : windowShift,
      sackBase: peerInitialSequence, sackNear: reassembly.front)
    logSegment(segment, packet, frame, at: now, &log)
  }

  @inline(__always)
  mutating func logReceived(
    _ segment: Segment, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    guard log.level == .everything else { return }
    let isSYN = segment.flags.contains(.syn)
    let frame = SegmentFrame(
      kind: .segmentReceived, start: isSYN ? 0 : position(received: segment),
      acknowledged: position(acknowledged: segment), windowShift: isSYN ? 0 : peerWindowShift,
      sackBase: initialSequence, sackNear: sendUnacknowledged)
    logSegment(segment, packet, frame, at: now, &log)
  }

  /// How the numbers of a segment turn into positions, on the way out or in.
  private struct SegmentFrame {
    var kind: EventKind
    var start: Int64
    var acknowledged: Int64
    var windowShift: UInt8
    var sackBase: SequenceNumber
    var sackNear: Int64
  }

  // Nothing is changed here; but a call that could not would copy the whole endpoint before.
  @inline(never)
  private mutating func logSegment(
    _ segment: Segment, _ packet: UInt32, _ frame: SegmentFrame, at now: SimTime,
    _ log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: frame.kind, connection: connection, side: side, item: packet,
        offset: frame.start, length: segment.payloadBytes, detail: segment.flags.rawValue))
    if let kind = segment.retransmission {
      log.record(
        EventRecord(
          time: now, kind: .segmentRetransmission, connection: connection, side: side,
          item: packet, detail: kind.rawValue))
    }
    guard segment.flags.contains(.ack) else { return }
    log.record(
      EventRecord(
        time: now, kind: .segmentAcknowledgement, connection: connection, side: side,
        item: packet, offset: frame.acknowledged,
        length: UInt32(segment.window) << UInt32(frame.windowShift)))
    for index in 0..<Int(segment.sackCount) {
      let block = segment.sackBlocks[index]
      let start = block.start.offset(from: frame.sackBase, near: frame.sackNear)
      let end = block.end.offset(from: frame.sackBase, near: frame.sackNear)
      log.record(
        EventRecord(
          time: now, kind: .segmentSACK, connection: connection, side: side, item: packet,
          offset: start, length: UInt32(truncatingIfNeeded: end - start),
          detail: end <= frame.acknowledged ? 1 : 0))
    }
  }
}
