/// The priorities of RFC 7540: streams depend on streams, and those that depend on one share by weight
/// what it does not use (RFC 7540 §5.3).
///
///          0                  A stream is served when it and none of the streams above it can send.
///         ╱ ╲                 Here B and C share by 4 : 12 what A leaves, and A shares with E.
///        A   E
///       ╱ ╲
///      B:4 C:12
///
/// Sharing is by virtual time: a stream's grows by what is sent of it and below it, divided by its
/// weight, and of streams side by side the one with the least goes first. Who had nothing to send begins
/// where the others are. Everything is counted in integers, remainders are kept.
///
/// Streams that have ended, and those that are only named so far, stay for a while, but not more of
/// them than `mostRetained` (RFC 7540 §5.3.4).
public struct PriorityTree: Sendable {
  /// The weight of a stream of which nothing is said (RFC 7540 §5.3.5).
  public static let defaultWeight = 16

  /// How many streams that are idle or closed it keeps.
  public let mostRetained: Int

  /// The root, stream 0, stands first.
  private var nodes = [PriorityNode(stream: 0, parent: 0, weight: defaultWeight)]
  /// Where streams stand in `nodes`, by their numbers.
  private var places: [(stream: UInt32, node: Int)] = []
  /// Places in `nodes` that are free.
  private var free: [Int] = []
  /// Streams that are kept although they are idle or closed, the oldest first.
  private var retained: [UInt32] = []

  /// A tree of nothing but the root.
  public init(mostRetained: Int = 100) { self.mostRetained = mostRetained }

  // MARK: Priorities

  /// The priority that all streams have at first (RFC 7540 §5.3.5).
  public static var standard: HTTP2Priority {
    HTTP2Priority(dependency: 0, isExclusive: false, weightLessOne: UInt8(defaultWeight - 1))
  }

  /// A stream opens, with the priority in its HEADERS or, where there is none, the one that it was given
  /// before, or the default.
  ///
  /// Throws where it depends on itself; it is open then, with its default.
  public mutating func open(
    _ stream: UInt32, _ priority: HTTP2Priority? = nil
  ) throws(HTTP2Error) {
    precondition(stream > 0, "the root is no stream")
    let node = place(of: stream) ?? add(stream)
    nodes[node].isActive = true
    retained.removeAll { $0 == stream }
    if let priority { try reprioritize(stream, priority) }
  }

  /// Gives a stream another priority, as PRIORITY does. One that was never heard of is kept as idle, one
  /// that is forgotten as well (RFC 7540 §5.3.4).
  ///
  /// Throws where it is to depend on itself; then nothing changes.
  public mutating func reprioritize(
    _ stream: UInt32, _ priority: HTTP2Priority
  ) throws(HTTP2Error) {
    // RFC 7540 §5.3.1: a stream cannot depend on itself.
    if priority.dependency == stream { throw HTTP2Error(.selfDependency, .stream(stream)) }
    let isNew = place(of: stream) == nil
    let node = place(of: stream) ?? add(stream)
    // RFC 7540 §5.3.1: who depends on what is not in the tree gets the default.
    let known = place(of: priority.dependency)
    let wanted = known == nil ? Self.standard : priority
    nodes[node].weight = Int(wanted.weightLessOne) + 1
    move(node, under: known ?? 0, isExclusive: wanted.isExclusive)
    if isNew { retain(stream) }
  }

  private mutating func move(_ node: Int, under parent: Int, isExclusive: Bool) {
    // Nothing moves, so that nobody gains by saying it again.
    if nodes[node].parent == parent && !isExclusive { return }
    // RFC 7540 §5.3.3: what it is to depend on takes its place, if that depended on it.
    if isAbove(node, parent) { attach(parent, to: nodes[node].parent) }
    attach(node, to: parent)
    guard isExclusive else { return }
    var child = nodes[parent].firstChild
    while let next = child {
      child = nodes[next].nextSibling
      if next != node { attach(next, to: node) }
    }
  }

  /// Whether a stream is open.
  public func isOpen(_ stream: UInt32) -> Bool {
    place(of: stream).map { nodes[$0].isActive } ?? false
  }

  /// A stream has sent its last: it sends no more, and is kept for a while.
  public mutating func close(_ stream: UInt32) {
    guard let node = place(of: stream), nodes[node].isActive else { return }
    setReady(stream, false)
    nodes[node].isActive = false
    retain(stream)
  }

  private mutating func retain(_ stream: UInt32) {
    retained.append(stream)
    if retained.count > mostRetained { remove(retained.removeFirst()) }
  }

  /// Forgets a stream: what depended on it depends on what it depended on, and shares its weight
  /// (RFC 7540 §5.3.4).
  private mutating func remove(_ stream: UInt32) {
    guard let node = place(of: stream) else { return }
    let (parent, weight) = (nodes[node].parent, nodes[node].weight)
    var sum = 0
    var child = nodes[node].firstChild
    while let next = child {
      sum += nodes[next].weight
      child = nodes[next].nextSibling
    }
    while let next = nodes[node].firstChild {
      nodes[next].weight = max(weight * nodes[next].weight / sum, 1)
      attach(next, to: parent)
    }
    detach(node)
    free.append(node)
    places.remove(at: places.partitionIndex { $0.stream >= stream })
  }

  // MARK: Service

  /// Says whether a stream, which must be open, has something that it may send.
  public mutating func setReady(_ stream: UInt32, _ isReady: Bool) {
    guard let node = place(of: stream), nodes[node].isReady != isReady else { return }
    precondition(nodes[node].isActive, "a stream that is not open has nothing to send")
    nodes[node].isReady = isReady
    addReady(isReady ? 1 : -1, from: node)
  }

  /// The stream that is to send next; nil where none has anything. O(streams beside each other × depth).
  public var next: UInt32? {
    if nodes[0].readyCount == 0 { return nil }
    var node = 0
    while !nodes[node].isReady { node = nextChild(of: node) }
    return nodes[node].stream
  }

  /// Notes that bytes of a stream were sent, which the streams above it are charged, too.
  public mutating func charge(_ stream: UInt32, bytes: Int64) {
    guard var node = place(of: stream) else { return }
    while node > 0 {
      let parent = nodes[node].parent
      nodes[parent].now = max(nodes[parent].now, nodes[node].time)
      nodes[node].charge(bytes)
      node = parent
    }
  }

  private func nextChild(of parent: Int) -> Int {
    var best: Int?
    var child = nodes[parent].firstChild
    while let next = child {
      child = nodes[next].nextSibling
      guard nodes[next].readyCount > 0 else { continue }
      if let found = best, !nodes[next].isBefore(nodes[found]) { continue }
      best = next
    }
    guard let best else { preconditionFailure("a stream is said to be ready, and is not there") }
    return best
  }

  /// Counts streams that are ready, in a node and in those above. One that had none begins where its
  /// neighbours are.
  private mutating func addReady(_ change: Int, from first: Int) {
    if change == 0 { return }
    var node = first
    while true {
      let parent = nodes[node].parent
      if nodes[node].readyCount == 0 && node > 0 {
        nodes[node].time = max(nodes[node].time, nodes[parent].now)
      }
      nodes[node].readyCount += change
      if node == 0 { return }
      node = parent
    }
  }

  // MARK: The tree

  /// The stream that a stream depends on, 0 for none; nil where it is not in the tree.
  public func dependency(of stream: UInt32) -> UInt32? {
    place(of: stream).map { nodes[nodes[$0].parent].stream }
  }

  /// A stream's weight; nil where it is not in the tree.
  public func weight(of stream: UInt32) -> Int? { place(of: stream).map { nodes[$0].weight } }

  /// The streams that depend on a stream, or on 0, by their numbers.
  public func dependents(of stream: UInt32) -> [UInt32] {
    guard let node = place(of: stream) else { return [] }
    var streams: [UInt32] = []
    var child = nodes[node].firstChild
    while let next = child {
      streams.append(nodes[next].stream)
      child = nodes[next].nextSibling
    }
    return streams.sorted()
  }

  /// How many streams it has.
  public var count: Int { places.count }

  private func place(of stream: UInt32) -> Int? {
    if stream == 0 { return 0 }
    let index = places.partitionIndex { $0.stream >= stream }
    return index < places.count && places[index].stream == stream ? places[index].node : nil
  }

  /// Adds a stream with its default priority.
  private mutating func add(_ stream: UInt32) -> Int {
    let node = PriorityNode(stream: stream, parent: 0, weight: Self.defaultWeight)
    let place: Int
    if let old = free.popLast() {
      nodes[old] = node
      place = old
    } else {
      nodes.append(node)
      place = nodes.count - 1
    }
    places.insert((stream, place), at: places.partitionIndex { $0.stream >= stream })
    link(place, under: 0)
    return place
  }

  /// Whether a node stands above another.
  private func isAbove(_ node: Int, _ other: Int) -> Bool {
    var above = other
    while above > 0 {
      above = nodes[above].parent
      if above == node { return node > 0 }
    }
    return false
  }

  /// Moves a node with all that depends on it.
  private mutating func attach(_ node: Int, to parent: Int) {
    detach(node)
    link(node, under: parent)
  }

  private mutating func link(_ node: Int, under parent: Int) {
    nodes[node].parent = parent
    nodes[node].nextSibling = nodes[parent].firstChild
    nodes[node].previousSibling = nil
    if let next = nodes[parent].firstChild { nodes[next].previousSibling = node }
    nodes[parent].firstChild = node
    nodes[node].begin(at: nodes[parent].now)
    addReady(nodes[node].readyCount, from: parent)
  }

  private mutating func detach(_ node: Int) {
    let (parent, previous, next) = (
      nodes[node].parent, nodes[node].previousSibling, nodes[node].nextSibling
    )
    addReady(-nodes[node].readyCount, from: parent)
    if let previous { nodes[previous].nextSibling = next } else { nodes[parent].firstChild = next }
    if let next { nodes[next].previousSibling = previous }
  }
}

/// A stream in the tree.
struct PriorityNode: Sendable {
  /// What a byte adds to the virtual time of a stream of weight 1: the largest weight, so that the time
  /// of every stream grows.
  private static let scale: Int64 = 256

  let stream: UInt32
  var parent: Int
  var firstChild: Int?
  var nextSibling: Int?
  var previousSibling: Int?
  /// 1…256.
  var weight: Int
  /// Whether it is open, and whether it may send now.
  var isActive = false
  var isReady = false
  /// How many streams are ready here and below.
  var readyCount = 0
  /// Its virtual time among those beside it, and what is left of the last division.
  private(set) var remainder: Int64 = 0
  var time: Int64 = 0
  /// The virtual time of those that depend on it.
  var now: Int64 = 0

  init(stream: UInt32, parent: Int, weight: Int) {
    self.stream = stream
    self.parent = parent
    self.weight = weight
  }

  /// Whether it goes first. Whoever came first does among equals.
  func isBefore(_ other: PriorityNode) -> Bool {
    time == other.time ? stream < other.stream : time < other.time
  }

  mutating func charge(_ bytes: Int64) {
    let (more, left) = (bytes * Self.scale + remainder).quotientAndRemainder(
      dividingBy: Int64(weight))
    time += more
    remainder = left
  }

  /// Begins beside others, where these are.
  mutating func begin(at time: Int64) {
    self.time = time
    remainder = 0
  }
}
