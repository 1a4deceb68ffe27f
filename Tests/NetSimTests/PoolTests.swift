import Testing

@testable import NetSim

@Suite struct PoolTests {
  @Test func ringKeepsItsOrderAcrossGrowthAndWrap() {
    var ring = RingBuffer<Int>()
    for value in 0..<6 { ring.append(value) }
    for value in 0..<4 { #expect(ring.removeFirst() == value) }
    for value in 6..<30 { ring.append(value) }
    #expect(ring.count == 26)
    #expect(ring[0] == 4)
    #expect(ring[25] == 29)
    for value in 4..<30 { #expect(ring.removeFirst() == value) }
    #expect(ring.isEmpty)
  }

  @Test func ownedRingKeepsItsOrderAcrossGrowthAndWrap() {
    var ring = OwnedRing<Int>()
    for value in 0..<6 { ring.append(value) }
    for value in 0..<4 { #expect(ring.removeFirst() == value) }
    for value in 6..<30 { ring.append(value) }
    #expect(ring.count == 26)
    #expect(ring[0] == 4)
    #expect(ring[25] == 29)
    ring[25] = 99
    ring.drop(24)
    #expect(ring.removeFirst() == 28)
    #expect(ring.removeFirst() == 99)
    #expect(ring.count == 0)
    for value in 0..<100 { ring.append(value) }
    ring.removeAll()
    ring.append(7)
    #expect(ring.count == 1)
    #expect(ring[0] == 7)
  }

  @Test func slabHandsFreedPlacesOutAgain() {
    var slab = Slab<Int>()
    let first = slab.insert(10)
    let second = slab.insert(20)
    #expect(slab.remove(at: first) == 10)
    #expect(slab.insert(30) == first)
    #expect(slab.remove(at: second) == 20)
    #expect(slab.remove(at: first) == 30)
    #expect(slab.count == 0)
  }
}
