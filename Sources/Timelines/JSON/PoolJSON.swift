import NetSim

extension RunJSON {
  /// What the pools of a run's HTTP clients did, under its key; nothing in a run without HTTP.
  static func poolEntry(_ pool: PoolReport, _ log: EventLog) -> [(String, JSONValue)] {
    if log.connections.allSatisfy({ $0.application == .raw }) { return [] }
    return [("pool", poolValue(pool))]
  }

  private static func poolValue(_ pool: PoolReport) -> JSONValue {
    .object([
      ("opened", count(pool.opened)),
      ("answered", count(pool.answered)),
      ("reused", count(pool.reused)),
      ("reuse_ratio", pool.reusedMillionths.map { .millionths($0) } ?? .null),
      ("expired", count(pool.expired)),
      (
        "waits",
        .object([
          ("count", count(pool.waits.count)), ("mean_ms", time(pool.waits.mean)),
          ("p50_ms", time(pool.waits.median)), ("p99_ms", time(pool.waits.percentile99)),
          ("longest_ms", time(pool.waits.longest)),
        ])
      ),
      ("turned_away", count(pool.turnedAway)),
      ("timed_out", count(pool.timedOut)),
      ("checks", probes(pool.checks)),
      ("heartbeats", probes(pool.heartbeats)),
    ])
  }

  private static func probes(_ probes: PoolReport.Probes) -> JSONValue {
    .object([("sent", count(probes.sent)), ("failed", count(probes.failed))])
  }

  private static func count(_ count: Int) -> JSONValue { .integer(Int64(count)) }

  private static func time(_ span: SimDuration) -> JSONValue { .milliseconds(span.nanoseconds) }
}
