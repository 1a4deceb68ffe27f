import NetSim

/// Delays of many packets in four figures.
public struct DelaySpread: Equatable, Sendable {
  /// The least.
  public var minimum: SimDuration
  /// Half of the packets took no longer.
  public var median: SimDuration
  /// 95 % of the packets took no longer.
  public var percentile95: SimDuration
  /// The greatest.
  public var maximum: SimDuration

  /// The figures of delays in nanoseconds, by nearest rank; nil where there are none.
  init?(_ delaysNs: [Int64]) {
    guard !delaysNs.isEmpty else { return nil }
    let sorted = delaysNs.sorted()
    func rank(_ percent: Int) -> SimDuration {
      SimDuration(nanoseconds: sorted[(sorted.count * percent + 99) / 100 - 1])
    }
    minimum = SimDuration(nanoseconds: sorted[0])
    median = rank(50)
    percentile95 = rank(95)
    maximum = SimDuration(nanoseconds: sorted[sorted.count - 1])
  }
}
