/// Multiplicative decrease as in RFC 5681 §3.1; the additive increase is the controller's.
enum NewReno {
  /// Half the window, and no less than two segments (RFC 5681 §3.1, equation 4).
  static func threshold(window: UInt32) -> UInt32 { max(window / 2, 2) }
}
