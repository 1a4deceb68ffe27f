/// The frames that packets are filled with, in their order (RFC 9000 §13.2 to §13.4).
extension QUICEndpoint {
  // MARK: Answers

  /// Says what has come of a space (RFC 9000 §19.3).
  mutating func appendAnswer(
    to draft: inout PacketDraft, _ datagram: inout Datagram, at now: SimTime
  ) {
    let space = draft.space
    guard let last = self[space].received.spans.last else { return }
    let others = self[space].received.spans.count - 1
    let delay = space == .application ? now - self[space].largestReceivedAt : .zero
    let largest = last.end - 1
    let ecn = self[space].capable + self[space].marked > 0
    let base = Int64(
      QUICFrameSize.acknowledgement(
        largest: UInt64(largest), delay: UInt64(delay.nanoseconds / 8000),
        firstRange: UInt64(last.end - last.start - 1), rangeCount: others,
        ecn: ecn ? counts(in: space) : nil))
    guard draft.fits(base) else { return }
    datagram.append(
      QUICItem(kind: .acknowledgement, offset: largest, length: delay.nanoseconds))
    draft.take(base)
    appendRange(last, to: &datagram)
    var smallest = last.start
    for index in stride(from: others - 1, through: 0, by: -1) {
      let span = self[space].received.spans[index]
      let size = Int64(
        QUICFrameSize.acknowledgedRange(
          gap: UInt64(smallest - span.end - 1), length: UInt64(span.end - span.start - 1)))
      guard draft.fits(size) else { break }
      draft.take(size)
      appendRange(span, to: &datagram)
      smallest = span.start
    }
    if ecn {
      datagram.append(
        QUICItem(
          kind: .congestionCounts, offset: self[space].capable, length: self[space].marked))
    }
    draft.acknowledges = largest
    self[space].unanswered = 0
    self[space].unansweredSince = .never
    self[space].answersAtOnce = false
    if space == .application { ackDeadline = .never }
  }

  private func appendRange(_ span: Reassembly.Span, to datagram: inout Datagram) {
    datagram.append(
      QUICItem(kind: .ackedRange, offset: span.start, length: span.end - span.start))
  }

  private func counts(in space: PacketSpaceName) -> QUICECNCounts {
    QUICECNCounts(
      ect0: UInt64(self[space].capable), ect1: 0, ce: UInt64(self[space].marked))
  }

  // MARK: Control

  /// Frames that name no content: windows, IDs, the end of the handshake.
  mutating func appendControl(to draft: inout PacketDraft, _ datagram: inout Datagram) {
    while var frame = control.first {
      if frame.kind == .maxData { frame.offset = connectionGranted }
      if frame.kind == .maxStreamData, let place = streams.place(of: frame.stream) {
        frame.offset = streams[place].granted
      }
      guard draft.fits(frame.size) else { return }
      _ = control.removeFirst()
      append(frame, to: &draft, &datagram)
    }
  }

  mutating func appendCrypto(to draft: inout PacketDraft, _ datagram: inout Datagram) {
    let space = draft.space
    while let piece = self[space].crypto.lost.first {
      let span = Reassembly.Span(start: piece.start, end: piece.end)
      guard let missing = self[space].crypto.acknowledged.firstMissing(in: span) else {
        _ = self[space].crypto.lost.removeFirst()
        continue
      }
      let room = draft.cryptoRoom(offset: missing.start)
      guard room > 0 else { return }
      let end = min(missing.end, missing.start + room)
      appendCrypto(from: missing.start, to: end, &draft, &datagram)
      repeated += 1
      if end >= piece.end {
        _ = self[space].crypto.lost.removeFirst()
      } else {
        self[space].crypto.lost[0].start = end
      }
    }
    let start = self[space].crypto.sent
    guard self[space].crypto.written > start else { return }
    let end = min(self[space].crypto.written, start + draft.cryptoRoom(offset: start))
    guard end > start else { return }
    appendCrypto(from: start, to: end, &draft, &datagram)
    self[space].crypto.sent = end
  }

  private func appendCrypto(
    from start: Int64, to end: Int64, _ draft: inout PacketDraft, _ datagram: inout Datagram
  ) {
    append(
      QUICItem(kind: .crypto, offset: start, length: end - start), to: &draft, &datagram)
  }

  // MARK: Streams

  /// What was lost of streams goes first, each stream in turn.
  mutating func appendRepeated(to draft: inout PacketDraft, _ datagram: inout Datagram) {
    while let number = repeating.first, let place = streams.place(of: number) {
      guard let frame = nextRepeated(place, draft) else { return }
      if frame.length == 0 && !frame.isLast {  // Everything has arrived meanwhile.
        streams[place].repeatsWaiting = false
        _ = repeating.removeFirst()
        continue
      }
      append(frame, to: &draft, &datagram)
      repeated += 1
      _ = repeating.removeFirst()
      if streams[place].lost.isEmpty {
        streams[place].repeatsWaiting = false
      } else {
        repeating.append(number)
      }
    }
  }

  /// The next lost stretch of a stream as far as it fits; an empty frame where there is none, nil where
  /// there is no room.
  private mutating func nextRepeated(_ place: Int, _ draft: PacketDraft) -> QUICItem? {
    while let piece = streams[place].lost.first {
      let span = Reassembly.Span(start: piece.start, end: piece.end)
      let endIsMissing = piece.isLast && !streams[place].endWasAcknowledged
      let missing = streams[place].acknowledged.firstMissing(in: span)
      if missing == nil && !endIsMissing {
        _ = streams[place].lost.removeFirst()
        continue
      }
      let start = missing?.start ?? piece.end
      let end = missing?.end ?? piece.end
      let room = draft.streamRoom(streams[place].number, offset: start)
      guard room > 0 || (room == 0 && end == start) else { return nil }
      let taken = min(end, start + room)
      if taken >= piece.end {
        _ = streams[place].lost.removeFirst()
      } else {
        streams[place].lost[0].order += taken - piece.start
        streams[place].lost[0].start = taken
      }
      return QUICItem(
        kind: .stream, isLast: piece.isLast && taken == piece.end, stream: streams[place].number,
        offset: start, length: taken - start, order: piece.order + (start - piece.start))
    }
    return QUICItem(kind: .stream, stream: streams[place].number)
  }

  /// New bytes of streams, as the scheduler has them follow each other.
  mutating func appendNew(to draft: inout PacketDraft, _ datagram: inout Datagram) {
    while let number = critical.first, let place = streams.place(of: number) {
      let most = draft.streamRoom(number, offset: streams[place].sent)
      guard most > 0, appendNew(place, most, to: &draft, &datagram) else { break }
      if streams[place].hasNew { return }
      _ = critical.removeFirst()
      streams[place].isWaiting = false
    }
    var sharers = policy.streamsPerPacket
    while let key = waiting.first, let place = streams.place(of: key - 1) {
      let room = draft.streamRoom(key - 1, offset: streams[place].sent)
      if room < 0 || (room == 0 && streams[place].sent < streams[place].written) { return }
      let share = sharers > 1 ? min(room, (room + Int64(sharers) - 1) / Int64(sharers)) : room
      sharers = max(sharers - 1, 1)
      let before = streams[place].sent
      guard appendNew(place, share, to: &draft, &datagram) else {
        stall(place)
        continue
      }
      let isDone = !streams[place].hasNew
      waiting.endTurn(of: key, bytes: streams[place].sent - before, isDone: isDone)
      if isDone { streams[place].isWaiting = false }
      // A packet is one turn: the next stream fills it only where this one has no more.
      if !isDone && policy.streamsPerPacket <= 1 { return }
      if policy.streamsPerPacket > 1 && waiting.count < 2 { sharers = 1 }
    }
  }

  /// Adds at most `most` new bytes of a stream, and its end. Returns false where a window lets none pass.
  private mutating func appendNew(
    _ place: Int, _ most: Int64, to draft: inout PacketDraft, _ datagram: inout Datagram
  ) -> Bool {
    guard var frame = streams[place].takeNew(min(most, connectionLimit - newBytes)) else {
      return false
    }
    frame.order = newBytes
    append(frame, to: &draft, &datagram)
    newBytes += frame.length
    return true
  }

  /// A stream that has its turn has nothing that may be sent: a window holds it, or it has no more.
  private mutating func stall(_ place: Int) {
    waiting.drop(streams[place].number + 1)
    streams[place].isHeld = streams[place].hasNew
    streams[place].isWaiting = false
  }

  // MARK: Probes

  /// A probe repeats the oldest packet that is under way, or asks with nothing (RFC 9002 §6.2.4).
  mutating func appendProbe(to draft: inout PacketDraft, _ datagram: inout Datagram) {
    let space = draft.space
    var number = self[space].history.first
    while number < self[space].history.end {
      let packet = self[space].history[number]
      if packet.fate == .open && packet.frameCount > 0 && !packet.isRepeated {
        self[space].history[number].isRepeated = true
        if packet.isEliciting { self[space].elicitingInFlight -= 1 }
        reclaim(packet, in: space)
        if space == .application { appendControl(to: &draft, &datagram) }
        appendCrypto(to: &draft, &datagram)
        if space == .application { appendRepeated(to: &draft, &datagram) }
        if draft.isEliciting { return }
      }
      number += 1
    }
    append(QUICItem(kind: .ping), to: &draft, &datagram)
    draft.isBareProbe = true
  }
}
