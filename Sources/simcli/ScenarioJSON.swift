import NetSim
import Scenarios
import Timelines

/// All that was in force in a scenario, by sections, as JSON.
enum ScenarioJSON {
  static func value(_ scenario: Scenario) -> JSONValue {
    .object(
      ScenarioDescription(scenario).sections.flatMap { section in
        let entries = section.entries.map { ($0.key, JSONValue.string($0.value)) }
        return section.name.isEmpty ? entries : [(section.name, .object(entries))]
      })
  }
}
