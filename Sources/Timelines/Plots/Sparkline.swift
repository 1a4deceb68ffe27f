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

  /// The bars of all columns: the lowest stands for `floor` alone, the highest for the greatest value, or
  /// for `ceiling` where that is greater.
  func line(from floor: Int64, ceiling: Int64 = 0, _ style: TextStyle) -> String {
    let bars = style.isASCII ? Self.asciiBars : Self.bars
    let top = max(floor + 1, ceiling, range?.upperBound ?? floor)
    let line = values.map { value -> Character in
      guard let value else { return " " }
      guard value > floor else { return bars[0] }
      let steps = Int128(bars.count - 1)
      return bars[
        Int((Int128(value - floor) * steps + Int128(top - floor - 1)) / Int128(top - floor))]
    }
    return String(line)
  }
}
