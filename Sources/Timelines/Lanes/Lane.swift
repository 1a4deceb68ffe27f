import NetSim

/// One request's lane: its name, its report, and the span over which it is drawn.
struct Lane: Sendable {
  var name: String
  /// What people count it as.
  let number: Int
  /// Whether its name has the number of a stream.
  private(set) var hasStream = false
  /// Which priorities its name has.
  private(set) var priorities: PriorityLabels?
  /// Whether its stream was reset, and when streams that it had before were.
  private var isReset = false
  private var refusals: [SimTime] = []
  var report: RequestReport
  var start: SimTime
  var end: SimTime

  /// The lane of `report` under a name.
  init(_ report: RequestReport, name: String, number: Int = 0) {
    self.name = name
    self.number = number
    self.report = report
    start = report.queued
    end = report.complete ?? report.failed ?? report.intervals.last?.end ?? report.queued
  }

  /// The lane of a log's request, named by its number, its stream where it has one, its target and its
  /// size; with its priority, where those of the log differ.
  init(
    _ report: RequestReport, number: Int, log: EventLog, _ priorities: PriorityLabels,
    _ ends: StreamEnds
  ) {
    let index = Int(report.request)
    let request = index < log.requests.count ? log.requests[index] : nil
    self.init(
      report,
      name: Self.name(
        number, request, stream: request?.stream,
        priority: request.map(priorities.text) ?? ""), number: number)
    self.priorities = priorities
    hasStream = request?.stream != nil
    isReset = hasStream && ends.isReset(report.request)
    refusals = ends.refusals(of: report.request)
  }

  /// What a request is called: its number, its stream if that is told, its target and, unless it is left
  /// out, its size.
  ///
  /// The number comes first with HTTP/2, too: streams are counted anew on each connection, and tables
  /// and sentences name requests by their numbers.
  static func name(
    _ number: Int, _ request: RequestDescription?, stream: UInt32? = nil,
    priority: String = "", withSize: Bool = true
  ) -> String {
    guard let request else { return "\(number)" }
    let number =
      (stream.map { "\(number) s\($0)" } ?? "\(number)") + (priority.isEmpty ? "" : " ")
      + priority
    let target = request.target.isEmpty ? "object" : MessageLabels.text(request.target)
    let size = withSize && request.bodyBytes >= 0 ? " " + Numbers.bytes(request.bodyBytes) : ""
    return "\(number) " + target + size
  }

  /// What stands where a stream was reset.
  static let resetMark = "x"

  /// Whether a stream of it was reset.
  var hasReset: Bool { isReset || !refusals.isEmpty }

  /// What stands at its end: complete, reset, failed, or neither.
  var mark: String {
    if report.complete != nil { return "|" }
    if report.failed == nil { return "~" }
    return isReset ? Self.resetMark : "!"
  }

  /// The letters across the scale, and the mark at the end.
  func cells(_ scale: LaneScale) -> String {
    var cells = scale.cells(report.intervals)
    for time in refusals where scale.column(of: time) < cells.count {
      cells[scale.column(of: time)] = Character(Self.resetMark)
    }
    return String(cells) + mark
  }
}

extension RequestReport {
  /// From when it was wanted to its end, as far as its intervals go.
  var duration: SimDuration {
    intervals.reduce(.zero) { $0 + ($1.end - $1.start) }
  }
}
