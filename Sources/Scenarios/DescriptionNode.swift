/// A described scenario, or a part of it, as a scenario file and JSON have it.
public indirect enum DescriptionNode: Equatable, Sendable {
  /// A value as options take it.
  case text(String)
  /// Values in order.
  case list([DescriptionNode])
  /// Values by name, in order.
  case group([Entry])

  /// A value with its name.
  public struct Entry: Equatable, Sendable {
    /// The name.
    public var key: String
    /// The value.
    public var node: DescriptionNode

    /// A value with its name.
    public init(_ key: String, _ node: DescriptionNode) {
      self.key = key
      self.node = node
    }
  }

  var isText: Bool { if case .text = self { true } else { false } }

  /// A group of the entries that have something to say.
  static func section(_ key: String, _ entries: [Entry]) -> [Entry] {
    entries.isEmpty ? [] : [Entry(key, .group(entries))]
  }
}
