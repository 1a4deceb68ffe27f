import TestSupport

extension SeededGenerator {
  /// A number of `range` of any magnitude, round ones among them, so that every unit is met.
  mutating func spread(_ range: ClosedRange<UInt64>) -> UInt64 {
    let top = UInt64.random(in: range, using: &self)
    let steps: [UInt64] = [1, 10, 1_000, 1_024, 1_000_000, 1_048_576]
    let step = steps.randomElement(using: &self) ?? 1
    let small = top >> UInt64.random(in: 0...40, using: &self)
    return min(max(small / step * step, range.lowerBound), range.upperBound)
  }
}
