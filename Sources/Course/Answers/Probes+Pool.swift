import NetSim

/// What the clients' connection pools measure.
extension Probes {
  /// The names of what pools measure.
  static let poolNames = [
    "reused", "expired", "waited", "wait_mean_ms", "wait_median_ms", "wait_p99_ms",
    "wait_longest_ms", "turned_away", "timed_out", "checks", "checks_failed", "heartbeats",
    "heartbeats_failed",
  ]

  func pool(_ name: String) -> Double? {
    let pool = report.pool
    switch name {
    case "reused": return Double(pool.reused)
    case "expired": return Double(pool.expired)
    case "waited": return Double(pool.waits.count)
    case "wait_mean_ms": return Double(pool.waits.mean.nanoseconds) / 1e6
    case "wait_median_ms": return Double(pool.waits.median.nanoseconds) / 1e6
    case "wait_p99_ms": return Double(pool.waits.percentile99.nanoseconds) / 1e6
    case "wait_longest_ms": return Double(pool.waits.longest.nanoseconds) / 1e6
    case "turned_away": return Double(pool.turnedAway)
    case "timed_out": return Double(pool.timedOut)
    case "checks": return Double(pool.checks.sent)
    case "checks_failed": return Double(pool.checks.failed)
    case "heartbeats": return Double(pool.heartbeats.sent)
    case "heartbeats_failed": return Double(pool.heartbeats.failed)
    default: return nil
    }
  }
}
