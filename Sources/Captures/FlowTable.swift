import NetSim

/// Finds what belongs to the two ends of a packet, in either direction: open addressing, with a
/// random seed so that a hostile capture cannot make its packets collide.
///
/// The table knows numbers and what their ends hash to; who asks compares the ends themselves.
struct FlowTable {
  private struct Slot {
    var hash: UInt32
    /// The number kept, plus one; 0 for a free place.
    var entry: UInt32
  }

  private var slots = [Slot](repeating: Slot(hash: 0, entry: 0), count: 64)
  private(set) var count = 0
  private let seed = UInt64.random(in: .min ... .max)

  /// What both directions of a flow hash to.
  @inline(__always)
  func hash(_ ends: PacketEnds) -> UInt32 {
    let sum =
      mixed(ends.source, ends.sourcePort) &+ mixed(ends.destination, ends.destinationPort)
    return UInt32(truncatingIfNeeded: sum ^ sum >> 32)
  }

  @inline(__always)
  private func mixed(_ address: IPAddress, _ port: UInt16) -> UInt64 {
    let first = (address.low ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let second = (address.high ^ UInt64(port) << 20 ^ first.high ^ first.low)
      .multipliedFullWidth(by: seed | 1)
    return second.high ^ second.low
  }

  /// The number kept under a hash of which `matches` says that it is meant.
  @inline(__always)
  func value(_ hash: UInt32, where matches: (UInt32) -> Bool) -> UInt32? {
    let mask = slots.count - 1
    var index = Int(hash) & mask
    while slots[index].entry != 0 {
      if slots[index].hash == hash, matches(slots[index].entry - 1) {
        return slots[index].entry - 1
      }
      index = (index + 1) & mask
    }
    return nil
  }

  /// Keeps a number that is not there yet.
  mutating func insert(_ value: UInt32, hash: UInt32) {
    if (count + 1) * 2 > slots.count { grow() }
    put(Slot(hash: hash, entry: value + 1))
    count += 1
  }

  private mutating func put(_ slot: Slot) {
    let mask = slots.count - 1
    var index = Int(slot.hash) & mask
    while slots[index].entry != 0 { index = (index + 1) & mask }
    slots[index] = slot
  }

  private mutating func grow() {
    let all = slots
    slots = Array(repeating: Slot(hash: 0, entry: 0), count: all.count * 2)
    for slot in all where slot.entry != 0 { put(slot) }
  }

  /// Forgets a number that is kept under a hash. What stands behind it moves up where its way to its
  /// own place led over it.
  mutating func remove(_ value: UInt32, hash: UInt32) {
    let mask = slots.count - 1
    var hole = Int(hash) & mask
    while slots[hole].entry != value + 1 {
      if slots[hole].entry == 0 { return }
      hole = (hole + 1) & mask
    }
    count -= 1
    var index = hole
    while true {
      index = (index + 1) & mask
      if slots[index].entry == 0 { break }
      let home = Int(slots[index].hash) & mask
      if (index - home) & mask >= (index - hole) & mask {
        slots[hole] = slots[index]
        hole = index
      }
    }
    slots[hole].entry = 0
  }
}
