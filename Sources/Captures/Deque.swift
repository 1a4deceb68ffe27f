/// A queue of plain values with two ends, of which any can be looked at and changed in place: a ring
/// that grows by doubling.
///
/// An array would do, but that it looks with each change whether it is its storage's only owner, and
/// moves all the rest when its first element goes. An index outside traps, as an array's does.
struct Deque<Element: BitwiseCopyable>: ~Copyable {
  private var storage: UnsafeMutablePointer<Element>
  /// One less than the capacity, which is a power of two; −1 before there is any.
  private var mask = -1
  private var head = 0
  private(set) var count = 0

  /// An empty queue, which takes next to no memory.
  init() { storage = .allocate(capacity: 0) }

  deinit { storage.deallocate() }

  /// The element at `index`, from 0 at the front.
  subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(address(of: index)) }
    @inline(__always) unsafeMutableAddress { address(of: index) }
  }

  @inline(__always)
  private func address(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index outside the queue")
    return storage + (head &+ index) & mask
  }

  /// Adds an element at the back. Amortised O(1).
  @inline(__always)
  mutating func append(_ element: Element) {
    if count > mask { grow() }
    (storage + (head &+ count) & mask).initialize(to: element)
    count &+= 1
  }

  /// Takes elements away at the front. O(1).
  @inline(__always)
  mutating func removeFirst(_ number: Int) {
    precondition(number >= 0 && number <= count, "more than the queue has")
    head = (head &+ number) & mask
    count &-= number
  }

  /// Puts an element before the one at `index`. O(n).
  mutating func insert(_ element: Element, at index: Int) {
    append(element)
    var place = count - 1
    while place > index {
      self[place] = self[place - 1]
      place -= 1
    }
    self[index] = element
  }

  /// Gives memory back beyond what the elements need.
  mutating func shrink() {
    var capacity = 4
    while capacity < count { capacity *= 2 }
    if capacity <= mask { move(to: capacity) }
  }

  private mutating func grow() { move(to: max((mask + 1) * 2, 4)) }

  private mutating func move(to capacity: Int) {
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    for index in 0..<count { (moved + index).initialize(to: self[index]) }
    storage.deallocate()
    storage = moved
    mask = capacity - 1
    head = 0
  }
}
