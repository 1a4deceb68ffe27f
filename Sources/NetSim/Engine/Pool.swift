/// Components of one kind by their index: a list that grows and never shrinks.
///
/// An array would do, but that it looks with each change whether it is its storage's only owner. A
/// pool always is, because it cannot be copied; an index outside of it traps as an array's does.
struct Pool<Element: ~Copyable>: ~Copyable {
  private var storage: UnsafeMutablePointer<Element>
  private var capacity: Int
  /// How many components there are.
  private(set) var count = 0

  /// An empty pool, with room for so many components before it has to grow.
  init(capacity: Int = 8) {
    self.capacity = capacity
    storage = .allocate(capacity: capacity)
  }

  deinit {
    storage.deinitialize(count: count)
    storage.deallocate()
  }

  /// Whether there is none.
  var isEmpty: Bool { count == 0 }

  /// The indices of all components.
  var indices: Range<Int> { 0..<count }

  /// The component at `index`, in place.
  subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(address(of: index)) }
    @inline(__always) unsafeMutableAddress { address(of: index) }
  }

  /// Where the component at `index` stands, until the next one is added.
  @inline(__always)
  func address(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index outside the pool")
    return storage + index
  }

  /// Adds a component. Amortised O(1).
  mutating func append(_ element: consuming Element) {
    if count == capacity { grow() }
    (storage + count).initialize(to: element)
    count += 1
  }

  private mutating func grow() {
    capacity *= 2
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
    larger.moveInitialize(from: storage, count: count)
    storage.deallocate()
    storage = larger
  }
}
