import NetSim

/// Finds the connection of a packet by its addresses and ports: open addressing, with a random seed
/// so that a hostile capture cannot make its packets collide.
struct ConnectionTable {
  private struct Slot {
    var ends: PacketEnds
    var value: UInt32
  }

  private var slots: [Slot?] = Array(repeating: nil, count: 64)
  private var count = 0
  private let seed = UInt64.random(in: .min ... .max)

  /// The value kept for these ends, in either direction.
  func value(_ ends: PacketEnds) -> UInt32? {
    slots[slot(Self.canonical(ends), in: slots)]?.value
  }

  /// Keeps a value for these ends, in place of any before.
  mutating func set(_ value: UInt32, for ends: PacketEnds) {
    let ends = Self.canonical(ends)
    if (count + 1) * 2 > slots.count { grow() }
    let index = slot(ends, in: slots)
    if slots[index] == nil { count += 1 }
    slots[index] = Slot(ends: ends, value: value)
  }

  private mutating func grow() {
    var larger: [Slot?] = Array(repeating: nil, count: slots.count * 2)
    for case .some(let entry) in slots {
      larger[slot(entry.ends, in: larger)] = entry
    }
    slots = larger
  }

  /// The place of `ends`, or the free place where they belong.
  private func slot(_ ends: PacketEnds, in slots: [Slot?]) -> Int {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: hash(ends)) & mask
    while let entry = slots[index], entry.ends != ends { index = (index + 1) & mask }
    return index
  }

  private static func canonical(_ ends: PacketEnds) -> PacketEnds {
    let isOrdered =
      (ends.source.high, ends.source.low, ends.sourcePort)
      <= (ends.destination.high, ends.destination.low, ends.destinationPort)
    return isOrdered ? ends : ends.reversed
  }

  private func hash(_ ends: PacketEnds) -> UInt64 {
    var value = seed
    func mix(_ word: UInt64) {
      let product = (value ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      value = product.high ^ product.low ^ seed
    }
    mix(ends.source.high)
    mix(ends.source.low)
    mix(ends.destination.high)
    mix(ends.destination.low)
    mix(UInt64(ends.sourcePort) << 16 | UInt64(ends.destinationPort))
    return value ^ value >> 32
  }
}
