/// Proportional rate reduction (RFC 6937): spreads the reduction of the window over the round trip
/// of recovery, so that the sender neither falls silent nor bursts. Counts are in segments.
struct ProportionalRateReduction {
  /// RecoverFS: what was in the network when recovery began.
  private let priorWindow: UInt32
  /// prr_delivered: what reached the receiver since.
  private var delivered: UInt32 = 0
  /// prr_out: what was sent since.
  private(set) var out: UInt32 = 0

  init(priorWindow: UInt32) { self.priorWindow = max(priorWindow, 1) }

  /// Takes note of a segment sent during recovery.
  mutating func sent() { out += 1 }

  /// The window after an acknowledgement that delivered `newlyDelivered` segments, with `pipe` still
  /// in the network and the reduced window at `threshold`. A clean acknowledgement moves the front
  /// and shows no further loss: then the slow-start reduction bound applies (RFC 6937 §3).
  mutating func window(
    delivered newlyDelivered: UInt32, pipe: UInt32, threshold: UInt32, isClean: Bool
  ) -> UInt32 {
    delivered += newlyDelivered
    var allowance: UInt32
    if pipe > threshold {
      let proportional =
        (UInt64(delivered) * UInt64(threshold) + UInt64(priorWindow) - 1) / UInt64(priorWindow)
      allowance = UInt32(proportional > UInt64(out) ? proportional - UInt64(out) : 0)
    } else {
      allowance = max(delivered > out ? delivered - out : 0, newlyDelivered)
      if isClean { allowance += 1 }
      allowance = min(allowance, threshold - pipe)
    }
    if out == 0 { allowance = max(allowance, 1) }  // the fast retransmission itself
    return pipe + allowance
  }
}
