/// What is due, in the order of time: a 4-ary heap of packed 128-bit keys.
///
/// A key holds the time (64 bits), a sequence number (32) that breaks ties in the order of
/// scheduling, and the target (32): the component that is due, named by its place in its typed
/// pool. There is no allocation once the heap has grown to its working size, and no cancelling: a
/// component that is woken too early looks at its own deadline and schedules itself again.
///
/// `schedule` and `next` take O(log n). An event that was taken out leaves its place at the root
/// vacant: nearly always the component that it woke schedules its next one, which goes down from
/// there, and one walk through the heap serves for both.
public struct EventQueue: ~Copyable {
  /// No key: fills the last node up to four children, so that all nodes are alike.
  private static var filler: UInt128 { .max }

  /// The keys, in the first `used` places; the root's four children follow it, and so on.
  private var heap = Pool<UInt128>()
  private var used = 0
  /// Whether the root's event was taken out; what stands there has no meaning then.
  private var rootIsVacant = false
  private var sequence: UInt32 = 0

  /// An empty queue.
  public init() { heap.append(Self.filler) }

  /// How many events are pending.
  public var count: Int { used - (rootIsVacant ? 1 : 0) }

  /// When the next event is due; `never` if none is.
  public var nextTime: SimTime {
    if count == 0 { return .never }
    return Self.time(of: rootIsVacant ? leastOfFour(from: 1).key : heap[0])
  }

  @inline(__always)
  private static func time(of key: UInt128) -> SimTime {
    SimTime(nanoseconds: Int64(truncatingIfNeeded: key >> 64))
  }

  /// Makes `target` due at `time`, after everything that was made due at that time before.
  ///
  /// `time` must not be negative.
  public mutating func schedule(_ target: UInt32, at time: SimTime) {
    precondition(time.nanoseconds >= 0, "an event before the beginning of time")
    if sequence == .max { renumber() }
    let key =
      UInt128(UInt64(bitPattern: time.nanoseconds)) << 64
      | UInt128(UInt64(sequence) << 32 | UInt64(target))
    sequence += 1
    if rootIsVacant {
      rootIsVacant = false
      siftDown(key)
    } else {
      if used == heap.count {
        for _ in 0..<4 { heap.append(Self.filler) }
      }
      used += 1
      siftUp(from: used - 1, key)
    }
  }

  /// Takes out the event that is due first, if it is due by `limit`.
  @inline(__always)
  public mutating func next(until limit: SimTime = .never) -> (time: SimTime, target: UInt32)? {
    if rootIsVacant { fillRoot() }
    if used == 0 { return nil }
    let first = heap[0]
    let time = Self.time(of: first)
    guard time <= limit else { return nil }
    rootIsVacant = true
    return (time, UInt32(truncatingIfNeeded: first))
  }

  /// Puts the last event into the vacant root, and down from there.
  private mutating func fillRoot() {
    rootIsVacant = false
    used -= 1
    let last = heap[used]
    heap[used] = Self.filler
    if used > 0 { siftDown(last) }
  }

  private mutating func siftUp(from start: Int, _ key: UInt128) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) >> 2
      if heap[parent] <= key { break }
      heap[hole] = heap[parent]
      hole = parent
    }
    heap[hole] = key
  }

  /// Places `key` in the subtree of the root, which is vacant.
  @inline(__always)
  private mutating func siftDown(_ key: UInt128) {
    var hole = 0
    var first = 1
    while first < used {
      let (least, leastKey) = leastOfFour(from: first)
      if key <= leastKey { break }
      heap[hole] = leastKey
      hole = least
      first = hole << 2 + 1
    }
    heap[hole] = key
  }

  /// The least of four siblings, in two rounds. Which child is least is a toss-up that no branch
  /// predictor learns: as selections this takes about half the time of a loop with branches.
  @inline(__always)
  private func leastOfFour(from first: Int) -> (index: Int, key: UInt128) {
    let (key0, key1, key2, key3) = (
      heap[first], heap[first + 1], heap[first + 2], heap[first + 3]
    )
    let leftKey = key1 < key0 ? key1 : key0
    let left = key1 < key0 ? first + 1 : first
    let rightKey = key3 < key2 ? key3 : key2
    let right = key3 < key2 ? first + 3 : first + 2
    return rightKey < leftKey ? (right, rightKey) : (left, leftKey)
  }

  /// Gives the pending events sequence numbers from zero, in their order, before the counter wraps.
  private mutating func renumber() {
    if rootIsVacant { fillRoot() }
    let keys = (0..<used).map { heap[$0] }.sorted()
    for (index, key) in keys.enumerated() {
      let target = UInt64(truncatingIfNeeded: key) & 0xFFFF_FFFF
      heap[index] = (key >> 64) << 64 | UInt128(UInt64(index) << 32 | target)
    }
    sequence = UInt32(used)
  }

  /// Sets the counter that breaks ties, so that a test can reach the point where it is renewed.
  mutating func setSequenceForTesting(_ value: UInt32) { sequence = value }
}
