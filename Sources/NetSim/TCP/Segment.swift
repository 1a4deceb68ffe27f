/// A TCP segment as the simulator carries it: the header's fields with their wire values, and the
/// length of a payload whose content is described elsewhere.
struct Segment {
  /// The most SACK blocks that fit a header without timestamps (RFC 2018 §3).
  static var maximumSACKBlocks: Int { 4 }

  /// A SACK block: from `start` up to, not including, `end`.
  struct Block: Equatable {
    var start: SequenceNumber
    var end: SequenceNumber
  }

  var sequence: SequenceNumber
  var acknowledgement: SequenceNumber
  var flags: TCPFlags
  /// The window as it stands in the header, before scaling.
  var window: UInt16
  var payloadBytes: UInt32

  /// The MSS option of a SYN (RFC 9293 §3.7.1); zero when absent.
  var maximumSegmentSize: UInt16 = 0
  /// The window-scale option of a SYN plus one (RFC 7323 §2); zero when absent.
  var windowScalePlusOne: UInt8 = 0
  /// The SACK-permitted option of a SYN (RFC 2018 §2).
  var permitsSACK = false
  /// The timestamps option (RFC 7323 §3): whether it is there, its value and its echo.
  var hasTimestamps = false
  var timestampValue: UInt32 = 0
  var timestampEcho: UInt32 = 0
  /// SACK blocks, the most recent first (RFC 2018 §4); `sackCount` of them count.
  var sackBlocks = InlineArray<4, Block>(
    repeating: Block(start: SequenceNumber(0), end: SequenceNumber(0)))
  var sackCount: UInt8 = 0
  /// The ECN bits of its IP header (RFC 3168 §5): what the sender sets, and on arrival what queues
  /// have made of it.
  var ecn = ECNCodepoint.notCapable
  /// Why these bytes are sent again; nil when they are new. Not on the wire: it is the simulator's
  /// own knowledge, for the log.
  var retransmission: RetransmissionKind?

  /// What the segment takes of the sequence space: its payload, and one each for SYN and FIN.
  var sequenceLength: UInt32 {
    payloadBytes + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// Whether it acknowledges and does nothing else.
  var isPureAcknowledgement: Bool { payloadBytes == 0 && flags == .ack }

  /// Bytes of options, padded to whole words as common stacks lay them out.
  var optionBytes: UInt32 {
    var bytes: UInt32 = 0
    if maximumSegmentSize > 0 { bytes += 4 }
    if hasTimestamps {
      // A SYN's SACK-permitted takes the place of the two no-operations before the timestamps.
      bytes += 12
    } else if permitsSACK {
      bytes += 4
    }
    if windowScalePlusOne > 0 { bytes += 4 }
    if sackCount > 0 { bytes += 4 + 8 * UInt32(sackCount) }
    return bytes
  }

  /// Bytes of the IPv4 packet: 20 of IP header, 20 of TCP header, options and payload.
  var ipBytes: UInt32 { 40 + optionBytes + payloadBytes }

  /// Its header as the log keeps it.
  var header: SegmentHeader {
    var options = TCPOptions()
    if maximumSegmentSize > 0 { options.maximumSegmentSize = maximumSegmentSize }
    if windowScalePlusOne > 0 { options.windowScale = windowScalePlusOne - 1 }
    options.permitsSACK = permitsSACK
    if hasTimestamps {
      options.timestamps = TCPTimestamps(value: timestampValue, echo: timestampEcho)
    }
    for index in 0..<Int(sackCount) {
      options.addSACK(SACKBlock(start: sackBlocks[index].start, end: sackBlocks[index].end))
    }
    return SegmentHeader(
      sequence: sequence, acknowledgement: acknowledgement, window: window, options: options)
  }
}
