/// A stretch of a request's life and what held it up.
public struct CauseInterval: Equatable, Sendable {
  /// When it begins.
  public var start: SimTime
  /// When it ends.
  public var end: SimTime
  /// What held the request up meanwhile.
  public var cause: Cause

  /// An interval with its cause.
  public init(start: SimTime, end: SimTime, cause: Cause) {
    self.start = start
    self.end = end
    self.cause = cause
  }
}

/// What became of one request, and where its time went.
public struct RequestReport: Sendable {
  /// Its index in `EventLog.requests`.
  public var request: UInt32
  /// Its connection's index in `EventLog.connections`, once it has one.
  public var connection: UInt32?
  /// When the client wanted it.
  public var queued: SimTime
  /// When the client handed it to the connection.
  public var sent: SimTime?
  /// When the first byte of the response was delivered.
  public var firstByte: SimTime?
  /// When the last byte of the response was delivered.
  public var complete: SimTime?
  /// When it failed, if it did.
  public var failed: SimTime?
  /// How often a server did what it asks for: more than once if it was repeated or replayed.
  public var executed = 0
  /// The request's life cut into intervals, in order, without holes: from `queued` to `complete`,
  /// to `failed`, or to the last delivery that was seen.
  public var intervals: [CauseInterval]

  /// A report with its instants; `intervals` are in order and without holes.
  public init(
    request: UInt32, connection: UInt32?, queued: SimTime, sent: SimTime?, firstByte: SimTime?,
    complete: SimTime?, failed: SimTime?, intervals: [CauseInterval]
  ) {
    self.request = request
    self.connection = connection
    self.queued = queued
    self.sent = sent
    self.firstByte = firstByte
    self.complete = complete
    self.failed = failed
    self.intervals = intervals
  }

  /// The same report on a clock that is `span` ahead.
  public func moved(by span: SimDuration) -> RequestReport {
    var report = self
    report.queued = queued + span
    report.sent = sent.map { $0 + span }
    report.firstByte = firstByte.map { $0 + span }
    report.complete = complete.map { $0 + span }
    report.failed = failed.map { $0 + span }
    for index in intervals.indices {
      report.intervals[index].start = intervals[index].start + span
      report.intervals[index].end = intervals[index].end + span
    }
    return report
  }

  /// The time charged to `cause`.
  public func time(_ cause: Cause) -> SimDuration {
    var sum = SimDuration.zero
    for interval in intervals where interval.cause == cause { sum += interval.end - interval.start }
    return sum
  }
}
