/// What a TCP header says beside what the records of its segment tell: the fields with their wire
/// values (RFC 9293 §3.1), for exporters that write the packet's bytes.
public struct SegmentHeader: Equatable, Sendable {
  /// The sequence number of the first byte (or of the SYN).
  public var sequence: SequenceNumber
  /// The next sequence number expected; zero where the segment acknowledges nothing.
  public var acknowledgement: SequenceNumber
  /// The window as it stands, not scaled.
  public var window: UInt16
  /// The options, SACK blocks in the header's order.
  public var options: TCPOptions

  /// What the IP header says of explicit congestion notification as the packet leaves its host.
  public var codepoint: CongestionCodepoint

  /// The place of a packet without a TCP header.
  static func none(_ codepoint: CongestionCodepoint) -> SegmentHeader {
    SegmentHeader(
      sequence: SequenceNumber(0), acknowledgement: SequenceNumber(0), window: 0,
      options: TCPOptions(), codepoint: codepoint)
  }

  /// A header's fields.
  public init(
    sequence: SequenceNumber, acknowledgement: SequenceNumber, window: UInt16, options: TCPOptions,
    codepoint: CongestionCodepoint = .notCapable
  ) {
    self.sequence = sequence
    self.acknowledgement = acknowledgement
    self.window = window
    self.options = options
    self.codepoint = codepoint
  }
}
