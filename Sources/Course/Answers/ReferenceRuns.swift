import NetSim
import Scenarios

/// The runs of a lesson: its scenario, under the names that its file gives to variants of it. Each is
/// run once, when something asks for it.
public final class ReferenceRuns {
  /// A finished run.
  public struct Run {
    /// What was run.
    public let scenario: Scenario
    /// What it came to.
    public let report: RunReport
    /// What happened.
    public let log: EventLog
    /// What it measures.
    public let probes: Probes
  }

  private let lesson: Lesson
  private let presets: String?
  private var runs: [String: Run] = [:]

  /// The runs of `lesson`; `presets` is the folder of scenario files that can be included by name.
  public init(_ lesson: Lesson, presets: String?) {
    self.lesson = lesson
    self.presets = presets
  }

  /// The run of that name.
  public func run(_ name: String) throws(Expression.Failure) -> Run {
    if let run = runs[name] { return run }
    let run = try run(name, changed: [])
    runs[name] = run
    return run
  }

  /// The run of that name with further options.
  public func run(
    _ name: String, changed: [(name: String, value: String)]
  ) throws(Expression.Failure) -> Run {
    ReferenceRuns.run(try scenario(name, changed: changed))
  }

  /// The scenario of the run of that name, with further options.
  func scenario(
    _ name: String, changed: [(name: String, value: String)] = []
  ) throws(Expression.Failure) -> Scenario {
    guard let changes = lesson.runs[name] else {
      let known = lesson.runs.keys.sorted().joined(separator: ", ")
      throw Expression.Failure(message: "\(name): no run of that name; there are \(known)")
    }
    var builder = ScenarioFile(node: lesson.scenario, presets: presets).builder
    do {
      for (name, value) in changes + changed { try builder.set(name, value) }
      return try builder.build()
    } catch {
      throw Expression.Failure(message: error.text)
    }
  }

  /// Runs a scenario with everything logged.
  public static func run(_ scenario: Scenario) -> Run {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let log = simulator.log
    return Run(
      scenario: scenario, report: report, log: log, probes: Probes(scenario, report, log))
  }

  /// The value of a formula, with `values` and the runs `extra` beside the lesson's own.
  public func value(
    of expression: Expression, _ values: [String: Double] = [:], extra: [String: Run] = [:]
  ) throws(Expression.Failure) -> Double {
    try expression.value { (name) throws(Expression.Failure) in
      if let value = values[name] { return value }
      guard let dot = name.firstIndex(of: ".") else {
        throw Expression.Failure(
          message: "\(name): a value is written RUN.NAME, such as page.complete_ms")
      }
      let probe = String(name[name.index(after: dot)...])
      let run = String(name[..<dot])
      if let given = extra[run] { return try given.probes.value(probe) }
      if let value = try self.lesson.storyValue(run, probe) { return value }
      return try self.run(run).probes.value(probe)
    }
  }
}
