import NetSim

/// The lanes: who waited for whom. A row a request, time across, a letter for what held it up, then
/// where the time went and the answer in a sentence.
public struct LanesTimeline: Sendable {
  /// From how many requests on the middle ones are left out.
  private static let mostLanes = 24

  let lanes: [Lane]
  private let losses: [String]
  private let left: Int
  /// Columns of the time at the end of a lane, with a blank.
  private let endWidth: Int

  /// The lanes of the requests of `reports` whose end is known.
  public init(_ reports: [RequestReport], log: EventLog) {
    let numbers = RequestNumbers(log)
    let priorities = PriorityLabels(log)
    let ends = StreamEnds(log)
    let all = reports.map { Lane($0, number: numbers[$0.request], log: log, priorities, ends) }
    lanes = all
    losses = StreamLosses(reports, log: log).sentences + OwnStreamLosses(log).sentences
    left = min(24, (all.map(\.name.count).max() ?? 0) + 1)
    endWidth = max(9, (all.map { Numbers.milliseconds($0.end).count }.max() ?? 0) + 1)
  }

  /// The lanes and the table as text, each line at most as wide as the style says, with a final
  /// newline; empty when there is no request.
  public func render(_ style: TextStyle) -> String {
    guard !lanes.isEmpty else { return "" }
    return chart(style) + "\n" + CauseTable(lanes).render(style) + sentences(style)
  }

  // MARK: The chart

  private func chart(_ style: TextStyle) -> String {
    let columns = style.width - left - endWidth - 2
    let from = lanes.map(\.start).min() ?? .zero
    let to = lanes.map(\.end).max() ?? .zero
    let scale = LaneScale(from: from, to: to, columns: columns)
    let text = MiddleCut(lanes.count, most: Self.mostLanes).lines(style.marks, of: "request") {
      line(lanes[$0], scale, style) + "\n"
    }
    return scale.axis(String(repeating: " ", count: left + 1), width: style.width) + text
      + LaneLegend.text(lanes, width: style.width)
  }

  private func line(_ lane: Lane, _ scale: LaneScale, _ style: TextStyle) -> String {
    let name = Numbers.filled(Numbers.clipped(lane.name, to: left, style.marks), to: left)
    let end = Numbers.padded(Numbers.milliseconds(lane.end), to: endWidth)
    return name + " " + Numbers.filled(lane.cells(scale), to: scale.columns) + end
  }

  // MARK: The answer

  private func sentences(_ style: TextStyle) -> String {
    (causes + losses).flatMap { DisplayWidth.wrapped($0, indent: 1, width: style.width) }
      .map { $0 + "\n" }.joined()
  }

  /// What held the slowest request longest, and what holes cost all of them.
  private var causes: [String] {
    guard let slowest = lanes.max(by: { $0.report.duration < $1.report.duration }) else {
      return []
    }
    let total = slowest.report.duration
    guard total > .zero,
      let cause = Cause.allCases.max(by: { slowest.report.time($0) < slowest.report.time($1) })
    else { return [] }
    let share = Numbers.share(slowest.report.time(cause), of: total)
    let which = lanes.count == 1 ? "it" : "request \(slowest.number), the slowest,"
    var words = [
      "\(CauseMark.phrase(cause)) held \(which) for \(Numbers.milliseconds(slowest.report.time(cause)))"
        + " of \(Numbers.milliseconds(total)) ms (\(share) %)."
    ]
    let gaps = Cause.allCases.filter(CauseMark.isSurprise)
    let lost = lanes.reduce(SimDuration.zero) { sum, lane in
      gaps.reduce(sum) { $0 + lane.report.time($1) }
    }
    if lost > .zero {
      let hit = lanes.filter { lane in gaps.contains { lane.report.time($0) > .zero } }.count
      words.append(
        "Holes in the byte stream cost \(Numbers.milliseconds(lost)) ms of waiting in "
          + "\(Numbers.count(hit, "request")) of \(lanes.count).")
    }
    return words
  }
}
