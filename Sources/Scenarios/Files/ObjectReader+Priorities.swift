import NetSim

/// What objects say of their order among others.
extension ObjectReader {
  /// Reads a key of a priority; `count` is how many objects it may depend on.
  mutating func set(
    _ key: ObjectKey, _ node: YAMLNode, _ text: String, _ priority: inout ObjectPriority,
    among count: Int
  ) {
    let name = key.rawValue
    switch key {
    case .urgency:
      if let urgency = value(node, name, text, PriorityText.urgency) {
        priority.field.urgency = urgency
      }
    case .incremental:
      priority.field.isIncremental =
        value(node, name, text, WordChoice.switchWords.parse) ?? false
    case .weight:
      priority.weight =
        value(node, name, text, PriorityText.weight) ?? PriorityTree.defaultWeight
    case .exclusive:
      priority.isExclusive = value(node, name, text, WordChoice.switchWords.parse) ?? false
    case .dependsOn: setDependency(node, text, &priority, among: count)
    case .size, .target, .method, .request, .head, .serverTime, .framing, .contentLength, .parts,
      .hints, .push, .cached, .reprioritize, .after, .at, .clientTime, .origin:
      preconditionFailure("a key that is none of priorities")
    }
  }

  private mutating func setDependency(
    _ node: YAMLNode, _ text: String, _ priority: inout ObjectPriority, among count: Int
  ) {
    if text == PriorityText.none {
      priority.dependsOn = nil
    } else if count == 0 {
      fail(
        node, "\(ObjectKey.dependsOn.rawValue) \(Wording.excerpt(text)): there is no other object")
    } else {
      let last = UInt64(count - 1)
      priority.dependsOn = value(node, ObjectKey.dependsOn.rawValue, text) {
        (text) throws(QuantityError) in
        Int(try Quantity.count(text, of: "the number of an object before this one", in: 0...last))
      }
    }
  }

  /// Reads what of an object's priority changes later; it starts from what was said before.
  mutating func readChange(_ node: YAMLNode, _ object: inout ObjectSettings) {
    guard let entries = node.entries else {
      fail(node, "reprioritize: a group of keys is wanted, such as {after: 100ms, urgency: 0}")
      return
    }
    object.reprioritization = Reprioritization(after: .zero, object.priority)
    changes.append((objects.count, node))
    var hasTime = false
    for entry in entries {
      let key = ObjectKey(rawValue: entry.key)
      guard let key, PriorityText.changeKeys.contains(key) else {
        let known = PriorityText.changeKeys.map(\.rawValue)
        let near = Wording.nearest(entry.key, among: known)
        let hint = near.map { "did you mean \($0)?" } ?? "there are \(Wording.list(known))"
        fail(entry.value, "\(Wording.excerpt(entry.key)): no such key of reprioritize; \(hint)")
        continue
      }
      guard let text = entry.value.text, !text.isEmpty else {
        fail(entry.value, "\(entry.key): one value is wanted; this is \(entry.value.kind)")
        continue
      }
      if key == .after {
        hasTime = true
        object.reprioritization?.after = value(node, "after", text, Quantity.duration) ?? .zero
      } else if var priority = object.reprioritization?.priority {
        set(key, entry.value, text, &priority, among: ObjectList.maximumCount)
        object.reprioritization?.priority = priority
      }
    }
    if !hasTime { fail(node, "reprioritize: it needs a time, as in {after: 100ms, urgency: 0}") }
  }

  /// Finds what a change cannot name, once all objects are known.
  mutating func checkChange(_ object: Int, _ node: YAMLNode) {
    guard let parent = objects[object].reprioritization?.priority.dependsOn else { return }
    if parent == object {
      fail(node, "depends-on \(parent): a stream cannot depend on itself (RFC 7540 §5.3.1)")
    } else if parent >= objects.count {
      fail(node, "depends-on \(parent): the last object is \(objects.count - 1)")
    }
  }
}

/// Numbers of priorities.
enum PriorityText {
  /// The word for no dependency.
  static let none = "none"

  /// What may change of a priority, and when.
  static let changeKeys: [ObjectKey] = [
    .after, .urgency, .incremental, .weight, .dependsOn, .exclusive,
  ]

  /// An urgency (RFC 9218 §4.1).
  static func urgency(_ text: String) throws(QuantityError) -> UInt8 {
    UInt8(
      try Quantity.count(text, of: "an urgency", in: 0...UInt64(HTTPPriority.mostUrgency)))
  }

  /// A weight (RFC 7540 §5.3.2).
  static func weight(_ text: String) throws(QuantityError) -> Int {
    Int(try Quantity.count(text, of: "a weight", in: 1...256))
  }
}
