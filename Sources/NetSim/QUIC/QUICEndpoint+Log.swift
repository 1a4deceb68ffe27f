/// What an endpoint writes into the log. None of it changes what the endpoint does.
extension QUICEndpoint {
  func recordMilestone(_ kind: EventKind, at now: SimTime, _ log: inout EventLog) {
    log.recordMilestone(
      EventRecord(time: now, kind: kind, connection: connection, side: side))
  }

  /// A packet, by its header.
  @inline(__always)
  func logPacket(
    _ kind: EventKind, _ header: QUICItem, _ datagram: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: datagram,
        offset: header.offset, length: UInt32(clamping: header.length),
        detail: UInt8(truncatingIfNeeded: header.stream)))
  }

  /// The packets of a datagram that leaves, with their frames. Like everything here it changes nothing;
  /// a method that does not mutate would be given a copy of the whole endpoint.
  @inline(__always)
  mutating func logDatagram(
    _ datagram: borrowing Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    if log.level == .everything { logItems(datagram, packet, at: now, &log) }
  }

  @inline(never)
  private mutating func logItems(
    _ datagram: borrowing Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    for item in datagram.items {
      if item.kind == .packet {
        logPacket(.quicPacketSent, item, packet, at: now, &log)
        continue
      }
      let length = item.kind == .acknowledgement ? item.length / 1000 : item.length
      var type = item.kind.rawValue
      if item.kind == .ackedRange { type = 0x03 }
      if item.kind == .congestionCounts { continue }
      log.record(
        EventRecord(
          time: now, kind: .quicFrame, connection: connection, side: side, item: item.stream,
          offset: item.offset, length: UInt32(clamping: length),
          detail: type | (item.isLast ? 0x80 : 0)))
    }
  }

  /// What became of a packet.
  @inline(__always)
  func logFate(
    _ kind: EventKind, _ number: Int64, _ packet: SentPacket, at now: SimTime,
    _ log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: packet.datagram,
        offset: number, length: packet.bytes, detail: packet.triesSize ? 1 : 0))
  }

  @inline(__always)
  func logStream(
    _ kind: EventKind, _ stream: UInt32, _ start: Int64, _ length: Int64, at now: SimTime,
    _ log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: stream, offset: start,
        length: UInt32(clamping: length)))
  }

  @inline(__always)
  func logTimer(_ timer: TimerKind, at now: SimTime, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .timerFired, connection: connection, side: side, detail: timer.rawValue))
  }

  @inline(__always)
  mutating func logWindow(at now: SimTime, _ log: inout EventLog) {
    windowMax = max(windowMax, congestion.window)
    log.record(
      EventRecord(
        time: now, kind: .congestionWindow, connection: connection, side: side,
        offset: congestion.window, length: UInt32(clamping: bytesInFlight)))
  }

  @inline(__always)
  func logReduction(at now: SimTime, _ log: inout EventLog) {
    guard let threshold = congestion.threshold else { return }
    log.record(
      EventRecord(
        time: now, kind: .slowStartThreshold, connection: connection, side: side,
        offset: threshold))
  }

  /// Takes note of what holds the sender now that it sends nothing more.
  @inline(__always)
  mutating func noteLimit(at now: SimTime, _ log: inout EventLog) {
    guard log.level == .everything else { return }
    let found = heldBy(at: now)
    if found == limit { return }
    limit = found
    log.record(
      EventRecord(
        time: now, kind: .sendLimited, connection: connection, side: side,
        detail: found.map { $0.rawValue + 1 } ?? 0))
  }

  @inline(__always)
  private func heldBy(at now: SimTime) -> Cause? {
    if creditLeft == 0 || !isComplete { return .handshake }
    if !repeating.isEmpty || !critical.isEmpty || !waiting.isEmpty || !control.isEmpty {
      return pacer.isOpen(at: now) ? .congestionWindow : .pacing
    }
    var isHeld = false
    for place in streams.indices where streams[place].isHeld {
      if streams[place].sent >= streams[place].limit { return .streamWindow }
      isHeld = true
    }
    return isHeld ? .connectionWindow : idleCause
  }
}
