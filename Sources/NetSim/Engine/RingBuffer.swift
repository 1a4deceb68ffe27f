/// A first-in, first-out buffer that reuses its storage: no allocation once it has grown to its
/// working size. Elements are trivial values; places that were left keep their old value.
struct RingBuffer<Element: BitwiseCopyable> {
  private var storage: [Element] = []
  private var head = 0
  private(set) var count = 0

  var isEmpty: Bool { count == 0 }

  /// The `index`-th element from the front.
  subscript(index: Int) -> Element {
    @inline(__always) get { storage[place(index)] }
    @inline(__always) _modify { yield &storage[place(index)] }
  }

  @inline(__always)
  private func place(_ index: Int) -> Int {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index outside the ring")
    return (head &+ index) & (storage.count &- 1)
  }

  /// The element at the front; nil where there is none.
  var first: Element? { count > 0 ? storage[head] : nil }

  /// Adds an element at the back. Amortised O(1).
  @inline(__always)
  mutating func append(_ element: Element) {
    if count == storage.count { grow() }
    storage[(head &+ count) & (storage.count &- 1)] = element
    count &+= 1
  }

  /// Takes the element at the front, which must exist.
  @inline(__always)
  mutating func removeFirst() -> Element {
    precondition(count > 0, "taking from an empty ring")
    let element = storage[head]
    head = (head &+ 1) & (storage.count &- 1)
    count &-= 1
    return element
  }

  /// Takes the element at the back, which must exist.
  mutating func removeLast() -> Element {
    precondition(count > 0, "taking from an empty ring")
    count &-= 1
    return storage[(head &+ count) & (storage.count &- 1)]
  }

  /// Forgets everything.
  mutating func removeAll() {
    head = 0
    count = 0
  }

  /// Doubles the storage, whose size stays a power of two so that a mask finds a place.
  /// What no element was put into yet has no value, which trivial elements do not mind.
  @inline(never)
  private mutating func grow() {
    let capacity = max(8, storage.count * 2)
    storage = Array(unsafeUninitializedCapacity: capacity) { larger, initializedCount in
      for index in 0..<count { larger.initializeElement(at: index, to: self[index]) }
      initializedCount = capacity
    }
    head = 0
  }
}

extension RingBuffer where Element: Equatable {
  /// Takes an element out, wherever it stands. O(n).
  mutating func remove(_ element: Element) {
    for _ in 0..<count {
      let next = removeFirst()
      if next != element { append(next) }
    }
  }
}
