/// A reset that has to go out.
enum PendingReset {
  /// This side gives the connection up (RFC 9293 §3.10.5).
  case ownAccord
  /// The answer to a segment that acknowledges what it must not: <SEQ=SEG.ACK><CTL=RST>.
  case acknowledging(SequenceNumber)
  /// The answer to a segment without an acknowledgement for no connection:
  /// <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>.
  case covering(SequenceNumber)

  /// The answer to a segment for no connection; nil where that is a reset, which gets none.
  init?(answering segment: Segment) {
    if segment.flags.contains(.rst) { return nil }
    self =
      segment.flags.contains(.ack)
      ? .acknowledging(segment.acknowledgement)
      : .covering(segment.sequence.advanced(by: Int64(segment.sequenceLength)))
  }

  /// The segment, where it answers one.
  var answer: Segment? {
    switch self {
    case .ownAccord: nil
    case .acknowledging(let number):
      Segment(
        sequence: number, acknowledgement: SequenceNumber(0), flags: .rst, window: 0,
        payloadBytes: 0)
    case .covering(let number):
      Segment(
        sequence: SequenceNumber(0), acknowledgement: number, flags: [.rst, .ack], window: 0,
        payloadBytes: 0)
    }
  }
}

/// Resets, sent and received (RFC 9293 §3.5.2, §3.5.3, §3.10.7).
extension TCPEndpoint {
  /// RFC 9293 §3.10.7.1: a segment for no connection, or one that belongs to none that we know of,
  /// gets a reset, a reset nothing.
  mutating func answerWithReset(_ segment: Segment) {
    if let answer = PendingReset(answering: segment) { reset = answer }
  }

  /// A reset arrived for a connection that both sides know of, or that this side has answered.
  mutating func takeReset(_ segment: Segment, at now: SimTime, _ log: inout EventLog) {
    let start = position(received: segment)
    // RFC 9293 §3.10.7.4: only a reset with the number that is expected next counts; inside the window
    // another is answered, so that a peer that means it can send it again.
    if start != reassembly.front {
      let isInWindow =
        start > reassembly.front
        && start < receiveBuffer.acceptedEnd(front: reassembly.front)
      if isInWindow { acknowledgements.require() }
      return
    }
    switch state {
    case .synReceived where !openedActively: listenAgain()
    case .closing, .lastAck, .timeWait:
      // Everything was delivered, so that nobody need be told.
      end()
      recordMilestone(.connectionReset, at: now, &log)
    case .closed, .listen, .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait:
      fail(.connectionReset, at: now, &log)
    }
  }

  /// The reset that is due.
  mutating func makeReset(_ due: PendingReset, at now: SimTime) -> Segment {
    reset = nil
    if let answer = due.answer { return answer }
    var segment = makeSegment(at: sendNext, payload: 0, at: now)
    segment.flags = [.rst, .ack]
    segment.sackCount = 0
    return segment
  }
}
