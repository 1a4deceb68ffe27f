/// Explicit congestion notification (RFC 3168): routers mark packets in place of dropping them, the
/// receiver echoes the mark, the sender answers as to a loss.
struct CongestionNotification {
  /// Whether both sides agreed to it.
  private(set) var isUsed = false
  /// Whether acknowledgements carry ECE: from a mark on until the sender says CWR (RFC 3168 §6.1.3).
  private(set) var echoIsDue = false
  /// Whether the next new segment carries CWR.
  private var reducedIsDue = false
  /// The window shrinks until this is acknowledged; nil where it does not.
  private(set) var point: Int64?
  private var rateReduction = ProportionalRateReduction(priorWindow: 1)

  /// Whether the window shrinks for a mark.
  var isReducing: Bool { point != nil }

  /// Takes the peer's SYN, or its answer to our own (RFC 3168 §6.1.1).
  mutating func takeSYN(_ flags: TCPFlags, isAnswer: Bool, _ policy: NotificationPolicy) {
    if isAnswer {
      isUsed = policy == .asks && flags.contains(.ece) && !flags.contains(.cwr)
    } else {
      isUsed = policy != .never && flags.contains(.ece) && flags.contains(.cwr)
    }
  }

  /// Takes note of a segment that arrived. Returns whether it is to be acknowledged at once.
  @inline(__always)
  mutating func arrived(_ segment: Segment) -> Bool {
    guard isUsed else { return false }
    if segment.flags.contains(.cwr) { echoIsDue = false }
    guard segment.codepoint == .congestionExperienced else { return false }
    echoIsDue = true
    return true
  }

  /// The peer says that a packet was marked. Returns whether that is to be answered: once in a round
  /// trip (RFC 3168 §6.1.2).
  mutating func begin(point: Int64, window: UInt32) -> Bool {
    guard isUsed, self.point == nil else { return false }
    self.point = point
    rateReduction = ProportionalRateReduction(priorWindow: window)
    reducedIsDue = true
    return true
  }

  /// The window shrinks no more, or losses are being repaired, which does the same.
  mutating func end() { point = nil }

  /// The window after an acknowledgement while it shrinks. Nothing was repaired, so there is no sign
  /// of room beyond what was delivered.
  mutating func window(delivered: UInt32, pipe: UInt32, threshold: UInt32) -> UInt32 {
    rateReduction.window(delivered: delivered, pipe: pipe, threshold: threshold, isClean: false)
  }

  /// Marks a segment with new data that goes out (RFC 3168 §6.1.2, §6.1.5).
  @inline(__always)
  mutating func mark(_ segment: inout Segment) {
    guard isUsed, segment.payloadBytes > 0 else { return }
    segment.codepoint = .capable0
    if reducedIsDue { segment.flags.insert(.cwr) }
    reducedIsDue = false
  }

  /// A segment was sent, new or again.
  @inline(__always)
  mutating func sent() {
    if point != nil { rateReduction.sent() }
  }
}

extension TCPEndpoint {
  /// Answers the echo of a mark as a loss is answered, once in a round trip.
  @inline(__always)
  mutating func takeNotification(
    _ segment: Segment, delivered: UInt32, at now: SimTime, _ log: inout EventLog
  ) {
    if recovery.isRepairing {
      notification.end()
      return
    }
    // Only what comes after the point can carry CWR, so that the echo of the same marks goes on up to
    // the point itself.
    if let point = notification.point, sendUnacknowledged > point {
      congestion.endReduction()
      notification.end()
      logWindow(at: now, &log)
    }
    let isEcho = segment.flags.contains(.ece) && !segment.flags.contains(.syn)
    if isEcho && notification.begin(point: sendNext, window: congestion.window) {
      signalCongestion()
      logThreshold(at: now, &log)
    }
    guard notification.isReducing else { return }
    congestion.reduce(
      to: notification.window(
        delivered: delivered, pipe: pipe,
        threshold: congestion.slowStartThreshold))
    logWindow(at: now, &log)
  }
}
