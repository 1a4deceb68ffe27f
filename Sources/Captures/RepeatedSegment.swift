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
  /// How many earlier repetitions of it were lost before a capture at the receiver, by their identifications.
  var lostRepetitions: Int
  /// The largest payload of this direction when it was seen: a larger segment stands for several
  /// packets that the network card cut or merged.
  var segmentSize: Int64
  /// Where its `segmentRetransmission` record stands.
  var recordIndex: Int?

  /// Whether what it repeats was such a segment itself.
  var repeatsRepeated = false

  // What its sender knew.

  /// Since data of this direction was seen last.
  var dataQuietNs: Int64
  /// Since an acknowledgement with news was seen last.
  var ackQuietNs: Int64
  /// Since its sender's retransmission timer was started last, if it was for this segment (RFC 6298 §5): by
  /// an acknowledgement that went further, or by its last sending.
  var timerNs: Int64
  /// Whether a SACK block above it had been seen.
  var isSACKedAbove: Bool
  /// How many duplicate acknowledgements had been seen.
  var duplicateACKs: UInt32
  /// Whether the receiver had anything behind a hole.
  var isDisordered: Bool
  /// Everything below had been acknowledged.
  var acknowledged: Int64
  /// Everything that had been sent lies below.
  var highest: Int64
  /// Whether it left its sender before the packet seen before it, by its identification.
  var isLate: Bool
  /// Whether its timestamp is older than one seen before.
  var isStampedBefore: Bool
  /// The round trip and its variation, smoothed; 0 without any.
  var smoothedRTTNs: Int64
  var variationNs: Int64
  /// How often its bytes had been seen.
  var repetitions: UInt8
  /// Whether nothing above it had been sent.
  var isTail: Bool
  /// Whether it is a SYN or a bare FIN.
  var isHandshake: Bool
  /// The largest that its sender's congestion window was known to be, as seen at the sender and at the
  /// receiver; 0 where it was not.
  var nearWindow: Int64
  var farWindow: Int64

  /// Whether its bytes had been acknowledged.
  var wasAcknowledged: Bool { end <= acknowledged }
  /// Whether it was the first of what was not acknowledged.
  var isFirst: Bool { start <= acknowledged }

  // What came of it.

  /// The sending of the same bytes that was seen next.
  var next: Transmission?

  /// When its bytes were acknowledged, selectively or not.
  var coveredNs: Int64?
  /// When they were acknowledged with all before them.
  var acknowledgedNs: Int64?
  /// Whether that acknowledgement echoes a time before it was sent (RFC 3522 §3.2).
  var echoesOriginal = false
  /// Whether that acknowledgement echoes its own time, which its original does not have.
  var echoesRepetition = false
  /// When the receiver reported its bytes as duplicates (RFC 2883).
  var duplicateSACKedNs: Int64?
}

/// Packets that were sent before a segment and never seen, by the identifications of IPv4.
struct MissingBefore {
  /// How many, of which it is the next sending.
  var count: Int
  /// How long nothing had come before it, or before the first of several such segments.
  var quietNs: Int64
  /// Whether what was seen last before it was sent again, too.
  var followsRepair: Bool
  /// Whether its sender has begun to send again by now: there, or because a timer ran out.
  var isRepair: Bool
  /// Whether the segment acknowledges something new: then the missing packets may have been bare
  /// acknowledgements.
  var acknowledgesNews: Bool
}
