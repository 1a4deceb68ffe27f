import NetSim

/// What a repeated segment was judged to be, how surely, and by what.
struct RepeatVerdict: Equatable {
  enum Outcome: Equatable {
    /// The packet that it repeats was lost.
    case lost(RetransmissionKind)
    /// It may have been lost: the evidence does not suffice.
    case possiblyLost(RetransmissionKind)
    /// It was sent again and need not have been.
    case spurious(RetransmissionKind)
    /// It is no repetition: the network delivered it late.
    case outOfOrder
    /// The network, or the capture, has the same packet twice.
    case duplicate
    /// It is nothing but new data.
    case new

    /// What made the sender repeat it; nil where it is no repetition.
    var kind: RetransmissionKind? {
      switch self {
      case .lost(let kind), .possiblyLost(let kind), .spurious(let kind): kind
      case .outOfOrder, .duplicate, .new: nil
      }
    }
  }

  var outcome: Outcome
  var sureness: Sureness
  var evidence: Evidence

  init(_ outcome: Outcome, _ sureness: Sureness, by evidence: Evidence) {
    self.outcome = outcome
    self.sureness = sureness
    self.evidence = evidence
  }
}

/// What the whole connection tells about the path, for verdicts.
struct PathEvidence {
  /// Whether the capture was made at the sender of the direction in question.
  var isAtSender: Bool
  /// The least round trip of the connection, from the end at which the capture was made.
  var minimumRTTNs: Int64?
  /// The least from the capture to the receiver and back.
  var receiverRTTNs: Int64?
  /// The other end's smoothed round trip; 0 where it has none.
  var peerRTTNs: Int64
  /// Whether its sender repeated its SYN.
  var hasRepeatedSYN: Bool
  /// Whether both ends offered SACK, as far as the handshake was captured.
  var permitsSACK: Bool
  /// What had been sent at the last time-out.
  var timeoutEnd: Int64 = 0
  /// Whether the sender counts IPv4 identifications up by small steps.
  var hasSteadyIdentification: Bool
  /// Whether it counts them up by one.
  var hasUnitIdentification: Bool
}

extension RepeatedSegment {
  /// Linux's least retransmission time-out; RFC 6298 §2.4 asks for one second, no stack in wide
  /// use waits less than this.
  static var leastTimeoutNs: Int64 { 200_000_000 }
  /// A copy of a packet that two interfaces saw comes sooner than this.
  private static var copyNs: Int64 { 1_000_000 }
  /// Reordering is taken to be shorter than this where no round trip is known.
  private static var reorderingNs: Int64 { 3_000_000 }

  /// The verdict.
  func verdict(_ path: PathEvidence) -> RepeatVerdict {
    let kind = kind(path)
    if let missing { return missingVerdict(missing, path, kind) }
    if let copy = copyVerdict(path) ?? overtakenVerdict(path) { return copy }
    if hole != nil { return fillVerdict(path, kind) }
    return isHandshake ? handshakeVerdict(path, kind) : seenVerdict(path, kind)
  }

  /// The original is this very packet, seen twice; nil where it is not.
  private func copyVerdict(_ path: PathEvidence) -> RepeatVerdict? {
    guard hole == nil else { return nil }
    guard let original else {
      // What is sent again bears a later identification, and a time that is not older.
      if isStampedBefore { return RepeatVerdict(.duplicate, .certain, by: .timestampOrder) }
      guard isLate, path.hasSteadyIdentification else { return nil }
      return RepeatVerdict(.duplicate, .certain, by: .identification)
    }
    guard original.identification == sent.identification, original.timestamp == sent.timestamp
    else { return nil }
    if let identification = sent.identification, identification != 0 {
      return RepeatVerdict(.duplicate, .certain, by: .identification)
    }
    // Nothing is sent again sooner than a round trip later; a capture at the sender, or one to which the
    // original came late, has only copies that come at once.
    let rtt = path.minimumRTTNs ?? 0
    let soonNs = path.isAtSender || repeatsRepeated ? 0 : rtt - rtt / 5
    guard sent.timeNs - original.timeNs < max(Self.copyNs, soonNs) else { return nil }
    return RepeatVerdict(.duplicate, .likely, by: .time)
  }

  /// What was seen before repeats this very packet, which the network delivered late; nil where it does not.
  private func overtakenVerdict(_ path: PathEvidence) -> RepeatVerdict? {
    guard hole == nil, !path.isAtSender, let original,
      let (order, evidence) = Self.order(of: sent, after: original, path), order < 0
    else { return nil }
    return RepeatVerdict(.outOfOrder, .certain, by: evidence)
  }

  /// A SYN or FIN that was sent again: without an answer, nobody knows what was lost.
  private func handshakeVerdict(
    _ path: PathEvidence, _ kind: RetransmissionKind
  ) -> RepeatVerdict {
    if let needless = needlessVerdict(kind, path) { return needless }
    if !path.isAtSender { return RepeatVerdict(.spurious(kind), .likely, by: .repetition) }
    guard acknowledgedNs != nil else {
      return RepeatVerdict(.possiblyLost(kind), .possible, by: .repetition)
    }
    return RepeatVerdict(
      .lost(kind), echoesRepetition ? .certain : .likely,
      by: echoesRepetition ? .timestampEcho : .time)
  }

  /// What the receiver says of a segment that need not have been sent again; nil when it says nothing.
  private func needlessVerdict(
    _ kind: RetransmissionKind, _ path: PathEvidence
  ) -> RepeatVerdict? {
    if wasAcknowledged { return RepeatVerdict(.spurious(kind), .certain, by: .acknowledgedBefore) }
    if let duplicateSACKedNs, !isCopyReported(atNs: duplicateSACKedNs, path) {
      return RepeatVerdict(.spurious(kind), .certain, by: .duplicateSACK)
    }
    return echoesOriginal ? RepeatVerdict(.spurious(kind), .certain, by: .timestampEcho) : nil
  }

  /// Whether the duplicate that was reported is a copy that the network made of this: its bytes were first
  /// acknowledged when it had arrived itself, and reported right after that. In that very acknowledgement
  /// it is itself the duplicate, and long after it the original was.
  private func isCopyReported(atNs reportedNs: Int64, _ path: PathEvidence) -> Bool {
    guard let coveredNs, let rtt = path.receiverRTTNs else { return false }
    return coveredNs - sent.timeNs >= rtt - rtt / 10 && reportedNs > coveredNs
      && reportedNs - coveredNs < max(Self.copyNs, rtt / 10)
  }

  /// The original passed the capture. It was lost behind it unless the receiver says otherwise.
  private func seenVerdict(_ path: PathEvidence, _ kind: RetransmissionKind) -> RepeatVerdict {
    if let needless = needlessVerdict(kind, path) { return needless }
    guard let coveredNs else {
      return RepeatVerdict(.possiblyLost(kind), .possible, by: .repetition)
    }
    if let rtt = path.receiverRTTNs, coveredNs - sent.timeNs < rtt / 2 {
      return RepeatVerdict(.spurious(kind), .likely, by: .earlyAcknowledgement)
    }
    if echoesRepetition { return RepeatVerdict(.lost(kind), .certain, by: .timestampEcho) }
    if isSACKedAbove { return RepeatVerdict(.lost(kind), .likely, by: .selectiveAcknowledgement) }
    if duplicateACKs > 0 {
      return RepeatVerdict(.lost(kind), .likely, by: .duplicateAcknowledgements)
    }
    return RepeatVerdict(.lost(kind), .likely, by: .time)
  }

  /// Bytes that never passed the capture come behind later ones: sent again, or late?
  private func fillVerdict(_ path: PathEvidence, _ kind: RetransmissionKind) -> RepeatVerdict {
    guard let hole else { return RepeatVerdict(.outOfOrder, .possible, by: .repetition) }
    let waitedNs = sent.timeNs - hole.opener.timeNs
    let lateNs = path.minimumRTTNs.map { $0 - $0 / 5 } ?? Self.reorderingNs
    // The receiver had them: the capture has not got the original, or has it behind what answers it.
    if wasAcknowledged, waitedNs < lateNs {
      return RepeatVerdict(.outOfOrder, .likely, by: .time)
    }
    if wasAcknowledged { return RepeatVerdict(.spurious(kind), .certain, by: .acknowledgedBefore) }
    if !path.isAtSender, let next, let (order, evidence) = Self.order(of: next, after: sent, path),
      order < 0
    {
      return RepeatVerdict(.spurious(kind), .certain, by: evidence)
    }
    if let (order, evidence) = Self.order(of: sent, after: hole.opener, path) {
      if order < 0 { return RepeatVerdict(.outOfOrder, .certain, by: evidence) }
      if !path.isAtSender { return RepeatVerdict(.lost(kind), .certain, by: evidence) }
    }
    if path.isAtSender {
      // At the sender itself nothing is lost before the capture, unless the receiver missed it, too.
      guard isSACKedAbove || duplicateACKs > 0 else {
        return RepeatVerdict(.outOfOrder, .likely, by: .time)
      }
      return RepeatVerdict(.lost(kind), .likely, by: .selectiveAcknowledgement)
    }
    guard let rtt = path.minimumRTTNs else {
      return waitedNs < lateNs
        ? RepeatVerdict(.outOfOrder, .likely, by: .time)
        : RepeatVerdict(.possiblyLost(kind), .possible, by: .time)
    }
    // A retransmission answers an acknowledgement that left here after the hole was seen.
    if waitedNs < lateNs { return RepeatVerdict(.outOfOrder, .likely, by: .time) }
    if waitedNs < rtt { return RepeatVerdict(.possiblyLost(kind), .possible, by: .time) }
    return RepeatVerdict(.lost(kind), .likely, by: .time)
  }

  /// At the receiver, a lost packet behind which nothing was sent leaves no hole; what repeats it
  /// comes in order, after a silence, and only the identifications tell that a packet is missing.
  private func missingVerdict(
    _ missing: MissingBefore, _ path: PathEvidence, _ kind: RetransmissionKind
  ) -> RepeatVerdict {
    // Nothing behind it has arrived: but for a repair that goes on, only a timer has it sent again.
    guard !path.isAtSender, path.hasUnitIdentification, let rtt = path.minimumRTTNs,
      missing.quietNs >= max(rtt, MissingPackets.pauseNs),
      kind != .fast || missing.followsRepair
    else { return RepeatVerdict(.new, .likely, by: .identification) }
    // RFC 6298 §2 and §5.7: a time-out of a second, or of three where the SYN was repeated, or three
    // round trips before others were measured; it doubles each time. Behind longer silences the host may
    // have sent to others.
    let firstNs: Int64 = path.hasRepeatedSYN ? 3_000_000_000 : 1_000_000_000
    let longestNs = max(firstNs, 3 * rtt) << Int64(min(missing.count, 6) - 1)
    return missing.acknowledgesNews || missing.quietNs > longestNs
      ? RepeatVerdict(.possiblyLost(kind), .possible, by: .identification)
      : RepeatVerdict(.lost(kind), .likely, by: .identification)
  }

  /// Whether a packet was sent after (1) or before (−1) another, where the headers tell.
  private static func order(
    of one: Transmission, after another: Transmission, _ path: PathEvidence
  ) -> (order: Int, Evidence)? {
    if path.hasSteadyIdentification, let own = one.identification,
      let other = another.identification, own != other
    {
      return (Int16(bitPattern: own &- other) > 0 ? 1 : -1, .identification)
    }
    if let own = one.timestamp, let other = another.timestamp, own != other {
      return (Int32(bitPattern: own &- other) > 0 ? 1 : -1, .timestampOrder)
    }
    return nil
  }

  /// What made the sender repeat it.
  func kind(_ path: PathEvidence) -> RetransmissionKind {
    if isHandshake, start == 0 { return .handshake }
    // What was under way at a time-out is sent again because of it (RFC 6298 §5.4).
    if acknowledged < path.timeoutEnd { return .timeout }
    let rtt = path.minimumRTTNs ?? 0
    // Seen from the receiver, an acknowledgement takes a round trip to show an effect.
    let quietNs = min(
      original.map { sent.timeNs - $0.timeNs } ?? .max, missing?.quietNs ?? dataQuietNs,
      path.isAtSender ? ackQuietNs : ackQuietNs - rtt)
    if isTail, isTailProbe(quietNs, path) { return .tailLossProbe }
    if quietNs >= max(Self.leastTimeoutNs, rtt) { return .timeout }
    // Acknowledgements that repeat themselves do not start the timer again.
    if path.isAtSender, isFirst, repetitions > 0, timerNs >= timeoutNs - timeoutNs / 10 {
      return .timeout
    }
    // Without a silence, what was sent later and has arrived tells of a loss (RFC 8985 §6.2).
    return .fast
  }

  /// The sender's retransmission time-out, as far as the capture knows its round trips (RFC 6298 §2.3, with
  /// Linux's bound on the variation).
  private var timeoutNs: Int64 { smoothedRTTNs + max(Self.leastTimeoutNs, 4 * variationNs) }

  /// Whether the last segment sent was sent again to ask for an acknowledgement (RFC 8985 §7.2): once, by a
  /// sender that has SACK and knows of no hole. A time-out would send the first again, not the last; where
  /// the two are one, the probe goes first: after two round trips and the time that an acknowledgement may
  /// be delayed, or when the time-out is due if that is sooner.
  private func isTailProbe(_ quietNs: Int64, _ path: PathEvidence) -> Bool {
    let leastRTTNs = path.minimumRTTNs ?? 0
    guard path.permitsSACK, repetitions <= 1, quietNs >= leastRTTNs + leastRTTNs / 2 else {
      return false
    }
    // All that is known at the receiver is how many sendings came to nothing.
    if let missing { return missing.count == 1 }
    if path.isAtSender, isDisordered { return false }
    if !isFirst { return true }
    let rttNs = path.isAtSender ? smoothedRTTNs : max(path.peerRTTNs, leastRTTNs)
    // Behind a repeated SYN no capture knows what its sender takes the round trip for.
    if rttNs == 0 { return true }
    let dueNs = 2 * rttNs + Self.leastTimeoutNs
    return quietNs <= dueNs + dueNs / 10
  }
}
