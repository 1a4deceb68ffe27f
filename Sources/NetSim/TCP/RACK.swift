/// Recent acknowledgement: takes a segment for lost when one sent later has arrived and the round
/// trip, with some leave for reordering, is over (RFC 8985 §6).
///
/// Deviation: where two segments were sent in the same instant the RFC takes the one with the higher
/// sequence number for the later; here each sending has its number, which is right for segments that
/// were sent again, too.
struct RACK {
  /// Which sending was the latest of those delivered (it stands for RACK.xmit_ts); 0 before any.
  private(set) var latestSending = 0
  /// The round trip of the segment delivered last, which need not be that one (RACK.rtt).
  private(set) var roundTrip = SimDuration.zero
  /// The highest position that was acknowledged or SACKed (RACK.fack).
  private var highestDelivered: Int64 = 0
  /// Whether the path was seen to reorder.
  private(set) var sawReordering = false
  /// How far back the segments reached that were delivered out of order, in bytes.
  private(set) var reorderingExtent: Int64 = 0

  /// A segment was delivered, as an acknowledgement at `now` shows (RFC 8985 §6.2 steps 1 to 3).
  mutating func delivered(
    _ entry: Scoreboard.Entry, at now: SimTime, minimumRTT: SimDuration?
  ) {
    if entry.end > highestDelivered {
      highestDelivered = entry.end
    } else if entry.transmissions == 1 {
      sawReordering = true
      reorderingExtent = max(reorderingExtent, highestDelivered - entry.start)
    }
    // An answer faster than any round trip is that of an earlier transmission.
    let elapsed = now - entry.sentAt
    if entry.transmissions > 1, let minimumRTT, elapsed < minimumRTT { return }
    roundTrip = elapsed
    latestSending = max(latestSending, entry.sending)
  }

  /// How long to wait for a segment that may only be late: nothing while repairing or with three
  /// SACKed unless the path reorders, else so many quarters of the least round trip
  /// (RFC 8985 §6.2 step 4).
  func reorderingWindow(
    quarters: UInt8, isRepairing: Bool, sacked: UInt32, minimumRTT: SimDuration?,
    smoothedRTT: SimDuration?
  ) -> SimDuration {
    if !sawReordering && (isRepairing || sacked >= LossRecovery.duplicateThreshold) {
      return .zero
    }
    return min((minimumRTT ?? .zero) * Int64(quarters) / 4, smoothedRTT ?? .zero)
  }

  /// When a segment is taken for lost, unless it is acknowledged before.
  func deadline(_ entry: Scoreboard.Entry, window: SimDuration) -> SimTime {
    entry.sentAt + roundTrip + window
  }
}
