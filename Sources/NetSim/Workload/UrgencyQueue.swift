/// Streams in the order of RFC 9218 §10: the most urgent first; of the same urgency those that are not
/// incremental one after the other, by their numbers, and the incremental ones by turns.
///
/// Where both kinds have the same urgency, those that are not incremental together have one turn, so
/// that neither kind keeps the other from the connection, which the RFC warns of.
struct UrgencyQueue {
  /// One urgency.
  private struct Level {
    /// Incremental streams in the order of their turns; 0 is the turn of the others.
    var turns = RingBuffer<UInt32>()
    var ordered = StreamHeap()

    var first: UInt32? { turns.first.flatMap { $0 == 0 ? ordered.first : $0 } }
  }

  private var levels: [Level] = []
  /// What is known of streams, by their numbers; those behind the end have the default.
  private var priorities: [HTTPPriority] = []
  /// The stream that is to send next, looked for where streams come, go and take turns.
  private(set) var first: UInt32?

  /// The priority of a stream.
  private func priority(of stream: UInt32) -> HTTPPriority {
    let index = Int(stream)
    return index < priorities.count ? priorities[index] : HTTPPriority()
  }

  /// Gives a stream its priority; `isWaiting` tells whether it is in the queue.
  mutating func set(_ priority: HTTPPriority, of stream: UInt32, isWaiting: Bool) {
    if isWaiting { remove(stream) }
    let index = Int(stream)
    while priorities.count <= index { priorities.append(HTTPPriority()) }
    priorities[index] = priority
    if isWaiting { add(stream) }
  }

  private mutating func findFirst() {
    for level in levels {
      first = level.first
      if first != nil { return }
    }
  }

  mutating func add(_ stream: UInt32) {
    defer { findFirst() }
    if levels.isEmpty {
      levels = Array(repeating: Level(), count: Int(HTTPPriority.mostUrgency) + 1)
    }
    let priority = priority(of: stream)
    let urgency = Int(priority.urgency)
    if priority.isIncremental {
      levels[urgency].turns.append(stream)
    } else {
      if levels[urgency].ordered.isEmpty { levels[urgency].turns.append(0) }
      levels[urgency].ordered.insert(stream)
    }
  }

  /// Takes a stream out.
  mutating func remove(_ stream: UInt32) {
    defer { findFirst() }
    let priority = priority(of: stream)
    let urgency = Int(priority.urgency)
    if priority.isIncremental { return takeTurn(of: stream, at: urgency) }
    let isFirst = levels[urgency].first == stream
    levels[urgency].ordered.remove(stream)
    if levels[urgency].ordered.isEmpty {
      takeTurn(of: 0, at: urgency)
    } else if isFirst {
      passTurn(at: urgency)
    }
  }

  /// Takes a turn out; that of the first, at once.
  private mutating func takeTurn(of stream: UInt32, at urgency: Int) {
    if levels[urgency].turns.first == stream {
      _ = levels[urgency].turns.removeFirst()
      return
    }
    for _ in 0..<levels[urgency].turns.count {
      let turn = levels[urgency].turns.removeFirst()
      if turn != stream { levels[urgency].turns.append(turn) }
    }
  }

  /// The first stream had its turn, and has more.
  mutating func endTurn(of stream: UInt32) { passTurn(at: Int(priority(of: stream).urgency)) }

  private mutating func passTurn(at urgency: Int) {
    if levels[urgency].turns.count < 2 { return }
    levels[urgency].turns.append(levels[urgency].turns.removeFirst())
    findFirst()
  }
}

/// Streams by their numbers, the lowest first: a binary heap.
struct StreamHeap {
  private var streams: [UInt32] = []

  var isEmpty: Bool { streams.isEmpty }
  var first: UInt32? { streams.first }

  /// Adds a stream. O(log n).
  mutating func insert(_ stream: UInt32) {
    streams.append(stream)
    rise(from: streams.count - 1)
  }

  /// Takes a stream out: the first in O(log n), any other in O(n).
  mutating func remove(_ stream: UInt32) {
    guard let place = streams.first == stream ? 0 : streams.firstIndex(of: stream),
      let last = streams.popLast()
    else { return }
    if place == streams.count { return }
    streams[place] = last
    sink(from: place)
    rise(from: place)
  }

  private mutating func rise(from place: Int) {
    var child = place
    while child > 0, streams[child] < streams[(child - 1) / 2] {
      streams.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func sink(from place: Int) {
    var parent = place
    while parent * 2 + 1 < streams.count {
      var child = parent * 2 + 1
      if child + 1 < streams.count && streams[child + 1] < streams[child] { child += 1 }
      if streams[parent] <= streams[child] { return }
      streams.swapAt(parent, child)
      parent = child
    }
  }
}
