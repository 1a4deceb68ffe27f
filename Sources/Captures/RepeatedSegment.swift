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
  /// Whether its bytes had been acknowledged.
  var wasAcknowledged: Bool
  /// Whether it was the first of what was not acknowledged.
  var isFirst: Bool
  /// Whether what was under way at a time-out is not acknowledged yet.
  var isAfterTimeout: Bool
  /// Whether it left its sender before the packet seen before it, by its identification.
  var isLate: Bool
  /// Whether its timestamp is older than one seen before.
  var isStampedBefore: Bool
  /// The latest round trip; 0 without any.
  var rttNs: Int64
  /// How often its bytes had been seen.
  var repetitions: UInt8
  /// Whether nothing above it had been sent.
  var isTail: Bool
  /// Whether it is a SYN or a bare FIN.
  var isHandshake: Bool
  /// What its sender's congestion window was known to be, as seen at the sender and at the receiver; 0
  /// where it was not.
  var nearWindow: Int64
  var farWindow: Int64

  // What came of it.

  /// When its bytes were acknowledged, selectively or not.
  var coveredNs: Int64?
  /// When they were acknowledged with all before them.
  var acknowledgedNs: Int64?
  /// Whether that acknowledgement echoes a time before it was sent (RFC 3522 §3.2).
  var echoesOriginal = false
  /// Whether that acknowledgement echoes its own time, which its original does not have.
  var echoesRepetition = false
  /// Whether the receiver reported its bytes as duplicates (RFC 2883).
  var isDuplicateSACKed = false
}

/// Packets that were sent before a segment and never seen, by the identifications of IPv4.
struct MissingBefore {
  /// How many.
  var packets: Int
  /// Whether the segment acknowledges something new: then the missing packets may have been bare
  /// acknowledgements.
  var acknowledgesNews: Bool
}
