/// Slow start (RFC 5681 §3.1): the window grows by as much as is acknowledged.
///
/// Each acknowledgement counts what it acknowledges, so that delayed acknowledgements do not slow
/// the growth (RFC 3465 without its limit, as Linux does).
enum SlowStart {
  /// Grows `window` by `segments` up to `threshold`; returns the segments that were not used.
  static func grow(_ window: inout UInt32, by segments: UInt32, threshold: UInt32) -> UInt32 {
    let grown = min(window + segments, threshold)
    let unused = segments - (grown - window)
    window = grown
    return unused
  }
}
