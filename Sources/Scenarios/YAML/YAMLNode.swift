/// A value of a YAML file with its place.
struct YAMLNode {
  /// What it is.
  indirect enum Content {
    /// Text, without its quotation marks.
    case scalar(String)
    /// Values in order.
    case sequence([YAMLNode])
    /// Values by name, in the order of the file; names differ.
    case mapping([Entry])
  }

  /// A value with its name.
  struct Entry {
    let key: String
    let keyPlace: SourcePlace
    let value: YAMLNode
  }

  let content: Content
  let place: SourcePlace

  /// What it is, for errors.
  var kind: String {
    switch content {
    case .scalar(let text): text.isEmpty ? "nothing" : "a plain value"
    case .sequence: "a list"
    case .mapping: "a group of keys"
    }
  }

  /// Its text, where it is text.
  var text: String? { if case .scalar(let text) = content { text } else { nil } }

  /// Its values, where it is a list.
  var items: [YAMLNode]? { if case .sequence(let items) = content { items } else { nil } }

  /// Its values by name, where it is a mapping.
  var entries: [Entry]? { if case .mapping(let entries) = content { entries } else { nil } }

  /// The value of that name, where it is a mapping that has one.
  subscript(key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }
}
