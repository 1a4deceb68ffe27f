/// Whether the sender really uses its congestion window: a window that is not used proves nothing
/// about the path and must not grow (RFC 9293 §3.8.2 by way of RFC 7661; the rule is Linux's).
struct WindowUse {
  /// Whether the window was full in the last round trip.
  private(set) var isLimited = false
  private var maximumOutstanding: UInt32 = 0
  private var roundEnd: Int64 = 0

  /// Takes note of a burst that has just been sent.
  @inline(__always)
  mutating func sent(
    outstanding: UInt32, isLimited limitedNow: Bool, unacknowledged: Int64, next: Int64
  ) {
    let roundIsOver = unacknowledged >= roundEnd
    if roundIsOver || limitedNow || (!isLimited && outstanding > maximumOutstanding) {
      isLimited = limitedNow
      maximumOutstanding = outstanding
      roundEnd = next
    }
  }

  /// Whether acknowledgements may grow the window. In slow start it may grow to twice what was used.
  @inline(__always)
  func allowsGrowth(window: UInt32, inSlowStart: Bool) -> Bool {
    isLimited || (inSlowStart && window < 2 * maximumOutstanding)
  }
}
