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
    for (index, milestones) in history.requests.enumerated() {
      let connection = milestones.connection.map { Int($0) }
      let estimate = connection.flatMap { $0 < estimates.count ? estimates[$0] : nil }
      let life = RequestLife(
        milestones: milestones,
        endsByClose: endsByClose(log.requests[index], connection, log),
        sharesPath: sharesPath(milestones, estimate, history),
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
    return ofClients(reports, log)
  }

  /// The reports of what clients asked for. Where a proxy passed a request on, what held that takes the
  /// place of what the proxy seemed to take.
  private static func ofClients(
    _ reports: [RequestReport], _ log: EventLog
  ) -> [RequestReport] {
    var whole = reports
    for (index, request) in log.requests.enumerated().reversed() {
      guard let relayed = request.relays.map({ Int($0) }) else { continue }
      whole[relayed].intervals = spliced(whole[relayed].intervals, whole[index].intervals)
    }
    return whole.filter { log.requests[Int($0.request)].purpose == .object }
  }

  /// Intervals in which what is charged to the server is charged to what `inner` says of that time.
  private static func spliced(
    _ outer: [CauseInterval], _ inner: [CauseInterval]
  ) -> [CauseInterval] {
    var intervals: [CauseInterval] = []
    for interval in outer {
      guard interval.cause == .server else {
        intervals.append(interval)
        continue
      }
      var cursor = interval.start
      for part in inner where part.end > cursor && part.start < interval.end {
        let (start, end) = (max(part.start, cursor), min(part.end, interval.end))
        if start > cursor {
          intervals.append(CauseInterval(start: cursor, end: start, cause: .server))
        }
        intervals.append(CauseInterval(start: start, end: end, cause: part.cause))
        cursor = end
      }
      if cursor < interval.end {
        intervals.append(CauseInterval(start: cursor, end: interval.end, cause: .server))
      }
    }
    return intervals
  }

  private static func endsByClose(
    _ request: RequestDescription, _ connection: Int?, _ log: EventLog
  ) -> Bool {
    guard let connection, request.response.framing != .length else { return false }
    let application = log.connections[connection].application
    return request.response.framing.asSent(to: application) == .untilClose
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
