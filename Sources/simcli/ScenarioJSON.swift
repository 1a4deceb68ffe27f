import NetSim
import Scenarios
import Timelines

/// All that was in force in a scenario as JSON, by the keys of a scenario file.
enum ScenarioJSON {
  /// `scenario` as a scenario file would have it.
  static func value(_ scenario: Scenario, names: ScenarioNames?) -> JSONValue {
    value(ScenarioDescription(scenario, names: names).root)
  }

  private static func value(_ node: DescriptionNode) -> JSONValue {
    switch node {
    case .text(let text): .string(text)
    case .list(let items): .array(items.map(value))
    case .group(let entries): .object(entries.map { ($0.key, value($0.node)) })
    }
  }
}
