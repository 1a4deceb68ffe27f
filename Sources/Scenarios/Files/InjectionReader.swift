import NetSim

/// Reads a list of frames that a scenario injects, each a group of keys.
struct InjectionReader {
  private(set) var injections: [HTTP2Injection] = []
  private(set) var problems: [OptionError] = []

  /// Reads the list under a key.
  mutating func read(_ entry: YAMLNode.Entry) {
    let items = entry.value.items ?? []
    if items.isEmpty { fail(entry.value, "\(entry.key): at least one frame is wanted") }
    for item in items { read(item) }
  }

  private mutating func read(_ node: YAMLNode) {
    guard let entries = node.entries else {
      fail(node, "a frame is a group of keys, such as {from: client, after: 120ms, frame: ping}")
      return
    }
    var fields: [InjectionText.Field] = []
    let before = problems.count
    for entry in entries {
      do throws(QuantityError) {
        let key = try InjectionText.key(entry.key)
        guard let text = Self.text(entry.value, of: key), !text.isEmpty else {
          fail(
            entry.value, "\(entry.key): \(Self.wanted(key)) is wanted; this is \(entry.value.kind)")
          continue
        }
        var alone = InjectionFields()
        try alone.take((key, text))
        fields.append((key, text))
      } catch {
        let isUnknown = InjectionText.Key(rawValue: entry.key) == nil
        let text = entry.value.text.map { " " + Wording.excerpt($0) } ?? ""
        problems.append(
          OptionError(
            at: isUnknown ? entry.keyPlace : entry.value.place,
            message: isUnknown ? error.reason : "\(entry.key)\(text): \(error.reason)"))
      }
    }
    guard problems.count == before else { return }
    do throws(QuantityError) {
      injections.append(try InjectionText.frame(fields))
    } catch {
      fail(node, error.reason)
    }
  }

  private static func wanted(_ key: InjectionText.Key) -> String {
    switch key {
    case .flags: "a name or a list of them"
    case .settings: "a group of names and values"
    default: "one value"
    }
  }

  /// The text of a key's value: of a list of flags, and of a group of settings, in one.
  private static func text(_ node: YAMLNode, of key: InjectionText.Key) -> String? {
    var texts = [node.text]
    if key == .flags || key == .settings, let items = node.items { texts = items.map(\.text) }
    if key == .settings, let entries = node.entries {
      texts = entries.map { entry in entry.value.text.map { entry.key + ":" + $0 } }
    }
    let known = texts.compactMap { $0 }
    return known.count == texts.count ? known.joined(separator: InjectionText.mark) : nil
  }

  private mutating func fail(_ node: YAMLNode, _ message: String) {
    problems.append(OptionError(at: node.place, message: message))
  }
}
