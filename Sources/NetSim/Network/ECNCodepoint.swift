/// The two bits of the IP header for explicit congestion notification (RFC 3168 §5).
enum ECNCodepoint: UInt8 {
  /// The transport does not take part: a queue can only drop the packet.
  case notCapable = 0
  /// ECT(1).
  case capable1 = 1
  /// ECT(0), which senders set by default.
  case capable0 = 2
  /// Congestion experienced: a queue has marked it.
  case congestionExperienced = 3

  /// Whether a queue may mark the packet where it would drop it. A marked one may be marked again.
  var isCapable: Bool { self != .notCapable }
}
