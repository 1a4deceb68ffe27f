/// Which objects of a client become wanted when which others are complete, or on their way.
struct ObjectOrder {
  /// The first object that waits for each to be complete, then the next that waits for the same; −1 at
  /// the end. The entry after the last object's is of those that wait for the client's start.
  private var first: [Int32]
  private var next: [Int32]
  /// Objects that wait for less than another's completion, by that other, then by what comes first
  /// of it.
  private var early: [EarlyObject] = []

  private struct EarlyObject {
    let parent: Int32
    let ordinal: Int32
    /// The bytes of the parent's body that it waits for; −1 for the hints before it.
    let offset: Int64
  }

  init(_ settings: ClientSettings) {
    let count = settings.objects.count
    first = Array(repeating: -1, count: count + 1)
    next = Array(repeating: -1, count: count)
    for ordinal in (0..<count).reversed() {
      let parent = settings.parent(of: ordinal) ?? count
      precondition(
        parent == count || parent < ordinal, "an object waits for one that is not before it")
      let trigger = settings.objects[ordinal].trigger
      if trigger != .complete && parent < count {
        early.append(Self.early(ordinal, parent, trigger))
        continue
      }
      next[ordinal] = first[parent]
      first[parent] = Int32(ordinal)
    }
    early.sort { ($0.parent, $0.offset, $0.ordinal) < ($1.parent, $1.offset, $1.ordinal) }
  }

  private static func early(_ ordinal: Int, _ parent: Int, _ trigger: Trigger) -> EarlyObject {
    var offset: Int64 = -1
    if case .bytes(let bytes) = trigger { offset = bytes.bytes }
    return EarlyObject(parent: Int32(parent), ordinal: Int32(ordinal), offset: offset)
  }

  /// The first object that waits for `parent`, or for the client's start if that is nil.
  func first(after parent: Int?) -> Int? { index(first[parent ?? first.count - 1]) }

  /// The next object that waits for the same as `ordinal`.
  func next(after ordinal: Int) -> Int? { index(next[ordinal]) }

  /// The objects that wait for less than the completion of `parent`, what comes first of it first.
  func early(after parent: Int) -> [Int] {
    if early.isEmpty { return [] }
    var ordinals: [Int] = []
    var index = firstEarly(after: parent)
    while index < early.count && early[index].parent == parent {
      ordinals.append(Int(early[index].ordinal))
      index += 1
    }
    return ordinals
  }

  /// The `rank`-th of those objects.
  func early(after parent: Int, _ rank: Int) -> Int? {
    if early.isEmpty { return nil }
    let index = firstEarly(after: parent) + rank
    guard index < early.count, early[index].parent == parent else { return nil }
    return Int(early[index].ordinal)
  }

  /// Whether any object waits for less than the completion of `parent`.
  func hasEarly(after parent: Int) -> Bool { early(after: parent, 0) != nil }

  private func firstEarly(after parent: Int) -> Int {
    early.partitionIndex { $0.parent >= parent }
  }

  private func index(_ value: Int32) -> Int? { value < 0 ? nil : Int(value) }
}
