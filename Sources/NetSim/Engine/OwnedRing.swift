/// A `RingBuffer` that cannot be copied: for what is added and taken with every packet.
///
/// Its storage has one owner, and so no change has to look whether somebody else has it too.
struct OwnedRing<Element: BitwiseCopyable>: ~Copyable {
  private var storage: UnsafeMutablePointer<Element>
  /// One less than the storage's size, which is a power of two.
  private var mask = 7
  private var head = 0
  private(set) var count = 0

  init() { storage = .allocate(capacity: mask + 1) }

  deinit { storage.deallocate() }

  var isEmpty: Bool {
    @inline(__always) get { count == 0 }
  }

  /// The `index`-th element from the front, in place.
  subscript(index: Int) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(address(of: index)) }
    @inline(__always) unsafeMutableAddress { address(of: index) }
  }

  @inline(__always)
  private func address(of index: Int) -> UnsafeMutablePointer<Element> {
    precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "an index outside the ring")
    return storage + ((head &+ index) & mask)
  }

  /// Adds an element at the back. Amortised O(1).
  @inline(__always)
  mutating func append(_ element: Element) {
    if count > mask { grow() }
    (storage + ((head &+ count) & mask)).initialize(to: element)
    count &+= 1
  }

  /// Takes the element at the front, which must exist.
  @inline(__always)
  mutating func removeFirst() -> Element {
    let element = self[0]
    drop(1)
    return element
  }

  /// Forgets so many elements at the front, which must exist.
  @inline(__always)
  mutating func drop(_ number: Int) {
    precondition(UInt(bitPattern: number) <= UInt(bitPattern: count), "not so many in the ring")
    head = (head &+ number) & mask
    count &-= number
  }

  /// Forgets everything.
  @inline(__always)
  mutating func removeAll() { drop(count) }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: 2 * (mask + 1))
    for index in 0..<count { (larger + index).initialize(to: self[index]) }
    storage.deallocate()
    storage = larger
    mask = 2 * mask + 1
    head = 0
  }
}
