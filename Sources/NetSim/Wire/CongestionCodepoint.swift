/// The two bits of the IP header for explicit congestion notification (RFC 3168 §5).
public enum CongestionCodepoint: UInt8, BitwiseCopyable, CaseIterable, Sendable {
  /// Not-ECT: the transport does not take part.
  case notCapable = 0
  /// ECT(1).
  case capable1 = 1
  /// ECT(0), what senders use (RFC 3168 §5).
  case capable0 = 2
  /// CE: a router on the way is congested.
  case congestionExperienced = 3

  /// Whether a queue may mark the packet where it would drop it. A marked one may be marked again.
  var isCapable: Bool { self != .notCapable }
}
