/// When the objects of a workload become wanted, one after the other, whatever became of those
/// before: an open workload, as that of many users who know nothing of each other.
public struct Arrivals: Equatable, Sendable {
  /// What lies between two objects.
  public enum Gap: Equatable, Sendable {
    /// Always the same.
    case even(SimDuration)
    /// By chance, so that the objects form a Poisson process: exponentially distributed, with that mean.
    case poisson(mean: SimDuration)
  }

  /// What lies between two objects.
  public var gap: Gap
  /// When they begin, from the client's start: the first object of even ones comes then, the first of
  /// a Poisson process a gap later.
  public var from: SimDuration

  /// Arrivals with their gaps.
  public init(_ gap: Gap, from: SimDuration = .zero) {
    self.gap = gap
    self.from = from
  }
}
