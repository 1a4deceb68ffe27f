/// The streams of which a server has something to send, or may have, in the order of its scheduler.
struct StreamQueue {
  let scheduler: StreamScheduler
  /// How many they are.
  private(set) var count = 0
  /// Those of `roundRobin` and `sequential`, in the order of service.
  private var turns = RingBuffer<UInt32>()
  private var urgencies = UrgencyQueue()
  private(set) var tree: PriorityTree
  /// Streams that wait for the window of the connection, where they have an order of their own.
  private var held = RingBuffer<UInt32>()

  init(_ settings: HTTP2EndPolicy) {
    scheduler = settings.scheduler
    // RFC 7540 §5.3.4: state for as many streams as may be open, at least.
    tree = settings.maxConcurrentStreams.map { PriorityTree(mostRetained: $0) } ?? PriorityTree()
  }

  /// A queue without dependencies and weights.
  init(_ scheduler: StreamScheduler) {
    self.scheduler = scheduler
    tree = PriorityTree()
  }

  /// Whether priorities have a say.
  private var isRanked: Bool { scheduler == .urgency || scheduler == .tree }

  @inline(__always)
  var isEmpty: Bool { count == 0 }

  /// The stream that is to send next; nil where none is, or all wait for the connection's window.
  @inline(__always)
  var first: UInt32? {
    switch scheduler {
    case .roundRobin, .sequential: turns.first
    case .urgency: urgencies.first
    case .tree: tree.next
    }
  }

  // MARK: Priorities

  /// A request came, with what its client says of it.
  mutating func open(_ stream: UInt32, _ field: HTTPPriority, _ priority: HTTP2Priority?) {
    switch scheduler {
    case .roundRobin, .sequential: break
    case .urgency:
      if field != HTTPPriority() { urgencies.set(field, of: stream, isWaiting: false) }
    case .tree: try? tree.open(stream, priority)
    }
  }

  /// A client says something else of a stream (RFC 9218 §7.1). `isWaiting` tells whether the stream is
  /// here.
  mutating func update(_ stream: UInt32, _ field: HTTPPriority, isWaiting: Bool) {
    guard scheduler == .urgency else { return }
    urgencies.set(field, of: stream, isWaiting: isWaiting && !isHeld(stream))
  }

  /// The same in the words of RFC 7540 §5.3.3.
  mutating func update(_ stream: UInt32, _ priority: HTTP2Priority) {
    if scheduler == .tree { try? tree.reprioritize(stream, priority) }
  }

  private func isHeld(_ stream: UInt32) -> Bool {
    for index in 0..<held.count where held[index] == stream { return true }
    return false
  }

  // MARK: Turns

  /// Adds a stream. Returns whether it was taken: a tree takes none that has sent its last.
  mutating func add(_ stream: UInt32) -> Bool {
    if scheduler == .tree && !tree.isOpen(stream) { return false }
    count += 1
    enter(stream)
    return true
  }

  private mutating func enter(_ stream: UInt32) {
    switch scheduler {
    case .roundRobin, .sequential: turns.append(stream)
    case .urgency: urgencies.add(stream)
    case .tree: tree.setReady(stream, true)
    }
  }

  /// Takes out the first stream.
  private mutating func leave(_ stream: UInt32) {
    switch scheduler {
    case .roundRobin, .sequential: _ = turns.removeFirst()
    case .urgency: urgencies.remove(stream)
    case .tree: tree.setReady(stream, false)
    }
  }

  /// The first stream has nothing to send, or its own window is used up.
  mutating func drop(_ stream: UInt32) {
    leave(stream)
    count -= 1
  }

  /// A stream is reset; `isWaiting` tells whether it is here.
  mutating func close(_ stream: UInt32, isWaiting: Bool) {
    if isWaiting {
      count -= 1
      if isHeld(stream) {
        held.remove(stream)
      } else {
        switch scheduler {
        case .roundRobin, .sequential: turns.remove(stream)
        case .urgency: urgencies.remove(stream)
        case .tree: break
        }
      }
    }
    if scheduler == .tree { tree.close(stream) }
  }

  /// The connection's window keeps the first stream from sending; others may have what needs none.
  mutating func hold(_ stream: UInt32) {
    leave(stream)
    if isRanked { held.append(stream) } else { turns.append(stream) }
  }

  /// The connection has window again.
  mutating func release() {
    while !held.isEmpty { enter(held.removeFirst()) }
  }

  /// The first stream has sent, and has more or not.
  mutating func endTurn(of stream: UInt32, bytes: Int64, isDone: Bool) {
    if isDone { drop(stream) }
    switch scheduler {
    case .sequential: break
    case .roundRobin: if !isDone { turns.append(turns.removeFirst()) }
    case .urgency: if !isDone { urgencies.endTurn(of: stream) }
    case .tree:
      tree.charge(stream, bytes: bytes)
      if isDone { tree.close(stream) }
    }
  }
}
