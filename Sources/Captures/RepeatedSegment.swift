import NetSim

/// A segment that fills a hole or repeats bytes, with the evidence of what it is. The verdict is
/// given at the end, when it is known where the capture was made.
struct RepeatedSegment {
  var sent: Transmission
  var start: Int64
  var end: Int64
  var packetLength: Int
  /// The hole it fills; nil when its bytes were all seen before.
  var hole: Hole?
  /// The sending that it repeats, as far as remembered.
  var original: Transmission?
  /// Set when nothing shows that it repeats anything, but packets before it are missing.
  var missing: MissingBefore?
  /// The largest payload of this direction when it was seen: a larger segment stands for several
  /// packets that the network card cut or merged.
  var segmentSize: Int64
  /// Where its `segmentRetransmission` record stands.
  var recordIndex: Int?

  // What its sender knew.

  /// Since data of this direction was seen last.
  var dataQuietNs: Int64
  /// Since an acknowledgement with news was seen last.
  var ackQuietNs: Int64
  /// Whether a SACK block above it had been seen.
  var isSACKedAbove: Bool
  /// How many duplicate acknowledgements had been seen.
  var duplicateACKs: UInt32
  /// Whether nothing above it had been sent.
  var isTail: Bool
  /// Whether it is a SYN or a bare FIN.
  var isHandshake: Bool

  // What came of it.

  /// When its bytes were acknowledged.
  var acknowledgedNs: Int64?
  /// Whether that acknowledgement echoes a time before it was sent (RFC 3522 §3.2).
  var echoesOriginal = false
  /// Whether the receiver reported its bytes as duplicates (RFC 2883).
  var isDuplicateSACKed = false
}

/// Packets that were sent before a segment and never seen, by the identifications of IPv4.
struct MissingBefore {
  /// Whether the segment acknowledges something new: then the missing packets may have been bare
  /// acknowledgements.
  var acknowledgesNews: Bool
}

/// What a repeated segment was judged to be.
enum RepeatVerdict: Equatable {
  /// The packet that it repeats was lost.
  case lost(RetransmissionKind)
  /// It may have been lost: the evidence is time alone.
  case possiblyLost(RetransmissionKind)
  /// It was sent again and need not have been.
  case spurious(RetransmissionKind)
  /// It is no repetition: the network delivered it late.
  case outOfOrder
  /// The network, or the capture, has the same packet twice.
  case duplicate
  /// It is nothing but new data.
  case new
}

/// What the whole connection tells about the path, for verdicts.
struct PathEvidence {
  /// Whether the capture was made at the sender of the direction in question.
  var isAtSender: Bool
  var minimumRTTNs: Int64?
  /// Whether the sender counts IPv4 identifications up by small steps.
  var hasSteadyIdentification: Bool
  /// Whether it counts them up by one.
  var hasUnitIdentification: Bool
}

extension RepeatedSegment {
  /// Linux's least retransmission time-out; RFC 6298 §2.4 asks for one second, no stack in wide
  /// use waits less than this.
  private static var leastTimeoutNs: Int64 { 200_000_000 }
  /// A copy of a packet that two interfaces saw comes sooner than this.
  private static var copyNs: Int64 { 1_000_000 }
  /// Reordering is taken to be shorter than this where no round trip is known.
  private static var reorderingNs: Int64 { 3_000_000 }

  /// The verdict.
  func verdict(_ path: PathEvidence) -> RepeatVerdict {
    let kind = kind(path)
    if let missing { return missingVerdict(missing, path, kind) }
    if isSamePacket { return .duplicate }
    if isHandshake { return path.isAtSender ? handshakeVerdict : .spurious(.handshake) }
    if hole != nil { return path.isAtSender ? .outOfOrder : fillVerdict(path, kind) }
    if !path.isAtSender { return .spurious(kind) }
    return senderVerdict(path, kind)
  }

  /// A SYN or FIN that was sent again at this end: without an answer, nobody knows what was lost.
  private var handshakeVerdict: RepeatVerdict {
    if echoesOriginal || isDuplicateSACKed { return .spurious(.handshake) }
    return acknowledgedNs == nil ? .possiblyLost(.handshake) : .lost(.handshake)
  }

  /// Whether the original is this very packet, seen twice.
  private var isSamePacket: Bool {
    guard hole == nil, let original, original.identification == sent.identification,
      original.timestamp == sent.timestamp
    else { return false }
    // Without an identification that counts, only a copy that comes at once is one.
    let counts = sent.identification.map { $0 != 0 } ?? false
    return counts || sent.timeNs - original.timeNs < Self.copyNs
  }

  /// At the sender, the original was seen leaving. It was lost unless the receiver says otherwise.
  private func senderVerdict(_ path: PathEvidence, _ kind: RetransmissionKind) -> RepeatVerdict {
    if isDuplicateSACKed || echoesOriginal { return .spurious(kind) }
    guard let acknowledgedNs else { return .possiblyLost(kind) }
    if let rtt = path.minimumRTTNs, acknowledgedNs - sent.timeNs < rtt / 2 {
      return .spurious(kind)
    }
    return .lost(kind)
  }

  /// At the receiver, bytes that were never seen arrived behind later ones: sent again, or late?
  private func fillVerdict(_ path: PathEvidence, _ kind: RetransmissionKind) -> RepeatVerdict {
    guard let hole else { return .outOfOrder }
    if let order = orderAfterOpener(hole.opener, path) {
      return order > 0 ? .lost(kind) : .outOfOrder
    }
    let waitedNs = sent.timeNs - hole.opener.timeNs
    guard let rtt = path.minimumRTTNs else {
      return waitedNs < Self.reorderingNs ? .outOfOrder : .possiblyLost(kind)
    }
    // A retransmission answers an acknowledgement that left here after the hole was seen.
    if waitedNs < rtt - rtt / 5 { return .outOfOrder }
    return waitedNs < rtt ? .possiblyLost(kind) : .lost(kind)
  }

  /// At the receiver, a lost packet behind which nothing was sent leaves no hole; what repeats it
  /// comes in order, after a silence, and only the identifications tell that a packet is missing.
  private func missingVerdict(
    _ missing: MissingBefore, _ path: PathEvidence, _ kind: RetransmissionKind
  ) -> RepeatVerdict {
    guard !path.isAtSender, path.hasUnitIdentification, let rtt = path.minimumRTTNs,
      dataQuietNs >= rtt
    else { return .new }
    return missing.acknowledgesNews ? .possiblyLost(kind) : .lost(kind)
  }

  /// Whether it was sent after (1) or before (−1) the packet behind the hole, where the headers
  /// tell.
  private func orderAfterOpener(_ opener: Transmission, _ path: PathEvidence) -> Int? {
    if path.hasSteadyIdentification, let own = sent.identification,
      let other = opener.identification, own != other
    {
      return Int16(bitPattern: own &- other) > 0 ? 1 : -1
    }
    if let own = sent.timestamp, let other = opener.timestamp, own != other {
      return Int32(bitPattern: own &- other) > 0 ? 1 : -1
    }
    return nil
  }

  /// What made the sender repeat it.
  func kind(_ path: PathEvidence) -> RetransmissionKind {
    if isHandshake { return .handshake }
    let rtt = path.minimumRTTNs ?? 0
    // Seen from the receiver, an acknowledgement takes a round trip to show an effect.
    let quietNs = min(dataQuietNs, path.isAtSender ? ackQuietNs : ackQuietNs - rtt)
    if quietNs >= max(Self.leastTimeoutNs, rtt) { return .timeout }
    if isSACKedAbove || duplicateACKs > 0 { return .fast }
    if isTail, quietNs >= rtt + rtt / 2 { return .tailLossProbe }
    return .timeout
  }
}
