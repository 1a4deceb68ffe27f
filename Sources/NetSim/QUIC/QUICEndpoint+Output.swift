/// What goes out: datagrams of one packet or several (RFC 9000 §12.2, §13, §14).
extension QUICEndpoint {
  /// The least size of a datagram with a client's Initial packet, or with one of a server that wants an
  /// answer (RFC 9000 §14.1).
  private static var leastInitial: Int64 { Int64(QUICPacketSize.leastInitialDatagram) }

  /// Writes the next datagram, which leaves as packet number `packet` of the run. Returns false where
  /// there is none for now.
  mutating func pollTransmit(
    into datagram: inout Datagram, packet: UInt32, at now: SimTime, log: inout EventLog
  ) -> Bool {
    if busyUntil > .zero && now < busyUntil { return false }
    if isConfirmed && state == .open && !paths.isDue && stateless == nil && sizeToTry == nil {
      return writeNext(into: &datagram, packet, at: now, &log)
    }
    datagram.begin()
    return writeUnusual(into: &datagram, packet, at: now, &log)
  }

  /// The same where there is more to look at than the streams of a connection at work.
  private mutating func writeUnusual(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    if stateless != nil { return writeStateless(into: &datagram, packet, at: now, &log) }
    if state == .closing { return writeClosing(into: &datagram, packet, at: now, &log) }
    guard state == .open else { return false }
    if paths.isDue, writePath(into: &datagram, packet, at: now, &log) { return true }
    if let size = sizeToTry, mayElicit(.application, at: now) {
      return writeTry(of: size, into: &datagram, packet, at: now, &log)
    }
    if isConfirmed { return writeNext(into: &datagram, packet, at: now, &log) }
    return writePackets(into: &datagram, packet, at: now, &log)
  }

  /// Writes a datagram of one packet, as all are once the handshake is confirmed, if there is anything.
  @inline(__always)
  private mutating func writeNext(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    let hasContent = hasContent(.application)
    guard mayFill(.application, hasContent, at: now) else {
      return rest(hasContent: hasContent, at: now, &log)
    }
    return writePacket(into: &datagram, packet, at: now, &log)
  }

  @inline(never)
  private mutating func writePacket(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    datagram.begin()
    guard var draft = begin(.application, in: &datagram, room: min(datagramSize, creditLeft))
    else { return rest(hasContent: hasContent, at: now, &log) }
    fill(&draft, &datagram, at: now)
    if draft.isEmpty { return rest(hasContent: hasContent, at: now, &log) }
    draft.lengthen(&datagram)
    finish(draft, &datagram, packet, at: now, &log)
    return true
  }

  /// Writes a datagram with a packet of each space that has something to send.
  private mutating func writePackets(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    let most = min(datagramSize, creditLeft)
    var whole = DatagramDraft()
    var last: PacketDraft?
    var left = most
    var needsPadding = false
    for space in PacketSpaceName.from(firstSpace)
    where self[space].maySend && mayFill(space, hasContent(space), at: now) {
      guard var draft = begin(space, in: &datagram, room: left) else { continue }
      fill(&draft, &datagram, at: now)
      if draft.isEmpty {
        datagram.truncate(to: draft.place)
        continue
      }
      draft.lengthen(&datagram)
      if space == .initial && (side == .client || draft.isEliciting) { needsPadding = true }
      left -= draft.total
      if let last { close(last, &whole, &datagram, packet, at: now) }
      last = draft
    }
    guard var last else { return rest(hasContent: hasContent, at: now, &log) }
    let missing = min(Self.leastInitial, most) - whole.bytes - last.total
    if needsPadding && missing > 0 { last.pad(missing, &datagram) }
    finish(last, &whole, &datagram, packet, at: now, &log)
    return true
  }

  /// There is nothing to send for now, or what there is has to wait. Returns false, as its callers do then.
  private mutating func rest(
    hasContent: Bool, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    noteLimit(at: now, &log)
    if !hasContent { noteApplicationLimit(at: now) }
    if pacer.isInBurst {  // What left takes its time, and the rest waits for it.
      pacer.endBurst(window: congestion.window, smoothed: roundTrip.smoothed, at: now)
    }
    let waits = hasContent && windowHasRoom && !pacer.isOpen(at: now)
    pacedUntil = waits ? pacer.opens : .never
    return false
  }

  /// Begins a packet behind what a datagram holds; nil where no room is left for one.
  @inline(__always)
  func begin(
    _ space: PacketSpaceName, in datagram: inout Datagram, room: Int64
  ) -> PacketDraft? {
    let type = packetType(in: space)
    let number = self[space].nextNumber
    let countsContentOnly = policy.carriesSegments
    let size = numberSize(number, in: space)
    let header = countsContentOnly ? 0 : headerBytes(type, numberSize: size)
    guard room - header >= Int64(QUICPacketSize.leastNumberAndFrames) else { return nil }
    let place = datagram.count
    // The packet before ends here, also while this one's header is not known.
    datagram.append(QUICItem(kind: .packet))
    return PacketDraft(
      space: space, type: type, place: place, number: number, headerBytes: header,
      leastBytes: countsContentOnly ? 0 : Int64(QUICPacketSize.leastNumberAndFrames - size),
      room: room - header, countsContentOnly: countsContentOnly)
  }

  /// The kind of packets of a space: a client's requests before the handshake is complete go as 0-RTT.
  @inline(__always)
  private func packetType(in space: PacketSpaceName) -> QUICPacketType {
    switch space {
    case .initial: .initial
    case .handshake: .handshake
    case .application: side == .client && !isComplete ? .zeroRTT : .oneRTT
    }
  }

  /// Bytes of a header and the tag. A client's first packets go to an ID that it has made up, as long as
  /// the server's.
  @inline(__always)
  private func headerBytes(_ type: QUICPacketType, numberSize size: Int) -> Int64 {
    let header = QUICPacketSize.header(
      type, destination: Int(peerPolicy.connectionIDBytes), source: Int(policy.connectionIDBytes),
      token: type == .initial && side == .client ? Int(tokenBytes) : 0, numberSize: size)
    return Int64(header + QUICPacketSize.tag)
  }

  /// Bytes of a packet's number (RFC 9000 §17.1).
  @inline(__always)
  private func numberSize(_ number: Int64, in space: PacketSpaceName) -> Int {
    let acknowledged = self[space].largestAcknowledged
    return QUICPacketNumber.size(
      UInt64(number), largestAcknowledged: acknowledged < 0 ? nil : UInt64(acknowledged))
  }

  // MARK: What it may send

  /// Whether a packet that wants an answer may leave: the window has room and the pacer is open, or it
  /// is a probe (RFC 9002 §7.5).
  @inline(__always)
  func mayElicit(_ space: PacketSpaceName, at now: SimTime) -> Bool {
    if self[space].probes > 0 { return true }
    return windowHasRoom && pacer.isOpen(at: now)
  }

  @inline(__always)
  private var windowHasRoom: Bool {
    if bytesInFlight == 0 { return true }
    let most = policy.overshootsWindow ? 1 : datagramSize
    return bytesInFlight + most <= congestion.window
  }

  // MARK: One packet

  private mutating func fill(
    _ draft: inout PacketDraft, _ datagram: inout Datagram, at now: SimTime
  ) {
    let isDue = self[draft.space].answersAtOnce
    if draft.type != .zeroRTT && (isDue || (policy.answersWithAnything && hasContent(draft.space)))
      && self[draft.space].unanswered > 0
    {
      appendAnswer(to: &draft, &datagram, at: now)
    }
    if mayElicit(draft.space, at: now) {
      let isApplication = draft.space == .application
      if isApplication && !control.isEmpty { appendControl(to: &draft, &datagram) }
      if self[draft.space].crypto.isWaiting { appendCrypto(to: &draft, &datagram) }
      if isApplication {
        if !repeating.isEmpty { appendRepeated(to: &draft, &datagram) }
        appendNew(to: &draft, &datagram)
      }
      if self[draft.space].probes > 0 && !draft.isEliciting { appendProbe(to: &draft, &datagram) }
    } else if hasContent(draft.space) {
      noteWindow(draft.space)
    }
    if !draft.isEliciting && draft.acknowledges >= 0 && policy.pingsAfter > 0
      && self[draft.space].silentInARow >= policy.pingsAfter
    {
      append(QUICItem(kind: .ping), to: &draft, &datagram)
    }
  }

  /// Whether a space has something to send that wants an answer.
  @inline(__always)
  private func hasContent(_ space: PacketSpaceName) -> Bool {
    if self[space].crypto.isWaiting || self[space].probes > 0 { return true }
    guard space == .application else { return false }
    return !control.isEmpty || !repeating.isEmpty || !critical.isEmpty || !waiting.isEmpty
  }

  /// Whether any space has.
  @inline(__always)
  private var hasContent: Bool {
    for space in PacketSpaceName.from(firstSpace) where self[space].maySend && hasContent(space) {
      return true
    }
    return false
  }

  /// Whether a space has something that may leave now: an answer, or what the window and the pacer let
  /// pass. What is held back by the window is taken note of.
  @inline(__always)
  private mutating func mayFill(
    _ space: PacketSpaceName, _ hasContent: Bool, at now: SimTime
  ) -> Bool {
    if self[space].unanswered > 0
      && (self[space].answersAtOnce || (policy.answersWithAnything && hasContent))
    {
      return true
    }
    if !hasContent { return false }
    if mayElicit(space, at: now) { return true }
    noteWindow(space)
    return false
  }

  /// Content waits: does it wait for the window?
  @inline(__always)
  private mutating func noteWindow(_ space: PacketSpaceName) {
    if space == .application && !windowHasRoom { isWindowLimited = true }
  }

  /// Adds a frame to a packet.
  @inline(__always)
  func append(_ item: QUICItem, to draft: inout PacketDraft, _ datagram: inout Datagram) {
    datagram.append(item)
    draft.take(item.size, content: item.content)
    if item.isEliciting { draft.isEliciting = true }
  }

  // MARK: Whole datagrams

  /// A packet is complete: it has a header, and is under way.
  @inline(__always)
  private mutating func close(
    _ draft: PacketDraft, _ whole: inout DatagramDraft, _ datagram: inout Datagram,
    _ packet: UInt32, at now: SimTime
  ) {
    whole.bytes += draft.total
    if draft.isEliciting || draft.isPadded { whole.isPure = false }
    if draft.space == .handshake { whole.hasHandshake = true }
    let header = QUICItem(
      kind: .packet, isLast: hasNegotiated, stream: UInt32(draft.type.rawValue),
      offset: draft.number, length: draft.total, order: draft.type == .initial ? tokenBytes : 0)
    datagram.set(header, at: draft.place)
    register(draft, datagram, packet, at: now)
  }

  /// The last packet of a datagram, and with it the datagram, is complete.
  @inline(__always)
  private mutating func finish(
    _ last: PacketDraft, _ whole: inout DatagramDraft, _ datagram: inout Datagram,
    _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    close(last, &whole, &datagram, packet, at: now)
    datagram.bytes = UInt32(whole.bytes)
    if policy.carriesSegments { datagram.overheadBytes = 40 }
    datagram.isPureAcknowledgement = whole.isPure
    datagram.codepoint = codepoint
    datagram.address = paths.current
    datagram.identity = UInt32(clamping: paths.identity)
    bytesSent += whole.bytes
    logDatagram(datagram, packet, at: now, &log)
    if whole.hasHandshake { sentHandshakePacket(at: now) }
    // Nothing is waited for on account of an answer; it may use up the credit.
    if !whole.isPure || !isValidated { updateLossTimer(at: now) }
    if !whole.isPure { pace(whole.bytes, at: now) }
  }

  /// A datagram of one packet.
  mutating func finish(
    _ draft: PacketDraft, _ datagram: inout Datagram, _ packet: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    var whole = DatagramDraft()
    finish(draft, &whole, &datagram, packet, at: now, &log)
  }

  /// Takes note of a packet that leaves.
  private mutating func register(
    _ draft: PacketDraft, _ datagram: borrowing Datagram, _ packet: UInt32, at now: SimTime
  ) {
    let space = draft.space
    let isTracked = draft.isEliciting || draft.isPadded
    let isCounted = isTracked && !draft.isElsewhere
    let number = space == .application ? draft.number : nil
    if draft.isEliciting && self[space].elicitingInFlight == 0 {
      congestion.resume(last: self[space].lastElicitingSent, at: now)
    }
    let firstFrame = self[space].history.framesAdded
    for place in draft.place + 1..<datagram.count {
      let item = datagram[place]
      if item.kind == .packet { break }
      if item.isRepeated { self[space].history.append(item) }
    }
    var sent = SentPacket(
      fate: isTracked ? .open : .untracked, isEliciting: draft.isEliciting,
      isInFlight: isCounted, path: draft.isElsewhere ? ~paths.measured : paths.measured,
      triesSize: draft.triesSize, isBareProbe: draft.isBareProbe,
      bytes: UInt32(draft.total), datagram: packet, firstFrame: firstFrame, sentAt: now,
      acknowledges: draft.acknowledges)
    if isTracked && bytesInFlight == 0 && rate.isLimited { congestion.endLimitedTime(at: now) }
    if isTracked { sent.delivery = rate.sent(at: now, nothingInFlight: bytesInFlight == 0) }
    sent.frameCount = UInt32(self[space].history.framesAdded - firstFrame)
    self[space].add(sent)
    if isCounted { bytesInFlight += draft.total }
    guard draft.isEliciting else { return }
    putOffKeepAlive(at: now)
    congestion.sent(number: number)
    if !hasAskedSinceHeard {
      hasAskedSinceHeard = true
      idleDeadline = now + idleTimeout
    }
  }

  private mutating func pace(_ bytes: Int64, at now: SimTime) {
    pacer.sent(bytes, window: congestion.window, smoothed: roundTrip.smoothed, at: now)
  }

  // MARK: Datagrams of their own

  /// A datagram of another size, to see whether it arrives (RFC 8899 §4).
  private mutating func writeTry(
    of size: Int64, into datagram: inout Datagram, _ packet: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) -> Bool {
    guard var draft = begin(.application, in: &datagram, room: size) else { return false }
    append(QUICItem(kind: .ping), to: &draft, &datagram)
    draft.pad(size - draft.total, &datagram)
    draft.triesSize = true
    triesSize = true
    finish(draft, &datagram, packet, at: now, &log)
    return true
  }

  /// Retry and Version Negotiation need no connection (RFC 9000 §17.2.1, §17.2.5).
  private mutating func writeStateless(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    guard let type = stateless else { return false }
    stateless = nil
    let (client, server) = (Int(peerPolicy.connectionIDBytes), Int(policy.connectionIDBytes))
    let bytes =
      type == .retry
      ? QUICPacketSize.retry(destination: client, source: server, token: Int(Self.retryToken))
      : QUICPacketSize.versionNegotiation(destination: client, source: server, versions: 1)
    datagram.append(
      QUICItem(
        kind: .packet, stream: UInt32(type.rawValue), length: Int64(bytes),
        order: type == .retry ? Self.retryToken : 0))
    datagram.bytes = UInt32(bytes)
    bytesSent += Int64(bytes)
    logDatagram(datagram, packet, at: now, &log)
    return true
  }

  /// A token holds the client's address, its first connection ID and the time, sealed: no RFC says how
  /// long it is; so many bytes do for an IPv6 address.
  private static var retryToken: Int64 { 80 }

  /// Says that the connection ends (RFC 9000 §10.2).
  private mutating func writeClosing(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    guard closeIsDue else { return false }
    closeIsDue = false
    let space: PacketSpaceName =
      isComplete ? .application : self[.handshake].maySend ? .handshake : .initial
    guard var draft = begin(space, in: &datagram, room: datagramSize) else { return false }
    append(QUICItem(kind: .connectionClose, offset: 0x100), to: &draft, &datagram)
    finish(draft, &datagram, packet, at: now, &log)
    lossDeadline = .never
    return true
  }
}
