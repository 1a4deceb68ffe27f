/// Runs a scenario. (Placeholder: the interface stands, the run does not yet.)
public struct Simulator: ~Copyable {
  /// What happened so far.
  public private(set) var log: EventLog

  /// A simulator about to run `scenario`, keeping a log of the given level.
  public init(_ scenario: Scenario, level: EventLog.Level = .everything) {
    log = EventLog(level: level)
  }

  /// Runs until nothing is left to happen, or the scenario's time limit.
  public mutating func run() -> RunReport {
    RunReport(
      fingerprint: log.fingerprint, complete: nil, connections: [], requests: [], events: 0)
  }
}
