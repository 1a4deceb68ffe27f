/// A tail-loss probe under way (RFC 8985 §7): one segment sent before the retransmission timer
/// would, so that a loss at the end of a flight is found by acknowledgements.
struct TailLossProbe {
  /// The position after all that was sent when the probe went out; nil without a probe.
  private(set) var end: Int64?
  /// Whether the probe repeated a segment.
  private(set) var isRetransmission = false

  /// A probe goes out.
  mutating func begin(end: Int64, isRetransmission: Bool) {
    self.end = end
    self.isRetransmission = isRetransmission
  }

  /// An acknowledgement up to `position` arrived. Returns whether it shows that the probe repaired a
  /// loss, to which congestion control must answer (RFC 8985 §7.4.2).
  @inline(__always)
  mutating func acknowledged(
    upTo position: Int64, reportsDuplicate: Bool, isDuplicate: Bool
  ) -> Bool {
    guard let end, position >= end else { return false }
    if !isRetransmission || reportsDuplicate {
      self.end = nil
      return false
    }
    if position > end {
      self.end = nil
      return true
    }
    if isDuplicate { self.end = nil }
    return false
  }

  /// Losses are being repaired otherwise.
  mutating func cancel() { end = nil }

  /// How long to wait before a probe (RFC 8985 §7.2): two smoothed round trips, and where a single
  /// segment is outstanding the receiver's delay of its acknowledgement.
  @inline(__always)
  static func timeout(
    smoothedRTT: SimDuration?, outstanding: Int, settings: TransportSettings
  ) -> SimDuration {
    guard let smoothedRTT else { return settings.initialRTO }
    let allowance = outstanding == 1 ? settings.minimumRTO : SimDuration.milliseconds(2)
    return smoothedRTT * 2 + allowance
  }
}
