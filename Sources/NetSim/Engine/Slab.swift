/// A pool of values at stable places, which are handed out again once they are free.
///
/// Places are taken and given back in O(1), without allocation once the pool has its working size.
/// Values are written and read where they are; a free place keeps its old value.
struct Slab<Element>: ~Copyable {
  private var values = Pool<Element>()
  /// The places that are free; only the first `freeCount` count.
  private var free = Pool<UInt32>()
  private var freeCount = 0

  /// How many values are held.
  var count: Int { values.count - freeCount }

  /// The value at `place`.
  subscript(place: UInt32) -> Element {
    @inline(__always) unsafeAddress { UnsafePointer(values.address(of: Int(place))) }
    @inline(__always) unsafeMutableAddress { values.address(of: Int(place)) }
  }

  /// Takes a place, where `filler` stands or what was there before.
  @inline(__always)
  mutating func reserve(filler: @autoclosure () -> Element) -> UInt32 {
    if freeCount == 0 { return append(filler()) }
    freeCount -= 1
    return free[freeCount]
  }

  /// Stores `value` and returns its place.
  mutating func insert(_ value: Element) -> UInt32 {
    let place = reserve(filler: value)
    self[place] = value
    return place
  }

  /// Frees the place of a value.
  @inline(__always)
  mutating func release(_ place: UInt32) {
    free[freeCount] = place
    freeCount += 1
  }

  /// Takes the value at `place` out and frees the place.
  @inline(__always)
  mutating func remove(at place: UInt32) -> Element {
    release(place)
    return self[place]
  }

  /// Adds a place, and room to note it when it is free.
  private mutating func append(_ value: Element) -> UInt32 {
    values.append(value)
    free.append(0)
    return UInt32(values.count - 1)
  }
}
