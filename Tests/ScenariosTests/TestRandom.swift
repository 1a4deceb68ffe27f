/// Random numbers that a seed repeats (SplitMix64).
struct TestRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  /// A number of `range` of any magnitude, round ones among them, so that every unit is met.
  mutating func spread(_ range: ClosedRange<UInt64>) -> UInt64 {
    let top = UInt64.random(in: range, using: &self)
    let steps: [UInt64] = [1, 10, 1_000, 1_024, 1_000_000, 1_048_576]
    let step = steps.randomElement(using: &self) ?? 1
    let small = top >> UInt64.random(in: 0...40, using: &self)
    return min(max(small / step * step, range.lowerBound), range.upperBound)
  }
}
