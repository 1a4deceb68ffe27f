/// Datagrams that arrive.
extension QUICEndpoint {
  /// Waits for a client.
  mutating func listen() { state = .idle }

  /// Begins a connection: the first flight is written.
  mutating func connect(at now: SimTime, log: inout EventLog) {
    state = .open
    idleDeadline = now + policy.idleTimeout
    self[.initial].maySend = true
    self[.initial].mayReceive = true
    recordMilestone(.connectionOpened, at: now, &log)
    continueHandshake(at: now, &log)
    if handshake.sendsEarlyData { self[.application].maySend = true }
  }

  /// Takes a datagram that has arrived as packet number `packet` of the run.
  ///
  /// The datagram stays as it is; lent in place, it is not copied.
  mutating func receive(
    _ datagram: inout Datagram, packet: UInt32, at now: SimTime, log: inout EventLog
  ) {
    if state == .closed { return }
    if state == .closing {
      if now < closeDeadline { heardWhileClosing() }
      return
    }
    if state == .idle {
      state = .open
      paths.current = datagram.address
      self[.initial].maySend = true
      self[.initial].mayReceive = true
      idleDeadline = now + policy.idleTimeout
      recordMilestone(.connectionOpened, at: now, &log)
    }
    let credit = credit(of: datagram)
    if !noteSource(datagram, bytes: credit) { return }
    let count = datagram.count
    var start = 0
    while start < count {
      var end = start + 1
      while end < count && datagram[end].kind != .packet { end += 1 }
      take(datagram, start..<end, packet: packet, at: now, &log)
      if state != .open { return }
      start = end
    }
    if !unread.isEmpty { readHeld(at: now, &log) }
    if paths.wantsToMove { moveIfPossible(at: now, &log) }
    updateLossTimer(at: now)
  }

  /// The bytes of a datagram; where its sender counts content only, those that its padding would make it
  /// (RFC 9000 §14.1).
  @inline(__always)
  private func credit(of datagram: borrowing Datagram) -> Int64 {
    let bytes = Int64(datagram.bytes)
    guard peerPolicy.carriesSegments, datagram.items.first?.kind == .packet,
      datagram[0].stream == UInt32(QUICPacketType.initial.rawValue)
    else { return bytes }
    return max(bytes, Int64(QUICPacketSize.leastInitialDatagram))
  }

  @inline(__always)
  private mutating func take(
    _ datagram: borrowing Datagram, _ range: Range<Int>, packet: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    let header = datagram[range.lowerBound]
    let type = QUICPacketType(rawValue: UInt8(header.stream)) ?? .otherVersion
    guard let space = PacketSpaceName(type) else {
      return takeStateless(type, token: header.order, packet: packet, at: now, &log)
    }
    if self[space].isDiscarded { return }
    if side == .server && type == .initial && refuses(header, at: now, &log) { return }
    guard self[space].mayReceive || (type == .zeroRTT && self[.handshake].maySend) else {
      hold(datagram, range, space: space, packet: packet)
      return
    }
    read(datagram, range, in: space, packet: packet, at: now, &log)
  }

  /// Keeps a packet whose keys are not there yet (RFC 9001 §5.7).
  private mutating func hold(
    _ datagram: borrowing Datagram, _ range: Range<Int>, space: PacketSpaceName, packet: UInt32
  ) {
    if unread.count >= Self.mostUnread { return }
    unread.append(
      UnreadPacket(space: space, number: packet, datagram: Datagram(datagram, range)))
  }

  private static var mostUnread: Int { 16 }

  /// Reads the packets whose keys have come meanwhile.
  private mutating func readHeld(at now: SimTime, _ log: inout EventLog) {
    while let place = unread.firstIndex(where: { self[$0.space].mayReceive || mayReadEarly($0) }) {
      let held = unread.remove(at: place)
      if self[held.space].isDiscarded { continue }
      read(
        held.datagram, 0..<held.datagram.count, in: held.space, packet: held.number, at: now,
        &log)
    }
  }

  @inline(__always)
  private func mayReadEarly(_ held: UnreadPacket) -> Bool {
    UInt8(held.datagram[0].stream) == QUICPacketType.zeroRTT.rawValue
      && self[.handshake].maySend
  }

  private mutating func read(
    _ datagram: borrowing Datagram, _ range: Range<Int>, in space: PacketSpaceName,
    packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    let header = datagram[range.lowerBound]
    logPacket(.quicPacketReceived, header, packet, at: now, &log)
    let expected = self[space].received.largest + 1
    guard self[space].received.insert(header.offset) else { return }
    idleDeadline = now + idleTimeout
    putOffKeepAlive(at: now)
    hasAskedSinceHeard = false
    if header.offset >= expected { self[space].largestReceivedAt = now }
    count(datagram.codepoint, in: space)
    if space == .handshake { heardHandshake(at: now) }
    if paths.arrival != paths.current && space == .application {
      heardElsewhere(
        datagram, range, isNewest: header.offset >= expected, at: now, &log)
    }
    var wantsAnswer = false
    for place in range.lowerBound + 1..<range.upperBound {
      let item = datagram[place]
      if item.isEliciting { wantsAnswer = true }
      switch item.kind {
      case .stream: receiveStream(item, packet: packet, at: now, &log)
      case .acknowledgement: acknowledge(datagram, place, in: space, at: now, &log)
      default: read(item, in: space, packet: packet, at: now, &log)
      }
      if state != .open { return }
    }
    if wantsAnswer {
      answer(
        in: space, isExpected: header.offset == expected, codepoint: datagram.codepoint, at: now)
    }
    if flight < handshake.flights.count { continueHandshake(at: now, &log) }
  }

  private mutating func count(_ codepoint: CongestionCodepoint, in space: PacketSpaceName) {
    switch codepoint {
    case .capable0: self[space].capable += 1
    case .congestionExperienced: self[space].marked += 1
    case .notCapable, .capable1: break
    }
  }

  /// A packet wants an answer: at once, or soon (RFC 9000 §13.2.1).
  private mutating func answer(
    in space: PacketSpaceName, isExpected: Bool, codepoint: CongestionCodepoint, at now: SimTime
  ) {
    self[space].unanswered += 1
    if self[space].unansweredSince == .never { self[space].unansweredSince = now }
    if space != .application || !isExpected || codepoint == .congestionExperienced
      || self[space].unanswered >= answering.packets
    {
      self[space].answersAtOnce = true
    }
    scheduleAnswer()
  }

  mutating func scheduleAnswer() {
    let since = self[.application].unansweredSince
    ackDeadline = since == .never ? .never : since + answerDelay
  }

  /// How long an answer waits.
  @inline(__always)
  var answerDelay: SimDuration {
    answering.isAnEighth ? min(answering.delay, roundTrip.smoothed / 8) : answering.delay
  }

  /// After how long without a packet the connection ends: what both ends say, but three probe time-outs
  /// at least (RFC 9000 §10.1).
  @inline(__always)
  var idleTimeout: SimDuration {
    max(min(policy.idleTimeout, peerPolicy.idleTimeout), probeTimeout(.application) * 3)
  }

  private mutating func read(
    _ item: QUICItem, in space: PacketSpaceName, packet: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    switch item.kind {
    case .crypto:
      _ = self[space].crypto.received.receive(
        Reassembly.Span(start: item.offset, end: item.offset + item.length))
    case .maxData:
      if item.offset > connectionLimit {
        connectionLimit = item.offset
        releaseHeld()
      }
    case .maxStreamData: raise(item.stream, to: item.offset)
    case .maxStreams:
      if item.stream == 0 && item.offset > mostStreams {
        mostStreams = item.offset
        hasNews = true
      }
    case .resetStream: receiveReset(item, at: now, &log)
    case .stopSending: receiveStop(item, at: now, &log)
    case .pathChallenge: takeChallenge(item.offset)
    case .pathResponse: takeResponse(item.offset, at: now, &log)
    case .newConnectionID: takeIdentity(item.offset)
    case .retireConnectionID: replaceIdentity(item.offset)
    case .acknowledgementFrequency: takeRequest(item)
    case .connectionClose: end(.connectionClosed, at: now, &log)
    case .handshakeDone: confirm(at: now, &log)
    case .padding, .ping, .acknowledgement, .stream, .newToken, .dataBlocked, .streamDataBlocked,
      .datagram, .packet, .ackedRange, .congestionCounts:
      break
    }
  }

  /// Nothing more is sent or read.
  mutating func end(_ kind: EventKind, at now: SimTime, _ log: inout EventLog) {
    if state == .closed { return }
    state = .closed
    hasNews = true
    (ackDeadline, lossDeadline, idleDeadline) = (.never, .never, .never)
    (pacedUntil, closeDeadline) = (.never, .never)
    recordMilestone(kind, at: now, &log)
  }

  /// Something came for a connection that ends: it is told so again, after one packet, two, four, eight
  /// (RFC 9000 §10.2.1).
  private mutating func heardWhileClosing() {
    cameWhileClosing += 1
    if cameWhileClosing & (cameWhileClosing - 1) == 0 { closeIsDue = true }
  }

  /// The application ends the connection (RFC 9000 §10.2).
  mutating func close(at now: SimTime, _ log: inout EventLog) {
    if state == .idle { return end(.connectionClosed, at: now, &log) }
    guard state == .open else { return }
    state = .closing
    closeIsDue = true
    closeDeadline = now + probeTimeout(.application) * 3
    recordMilestone(.connectionClosed, at: now, &log)
  }
}

extension PacketSpaceName {
  /// The space of a kind of packet; nil where it has no number.
  init?(_ type: QUICPacketType) {
    switch type {
    case .initial: self = .initial
    case .handshake: self = .handshake
    case .zeroRTT, .oneRTT: self = .application
    case .retry, .versionNegotiation, .otherVersion: return nil
    }
  }
}
