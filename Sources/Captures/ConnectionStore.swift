/// The connections that are followed, each in a place of its own where it stays until it is taken out.
struct ConnectionStore: ~Copyable {
  private var places: [UnsafeMutablePointer<Connection>?] = []
  private var free: [UInt32] = []

  init() {}

  deinit {
    for case .some(let place) in places {
      place.deinitialize(count: 1)
      place.deallocate()
    }
  }

  /// How many connections there are.
  var count: Int { places.count - free.count }

  /// Whether there is a connection of a number.
  func contains(_ number: UInt32) -> Bool { places[Int(number)] != nil }

  /// The numbers of the connections that there are.
  var numbers: [UInt32] {
    places.indices.filter { places[$0] != nil }.map { UInt32($0) }
  }

  /// The connection of a number, in place. Traps where there is none.
  subscript(number: UInt32) -> Connection {
    @inline(__always) unsafeAddress { UnsafePointer(places[Int(number)]!) }
    @inline(__always) unsafeMutableAddress { places[Int(number)]! }
  }

  /// Takes a connection in; gives its number.
  mutating func insert(_ connection: consuming Connection) -> UInt32 {
    let place = UnsafeMutablePointer<Connection>.allocate(capacity: 1)
    place.initialize(to: connection)
    if let number = free.popLast() {
      places[Int(number)] = place
      return number
    }
    places.append(place)
    return UInt32(places.count - 1)
  }

  /// Takes the connection of a number out, which may be given to another then.
  mutating func remove(_ number: UInt32) -> Connection {
    let place = places[Int(number)]!
    places[Int(number)] = nil
    free.append(number)
    defer { place.deallocate() }
    return place.move()
  }
}
