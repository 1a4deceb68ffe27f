import NetSim

/// The waterfalls of several runs on one scale: beside each other where there is room, else under
/// each other.
struct RunPanels {
  /// Narrower terminals get the runs under each other.
  private static let leastWidth = 100
  /// Columns that the lanes of a panel need at least.
  private static let leastCells = 18
  /// From how many requests on the middle ones are left out, beside and under each other.
  private static let mostLanes = (beside: 24, under: 12)
  private static let gap = 2

  private let names: [String]
  /// The lanes of each request, one for each run; nil where a run does not have it.
  private let rows: [(name: String, lanes: [Lane?])]

  init(_ runs: [ComparedRun]) {
    names = runs.map(\.name)
    let keys = Set(runs.flatMap { $0.requests.map(\.key) }).sorted()
    let byKey = runs.map { run in
      Dictionary(uniqueKeysWithValues: run.requests.map { ($0.key, $0) })
    }
    let sizes = Set(runs.flatMap { $0.requests.map(\.description.bodyBytes) })
    rows = keys.enumerated().map { number, key in
      let requests = byKey.map { $0[key] }
      // A download over plain TCP has no target.
      let known = requests.compactMap { $0?.description }
      let name = Lane.name(
        number, known.first { !$0.target.isEmpty } ?? known.first, withSize: sizes.count > 1)
      return (name, requests.map { $0.map { Lane($0.report, name: name) } })
    }
  }

  /// Decimals of a lane's end in a panel, which has little room.
  private var digits: Int { (lanes.map(\.end).max() ?? .zero) < .zero + .seconds(1) ? 1 : 0 }

  private var lanes: [Lane] { rows.flatMap { $0.lanes.compactMap { $0 } } }

  func render(_ style: TextStyle) -> String {
    guard !rows.isEmpty else { return "" }
    let left = min(24, max(rows.map(\.name.count).max() ?? 0, 8) + 1)
    let endWidth =
      max(6, (lanes.map { Numbers.milliseconds($0.end, digits: digits).count }.max() ?? 0)) + 1
    let room = style.width - left
    let cell = Self.leastCells + endWidth + Self.gap
    let beside = style.width < Self.leastWidth ? 1 : max(1, (room + Self.gap) / cell)
    let lines = (names.count + beside - 1) / beside
    let perLine = (names.count + lines - 1) / lines
    let charts = stride(from: 0, to: names.count, by: perLine).map { first in
      let shown = first..<min(first + perLine, names.count)
      return perLine == 1
        ? single(first, style) : line(of: shown, perLine, left, endWidth, style)
    }
    return charts.joined(separator: "\n") + LaneLegend.text(lanes, width: style.width)
  }

  private func scale(_ columns: Int) -> LaneScale {
    LaneScale(
      from: lanes.map(\.start).min() ?? .zero, to: lanes.map(\.end).max() ?? .zero,
      columns: columns)
  }

  /// One run over the whole width.
  private func single(_ run: Int, _ style: TextStyle) -> String {
    let left = min(24, max(rows.map(\.name.count).max() ?? 0, names.map(\.count).max() ?? 0) + 1)
    let endWidth = max(9, (lanes.map { Numbers.milliseconds($0.end).count }.max() ?? 0) + 1)
    let scale = scale(style.width - left - endWidth)
    let text = MiddleCut(
      rows.count, most: names.count == 1 ? Self.mostLanes.beside : Self.mostLanes.under
    )
    .lines(style.marks, of: "request") { index in
      let name = Numbers.clipped(rows[index].name, to: left - 1, style.marks)
      guard let lane = rows[index].lanes[run] else { return name + "\n" }
      return Numbers.filled(name, to: left) + Self.painted(lane, scale, scale.columns, style)
        + Numbers.padded(Numbers.milliseconds(lane.end), to: endWidth) + "\n"
    }
    return scale.axis(Numbers.filled(names[run], to: left), width: style.width) + text
  }

  /// Some runs beside each other.
  private func line(
    of shown: Range<Int>, _ perLine: Int, _ left: Int, _ endWidth: Int, _ style: TextStyle
  ) -> String {
    let width = (style.width - left - (perLine - 1) * Self.gap) / perLine
    let scale = scale(width - endWidth)
    func join(_ head: String, _ panels: [String]) -> String {
      // What is painted takes more characters than columns; every panel comes filled to its width.
      var line = Numbers.filled(head, to: left) + panels.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let axis = String(scale.axis("", width: width, parts: 2).dropLast())
    let text = MiddleCut(rows.count, most: Self.mostLanes.beside)
      .lines(style.marks, of: "request") { index in
        let name = Numbers.clipped(rows[index].name, to: left - 1, style.marks)
        return join(
          name,
          shown.map { run in
            guard let lane = rows[index].lanes[run] else { return Numbers.filled("", to: width) }
            let end = Numbers.milliseconds(lane.end, digits: digits)
            return Self.painted(lane, scale, scale.columns, style)
              + Numbers.padded(end, to: width - scale.columns)
          })
      }
    return join("", shown.map { Numbers.filled(names[$0], to: width) })
      + join("", shown.map { _ in axis }) + text
  }

  /// A lane filled to `width` columns, with what went wrong in it in colour.
  private static func painted(
    _ lane: Lane, _ scale: LaneScale, _ width: Int, _ style: TextStyle
  ) -> String {
    let cells = Numbers.filled(lane.cells(scale), to: width)
    guard style.usesColour else { return cells }
    let surprises = Set(Cause.allCases.filter(CauseMark.isSurprise).map(CauseMark.letter))
    var text = ""
    var rest = cells[...]
    while let first = rest.first {
      let isSurprise = surprises.contains(first) || first == "!"
      let run = rest.prefix { (surprises.contains($0) || $0 == "!") == isSurprise }
      text += isSurprise ? style.paint(String(run), .red) : String(run)
      rest = rest.dropFirst(run.count)
    }
    return text
  }
}
