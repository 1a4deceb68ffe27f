import NetSim

/// The waterfalls of several runs on one scale: beside each other where there is room, else under
/// each other.
struct RunPanels {
  /// Narrower terminals get the runs under each other.
  private static let leastWidth = 100
  /// Columns that the longest lanes need at least.
  private static let leastCells = 22
  /// From how many requests on the middle ones are left out, beside and under each other.
  private static let mostLanes = (beside: 24, under: 12)

  fileprivate let names: [String]
  /// The lanes of each request, one for each run; nil where a run does not have it.
  fileprivate let rows: [(name: String, lanes: [Lane?])]

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
  fileprivate var digits: Int { (lanes.map(\.end).max() ?? .zero) < .zero + .seconds(1) ? 1 : 0 }

  fileprivate var lanes: [Lane] { rows.flatMap { $0.lanes.compactMap { $0 } } }

  fileprivate var from: SimTime { lanes.map(\.start).min() ?? .zero }

  func render(_ style: TextStyle) -> String {
    guard !rows.isEmpty else { return "" }
    let layouts = (1...names.count).lazy.map { PanelLayout(self, lines: $0, style.width) }
    let beside =
      style.width < Self.leastWidth
      ? nil
      : layouts.first { layout in
        layout.perLine > 1 && layout.longest >= Self.leastCells
      }
    let charts: [String]
    if let beside {
      charts = stride(from: 0, to: names.count, by: beside.perLine).map { first in
        line(of: first..<min(first + beside.perLine, names.count), beside, style)
      }
    } else {
      charts = names.indices.map { single($0, style) }
    }
    return charts.joined(separator: "\n") + LaneLegend.text(lanes, width: style.width)
  }

  /// One run over the whole width.
  private func single(_ run: Int, _ style: TextStyle) -> String {
    let left = min(24, max(rows.map(\.name.count).max() ?? 0, names.map(\.count).max() ?? 0) + 1)
    let endWidth = max(9, (lanes.map { Numbers.milliseconds($0.end).count }.max() ?? 0) + 1)
    let scale = LaneScale(
      from: from, to: lanes.map(\.end).max() ?? .zero, columns: style.width - left - endWidth)
    let most = names.count == 1 ? Self.mostLanes.beside : Self.mostLanes.under
    let text = MiddleCut(rows.count, most: most).lines(style.marks, of: "request") { index in
      let name = Numbers.clipped(rows[index].name, to: left - 1, style.marks)
      guard let lane = rows[index].lanes[run] else { return name + "\n" }
      return Numbers.filled(name, to: left) + Self.painted(lane, scale, style)
        + Numbers.padded(Numbers.milliseconds(lane.end), to: endWidth) + "\n"
    }
    return scale.axis(Numbers.filled(names[run], to: left), width: style.width) + text
  }

  /// Some runs beside each other.
  private func line(
    of shown: Range<Int>, _ layout: PanelLayout, _ style: TextStyle
  ) -> String {
    func join(_ head: String, _ panel: (Int) -> String) -> String {
      // What is painted takes more characters than columns; every panel comes filled to its width.
      let gap = String(repeating: " ", count: PanelLayout.gap)
      var line =
        Numbers.filled(head, to: layout.left) + shown.map(panel).joined(separator: gap)
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }
    let scales = names.indices.map { run in
      LaneScale(
        from: from, to: from + layout.column * Int64(layout.cells[run]),
        columns: layout.cells[run])
    }
    let text = MiddleCut(rows.count, most: Self.mostLanes.beside)
      .lines(style.marks, of: "request") { index in
        join(Numbers.clipped(rows[index].name, to: layout.left - 1, style.marks)) { run in
          guard let lane = rows[index].lanes[run] else {
            return Numbers.filled("", to: layout.width(of: run))
          }
          return Self.painted(lane, scales[run], style)
            + Numbers.padded(
              Numbers.milliseconds(lane.end, digits: digits), to: layout.endWidth)
        }
      }
    let unit = Numbers.padded("ms", to: layout.left - 1)
    return join("") { Numbers.filled(names[$0], to: layout.width(of: $0)) }
      + join(unit) { run in
        let width = layout.width(of: run)
        return Numbers.filled(
          scales[run].ticks(every: 10, digits: digits, width: width), to: width)
      } + text
  }

  /// A lane filled to the columns of its scale, with what went wrong in it in colour.
  private static func painted(
    _ lane: Lane, _ scale: LaneScale, _ style: TextStyle
  ) -> String {
    let cells = Numbers.filled(lane.cells(scale), to: scale.columns)
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

/// How wide each run's panel is. A column takes the same time in all of them, so that a shorter run
/// leaves its room to the longer ones.
private struct PanelLayout {
  /// Columns between two panels.
  static let gap = 2
  /// Columns that a panel has at least: room for a tick.
  private static let leastCells = 6

  let perLine: Int
  /// Columns of the names on the left, with a blank.
  let left: Int
  /// Columns of the time at the end of a lane, with a blank.
  let endWidth: Int
  /// The time that one column takes.
  let column: SimDuration
  /// Columns of each run's lanes.
  let cells: [Int]

  init(_ panels: RunPanels, lines: Int, _ width: Int) {
    let names = panels.names
    let digits = panels.digits
    let left = min(24, max(panels.rows.map(\.name.count).max() ?? 0, 7) + 1)
    let ends = panels.lanes.map { Numbers.milliseconds($0.end, digits: digits).count }
    let endWidth = (ends.max() ?? 0) + 1
    let perLine = (names.count + lines - 1) / lines
    let spans = names.indices.map { run in
      panels.rows.compactMap { $0.lanes[run]?.end }.max().map { $0 - panels.from } ?? .zero
    }
    func cells(_ column: Int64) -> [Int] {
      names.indices.map { run in
        max(
          Int(clamping: spans[run].nanoseconds / column) + 1, names[run].count - endWidth,
          PanelLayout.leastCells)
      }
    }
    func fits(_ column: Int64) -> Bool {
      let cells = cells(column)
      return stride(from: 0, to: names.count, by: perLine).allSatisfy { first in
        let shown = cells[first..<min(first + perLine, names.count)]
        let taken = shown.reduce(left - PanelLayout.gap) {
          $0 + min($1, width) + endWidth + PanelLayout.gap
        }
        return taken <= width
      }
    }
    // The least time a column with which every line fits.
    var low: Int64 = 0
    var high = max(1, spans.map(\.nanoseconds).max() ?? 1)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if fits(middle) { high = middle } else { low = middle }
    }
    self.perLine = perLine
    self.left = left
    self.endWidth = endWidth
    column = SimDuration(nanoseconds: high)
    self.cells = fits(high) ? cells(high) : names.map { _ in 0 }
  }

  /// Columns of the longest lanes.
  var longest: Int { cells.max() ?? 0 }

  /// Columns of a run's whole panel.
  func width(of run: Int) -> Int { cells[run] + endWidth }
}
