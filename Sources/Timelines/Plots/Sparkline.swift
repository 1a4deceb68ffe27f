import NetSim

/// A row of small bars: how a quantity goes over time.
struct Sparkline {
  /// The bars, the lowest first; a blank says that nothing is known.
  private static let bars: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
  private static let asciiBars: [Character] = ["_", ".", "-", ":", "=", "+", "*", "#"]

  /// A value for each column; nil where nothing is known.
  let values: [Int64?]

  /// The least and the greatest value; nil without any.
  var range: ClosedRange<Int64>? {
    let known = values.compactMap { $0 }
    guard let least = known.min(), let most = known.max() else { return nil }
    return least...most
  }

  /// The bars of all columns: the lowest stands for `floor`, the highest for the greatest value.
  func line(from floor: Int64, _ style: TextStyle) -> String {
    let bars = style.isASCII ? Self.asciiBars : Self.bars
    let top = max(floor + 1, range?.upperBound ?? 0)
    let line = values.map { value -> Character in
      guard let value else { return " " }
      let height = Int128(max(0, value - floor)) * Int128(bars.count) / Int128(top - floor)
      return bars[min(bars.count - 1, Int(height))]
    }
    return String(line)
  }
}
