import NetSim

/// The lanes: who waited for whom. A row a request, time across, a letter for what held it up, then
/// where the time went and the answer in a sentence.
public struct LanesTimeline: Sendable {
  /// From how many requests on the middle ones are left out.
  private static let mostLanes = 24

  /// One request's lane.
  struct Lane: Sendable {
    var name: String
    var report: RequestReport
    var start: SimTime
    var end: SimTime

    /// What stands at its end: complete, failed, or neither.
    var mark: String {
      report.complete != nil ? "|" : report.failed != nil ? "!" : "~"
    }
  }

  let lanes: [Lane]
  private let left: Int
  /// Columns of the time at the end of a lane, with a blank.
  private let endWidth: Int

  /// The lanes of the requests of `reports` whose end is known.
  public init(_ reports: [RequestReport], log: EventLog) {
    let all = reports.compactMap { report -> Lane? in
      let end = report.complete ?? report.failed ?? report.intervals.last?.end ?? report.queued
      let name = Self.name(report, log)
      return Lane(name: name, report: report, start: report.queued, end: end)
    }
    lanes = all
    left = min(24, (all.map(\.name.count).max() ?? 0) + 1)
    endWidth = max(9, (all.map { Numbers.milliseconds($0.end).count }.max() ?? 0) + 1)
  }

  /// The lanes and the table as text, each line at most as wide as the style says, with a final
  /// newline; empty when there is no request.
  public func render(_ style: TextStyle) -> String {
    guard !lanes.isEmpty else { return "" }
    return chart(style) + "\n" + CauseTable(lanes).render(style) + sentences(style)
  }

  private static func name(_ report: RequestReport, _ log: EventLog) -> String {
    let index = Int(report.request)
    guard index < log.requests.count else { return "\(index)" }
    let request = log.requests[index]
    let target = request.target.isEmpty ? "object" : MessageLabels.text(request.target)
    let size = request.bodyBytes >= 0 ? " " + Numbers.bytes(request.bodyBytes) : ""
    return "\(index) " + target + size
  }

  // MARK: The chart

  private func chart(_ style: TextStyle) -> String {
    let columns = style.width - left - endWidth - 2
    let from = lanes.map(\.start).min() ?? .zero
    let to = lanes.map(\.end).max() ?? .zero
    let scale = LaneScale(from: from, to: to, columns: columns)
    var text = scaleLine(scale, style)
    let half = Self.mostLanes / 2
    for (index, lane) in lanes.enumerated() {
      if lanes.count > Self.mostLanes && index >= half && index < lanes.count - half {
        if index == half {
          text +=
            "\(style.marks.ellipsis) \(Numbers.count(lanes.count - 2 * half, "more request"))\n"
        }
        continue
      }
      text += line(lane, scale, style) + "\n"
    }
    return text + legend(style)
  }

  private func scaleLine(_ scale: LaneScale, _ style: TextStyle) -> String {
    let quarter = scale.columns / 4
    var line = String(repeating: " ", count: left + 1)
    for part in 0..<4 {
      let time = scale.time(ofColumn: part * quarter)
      line += Numbers.filled(Numbers.milliseconds(time, digits: 1), to: quarter)
    }
    line = Numbers.filled(line, to: style.width - 10)
    let last = Numbers.milliseconds(scale.to, digits: 1) + " ms"
    return Numbers.padded(last, to: style.width, " ").replacingPrefix(with: line) + "\n"
  }

  private func line(_ lane: Lane, _ scale: LaneScale, _ style: TextStyle) -> String {
    let name = Numbers.filled(Numbers.clipped(lane.name, to: left, style.marks), to: left)
    var cells = String(scale.cells(lane.report.intervals))
    cells += lane.mark
    let end = Numbers.padded(Numbers.milliseconds(lane.end), to: endWidth)
    return name + " " + Numbers.filled(cells, to: scale.columns) + end
  }

  private func legend(_ style: TextStyle) -> String {
    let used = Cause.allCases.filter { cause in
      lanes.contains { $0.report.time(cause) > .zero }
    }
    var parts = used.map { "\(CauseMark.letter($0)) \(CauseMark.words($0))" }
    parts.append("| complete")
    if lanes.contains(where: { $0.mark == "!" }) { parts.append("! failed") }
    if lanes.contains(where: { $0.mark == "~" }) { parts.append("~ not complete") }
    return Self.wrapped(parts, separator: "  ", indent: "  ", width: style.width)
  }

  static func wrapped(
    _ parts: [String], separator: String, indent: String, width: Int
  ) -> String {
    var lines: [String] = []
    var line = indent
    for part in parts {
      let addition = line == indent ? part : separator + part
      if line.count + addition.count > width && line != indent {
        lines.append(line)
        line = indent + part
      } else {
        line += addition
      }
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }

  // MARK: The answer

  private func sentences(_ style: TextStyle) -> String {
    guard let slowest = lanes.max(by: { $0.report.duration < $1.report.duration }) else {
      return ""
    }
    let total = slowest.report.duration
    guard total > .zero,
      let cause = Cause.allCases.max(by: { slowest.report.time($0) < slowest.report.time($1) })
    else { return "" }
    let share = Numbers.share(slowest.report.time(cause), of: total)
    let which = lanes.count == 1 ? "it" : "request \(slowest.report.request), the slowest,"
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
    return words.map {
      Self.wrapped(
        $0.split(separator: " ").map(String.init), separator: " ", indent: " ", width: style.width)
    }
    .joined()
  }
}

extension RequestReport {
  /// From when it was wanted to its end, as far as its intervals go.
  var duration: SimDuration {
    intervals.reduce(.zero) { $0 + ($1.end - $1.start) }
  }
}

extension String {
  /// This text with its beginning written over by `prefix`, where it is blank.
  fileprivate func replacingPrefix(with prefix: String) -> String {
    let rest = drop { $0 == " " }
    let room = count - rest.count
    return String(Numbers.filled(prefix, to: room).prefix(room)) + rest
  }
}
