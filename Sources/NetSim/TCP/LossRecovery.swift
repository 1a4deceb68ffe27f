/// Where the sender stands in repairing losses (RFC 5681 §3.2, RFC 6675 §5).
struct LossRecovery {
  /// Duplicate acknowledgements, or SACKed segments above, that make a segment lost
  /// (RFC 5681 §3.2, RFC 6675 §2).
  static var duplicateThreshold: UInt32 { 3 }

  private(set) var phase = CongestionPhase.slowStart
  /// The highest position sent when the loss was found: recovery ends when it is acknowledged.
  private(set) var point: Int64 = 0
  /// Whether the first lost segment goes out even though the window is full (RFC 6675 §5 step 4.3).
  private(set) var mustRetransmit = false
  /// Duplicate acknowledgements in a row, counted where SACK is off.
  private(set) var duplicates: UInt32 = 0

  /// Whether losses are being repaired.
  var isRepairing: Bool { phase == .recovery || phase == .loss }

  /// How the window shrinks during recovery.
  private(set) var rateReduction = ProportionalRateReduction(priorWindow: 1)

  /// Acknowledgements showed a loss while the window was `priorWindow` segments.
  mutating func enterRecovery(point: Int64, priorWindow: UInt32) {
    phase = .recovery
    self.point = point
    rateReduction = ProportionalRateReduction(priorWindow: priorWindow)
    mustRetransmit = true
  }

  /// An acknowledgement arrived during recovery: the window that it allows.
  mutating func window(
    delivered: UInt32, pipe: UInt32, threshold: UInt32, isClean: Bool
  ) -> UInt32 {
    rateReduction.window(
      delivered: delivered, pipe: pipe, threshold: threshold, isClean: isClean)
  }

  /// A segment was sent, new or again.
  mutating func sent() {
    if phase == .recovery { rateReduction.sent() }
  }

  /// The timer showed a loss.
  mutating func enterLoss(point: Int64) {
    phase = .loss
    self.point = point
    mustRetransmit = true
    duplicates = 0
  }

  /// A segment was sent again.
  mutating func retransmitted() { mustRetransmit = false }

  /// A duplicate acknowledgement came where SACK is off.
  mutating func countDuplicate() { duplicates += 1 }

  /// New data was acknowledged where SACK is off: each duplicate before was for one of its segments,
  /// which has been counted as delivered; the first, which filled the hole, has not.
  func countDelivered(_ update: inout Scoreboard.Update) {
    let counted = min(duplicates, update.newlyAcknowledged)
    update.newlyAcknowledged = max(update.newlyAcknowledged - counted, 1)
  }

  /// New data was acknowledged.
  mutating func endDuplicates() { duplicates = 0 }

  /// The sender goes on without a loss to repair.
  mutating func settle(inSlowStart: Bool) {
    phase = inSlowStart ? .slowStart : .congestionAvoidance
    mustRetransmit = false
  }
}
