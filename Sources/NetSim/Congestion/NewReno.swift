/// Congestion avoidance by additive increase and multiplicative decrease (RFC 5681 §3.1).
struct NewReno {
  /// Segments acknowledged since the window grew last.
  private var counted: UInt32 = 0

  /// One segment more for each window's worth of acknowledged segments.
  mutating func grow(_ window: inout UInt32, by segments: UInt32) {
    counted += segments
    while counted >= window {
      counted -= window
      window += 1
    }
  }

  /// Half the window, and no less than two segments (RFC 5681 §3.1, equation 4).
  static func threshold(window: UInt32) -> UInt32 { max(window / 2, 2) }
}
