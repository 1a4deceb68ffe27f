import NetSim

/// Where the time went: a row a cause, a column a request; with many requests their least, median
/// and greatest.
struct CauseTable {
  private static let nameWidth = 19
  private static let columnWidth = 12
  private let lanes: [Lane]

  init(_ lanes: [Lane]) { self.lanes = lanes }

  func render(_ style: TextStyle) -> String {
    let room = (style.width - Self.nameWidth) / Self.columnWidth
    let title = " where the time went, ms"
    if lanes.count == 1 { return single(title, style.width) }
    return lanes.count <= room ? whole(title) : summary(title, style.width)
  }

  private var causes: [Cause] {
    Cause.allCases.filter { cause in lanes.contains { $0.report.time(cause) > .zero } }
  }

  private func single(_ title: String, _ width: Int) -> String {
    let report = lanes[0].report
    let longest = Int64(min(30, width - Self.nameWidth - 2 * Self.columnWidth - 2))
    var text = title + "\n"
    for cause in causes {
      let time = report.time(cause)
      let share = Numbers.share(time, of: report.duration)
      let length = Numbers.share(time, of: report.duration, scale: longest)
      let bar = String(repeating: "#", count: Int(length))
      text += row(cause.name, [Self.text(time), "\(share) %"]) + "  " + bar + "\n"
    }
    return text.replacing("  \n", with: "\n")
      + row("in all", [Self.text(report.duration), "100 %"]) + "\n"
  }

  private func whole(_ title: String) -> String {
    var text = title + "\n" + row("", lanes.map { "\($0.number)" }) + "\n"
    for cause in causes {
      text += row(cause.name, lanes.map { Self.text($0.report.time(cause)) }) + "\n"
    }
    return text + row("in all", lanes.map { Self.text($0.report.duration) }) + "\n"
  }

  private func summary(_ title: String, _ width: Int) -> String {
    var text = title + ", of \(lanes.count) requests\n"
    let column = min(Self.columnWidth, (width - Self.nameWidth) / 4)
    text += row("", ["least", "median", "greatest", "sum"], column) + "\n"
    for cause in causes {
      let times = lanes.map { $0.report.time(cause) }
      text += row(cause.name, Self.spread(times, column), column) + "\n"
    }
    return text + row("in all", Self.spread(lanes.map(\.report.duration), column), column) + "\n"
  }

  private static func spread(_ values: [SimDuration], _ column: Int) -> [String] {
    let sorted = values.sorted()
    let sum = values.reduce(.zero) { $0 + $1 }
    return [sorted[0], sorted[sorted.count / 2], sorted[sorted.count - 1], sum]
      .map { text($0, column) }
  }

  /// Milliseconds with as many decimals as leave a blank before them.
  private static func text(_ span: SimDuration, _ column: Int = columnWidth) -> String {
    let text = Numbers.milliseconds(span)
    return text.count < column ? text : Numbers.milliseconds(span, digits: 0)
  }

  private func row(
    _ name: String, _ values: [String], _ column: Int = CauseTable.columnWidth
  ) -> String {
    Numbers.filled(" " + name, to: Self.nameWidth)
      + values.map { Numbers.padded($0, to: column) }.joined()
  }
}
