import NetSim

/// A connection while its packets stream by.
final class Connection {
  let index: UInt32
  /// From the client to the server.
  let ends: PacketEnds
  private let client: HalfConnection
  private let server: HalfConnection
  let application: Application

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
  init(index: UInt32, first segment: CapturedSegment, options: CaptureOptions) {
    self.index = index
    ends = Self.isFromClient(segment) ? segment.ends : segment.ends.reversed
    client = HalfConnection(side: .client, byteLimit: options.reassemblyByteLimit)
    server = HalfConnection(side: .server, byteLimit: options.reassemblyByteLimit)
    application = Application(
      requestLimit: options.requestLimit, isMidStream: !segment.flags.contains(.syn))
    firstNs = segment.timeNs
    lastNs = segment.timeNs
  }

  /// Who opened it: the sender of a SYN; else the end with the higher port.
  private static func isFromClient(_ segment: CapturedSegment) -> Bool {
    if segment.flags.contains(.syn) { return !segment.flags.contains(.ack) }
    return segment.ends.sourcePort >= segment.ends.destinationPort
  }

  /// What one end sends.
  subscript(side: Side) -> HalfConnection { side == .client ? client : server }

  /// Whether a segment with these ends opens another connection between the same ports.
  func isSucceeded(by segment: CapturedSegment) -> Bool {
    guard segment.flags.contains(.syn), !segment.flags.contains(.ack) else { return false }
    if segment.ends != ends { return true }
    return client.initial != segment.sequence || client.startsMidStream
  }

  /// Takes a segment.
  func receive(
    _ segment: CapturedSegment, pair: BackToBack?, log: inout LogBuilder
  ) {
    let sender: Side = segment.ends == ends ? .client : .server
    lastNs = max(lastNs, segment.timeNs)
    self[sender].setInitial(by: segment)
    self[sender].count(segment)
    noteMilestones(segment, from: sender)
    let start = self[sender].offset(segment.sequence)
    recordSegment(segment, from: sender, start: start, &log)
    var sampleNs: Int64?
    let acknowledgedBefore = self[sender.peer].acknowledged
    if segment.flags.contains(.ack), self[sender.peer].initial != nil {
      sampleNs = self[sender.peer].takeAcknowledgement(of: segment)
    }
    let isPlaced =
      !segment.flags.contains(.rst) && (!segment.flags.contains(.syn) || start == 0)
    if isPlaced, segment.payloadLength > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]) {
      place(
        segment, from: sender, start: start,
        acknowledgesNews: self[sender.peer].acknowledged > acknowledgedBefore, &log)
    }
    recordSample(sampleNs, segment, of: sender.peer, &log)
    guard isPlaced else { return }
    if segment.payloadLength > 0 {
      readPayload(segment, from: sender, start: start, pair: pair, &log)
    }
    noteEnd(segment, from: sender)
  }

  // MARK: Milestones

  private func noteMilestones(_ segment: CapturedSegment, from sender: Side) {
    let flags = segment.flags
    if flags.contains(.syn) {
      if sender == .client { synNs = segment.timeNs } else { synAckNs = segment.timeNs }
      self[sender.peer].peerSegmentLimit = segment.options.maximumSegmentSize
      self[sender].windowScale = segment.options.windowScale
      self[sender].offer = HandshakeOffer(
        maximumSegmentSize: segment.options.maximumSegmentSize,
        timestamps: segment.options.timestamps != nil, permitsSACK: segment.options.permitsSACK)
    } else if sender == .client, flags.contains(.ack), synAckNs != nil, handshakeAckNs == nil {
      handshakeAckNs = segment.timeNs
    }
    if flags.contains(.rst), resetNs == nil {
      resetNs = segment.timeNs
      resetSide = sender
    }
  }

  private func noteEnd(_ segment: CapturedSegment, from sender: Side) {
    if let end = self[sender].finAt, self[sender].stream.next >= end, !self[sender].hasEnded {
      self[sender].hasEnded = true
      application.finish(sender, timeNs: segment.timeNs)
    }
    if finishedNs == nil, let clientFIN = client.finAt, let serverFIN = server.finAt,
      client.acknowledged > clientFIN, server.acknowledged > serverFIN
    {
      finishedNs = segment.timeNs
    }
  }

  /// The whole handshake, from SYN to the acknowledgement of the SYN-ACK: one round trip and the
  /// two hosts' own time, wherever the capture was made.
  var handshakeNs: Int64? {
    guard let synNs, let handshakeAckNs, handshakeAckNs > synNs else { return nil }
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
    switch (client.minimumRTTNs, server.minimumRTTNs) {
    case (let up?, let down?): up >= down ? .client : .server
    case (let up?, nil): up >= Self.hostDelayNs ? .client : .server
    case (nil, let down?): down >= Self.hostDelayNs ? .server : .client
    case (nil, nil): .client
    }
  }

  /// A host's own delay is taken to be below this where nothing else tells.
  private static var hostDelayNs: Int64 { 1_000_000 }

  // MARK: Sequence space

  private func place(
    _ segment: CapturedSegment, from sender: Side, start: Int64, acknowledgesNews: Bool,
    _ log: inout LogBuilder
  ) {
    let isSYN = segment.flags.contains(.syn)
    let length = Int64(segment.payloadLength)
    let dataStart = isSYN ? start + 1 : start
    let dataEnd = dataStart + length
    let isFIN = segment.flags.contains(.fin)
    if isFIN, self[sender].finAt == nil { self[sender].finAt = dataEnd }
    let span = (start: isSYN ? start : dataStart, end: isFIN ? dataEnd + 1 : dataEnd)
    if isProbe(span, from: sender) { return }
    let sent = Transmission(
      number: segment.number, timeNs: segment.timeNs,
      timestamp: segment.options.timestamps?.value, identification: segment.identification)
    let half = self[sender]
    let missing =
      length > 0 ? half.missingPackets(before: span.start, highest: half.board.highest) : 0
    let placement = half.board.place(span.start, span.end, sent)
    let repeats = placement.repeatedBytes > 0 || placement.filledBytes > 0
    if repeats || missing > 0, !(half.startsMidStream && span.end <= 1) {
      var repeated = half.repeated(
        length > 0 ? (dataStart, dataEnd) : span, sent, packetLength: segment.packetLength,
        placement, isHandshake: length == 0,
        missing: repeats ? nil : MissingBefore(acknowledgesNews: acknowledgesNews))
      repeated.recordIndex = markRepeat(segment, from: sender, &log)
      half.keep(repeated)
    }
    if length > 0, let rtt = handshakeNs, placement.hasNewBytes {
      let size = max(self[sender].largestPayload, 1)
      let limit = Int64(self[sender].peerSegmentLimit ?? UInt16.max)
      // A segment larger than the peer takes was cut behind the capture: count what it became.
      let segments = size > limit ? (length + limit - 1) / limit : 1
      self[sender].flight.sent(
        length: length, segments: segments, atNs: segment.timeNs, rttNs: rtt)
    }
    if length > 0 { self[sender].lastDataNs = segment.timeNs }
  }

  /// Whether a segment asks for a sign of life only: a keep-alive repeats the last acknowledged
  /// byte (RFC 9293 §3.8.4), a probe tries a closed window with one byte (§3.8.6.1).
  private func isProbe(_ span: (start: Int64, end: Int64), from sender: Side) -> Bool {
    let half = self[sender]
    guard span.end - span.start == 1, half.finAt != span.start, span.start > 0 else {
      return false
    }
    if span.start == half.board.highest - 1, span.end <= half.acknowledged { return true }
    return half.lastWindow == 0
  }

  // MARK: Payload

  private func readPayload(
    _ segment: CapturedSegment, from sender: Side, start: Int64, pair: BackToBack?,
    _ log: inout LogBuilder
  ) {
    let start = segment.flags.contains(.syn) ? start + 1 : start
    let length = Int64(segment.payloadLength)
    if let pair, length == self[sender].largestPayload, self[sender].isFullSize(length),
      pair.length == segment.packetLength
    {
      self[sender].dataPairs.add(
        bytes: Int64(segment.packetLength), gapNs: segment.timeNs - pair.timeNs)
    }
    let before = self[sender].stream.next
    let timeNs = segment.timeNs
    let application = application
    func take(_ offset: Int64, _ bytes: UnsafeRawBufferPointer, _ missing: Int64) {
      application.read(bytes, missing: missing, at: offset, from: sender, timeNs: timeNs)
    }
    self[sender].stream.keepsBytes = application.wantsBytes
    let waits = self[sender].stream.receive(
      start, length: length, bytes: segment.payload.slice(from: 0, length: Int(length)).bytes,
      to: take)
    if self[sender].stream.hasHole, self[sender].acknowledged > self[sender].stream.next {
      self[sender].stream.skip(to: self[sender].acknowledged, to: take)
    }
    recordDelivery(segment, from: sender, start: start, before: before, waits: waits, &log)
  }
}
