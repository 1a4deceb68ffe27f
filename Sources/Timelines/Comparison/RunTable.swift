import NetSim

/// Numbers with a column for each run; where the columns do not fit beside each other, in several
/// tables under each other.
struct RunTable {
  private static let nameWidth = 19
  private static let leastColumn = 12

  private let title: String
  private let names: [String]
  private var rows: [(name: String, values: [String])] = []

  /// A table without rows yet, of runs with these names.
  init(_ title: String, _ names: [String]) {
    self.title = title
    self.names = names
  }

  /// Adds a row with a value for each run.
  mutating func add(_ name: String, _ values: [String]) { rows.append((name, values)) }

  /// Adds a row for each cause that took time in any run, then their sum.
  mutating func addCauses(_ runs: [ComparedRun], _ time: (ComparedRun, Cause) -> SimDuration) {
    for cause in Cause.allCases {
      let times = runs.map { time($0, cause) }
      guard times.contains(where: { $0 > .zero }) else { continue }
      add(cause.name, times.map { Numbers.milliseconds($0) })
    }
    let sums = runs.map { run in Cause.allCases.reduce(.zero) { $0 + time(run, $1) } }
    add("in all", sums.map { Numbers.milliseconds($0) })
  }

  func render(_ style: TextStyle) -> String {
    let widths = names.indices.map { column in
      max(Self.leastColumn, 2 + (rows.map(\.values[column].count) + [names[column].count]).max()!)
    }
    var text = ""
    var columns = names.indices[...]
    while let first = columns.first {
      var last = first
      var width = Self.nameWidth + widths[first]
      while last + 1 < columns.endIndex, width + widths[last + 1] <= style.width {
        last += 1
        width += widths[last]
      }
      text += block(first...last, widths)
      columns = columns[(last + 1)...]
    }
    return text
  }

  private func block(_ columns: ClosedRange<Int>, _ widths: [Int]) -> String {
    func line(_ name: String, _ values: [String]) -> String {
      Numbers.filled(" " + name, to: Self.nameWidth)
        + columns.map { Numbers.padded(values[$0], to: widths[$0]) }.joined() + "\n"
    }
    return " " + title + "\n" + line("", names) + rows.map { line($0.name, $0.values) }.joined()
  }
}
