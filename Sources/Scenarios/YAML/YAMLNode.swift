/// A value of a YAML file with its place.
package struct YAMLNode: Sendable {
  /// What it is.
  package indirect enum Content: Sendable {
    /// Text, without its quotation marks.
    case scalar(String)
    /// Values in order.
    case sequence([YAMLNode])
    /// Values by name, in the order of the file; names differ.
    case mapping([Entry])
  }

  /// A value with its name.
  package struct Entry: Sendable {
    package let key: String
    package let keyPlace: SourcePlace
    package let value: YAMLNode
  }

  package let content: Content
  package let place: SourcePlace

  /// What it is, for errors.
  package var kind: String {
    switch content {
    case .scalar("~"), .scalar("null"), .scalar(""): "nothing"
    case .scalar: "a plain value"
    case .sequence: "a list"
    case .mapping(let entries): entries.isEmpty ? "an empty group" : "a group of keys"
    }
  }

  /// Its text, where it is text.
  package var text: String? { if case .scalar(let text) = content { text } else { nil } }

  /// Its values, where it is a list.
  package var items: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }

  /// Its values by name, where it is a mapping.
  package var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// The value of that name, where it is a mapping that has one.
  package subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }
}
