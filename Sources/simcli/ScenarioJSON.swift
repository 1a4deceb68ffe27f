import NetSim
import Scenarios
import Timelines

/// All that was in force in a scenario as JSON, by the sections of a scenario file.
enum ScenarioJSON {
  /// The options of `scenario`, each at its place in a scenario file.
  static func value(_ scenario: Scenario) -> JSONValue {
    var root = Node()
    for section in ScenarioDescription(scenario).sections {
      for entry in section.entries {
        root.set(entry.value, at: ScenarioOption(for: entry.name).filePath[...])
      }
    }
    return root.value
  }

  /// An object that is being put together.
  private struct Node {
    var children: [(key: String, node: Node)] = []
    var text: String?

    mutating func set(_ text: String, at path: ArraySlice<String>) {
      guard let key = path.first else {
        self.text = text
        return
      }
      if let index = children.firstIndex(where: { $0.key == key }) {
        children[index].node.set(text, at: path.dropFirst())
      } else {
        var node = Node()
        node.set(text, at: path.dropFirst())
        children.append((key, node))
      }
    }

    var value: JSONValue {
      text.map { .string($0) } ?? .object(children.map { ($0.key, $0.node.value) })
    }
  }
}
