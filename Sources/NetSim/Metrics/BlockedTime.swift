/// What is known of a connection's path where a log does not show it: in a capture.
public struct PathEstimate: Sendable {
  /// The least round-trip time seen; nil when none was.
  public var minimumRTT: SimDuration?
  /// The rate of the narrowest link; nil when it could not be told.
  public var bottleneck: Bitrate?

  /// An estimate, of which either part may be missing.
  public init(minimumRTT: SimDuration? = nil, bottleneck: Bitrate? = nil) {
    self.minimumRTT = minimumRTT
    self.bottleneck = bottleneck
  }
}

/// Blocked time: cuts the life of each request into intervals, each charged to one `Cause`.
///
/// A request's life is cut at its deliveries. The stretch before the first is walked backwards over
/// the stages that its packets passed. A stretch between two deliveries is charged to the stages
/// where the later packet fell behind the earlier one, from the receiver back to the sender:
/// serialisation, queue, then what held the sender. Propagation is the same for both and is not
/// charged again. A delivery that filled a hole is charged to the hole. The intervals of a request
/// add up to its duration exactly, by construction.
public enum BlockedTime {
  /// The reports of every request of a log, in their order; probes of idle connections are none.
  ///
  /// `estimates` holds one value for each connection of a captured log, and nothing for a simulated
  /// one, which shows each packet's way itself.
  public static func reports(
    of log: EventLog, estimates: [PathEstimate] = []
  ) -> [RequestReport] {
    var journeys = Journeys(connections: log.connections.count)
    let history = RequestHistory(of: log, journeys: &journeys)
    var reports: [RequestReport] = []
    for (index, milestones) in history.requests.enumerated()
    where log.requests[index].purpose == .object {
      let connection = milestones.connection.map { Int($0) }
      let estimate = connection.flatMap { $0 < estimates.count ? estimates[$0] : nil }
      let life = RequestLife(
        milestones: milestones, sharesPath: sharesPath(milestones, estimate, history),
        timeline: connection.map { history.connections[$0] } ?? RequestHistory.Timeline(),
        estimate: estimate)
      var report = RequestReport(
        request: UInt32(index), connection: milestones.connection,
        queued: milestones.queued ?? .zero, sent: milestones.sent,
        firstByte: milestones.firstByte, complete: milestones.complete,
        failed: milestones.failed,
        intervals: log.level == .everything ? life.intervals(journeys) : [])
      report.executed = milestones.executed
      reports.append(report)
    }
    return reports
  }

  /// Whether other connections were busy while a captured request waited for its first byte.
  private static func sharesPath(
    _ milestones: RequestHistory.Milestones, _ estimate: PathEstimate?, _ history: RequestHistory
  ) -> Bool {
    guard let connection = milestones.connection, let sent = milestones.sent,
      let firstByte = milestones.firstByte, let roundTrip = estimate?.minimumRTT
    else { return false }
    return history.othersArrived(connection, from: sent + roundTrip, to: firstByte)
  }
}
