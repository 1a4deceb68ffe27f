/// A pool of values at stable places, which are handed out again once they are free.
///
/// `insert` and `remove` take O(1) and do not allocate once the pool has its working size.
struct Slab<Element> {
  private var values: [Element] = []
  private var free: [UInt32] = []

  /// How many values are held.
  var count: Int { values.count - free.count }

  /// The value at `place`.
  subscript(place: UInt32) -> Element { values[Int(place)] }

  /// Stores `value` and returns its place.
  @inline(__always)
  mutating func insert(_ value: Element) -> UInt32 {
    if let place = free.popLast() {
      values[Int(place)] = value
      return place
    }
    values.append(value)
    return UInt32(values.count - 1)
  }

  /// Takes the value at `place` out and frees the place.
  @inline(__always)
  mutating func remove(at place: UInt32) -> Element {
    free.append(place)
    return values[Int(place)]
  }
}
