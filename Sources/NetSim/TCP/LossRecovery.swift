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

  /// Whether it is still to be seen if the time-out was spurious.
  private(set) var isTentative = false
  /// Whether new segments go out before lost ones, to see it.
  private(set) var sendsNewFirst = false
  /// The clock of the timestamps when the first segment went out again.
  private var retransmitClock: UInt32 = 0
  /// The window and the threshold before the time-out.
  private(set) var priorWindow: UInt32 = 0
  private(set) var priorThreshold: UInt32 = 0

  /// What was the oldest position when the window was lowered, while that can still turn out to have
  /// been needless; else nil.
  private(set) var undoMarker: Int64?
  /// How many segments sent again since then were not reported as duplicates; nil before any.
  private var unreported: Int32?
  /// The clock of the timestamps when recovery sent its first segment again; nil before.
  private var recoveryClock: UInt32?

  /// Whether losses are being repaired.
  @inline(__always)
  var isRepairing: Bool { phase == .recovery || phase == .loss }

  /// How the window shrinks during recovery.
  private(set) var rateReduction = ProportionalRateReduction(priorWindow: 1)

  /// Acknowledgements showed a loss while the window was `priorWindow` segments.
  mutating func enterRecovery(point: Int64, priorWindow: UInt32) {
    phase = .recovery
    self.point = point
    rateReduction = ProportionalRateReduction(priorWindow: priorWindow)
    mustRetransmit = true
    isTentative = false
    sendsNewFirst = false
    recoveryClock = nil
  }

  /// Whether an acknowledgement of new data answers what was sent before recovery sent anything again:
  /// then it was late, and not lost (RFC 3522 §3.2).
  @inline(__always)
  func wasNeedless(echo: UInt32) -> Bool {
    guard phase == .recovery, undoMarker != nil, let recoveryClock else { return false }
    return Int32(bitPattern: echo &- recoveryClock) < 0
  }

  /// An acknowledgement arrived during recovery: the window that it allows.
  mutating func window(
    delivered: UInt32, pipe: UInt32, threshold: UInt32, isClean: Bool
  ) -> UInt32 {
    rateReduction.window(
      delivered: delivered, pipe: pipe, threshold: threshold, isClean: isClean)
  }

  /// A segment was sent, new or again.
  @inline(__always)
  mutating func sent() {
    if phase == .recovery { rateReduction.sent() }
  }

  /// The timer showed a loss while window and threshold were as given, if it is the first time.
  /// `now` is on the clock of the timestamps. Whether the loss is real is seen by what comes next,
  /// where `isTentative` (F-RTO, RFC 5682).
  mutating func enterLoss(point: Int64, isTentative: Bool, now: UInt32) {
    if phase != .loss { retransmitClock = now }
    phase = .loss
    self.point = point
    mustRetransmit = true
    duplicates = 0
    self.isTentative = isTentative
    sendsNewFirst = false
  }

  /// Remembers what a time-out lowers, in case it turns out to be spurious.
  mutating func remember(
    window: UInt32, threshold: UInt32, unacknowledged: Int64, retransmitted: UInt32
  ) {
    priorWindow = window
    priorThreshold = threshold
    undoMarker = unacknowledged
    unreported = retransmitted > 0 ? Int32(clamping: retransmitted) : nil
  }

  /// The peer reports that `segments` segments before `end` arrived twice. Returns whether that goes
  /// for all that was sent again since the window was lowered: then nothing had been lost (the idea
  /// of RFC 3708, as in Linux's `tcp_try_undo_dsack`).
  mutating func reportDuplicates(_ segments: UInt32, end: Int64) -> Bool {
    guard let marker = undoMarker, end > marker, let unreported else { return false }
    let left = max(unreported - Int32(clamping: segments), 0)
    self.unreported = left
    return left == 0
  }

  /// What was lowered is as it was before: there is nothing more to undo.
  mutating func forgetUndo() {
    undoMarker = nil
    unreported = nil
  }

  /// What an acknowledgement during the repair of a loss shows (RFC 5682 §3.1, RFC 3522). Returns
  /// whether the time-out was spurious.
  mutating func judgeTimeout(
    _ update: Scoreboard.Update, acknowledged: Int64, next: Int64, advances: Bool,
    echo: UInt32?, isDuplicate: Bool, hasNew: Bool
  ) -> Bool {
    // RFC 3522 §3.2: the answer to what was sent before the timer ran out.
    if advances, let echo, Int32(bitPattern: echo &- retransmitClock) < 0 { return true }
    guard isTentative else { return false }
    if update.sawOriginal { return true }  // step 3.b
    if next > point {
      if update.sawSACK || isDuplicate { isTentative = false }  // step 3.a
    } else if advances && acknowledged < point {
      // Step 2.b: two new segments will show it, where there are any.
      point = next
      sendsNewFirst = hasNew
      isTentative = hasNew
    }
    return false
  }

  /// No new segment can be sent for now.
  mutating func endNewFirst(sentAny: Bool) {
    sendsNewFirst = false
    if !sentAny { isTentative = false }
  }

  /// A segment was sent again; `clock` is that of the timestamps.
  mutating func retransmitted(clock: UInt32) {
    mustRetransmit = false
    if phase == .recovery && recoveryClock == nil { recoveryClock = clock }
    unreported = (unreported ?? 0) + 1
  }

  /// A duplicate acknowledgement came where SACK is off.
  mutating func countDuplicate() { duplicates += 1 }

  /// New data was acknowledged where SACK is off: each duplicate before was for one of its segments,
  /// which has been counted as delivered; the first, which filled the hole, has not. The others stand
  /// for segments beyond the next hole.
  mutating func countDelivered(_ update: inout Scoreboard.Update) {
    let acknowledged = update.newlyAcknowledged
    update.newlyAcknowledged = max(acknowledged - min(duplicates, acknowledged), 1)
    duplicates -= min(duplicates, acknowledged - min(acknowledged, 1))
  }

  /// New data was acknowledged: unless it was a part of what is being repaired, no hole is known.
  @inline(__always)
  mutating func endDuplicates() { if phase != .recovery { duplicates = 0 } }

  /// The sender goes on without a loss to repair.
  mutating func settle(inSlowStart: Bool) {
    phase = inSlowStart ? .slowStart : .congestionAvoidance
    mustRetransmit = false
    isTentative = false
    sendsNewFirst = false
  }
}
