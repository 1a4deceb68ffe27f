import NetSim

/// What connection pools did, in the summary of a run.
enum PoolSummary {
  /// The lines, without their margin.
  static func lines(_ pool: PoolReport) -> [String] {
    var lines = [
      "pool: \(Numbers.count(pool.opened, "connection")) opened, "
        + "\(Numbers.count(pool.answered, "request")) answered, \(count(pool.reused)) of them on a "
        + "connection already used" + share(pool)
    ]
    let waits = pool.waits
    if waits.count > 0 {
      lines.append(
        "waited for a connection: \(Numbers.count(waits.count, "request")); of all, mean "
          + "\(time(waits.mean)), median \(time(waits.median)), p99 \(time(waits.percentile99)), "
          + "longest \(time(waits.longest)) ms")
    }
    if pool.turnedAway > 0 || pool.timedOut > 0 {
      lines.append(
        "failed for want of a connection: \(count(pool.turnedAway)) at once, "
          + "\(count(pool.timedOut)) after waiting")
    }
    if pool.checks.sent > 0 { lines.append("checks before use: " + text(pool.checks)) }
    if pool.heartbeats.sent > 0 { lines.append("heartbeats: " + text(pool.heartbeats)) }
    if pool.expired > 0 {
      lines.append("\(Numbers.count(pool.expired, "connection")) closed because of age")
    }
    return lines
  }

  private static func share(_ pool: PoolReport) -> String {
    guard let share = pool.reusedMillionths else { return "" }
    return " (" + Numbers.decimal((share + 500) / 1_000, places: 1) + "%)"
  }

  private static func text(_ probes: PoolReport.Probes) -> String {
    "\(count(probes.sent)) sent, \(count(probes.failed)) without an answer"
  }

  private static func count(_ value: Int) -> String { Numbers.grouped(Int64(value)) }

  private static func time(_ span: SimDuration) -> String { Numbers.milliseconds(span) }
}
