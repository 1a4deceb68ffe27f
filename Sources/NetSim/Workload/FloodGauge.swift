/// How much of a `FloodLimit` is left: a token bucket, in billionths of a token.
struct FloodGauge {
  private var left: Int64
  private var at = SimTime.zero
  private let burst: Int64
  private let perSecond: Int64

  private static let token: Int64 = 1_000_000_000

  init(_ limit: FloodLimit) {
    burst = Int64(limit.burst) * Self.token
    perSecond = Int64(limit.perSecond)
    left = burst
  }

  /// Counts one more at a time that is not before the last. Returns false where that is too many.
  mutating func take(at now: SimTime) -> Bool {
    let passed = (now - at).nanoseconds
    let (more, overflow) = passed.multipliedReportingOverflow(by: perSecond)
    left = overflow ? burst : min(burst, left + min(more, burst))
    at = now
    guard left >= Self.token else { return false }
    left -= Self.token
    return true
  }
}
