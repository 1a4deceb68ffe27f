import NetSim

/// How long the runs of one protocol took over many seeds.
public struct SeedSpread: Sendable {
  /// The protocol.
  public let name: String
  /// When each seed's run was complete, in the order of the seeds; nil where a request failed.
  public let times: [SimTime?]
  /// What was complete, the fastest first.
  private let ranked: [SimTime]

  /// The runs of `name`, at least one.
  public init(_ name: String, times: [SimTime?]) {
    precondition(!times.isEmpty, "a spread of nothing")
    self.name = name
    self.times = times
    ranked = times.compactMap { $0 }.sorted()
  }

  /// The time that `percent` of the runs did not exceed, by nearest rank: of n runs in their order the
  /// one at percent · n / 100, rounded up. A run that was not complete counts as the longest of all, so
  /// that there may be no such time.
  public func percentile(_ percent: Int) -> SimTime? {
    precondition((1...100).contains(percent), "a percentile lies between 1 and 100")
    let rank = (percent * times.count + 99) / 100
    return rank <= ranked.count ? ranked[rank - 1] : nil
  }

  /// The mean in whole nanoseconds; nil where a run was not complete.
  public var mean: SimTime? {
    guard failures == 0 else { return nil }
    let count = Int64(ranked.count)
    // Summed in parts, so that long runs do not overflow.
    let (whole, rest) = ranked.reduce((0, 0) as (Int64, Int64)) { sum, time in
      (sum.0 + time.nanoseconds / count, sum.1 + time.nanoseconds % count)
    }
    return SimTime(nanoseconds: whole + rest / count)
  }

  /// How many runs were not complete.
  public var failures: Int { times.count - ranked.count }

  /// In how many seeds it was complete before another.
  public func wins(over other: SeedSpread) -> Int {
    zip(times, other.times).filter { own, theirs in
      guard let own else { return false }
      return theirs.map { own < $0 } ?? true
    }.count
  }
}

/// Several protocols over the same seeds.
public struct SeedComparison: Sendable {
  /// One for each protocol.
  public let spreads: [SeedSpread]
  /// The first seed; the others follow it.
  public let firstSeed: UInt64

  /// Spreads over the seeds from `firstSeed` on, at least one.
  public init(_ spreads: [SeedSpread], from firstSeed: UInt64) {
    precondition(!spreads.isEmpty, "a comparison of nothing")
    self.spreads = spreads
    self.firstSeed = firstSeed
  }

  /// How many seeds.
  public var count: Int { spreads[0].times.count }

  /// The seed whose run stands for the others: there the differences to the first protocol, or its
  /// time where it is alone, are nearest to their medians, summed over the protocols.
  public var typicalSeed: UInt64 {
    let first = spreads[0]
    let others = spreads.count == 1 ? [first.times] : spreads.dropFirst().map(\.times)
    var distances = [Double](repeating: 0, count: count)
    for times in others {
      let differences = times.indices.map { index -> Double in
        guard let own = times[index], let base = first.times[index] else { return .infinity }
        return Double(spreads.count == 1 ? own.nanoseconds : own.nanoseconds - base.nanoseconds)
      }
      let median = differences.sorted()[(count + 1) / 2 - 1]
      for index in differences.indices {
        distances[index] += median.isFinite ? abs(differences[index] - median) : 0
      }
    }
    let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
    return firstSeed + UInt64(nearest)
  }

  /// The table as text, each line at most as wide as the style says.
  public func render(_ style: TextStyle) -> String {
    let last = firstSeed + UInt64(count - 1)
    let seeds = count == 1 ? "seed \(firstSeed)" : "seeds \(firstSeed) to \(last)"
    var table = RunTable("how long each took, ms, over \(seeds)", spreads.map(\.name))
    func add(_ name: String, _ value: (SeedSpread) -> String) {
      table.add(name, spreads.map(value))
    }
    func text(_ time: SimTime?) -> String { time.map { Numbers.milliseconds($0) } ?? "no" }
    add("5th percentile") { text($0.percentile(5)) }
    add("median") { text($0.percentile(50)) }
    add("95th percentile") { text($0.percentile(95)) }
    add("mean") { text($0.mean) }
    if spreads.contains(where: { $0.failures > 0 }) {
      add("not complete") { Numbers.grouped(Int64($0.failures)) }
    }
    if spreads.count > 1 {
      add("sooner than first") { $0.name == spreads[0].name ? "" : share($0) }
    }
    let note =
      "The median and its like are the times of runs, by nearest rank. Below is seed \(typicalSeed), "
      + "where what lies between the protocols is nearest to its median: with one seed the packet of "
      + "the same number on a link is lost under each."
    return table.render(style)
      + DisplayWidth.wrapped(note, indent: 1, hanging: 1, width: style.width).map { $0 + "\n" }
      .joined()
  }

  /// In how many of a hundred seeds a protocol was complete before the first one.
  private func share(_ spread: SeedSpread) -> String {
    let tenths = (spread.wins(over: spreads[0]) * 1_000 + count / 2) / count
    return "\(tenths / 10).\(tenths % 10) %"
  }

  /// The comparison with the runs of its typical seed as JSON.
  public func json(_ runs: [JSONValue]) -> JSONValue {
    func time(_ time: SimTime?) -> JSONValue { RunJSON.time(time) }
    let protocols = spreads.map { spread -> JSONValue in
      .object([
        ("protocol", .string(spread.name)),
        (
          "complete_ms",
          .object([
            ("p5", time(spread.percentile(5))), ("p50", time(spread.percentile(50))),
            ("p95", time(spread.percentile(95))), ("mean", time(spread.mean)),
          ])
        ),
        ("failed", .integer(Int64(spread.failures))),
        (
          "won",
          spread.name == spreads[0].name
            ? .null : .integer(Int64(spread.wins(over: spreads[0])))
        ),
      ])
    }
    return .object([
      ("format", .string("netsim.compare/1")), ("seeds", .integer(Int64(count))),
      ("first_seed", .string(String(firstSeed))), ("drawn_seed", .string(String(typicalSeed))),
      ("protocols", .array(protocols)), ("runs", .array(runs)),
    ])
  }
}
