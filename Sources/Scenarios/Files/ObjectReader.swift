import NetSim

/// Reads a list of objects: sizes, and groups of keys for objects with something of their own.
struct ObjectReader {
  private(set) var objects: [ObjectSettings] = []
  /// The origins of objects that name one, by their places.
  private(set) var origins: [Int: ScenarioPlan.Name] = [:]
  private(set) var problems: [OptionError] = []
  /// Objects whose priorities change later, with where that stands.
  var changes: [(object: Int, node: YAMLNode)] = []

  /// Reads the list under a key.
  mutating func read(_ entry: YAMLNode.Entry) {
    let items = entry.value.items ?? []
    if items.isEmpty { fail(entry.value, "\(entry.key): at least one object is wanted") }
    for item in items {
      if item.entries != nil {
        readGroup(item)
      } else if let text = item.text, !text.isEmpty {
        objects += value(item, "object", text, ObjectList.parse) ?? []
      } else {
        fail(item, "an object is a size, or a group of keys such as {size: 30kB}")
      }
      if objects.count > ObjectList.maximumCount {
        fail(item, "a workload has at most \(ObjectList.maximumCount) objects")
        return
      }
    }
    for change in changes { checkChange(change.object, change.node) }
  }

  private mutating func readGroup(_ node: YAMLNode) {
    var object = ObjectSettings(.zero)
    var hasSize = false
    for entry in node.entries ?? [] {
      guard let key = ObjectKey(rawValue: entry.key) else {
        let known = ObjectKey.allCases.map(\.rawValue)
        let near = Wording.nearest(entry.key, among: known)
        let hint = near.map { "did you mean \($0)?" } ?? "there are \(Wording.list(known))"
        problems.append(
          OptionError(
            at: entry.keyPlace,
            message: "\(Wording.excerpt(entry.key)): no such key of an object; \(hint)"))
        continue
      }
      if key == .reprioritize {
        readChange(entry.value, &object)
        continue
      }
      guard let text = Self.text(entry.value, of: key) else {
        fail(entry.value, "\(entry.key): one value is wanted; this is \(entry.value.kind)")
        continue
      }
      hasSize = hasSize || key == .size
      set(key, entry.value, text, &object)
    }
    if !hasSize { fail(node, "an object needs a size") }
    check(object, node)
    objects.append(object)
  }

  /// The text of a key's value; of a list of parts, in one line.
  private static func text(_ node: YAMLNode, of key: ObjectKey) -> String? {
    let items = key == .parts ? node.items ?? [node] : [node]
    let texts = items.compactMap(\.text)
    guard texts.count == items.count, !texts.isEmpty, !texts.contains("") else { return nil }
    return texts.joined(separator: ",")
  }

  /// Finds what does not go together within an object.
  private mutating func check(_ object: ObjectSettings, _ node: YAMLNode) {
    if object.trigger != .complete && object.after == nil {
      fail(node, "at: it says what of another object is waited for, which after names")
    }
    if object.trigger == .hints, let parent = object.after, parent < objects.count,
      objects[parent].response.hintsAfter == nil
    {
      fail(node, "at hints: object \(parent) sends none; it needs hints, as in {hints: 0ms}")
    }
    if object.isPushed && object.after == nil {
      fail(
        node, "push: a server pushes with the object that makes this one wanted, which after names")
    }
    if object.response.declaredLength != nil && object.response.framing != .length {
      fail(node, "content-length: a body with another framing has none (RFC 9112 §6.2)")
    }
    let parts = object.response.parts.reduce(0) { $0 + $1.bytes.bytes }
    if !object.response.parts.isEmpty && parts != object.bytes.bytes {
      fail(
        node,
        "parts: they are \(parts) bytes together, and the object has \(object.bytes.bytes)")
    }
  }

  private mutating func set(
    _ key: ObjectKey, _ node: YAMLNode, _ text: String, _ object: inout ObjectSettings
  ) {
    let name = key.rawValue
    switch key {
    case .size: object.bytes = value(node, name, text, Quantity.size) ?? ByteCount(1)
    case .method: object.method = value(node, name, text, WordChoice.method.parse) ?? .get
    case .request: object.request = value(node, name, text, Quantity.size)
    case .head: object.responseHead = value(node, name, text, Quantity.size)
    case .serverTime: object.serverTime = value(node, name, text, Quantity.duration)
    case .clientTime:
      object.clientTime = value(node, name, text, Quantity.duration) ?? .zero
    case .after: setParent(node, text, &object)
    case .at: object.trigger = value(node, name, text, ResponseText.trigger) ?? .complete
    case .framing:
      object.response.framing = value(node, name, text, WordChoice.framing.parse) ?? .length
    case .contentLength: object.response.declaredLength = value(node, name, text, Quantity.size)
    case .parts: object.response.parts = value(node, name, text, ResponseText.parts) ?? []
    case .hints: object.response.hintsAfter = value(node, name, text, Quantity.duration)
    case .target:
      let isPlain = text.utf8.allSatisfy { (33...126).contains($0) }
      if isPlain {
        object.target = Array(text.utf8)
      } else {
        fail(node, "target: printable ASCII without blanks is wanted (RFC 9112 §3.2)")
      }
    case .urgency, .incremental, .weight, .dependsOn, .exclusive:
      set(key, node, text, &object.priority, among: objects.count)
    case .push: object.isPushed = value(node, name, text, WordChoice.switchWords.parse) ?? false
    case .cached: object.isCached = value(node, name, text, WordChoice.switchWords.parse) ?? false
    case .reprioritize: break  // It is a group.
    case .origin: origins[objects.count] = ScenarioPlan.Name(text: text, place: node.place)
    }
  }

  private mutating func setParent(
    _ node: YAMLNode, _ text: String, _ object: inout ObjectSettings
  ) {
    if objects.isEmpty {
      fail(node, "after \(Wording.excerpt(text)): the first object has none before it")
      return
    }
    let last = UInt64(objects.count - 1)
    object.after = value(node, "after", text) { (text) throws(QuantityError) in
      Int(try Quantity.count(text, of: "the number of an object before this one", in: 0...last))
    }
  }

  mutating func value<Value>(
    _ node: YAMLNode, _ key: String, _ text: String,
    _ read: (String) throws(QuantityError) -> Value
  ) -> Value? {
    do throws(QuantityError) {
      return try read(text)
    } catch {
      fail(node, "\(key) \(Wording.excerpt(text)): \(error.reason)")
      return nil
    }
  }

  mutating func fail(_ node: YAMLNode, _ message: String) {
    problems.append(OptionError(at: node.place, message: message))
  }
}
