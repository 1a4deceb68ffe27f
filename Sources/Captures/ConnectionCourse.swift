import NetSim

/// How a connection goes as a whole: its milestones, what its packets tell, and what its streams carry.
///
/// Each packet is taken with the half that sent it, `own`, and the half of its receiver, `peer`. Both
/// are handed on in place also where nothing is changed: what is borrowed would be copied.
struct ConnectionCourse: ~Copyable {
  /// The connection's place among those of its capture.
  let index: UInt32
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

  /// The course of a connection that begins with `segment`.
  init(index: UInt32, first segment: borrowing CapturedSegment, options: CaptureOptions) {
    self.index = index
    application = Application(
      requestLimit: options.requestLimit, readsMessages: options.readsMessages,
      isMidStream: !segment.flags.contains(.syn))
    firstNs = segment.timeNs
    lastNs = segment.timeNs
  }

  /// Takes a segment of `sender`. `pairGapNs` tells how long before it a packet as large came from the
  /// same end with none in between; nil where that is not so. Gives whether the segment closes the
  /// connection.
  @inline(__always)
  mutating func receive(
    _ segment: borrowing CapturedSegment, from sender: Side,
    _ halves: inout InlineArray<2, HalfConnection>, pairGapNs: Int64?, _ log: inout LogBuilder
  ) -> Bool {
    var span = halves.mutableSpan
    return span.withUnsafeMutableBufferPointer { halves in
      let own = sender == .client ? 0 : 1
      return receive(
        segment, &halves[own], &halves[1 - own], pairGapNs: pairGapNs, &log)
    }
  }

  private mutating func receive(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection, pairGapNs: Int64?, _ log: inout LogBuilder
  ) -> Bool {
    lastNs = max(lastNs, segment.timeNs)
    if synAckNs == nil, Self.isOfOlderConnection(segment, &own, &peer) {
      own.count(segment)
      return false
    }
    own.setInitial(by: segment)
    own.count(segment)
    noteMilestones(segment, &own, &peer)
    let start = own.offset(segment.sequence)
    if log.keepsSegments { recordSegment(segment, start: start, &own, &peer, &log) }
    let acknowledgedBefore = peer.acknowledged
    if segment.flags.contains(.ack), peer.initial != nil {
      acknowledge(segment, start: start, &own, &peer, &log)
    }
    guard !segment.flags.contains(.rst), !segment.flags.contains(.syn) || start == 0 else {
      return resetNs == segment.timeNs
    }
    var isProbe = false
    if segment.payloadLength > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]) {
      let acknowledgesNews = peer.acknowledged > acknowledgedBefore
      isProbe = place(
        segment, start: start, &own, &peer, acknowledgesNews: acknowledgesNews, &log)
    } else if start == own.acknowledged - 1 {
      noteEmptyProbe(segment, start: start, &own)
    } else if start > own.board.highest {
      own.noteSent(upTo: start, before: Transmission(segment))
    }
    if segment.payloadLength > 0 {
      readPayload(
        segment, start: start, &own, &peer, isProbe: isProbe, pairGapNs: pairGapNs, &log)
    }
    if own.finAt != nil { noteEnd(segment, &own) }
    guard finishedNs == nil, peer.finAt != nil else { return false }
    noteFinish(segment.timeNs, &own, &peer)
    return finishedNs != nil
  }

  /// Whether a bare acknowledgement is of an older connection of the same ports, which its sender takes
  /// to be open still: it answers a SYN and does not acknowledge it (RFC 9293 §3.5.1).
  private static func isOfOlderConnection(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) -> Bool {
    guard own.side == .server, segment.flags == .ack, segment.payloadLength == 0,
      let initial = peer.initial, !peer.startsMidStream
    else { return false }
    return peer.board.highest <= 1 && segment.acknowledgement != initial.advanced(by: 1)
  }

  /// Takes what a segment acknowledges of the peer's data.
  @inline(__always)
  private mutating func acknowledge(
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection,
    _ peer: inout HalfConnection, _ log: inout LogBuilder
  ) {
    let before = peer.acknowledged
    let sampleNs = peer.takeAcknowledgement(
      of: segment, shift: shift(of: segment, &own, &peer), loopNs: own.minimumRTTNs ?? 0)
    if peer.acknowledged > before { noteProgress(segment, &own, &peer) }
    if peer.closesNow { find(.zeroWindow, segment, from: own.side, start: start) }
    if log.keepsSegments { recordSample(sampleNs, segment, of: peer.side, &log) }
  }

  /// How a segment's window is to be scaled: not in a SYN, and only where both SYNs offered it
  /// (RFC 7323 §2.2); nil where the SYNs were not captured.
  @inline(__always)
  private func shift(
    of segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) -> UInt8? {
    if segment.flags.contains(.syn) { return 0 }
    if own.startsMidStream { return segment.window == 0 ? 0 : nil }
    guard peer.windowScale != nil else { return 0 }
    return own.windowScale ?? 0
  }

  // MARK: Milestones

  @inline(__always)
  private mutating func noteMilestones(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) {
    if !segment.flags.isDisjoint(with: [.syn, .rst]) { noteOpeningOrReset(segment, &own, &peer) }
    if handshakeAckNs == nil, own.side == .client, synAckNs != nil, segment.flags.contains(.ack),
      !segment.flags.contains(.syn)
    {
      handshakeAckNs = segment.timeNs
    }
  }

  private mutating func noteOpeningOrReset(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) {
    if segment.flags.contains(.syn) {
      if own.side == .client { synNs = segment.timeNs } else { synAckNs = segment.timeNs }
      peer.peerSegmentLimit = segment.options.maximumSegmentSize
      own.windowScale = segment.options.windowScale
      own.offer = HandshakeOffer(
        maximumSegmentSize: segment.options.maximumSegmentSize,
        timestamps: segment.timestamps != nil, permitsSACK: segment.options.permitsSACK)
    }
    if segment.flags.contains(.rst), resetNs == nil {
      resetNs = segment.timeNs
    }
  }

  private mutating func noteEnd(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection
  ) {
    if let end = own.finAt, own.stream.next >= end, !own.hasEnded {
      own.hasEnded = true
      application.finish(own.side, timeNs: segment.timeNs)
    }
  }

  /// Notes when both FINs are acknowledged.
  private mutating func noteFinish(
    _ timeNs: Int64, _ own: inout HalfConnection, _ peer: inout HalfConnection
  ) {
    guard let ownFIN = own.finAt, let peerFIN = peer.finAt, own.acknowledged > ownFIN,
      peer.acknowledged > peerFIN
    else { return }
    finishedNs = timeNs
  }

  /// The whole handshake, from SYN to the acknowledgement of the SYN-ACK: one round trip and the
  /// two hosts' own time, wherever the capture was made.
  private var handshakeNs: Int64? {
    guard let synNs, let handshakeAckNs, handshakeAckNs > synNs,
      handshakeAckNs - synNs <= RoundTrips.longestNs
    else { return nil }
    return handshakeAckNs - synNs
  }

  // MARK: Sequence space

  /// Takes note of what a segment covers. Gives whether it only asks for a sign of life.
  private mutating func place(
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection,
    _ peer: inout HalfConnection, acknowledgesNews: Bool, _ log: inout LogBuilder
  ) -> Bool {
    let isSYN = segment.flags.contains(.syn)
    let length = Int64(segment.payloadLength)
    let dataStart = isSYN ? start + 1 : start
    let dataEnd = dataStart + length
    let isFIN = segment.flags.contains(.fin)
    if isFIN, own.finAt == nil { own.finAt = dataEnd }
    let span = (start: isSYN ? start : dataStart, end: isFIN ? dataEnd + 1 : dataEnd)
    if !isSYN, span.end - span.start == 1, let kind = Self.probe(span, &own) {
      find(kind, segment, from: own.side, start: start)
      own.probe = (span.start, Transmission(segment))
      return true
    }
    let sent = Transmission(segment)
    let missing =
      length > 0
      ? own.missingPackets(
        before: segment, at: span.start, acknowledgesNews: acknowledgesNews,
        loopNs: peer.minimumRTTNs) : nil
    own.wait(atNs: segment.timeNs)
    let flight = own.board.highest - own.acknowledged
    let hasNewBytes = span.end > own.board.highest
    if span.start == own.board.highest, missing == nil {
      own.board.extend(to: span.end, sent)
    } else {
      let data = length > 0 ? (start: dataStart, end: dataEnd) : nil
      placeAside(segment, &own, span, data, sent, missing, loopNs: peer.minimumRTTNs, &log)
    }
    if isSYN { own.lastDataNs = segment.timeNs }
    guard length > 0 else { return false }
    if hasNewBytes {
      let fills = own.noteNewData(
        segment, upTo: dataEnd, before: flight, loopNs: peer.minimumRTTNs)
      if fills { find(.windowFull, segment, from: own.side, start: dataStart) }
    }
    if hasNewBytes, own.flight.isOpen, let rtt = handshakeNs {
      own.noteFlight(length, atNs: segment.timeNs, rttNs: rtt)
    }
    own.lastDataNs = segment.timeNs
    return false
  }

  /// Places a segment that does not simply come next, or before which packets are missing.
  private mutating func placeAside(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ span: (start: Int64, end: Int64), _ data: (start: Int64, end: Int64)?,
    _ sent: Transmission, _ missing: MissingBefore?, loopNs: Int64?, _ log: inout LogBuilder
  ) {
    let placement = own.board.place(span.start, span.end, sent)
    let repeats = placement.repeatedBytes > 0 || placement.filledBytes > 0
    guard repeats || missing != nil, !(own.startsMidStream && span.end <= 1) else { return }
    var repeated = own.repeated(
      data ?? span, reach: span.end, sent, packetLength: segment.packetLength, placement,
      isHandshake: data == nil, missing: repeats ? nil : missing, loopNs: loopNs)
    repeated.recordIndex = markRepeat(segment, from: own.side, &log)
    own.keep(repeated)
  }

  /// What a segment is that asks for a sign of life only: a keep-alive repeats the last acknowledged
  /// byte (RFC 9293 §3.8.4), a probe tries a closed window with one byte (§3.8.6.1).
  private static func probe(
    _ span: (start: Int64, end: Int64), _ own: inout HalfConnection
  ) -> Finding.Kind? {
    guard own.finAt != span.start else { return nil }
    if own.lastWindow == 0 { return .windowProbe }
    if span.start == own.board.highest - 1, span.end <= own.acknowledged {
      return .keepAlive
    }
    return nil
  }

  /// Takes note of a segment without data that asks for a sign of life, as most stacks do: it stands
  /// where the last acknowledged byte does.
  private mutating func noteEmptyProbe(
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection
  ) {
    guard let kind = Self.probe((start, start + 1), &own) else { return }
    find(kind, segment, from: own.side, start: start)
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
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection,
    _ peer: inout HalfConnection, isProbe: Bool, pairGapNs: Int64?, _ log: inout LogBuilder
  ) {
    let start = segment.flags.contains(.syn) ? start + 1 : start
    let length = Int64(segment.payloadLength)
    if let pairGapNs, length == own.largestPayload, own.isFullSize(length) {
      own.dataPairs.add(bytes: Int64(segment.packetLength), gapNs: pairGapNs)
    }
    let before = own.stream.next
    let end = start + length
    if start <= before, end > before, !own.stream.hasHole {
      own.stream.pass(to: end)
      if readsBytes { read(segment, from: before, to: end, of: own.side) }
    } else {
      reassemble(segment, start: start, &own)
    }
    if log.keepsSegments {
      recordDelivery(segment, start: start, before: before, &own, &log)
    }
    // There was no room for a probe's byte: what comes behind it is what was waited for.
    if !isProbe, own.stream.next > before { noteDelivery(segment, &own, &peer) }
  }

  /// Hands on the bytes of a payload from `before` on, which end at `end`.
  private mutating func read(
    _ segment: borrowing CapturedSegment, from before: Int64, to end: Int64, of sender: Side
  ) {
    let known = segment.payloadLength - Int(end - before)
    let bytes = segment.payload.slice(from: known).bytes
    application.read(
      bytes, missing: end - before - Int64(bytes.count), at: before, from: sender,
      timeNs: segment.timeNs)
    readsBytes = application.wantsBytes
  }

  /// Notes that bytes of `own` could be read further, or left where the capture was made at it.
  @inline(__always)
  private mutating func noteDelivery(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) {
    let now = segment.timeNs
    let last = own.lastDeliveredNs
    let asked = peer.lastDeliveredNs
    let isAnswer = asked > last
    let since = max(last, asked)
    own.lastDeliveredNs = now
    guard since >= 0, now - since > StallWatch.leastNs else { return }
    // What a client asks next is waited for by nobody.
    if isAnswer, own.side == .client { return }
    stalls.note(
      isAnswer ? .answer : .pause, from: since, to: now, rttNs: Self.longestLeastRTTNs(&own, &peer),
      sender: own.side, packet: segment.number, wasClosed: own.room.wasClosed(since: since),
      repeated: own.lastRepeat(since: since))
  }

  /// Notes that data of `peer` were acknowledged further.
  @inline(__always)
  private mutating func noteProgress(
    _ segment: borrowing CapturedSegment, _ own: inout HalfConnection,
    _ peer: inout HalfConnection
  ) {
    let since = peer.progress(atNs: segment.timeNs)
    guard since >= 0, segment.timeNs - since > StallWatch.leastNs else { return }
    let isHandshake = peer.acknowledged == 1
    stalls.note(
      isHandshake ? .handshake : .acknowledgement, from: isHandshake ? firstNs : since,
      to: segment.timeNs, rttNs: Self.longestLeastRTTNs(&own, &peer), sender: peer.side,
      packet: segment.number, wasClosed: peer.room.wasClosed(since: since),
      repeated: peer.lastRepeat(since: since))
  }

  /// The longer of the two directions' least round trips: that of the whole path.
  private static func longestLeastRTTNs(
    _ own: inout HalfConnection, _ peer: inout HalfConnection
  ) -> Int64? {
    switch (own.minimumRTTNs, peer.minimumRTTNs) {
    case (let there?, let back?): max(there, back)
    case (let least, nil), (nil, let least): least
    }
  }

  /// Takes a payload that does not simply come next.
  private mutating func reassemble(
    _ segment: borrowing CapturedSegment, start: Int64, _ own: inout HalfConnection
  ) {
    let timeNs = segment.timeNs
    let sender = own.side
    let application = application
    func take(_ offset: Int64, _ bytes: UnsafeRawBufferPointer, _ missing: Int64) {
      application.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
    }
    own.stream.keepsBytes = readsBytes
    own.stream.receive(
      start, length: Int64(segment.payloadLength), bytes: segment.payload.bytes, to: take)
    if own.stream.hasHole, own.acknowledged > own.stream.next {
      own.stream.skip(to: own.acknowledged, to: take)
    }
    readsBytes = application.wantsBytes
  }
}
