/// A first-in, first-out buffer that reuses its storage: no allocation once it has grown to its
/// working size. Elements are trivial values; places that were left keep their old value.
struct RingBuffer<Element> {
  private var storage: [Element] = []
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// The `index`-th element from the front.
  subscript(index: Int) -> Element {
    @inline(__always) get {
      precondition(index >= 0 && index < count, "an index outside the ring")
      return storage[(head + index) & (storage.count - 1)]
    }
    @inline(__always) _modify {
      precondition(index >= 0 && index < count, "an index outside the ring")
      yield &storage[(head + index) & (storage.count - 1)]
    }
  }

  /// Adds an element at the back. Amortised O(1).
  @inline(__always)
  mutating func append(_ element: Element) {
    if count == storage.count { grow(filler: element) }
    storage[(head + count) & (storage.count - 1)] = element
    count += 1
  }

  /// Takes the element at the front, which must exist.
  @inline(__always)
  mutating func removeFirst() -> Element {
    precondition(count > 0, "taking from an empty ring")
    let element = storage[head]
    head = (head + 1) & (storage.count - 1)
    count -= 1
    return element
  }

  /// Forgets everything.
  mutating func removeAll() {
    head = 0
    count = 0
  }

  /// Doubles the storage, whose size stays a power of two so that a mask finds a place.
  private mutating func grow(filler: Element) {
    let capacity = max(8, storage.count * 2)
    var larger: [Element] = []
    larger.reserveCapacity(capacity)
    for index in 0..<count { larger.append(self[index]) }
    while larger.count < capacity { larger.append(filler) }
    storage = larger
    head = 0
  }
}
