import Dispatch
import NetSim
import Synchronization
import Timelines

/// The same scenarios over many seeds, of which nothing but the times is kept.
enum SeedRuns {
  /// How many run at once: their times do not depend on it.
  private static let workers = 2

  /// What the workers share: the next run, the times so far, and the line that tells of them.
  private struct Shared: Sendable {
    var next = 0
    var done = 0
    var times: [SimTime?]
    var progress = Progress()
  }

  /// Runs each scenario with `count` seeds, its own the first. Throws where there are not so many.
  static func compare(
    _ scenarios: [(name: String, scenario: Scenario)], count: Int
  ) throws(Failure) -> SeedComparison {
    let first = scenarios[0].scenario.seed
    if first.addingReportingOverflow(UInt64(count - 1)).overflow {
      throw .usage("--seeds \(count): there are not so many from seed \(first) on")
    }
    let times = times(of: scenarios.map(\.scenario), from: first, count)
    let spreads = scenarios.indices.map { index in
      SeedSpread(scenarios[index].name, times: Array(times[index * count..<(index + 1) * count]))
    }
    return SeedComparison(spreads, from: first)
  }

  /// The times of all runs: those of a scenario one after the other.
  private static func times(
    of scenarios: [Scenario], from first: UInt64, _ count: Int
  ) -> [SimTime?] {
    let total = scenarios.count * count
    let shared = Mutex(Shared(times: Array(repeating: nil, count: total)))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while let run = shared.withLock({ take(&$0, of: total) }) {
        // The seeds of all scenarios in turn, so that the line tells of the whole.
        let place = (run % scenarios.count) * count + run / scenarios.count
        var scenario = scenarios[run % scenarios.count]
        scenario.seed = first + UInt64(run / scenarios.count)
        var simulator = Simulator(scenario, level: .totals)
        let complete = simulator.run().complete
        shared.withLock { state in
          state.times[place] = complete
          state.done += 1
          state.progress.show("\(state.done) of \(total) runs")
        }
      }
    }
    return shared.withLock { state in
      state.progress.clear()
      return state.times
    }
  }

  private static func take(_ shared: inout Shared, of total: Int) -> Int? {
    guard shared.next < total else { return nil }
    defer { shared.next += 1 }
    return shared.next
  }
}
