/// What a client says of the order of an object's response.
public struct ObjectPriority: Equatable, Sendable {
  /// In the words of RFC 9218, which clients send as a field of the request where it is not the default.
  public var field = HTTPPriority()
  /// The object, by its place in the list and before this one, whose stream this one's depends on; nil
  /// for none. This and what follows are the words of RFC 7540, which only clients of
  /// `StreamScheduler.tree` use.
  public var dependsOn: Int?
  /// Whether it becomes the only one that depends on that (RFC 7540 §5.3.1).
  public var isExclusive = false
  /// 1…256 (RFC 7540 §5.3.2).
  public var weight = PriorityTree.defaultWeight

  /// The one that everything has of which nothing is said.
  public init() {}

  /// Whether it says anything in the words of RFC 7540.
  public var usesTree: Bool {
    dependsOn != nil || isExclusive || weight != PriorityTree.defaultWeight
  }
}

/// A priority that a client gives to a response later (RFC 9218 §6, RFC 7540 §5.3.3).
public struct Reprioritization: Equatable, Sendable {
  /// How long after its request.
  public var after: SimDuration
  /// The priority from then on.
  public var priority: ObjectPriority

  /// A priority for later.
  public init(after: SimDuration, _ priority: ObjectPriority) {
    self.after = after
    self.priority = priority
  }
}
