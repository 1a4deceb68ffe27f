import NetSim

/// A connection while its packets stream by.
struct Connection: ~Copyable {
  let index: UInt32
  /// From the client to the server.
  let ends: PacketEnds
  /// What the client sends, and what the server sends.
  private var halves: InlineArray<2, HalfConnection>
  let application: Application
  /// Whether `application` wants the bytes of the streams.
  private var readsBytes = true

  /// What single packets tell.
  private(set) var findings = Findings()

  /// Times in which nothing came.
  private(set) var stalls = StallWatch()

  // When milestones were seen, in nanoseconds since the capture began.

  let firstNs: Int64
  private(set) var lastNs: Int64
  private(set) var synNs: Int64?
  private(set) var synAckNs: Int64?
  private(set) var handshakeAckNs: Int64?
  private(set) var finishedNs: Int64?
  private(set) var resetNs: Int64?
  private(set) var resetSide: Side?

  /// A connection that begins with `segment`.
  init(index: UInt32, first segment: borrowing CapturedSegment, options: CaptureOptions) {
    self.index = index
    ends = Self.isFromClient(segment) ? segment.ends : segment.ends.reversed
    halves = InlineArray {
      HalfConnection(side: $0 == 0 ? .client : .server, byteLimit: options.reassemblyByteLimit)
    }
    application = Application(
      requestLimit: options.requestLimit, readsMessages: options.readsMessages,
      isMidStream: !segment.flags.contains(.syn))
    firstNs = segment.timeNs
    lastNs = segment.timeNs
  }

  /// Who opened it: the sender of a SYN; else the end with the higher port.
  private static func isFromClient(_ segment: borrowing CapturedSegment) -> Bool {
    if segment.flags.contains(.syn) { return !segment.flags.contains(.ack) }
    return segment.ends.sourcePort >= segment.ends.destinationPort
  }

  /// What one end sends.
  subscript(side: Side) -> HalfConnection {
    @inline(__always) _read { yield halves[side == .client ? 0 : 1] }
    @inline(__always) _modify { yield &halves[side == .client ? 0 : 1] }
  }

  /// The end that sent a packet; nil for a packet between other ends.
  @inline(__always)
  func sender(of packet: PacketEnds) -> Side? {
    if packet == ends { return .client }
    return packet.isReverse(of: ends) ? .server : nil
  }

  /// Whether a segment of `sender` opens another connection between the same ports.
  @inline(__always)
  func isSucceeded(by segment: borrowing CapturedSegment, from sender: Side) -> Bool {
    guard segment.flags.contains(.syn), !segment.flags.contains(.ack) else { return false }
    if sender == .server { return true }
    return self[.client].initial != segment.sequence || self[.client].startsMidStream
  }

  /// Takes a segment. `pairGapNs` tells how long before it a packet as large came from the same end
  /// with none in between; nil where that is not so. Gives whether the segment closes the connection.
  mutating func receive(
    _ segment: borrowing CapturedSegment, from sender: Side, pairGapNs: Int64?,
    log: inout LogBuilder
  ) -> Bool {
    lastNs = max(lastNs, segment.timeNs)
    if synAckNs == nil, isOfOlderConnection(segment, from: sender) {
      self[sender].count(segment)
      return false
    }
    self[sender].setInitial(by: segment)
    self[sender].count(segment)
    noteMilestones(segment, from: sender)
    let start = self[sender].offset(segment.sequence)
    if log.keepsSegments { recordSegment(segment, from: sender, start: start, &log) }
    var sampleNs: Int64?
    let acknowledgedBefore = self[sender.peer].acknowledged
    if segment.flags.contains(.ack), self[sender.peer].initial != nil {
      sampleNs = self[sender.peer].takeAcknowledgement(
        of: segment, shift: shift(of: segment, from: sender),
        loopNs: self[sender].minimumRTTNs ?? 0)
      if self[sender.peer].acknowledged > acknowledgedBefore {
        noteProgress(segment, of: sender.peer)
      }
      if self[sender.peer].closesNow {
        find(.zeroWindow, segment, from: sender, start: start)
      }
    }
    let isPlaced =
      !segment.flags.contains(.rst) && (!segment.flags.contains(.syn) || start == 0)
    var isProbe = false
    if isPlaced, segment.payloadLength > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]) {
      isProbe = place(
        segment, from: sender, start: start,
        acknowledgesNews: self[sender.peer].acknowledged > acknowledgedBefore, &log)
    } else if isPlaced, start == self[sender].acknowledged - 1 {
      noteEmptyProbe(segment, from: sender, start: start)
    } else if isPlaced, start > self[sender].board.highest {
      self[sender].noteSent(upTo: start, before: Transmission(segment))
    }
    if log.keepsSegments { recordSample(sampleNs, segment, of: sender.peer, &log) }
    guard isPlaced else { return resetNs == segment.timeNs }
    if segment.payloadLength > 0 {
      readPayload(
        segment, from: sender, start: start, isProbe: isProbe, pairGapNs: pairGapNs, &log)
    }
    if self[sender].finAt != nil { noteEnd(segment, from: sender) }
    guard finishedNs == nil, self[sender.peer].finAt != nil else { return false }
    noteFinish(segment.timeNs)
    return finishedNs != nil
  }

  /// Whether a bare acknowledgement is of an older connection of the same ports, which its sender takes
  /// to be open still: it answers a SYN and does not acknowledge it (RFC 9293 §3.5.1).
  private func isOfOlderConnection(
    _ segment: borrowing CapturedSegment, from sender: Side
  ) -> Bool {
    guard sender == .server, segment.flags == .ack, segment.payloadLength == 0,
      let initial = self[.client].initial, !self[.client].startsMidStream
    else { return false }
    return self[.client].board.highest <= 1
      && segment.acknowledgement != initial.advanced(by: 1)
  }

  /// How a segment's window is to be scaled: not in a SYN, and only where both SYNs offered it
  /// (RFC 7323 §2.2); nil where the SYNs were not captured.
  @inline(__always)
  private func shift(of segment: borrowing CapturedSegment, from sender: Side) -> UInt8? {
    if segment.flags.contains(.syn) { return 0 }
    if self[sender].startsMidStream { return segment.window == 0 ? 0 : nil }
    guard self[sender.peer].windowScale != nil else { return 0 }
    return self[sender].windowScale ?? 0
  }

  /// Ends what is open at the end of the capture.
  mutating func finish() {
    self[.client].finish(atNs: lastNs)
    self[.server].finish(atNs: lastNs)
  }

  // MARK: Milestones

  @inline(__always)
  private mutating func noteMilestones(_ segment: borrowing CapturedSegment, from sender: Side) {
    if !segment.flags.isDisjoint(with: [.syn, .rst]) { noteOpeningOrReset(segment, from: sender) }
    if handshakeAckNs == nil, sender == .client, synAckNs != nil, segment.flags.contains(.ack),
      !segment.flags.contains(.syn)
    {
      handshakeAckNs = segment.timeNs
    }
  }

  private mutating func noteOpeningOrReset(
    _ segment: borrowing CapturedSegment, from sender: Side
  ) {
    if segment.flags.contains(.syn) {
      if sender == .client { synNs = segment.timeNs } else { synAckNs = segment.timeNs }
      self[sender.peer].peerSegmentLimit = segment.options.maximumSegmentSize
      self[sender].windowScale = segment.options.windowScale
      self[sender].offer = HandshakeOffer(
        maximumSegmentSize: segment.options.maximumSegmentSize,
        timestamps: segment.timestamps != nil, permitsSACK: segment.options.permitsSACK)
    }
    if segment.flags.contains(.rst), resetNs == nil {
      resetNs = segment.timeNs
      resetSide = sender
    }
  }

  private mutating func noteEnd(_ segment: borrowing CapturedSegment, from sender: Side) {
    if let end = self[sender].finAt, self[sender].stream.next >= end, !self[sender].hasEnded {
      self[sender].hasEnded = true
      application.finish(sender, timeNs: segment.timeNs)
    }
  }

  /// Notes when both FINs are acknowledged.
  private mutating func noteFinish(_ timeNs: Int64) {
    guard let clientFIN = self[.client].finAt, let serverFIN = self[.server].finAt,
      self[.client].acknowledged > clientFIN, self[.server].acknowledged > serverFIN
    else { return }
    finishedNs = timeNs
  }

  /// The whole handshake, from SYN to the acknowledgement of the SYN-ACK: one round trip and the
  /// two hosts' own time, wherever the capture was made.
  var handshakeNs: Int64? {
    guard let synNs, let handshakeAckNs, handshakeAckNs > synNs,
      handshakeAckNs - synNs <= RoundTrips.longestNs
    else { return nil }
    return handshakeAckNs - synNs
  }

  /// The handshake's round trip as one end sees it: from its own SYN to the answer. Nil when the SYN
  /// was repeated, because the answer does not tell which one it answers.
  func handshakeRTTNs(at side: Side) -> Int64? {
    let (sentNs, answeredNs) =
      side == .client ? (synNs, synAckNs) : (synAckNs, handshakeAckNs)
    let wasRepeated = self[side].repeats.contains { $0.isHandshake && $0.start == 0 }
    guard let sentNs, let answeredNs, !wasRepeated, answeredNs >= sentNs else { return nil }
    return answeredNs - sentNs
  }

  /// The end at which the capture was made, or which it was made nearer to: what that end sends is
  /// acknowledged a round trip later, what the other end sends is at once.
  var vantage: Side {
    switch (self[.client].minimumRTTNs, self[.server].minimumRTTNs) {
    case (let up?, let down?): up >= down ? .client : .server
    case (let up?, nil): up >= Self.hostDelayNs ? .client : .server
    case (nil, let down?): down >= Self.hostDelayNs ? .server : .client
    case (nil, nil): .client
    }
  }

  /// A host's own delay is taken to be below this where nothing else tells.
  private static var hostDelayNs: Int64 { 1_000_000 }

  // MARK: Sequence space

  /// Takes note of what a segment covers. Gives whether it only asks for a sign of life.
  private mutating func place(
    _ segment: borrowing CapturedSegment, from sender: Side, start: Int64,
    acknowledgesNews: Bool, _ log: inout LogBuilder
  ) -> Bool {
    let isSYN = segment.flags.contains(.syn)
    let length = Int64(segment.payloadLength)
    let dataStart = isSYN ? start + 1 : start
    let dataEnd = dataStart + length
    let isFIN = segment.flags.contains(.fin)
    if isFIN, self[sender].finAt == nil { self[sender].finAt = dataEnd }
    let span = (start: isSYN ? start : dataStart, end: isFIN ? dataEnd + 1 : dataEnd)
    if !isSYN, span.end - span.start == 1, let kind = probe(span, from: sender) {
      find(kind, segment, from: sender, start: start)
      self[sender].probe = (span.start, Transmission(segment))
      return true
    }
    let sent = Transmission(segment)
    let missing = length > 0 ? self[sender].missingPackets(before: span.start) : 0
    self[sender].wait(atNs: segment.timeNs)
    let flight = self[sender].board.highest - self[sender].acknowledged
    let hasNewBytes = span.end > self[sender].board.highest
    if span.start == self[sender].board.highest, missing == 0 {
      self[sender].board.extend(to: span.end, sent)
    } else {
      let data = length > 0 ? (start: dataStart, end: dataEnd) : nil
      let before =
        missing > 0 ? MissingBefore(packets: missing, acknowledgesNews: acknowledgesNews) : nil
      placeAside(segment, from: sender, span, data, sent, before, &log)
    }
    guard length > 0 else { return false }
    if hasNewBytes {
      let fills = self[sender].noteNewData(
        segment, upTo: dataEnd, before: flight, loopNs: self[sender.peer].minimumRTTNs)
      if fills { find(.windowFull, segment, from: sender, start: dataStart) }
    }
    if hasNewBytes, self[sender].flight.isOpen, let rtt = handshakeNs {
      self[sender].noteFlight(length, atNs: segment.timeNs, rttNs: rtt)
    }
    self[sender].lastDataNs = segment.timeNs
    return false
  }

  /// Places a segment that does not simply come next, or before which packets are missing.
  private mutating func placeAside(
    _ segment: borrowing CapturedSegment, from sender: Side, _ span: (start: Int64, end: Int64),
    _ data: (start: Int64, end: Int64)?, _ sent: Transmission, _ missing: MissingBefore?,
    _ log: inout LogBuilder
  ) {
    let placement = self[sender].board.place(span.start, span.end, sent)
    let repeats = placement.repeatedBytes > 0 || placement.filledBytes > 0
    guard repeats || missing != nil, !(self[sender].startsMidStream && span.end <= 1) else {
      return
    }
    var repeated = self[sender].repeated(
      data ?? span, sent, packetLength: segment.packetLength, placement,
      isHandshake: data == nil, missing: repeats ? nil : missing)
    repeated.recordIndex = markRepeat(segment, from: sender, &log)
    self[sender].keep(repeated)
  }

  /// What a segment is that asks for a sign of life only: a keep-alive repeats the last acknowledged
  /// byte (RFC 9293 §3.8.4), a probe tries a closed window with one byte (§3.8.6.1).
  private func probe(
    _ span: (start: Int64, end: Int64), from sender: Side
  ) -> Finding.Kind? {
    guard self[sender].finAt != span.start else { return nil }
    if self[sender].lastWindow == 0 { return .windowProbe }
    if span.start == self[sender].board.highest - 1, span.end <= self[sender].acknowledged {
      return .keepAlive
    }
    return nil
  }

  /// Takes note of a segment without data that asks for a sign of life, as most stacks do: it stands
  /// where the last acknowledged byte does.
  private mutating func noteEmptyProbe(
    _ segment: borrowing CapturedSegment, from sender: Side, start: Int64
  ) {
    guard let kind = probe((start, start + 1), from: sender) else { return }
    find(kind, segment, from: sender, start: start)
  }

  /// Keeps a finding that a packet's header tells.
  private mutating func find(
    _ kind: Finding.Kind, _ segment: borrowing CapturedSegment, from sender: Side, start: Int64
  ) {
    findings.add(
      Finding(
        kind: kind, sender: sender, packet: segment.number,
        time: SimTime(nanoseconds: segment.timeNs), sequence: start,
        length: Int64(segment.payloadLength), sureness: .certain, evidence: .header))
  }

  // MARK: Payload

  private mutating func readPayload(
    _ segment: borrowing CapturedSegment, from sender: Side, start: Int64, isProbe: Bool,
    pairGapNs: Int64?, _ log: inout LogBuilder
  ) {
    let start = segment.flags.contains(.syn) ? start + 1 : start
    let length = Int64(segment.payloadLength)
    if let pairGapNs, length == self[sender].largestPayload, self[sender].isFullSize(length) {
      self[sender].dataPairs.add(bytes: Int64(segment.packetLength), gapNs: pairGapNs)
    }
    let before = self[sender].stream.next
    let end = start + length
    // There was no room for a probe's byte: what comes behind it is what was waited for.
    defer { if !isProbe, self[sender].stream.next > before { noteDelivery(segment, from: sender) } }
    if start <= before, end > before, !self[sender].stream.hasHole {
      self[sender].stream.pass(to: end)
      if readsBytes {
        let bytes = segment.payload.slice(from: Int(before - start)).bytes
        application.read(
          bytes, missing: end - before - Int64(bytes.count), at: before, from: sender,
          timeNs: segment.timeNs)
        readsBytes = application.wantsBytes
      }
    } else {
      reassemble(segment, from: sender, start: start)
    }
    if log.keepsSegments {
      recordDelivery(
        segment, from: sender, start: start, before: before, waits: start > before, &log)
    }
  }

  /// Notes that bytes of `sender` could be read further, or left where the capture was made at it.
  @inline(__always)
  private mutating func noteDelivery(_ segment: borrowing CapturedSegment, from sender: Side) {
    let now = segment.timeNs
    let last = self[sender].lastDeliveredNs
    let asked = self[sender.peer].lastDeliveredNs
    let isAnswer = asked > last
    let since = max(last, asked)
    self[sender].lastDeliveredNs = now
    guard since >= 0, now - since > StallWatch.leastNs else { return }
    // What a client asks next is waited for by nobody.
    if isAnswer, sender == .client { return }
    stalls.note(
      isAnswer ? .answer : .pause, from: since, to: now, rttNs: longestLeastRTTNs, sender: sender,
      packet: segment.number, wasClosed: self[sender].room.wasClosed(since: since),
      repeated: self[sender].lastRepeat(since: since))
  }

  /// Notes that data of `side` were acknowledged further.
  @inline(__always)
  private mutating func noteProgress(_ segment: borrowing CapturedSegment, of side: Side) {
    let since = self[side].progress(atNs: segment.timeNs)
    guard since >= 0, segment.timeNs - since > StallWatch.leastNs else { return }
    let isHandshake = self[side].acknowledged == 1
    stalls.note(
      isHandshake ? .handshake : .acknowledgement, from: isHandshake ? firstNs : since,
      to: segment.timeNs, rttNs: longestLeastRTTNs, sender: side, packet: segment.number,
      wasClosed: self[side].room.wasClosed(since: since),
      repeated: self[side].lastRepeat(since: since))
  }

  /// The longer of the two directions' least round trips: that of the whole path.
  private var longestLeastRTTNs: Int64? {
    switch (self[.client].minimumRTTNs, self[.server].minimumRTTNs) {
    case (let up?, let down?): max(up, down)
    case (let up?, nil): up
    case (nil, let down): down
    }
  }

  /// Takes a payload that does not simply come next.
  private mutating func reassemble(
    _ segment: borrowing CapturedSegment, from sender: Side, start: Int64
  ) {
    let timeNs = segment.timeNs
    let application = application
    func take(_ offset: Int64, _ bytes: UnsafeRawBufferPointer, _ missing: Int64) {
      application.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
    }
    self[sender].stream.keepsBytes = readsBytes
    self[sender].stream.receive(
      start, length: Int64(segment.payloadLength), bytes: segment.payload.bytes, to: take)
    if self[sender].stream.hasHole, self[sender].acknowledged > self[sender].stream.next {
      self[sender].stream.skip(to: self[sender].acknowledged, to: take)
    }
    readsBytes = application.wantsBytes
  }
}
