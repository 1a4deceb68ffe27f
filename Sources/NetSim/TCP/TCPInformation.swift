/// The state of a connection in numbers, as Linux's `tcp_info` has it.
public struct TCPInformation: Sendable {
  /// Where the sender stands in repairing losses, in Linux's numbers.
  public enum Phase: UInt8, Sendable {
    /// Nothing is amiss.
    case open = 0
    /// Something was delivered out of order.
    case disorder = 1
    /// The window shrinks after a congestion signal that was no loss.
    case windowReduction = 2
    /// Losses found by acknowledgements are being repaired.
    case recovery = 3
    /// Losses found by the timer are being repaired.
    case loss = 4
  }

  /// Where the sender stands in repairing losses.
  public let phase: Phase
  /// Segments sent and not acknowledged cumulatively.
  public let outstandingSegments: UInt32
  /// Of these, the ones the peer reported to have.
  public let selectivelyAcknowledged: UInt32
  /// Of these, the ones taken for lost.
  public let lostSegments: UInt32
  /// Of these, the ones sent again since they were taken for lost.
  public let retransmittedSegments: UInt32
  /// Retransmissions since the connection began.
  public let totalRetransmissions: Int64
  /// Time-outs in a row.
  public let timeoutsInARow: UInt32
  /// How often the time-out was doubled.
  public let backoff: UInt32
  /// The congestion window in segments.
  public let window: UInt32
  /// The slow-start threshold in segments; 2³¹−1 before the first congestion.
  public let threshold: UInt32
  /// The largest payload of a segment that is sent.
  public let payloadLimit: UInt32
  /// The MSS that was announced, without options.
  public let announcedSegmentSize: UInt32
  /// The peer's window in bytes.
  public let peerWindow: Int64
  /// The shift of the peer's windows and of this side's.
  public let peerWindowShift: UInt8
  /// The shift of the windows that this side announces.
  public let windowShift: UInt8
  /// Whether timestamps are used.
  public let usesTimestamps: Bool
  /// Whether selective acknowledgements are used.
  public let usesSACK: Bool
  /// Whether windows are scaled.
  public let usesWindowScaling: Bool
  /// Whether explicit congestion notification is used.
  public let usesCongestionNotification: Bool
  /// How far segments were seen to be out of order, in segments, and 3 at least.
  public let reordering: UInt32
  /// The smoothed round trip; nil before the first.
  public let smoothedRTT: SimDuration?
  /// Its variation.
  public let variation: SimDuration
  /// The least round trip; nil before the first.
  public let minimumRTT: SimDuration?
  /// The retransmission time-out, with its back-off.
  public let timeout: SimDuration
  /// Bytes acknowledged since the connection began.
  public let acknowledgedBytes: Int64

  init(_ endpoint: TCPEndpoint) {
    phase = TCPInformation.phase(endpoint)
    outstandingSegments = UInt32(endpoint.scoreboard.count)
    // Where SACK is off, each duplicate counts for a segment that arrived, as Linux counts them.
    selectivelyAcknowledged =
      endpoint.usesSACK ? endpoint.scoreboard.sackedCount : endpoint.recovery.duplicates
    lostSegments = endpoint.scoreboard.lostCount
    retransmittedSegments = endpoint.scoreboard.retransmittedCount
    totalRetransmissions = endpoint.segmentsRetransmitted
    timeoutsInARow = endpoint.timeoutsInARow
    backoff = endpoint.rtt.backoff
    window = endpoint.congestion.window
    threshold = endpoint.congestion.slowStartThreshold
    payloadLimit = endpoint.payloadLimit
    announcedSegmentSize = endpoint.settings.maximumSegmentSize
    peerWindow = max(endpoint.peerWindowEnd - max(endpoint.sendUnacknowledged, 1), 0)
    peerWindowShift = endpoint.peerWindowShift
    windowShift = endpoint.windowShift
    usesTimestamps = endpoint.usesTimestamps
    usesSACK = endpoint.usesSACK
    usesWindowScaling = endpoint.usesWindowScaling
    usesCongestionNotification = endpoint.notification.isUsed
    let extent = endpoint.rack.reorderingExtent
    let limit = Int64(max(endpoint.payloadLimit, 1))
    reordering = max(
      UInt32(clamping: (extent + limit - 1) / limit), LossRecovery.duplicateThreshold)
    smoothedRTT = endpoint.rtt.smoothed
    variation = endpoint.rtt.variation
    minimumRTT = endpoint.rtt.minimum
    timeout = endpoint.rtt.timeout
    acknowledgedBytes = max(min(endpoint.sendUnacknowledged, endpoint.writeEnd) - 1, 0)
  }

  private static func phase(_ endpoint: TCPEndpoint) -> Phase {
    switch endpoint.recovery.phase {
    case .recovery: return .recovery
    case .loss: return .loss
    case .slowStart, .congestionAvoidance:
      if endpoint.notification.isReducing { return .windowReduction }
      let isDisordered = endpoint.scoreboard.sackedCount > 0 || endpoint.recovery.duplicates > 0
      return isDisordered ? .disorder : .open
    }
  }
}
