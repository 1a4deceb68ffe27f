/// A TCP segment as the simulator carries it: the header's fields with their wire values, and the
/// length of a payload whose content is described elsewhere.
public struct Segment: Sendable {
  /// The most SACK blocks that fit a header without timestamps (RFC 2018 §3).
  public static var maximumSACKBlocks: Int { 4 }

  /// A SACK block: from `start` up to, not including, `end`.
  public struct Block: Equatable, Sendable {
    /// The first sequence number of the block.
    public var start: SequenceNumber
    /// The sequence number after its last.
    public var end: SequenceNumber

    /// A block.
    public init(start: SequenceNumber, end: SequenceNumber) {
      self.start = start
      self.end = end
    }
  }

  /// The sequence number of the first byte, or of the SYN.
  public var sequence: SequenceNumber
  /// The next sequence number expected; counts with the flag `ack`.
  public var acknowledgement: SequenceNumber
  /// The control bits.
  public var flags: TCPFlags
  /// The window as it stands in the header, before scaling.
  public var window: UInt16
  /// The length of the payload.
  public var payloadBytes: UInt32

  /// The MSS option of a SYN (RFC 9293 §3.7.1); zero when absent.
  public var maximumSegmentSize: UInt16 = 0
  /// The window-scale option of a SYN plus one (RFC 7323 §2); zero when absent.
  public var windowScalePlusOne: UInt8 = 0
  /// The SACK-permitted option of a SYN (RFC 2018 §2).
  public var permitsSACK = false
  /// The timestamps option (RFC 7323 §3): whether it is there, its value and its echo.
  public var hasTimestamps = false
  /// The sender's clock.
  public var timestampValue: UInt32 = 0
  /// The peer's clock as it was heard last.
  public var timestampEcho: UInt32 = 0
  /// How many of `sackBlocks` count.
  public var sackCount: UInt8 = 0
  /// The codepoint in the IP header (RFC 3168 §5).
  public var codepoint = CongestionCodepoint.notCapable
  /// Why these bytes are sent again; nil when they are new. Not on the wire: it is the simulator's
  /// own knowledge, for the log.
  public var retransmission: RetransmissionKind?
  /// Which of the ports that NATs gave to the client it comes from or goes to. Of the IP packet, as it
  /// were.
  var port: UInt8 = 0
  /// SACK blocks, the most recent first (RFC 2018 §4); `sackCount` of them count.
  public var sackBlocks = InlineArray<4, Block>(
    repeating: Block(start: SequenceNumber(0), end: SequenceNumber(0)))
  /// The cookie of a SYN that opens fast (RFC 7413 §4.1.1); zero when absent.
  public var fastOpenCookie: UInt64 = 0

  /// A segment without options.
  public init(
    sequence: SequenceNumber, acknowledgement: SequenceNumber, flags: TCPFlags, window: UInt16,
    payloadBytes: UInt32
  ) {
    self.sequence = sequence
    self.acknowledgement = acknowledgement
    self.flags = flags
    self.window = window
    self.payloadBytes = payloadBytes
  }

  /// Nothing yet: a place for a segment.
  init() {
    self.init(
      sequence: SequenceNumber(0), acknowledgement: SequenceNumber(0), flags: .ack, window: 0,
      payloadBytes: 0)
  }

  /// Makes this a segment that acknowledges, without options, whatever it was. SACK blocks that do
  /// not count are left as they are.
  @inline(__always)
  mutating func begin(
    sequence: SequenceNumber, acknowledgement: SequenceNumber, window: UInt16,
    payloadBytes: UInt32
  ) {
    self.sequence = sequence
    self.acknowledgement = acknowledgement
    self.flags = .ack
    self.window = window
    self.payloadBytes = payloadBytes
    maximumSegmentSize = 0
    windowScalePlusOne = 0
    permitsSACK = false
    hasTimestamps = false
    timestampValue = 0
    timestampEcho = 0
    sackCount = 0
    fastOpenCookie = 0
    codepoint = .notCapable
    retransmission = nil
  }

  /// What the segment takes of the sequence space: its payload, and one each for SYN and FIN.
  @inline(__always)
  public var sequenceLength: UInt32 {
    payloadBytes + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }

  /// Whether it acknowledges and does nothing else.
  @inline(__always)
  public var isPureAcknowledgement: Bool { payloadBytes == 0 && flags == .ack }

  /// Bytes of options, padded to whole words as common stacks lay them out.
  @inline(__always)
  public var optionBytes: UInt32 {
    var bytes: UInt32 = 0
    if maximumSegmentSize > 0 { bytes += 4 }
    if hasTimestamps {
      // A SYN's SACK-permitted takes the place of the two no-operations before the timestamps.
      bytes += 12
    } else if permitsSACK {
      bytes += 4
    }
    if windowScalePlusOne > 0 { bytes += 4 }
    if fastOpenCookie != 0 { bytes += 12 }
    if sackCount > 0 { bytes += 4 + 8 * UInt32(sackCount) }
    return bytes
  }

  /// Bytes of the IPv4 packet: 20 of IP header, 20 of TCP header, options and payload.
  @inline(__always)
  public var ipBytes: UInt32 { 40 + optionBytes + payloadBytes }

  /// Its header as the log keeps it.
  var header: SegmentHeader {
    var options = TCPOptions()
    if maximumSegmentSize > 0 { options.maximumSegmentSize = maximumSegmentSize }
    if windowScalePlusOne > 0 { options.windowScale = windowScalePlusOne - 1 }
    options.permitsSACK = permitsSACK
    if hasTimestamps {
      options.timestamps = TCPTimestamps(value: timestampValue, echo: timestampEcho)
    }
    if fastOpenCookie != 0 { options.fastOpenCookie = fastOpenCookie }
    for index in 0..<Int(sackCount) {
      options.addSACK(SACKBlock(start: sackBlocks[index].start, end: sackBlocks[index].end))
    }
    return SegmentHeader(
      sequence: sequence, acknowledgement: acknowledgement, window: window, options: options,
      codepoint: codepoint)
  }
}
