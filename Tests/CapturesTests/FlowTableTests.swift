import NetSim
import TestSupport
import Testing

@testable import Captures

@Suite struct FlowTableTests {
  private func ends(_ random: inout SeededGenerator) -> PacketEnds {
    func address() -> IPAddress {
      if Bool.random(using: &random) {
        return IPAddress(version4: UInt32.random(in: 0...3, using: &random))
      }
      return IPAddress(version6: 1 << 61, UInt64.random(in: 0...3, using: &random))
    }
    return PacketEnds(
      source: address(), destination: address(),
      sourcePort: UInt16.random(in: 1...4, using: &random),
      destinationPort: UInt16.random(in: 1...4, using: &random))
  }

  @Test("Over seeds, both directions of a flow have one hash", arguments: UInt64(1)...20)
  func directions(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let table = FlowTable()
    for _ in 0..<100 {
      let flow = ends(&random)
      #expect(table.hash(flow) == table.hash(flow.reversed), "seed \(seed): \(flow)")
    }
  }

  @Test("Flows that differ in one address or one port have hashes of their own")
  func differences() {
    let table = FlowTable()
    func flow(_ source: UInt32, _ sourcePort: UInt16, _ port: UInt16) -> PacketEnds {
      PacketEnds(
        source: IPAddress(version4: source), destination: IPAddress(version4: 9),
        sourcePort: sourcePort, destinationPort: port)
    }
    var hashes: Set<UInt32> = []
    // 4 · 8 · 8 = 256 flows; that two of them share one of 2³² hashes happens once in 130,000 runs.
    for source in UInt32(1)...4 {
      for sourcePort in UInt16(100)..<108 {
        for port in UInt16(200)..<208 { hashes.insert(table.hash(flow(source, sourcePort, port))) }
      }
    }
    #expect(hashes.count >= 254)
  }

  @Test(
    "Over seeds, it finds what a dictionary finds while numbers come and go",
    arguments: UInt64(1)...30)
  func isADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var table = FlowTable()
    var model: [UInt32: UInt32] = [:]
    // Few hashes, some at the end of the table: runs of taken places that go around its end.
    let hashes: [UInt32] = [0, 1, 2, 3, 62, 63, 64, 126, 127, 255, .max - 1, .max]
    for step in UInt32(0)..<2_000 {
      if model.count < 400, Int.random(in: 0..<5, using: &random) > 1 {
        let hash = hashes.randomElement(using: &random) ?? 0
        table.insert(step, hash: hash)
        model[step] = hash
      } else if let (number, hash) = model.sorted(by: <).randomElement(using: &random) {
        table.remove(number, hash: hash)
        model[number] = nil
        #expect(table.value(hash) { $0 == number } == nil, "seed \(seed), step \(step)")
      }
      guard step % 50 == 0 else { continue }
      #expect(table.count == model.count, "seed \(seed), step \(step)")
      for (number, hash) in model where table.value(hash, where: { $0 == number }) != number {
        Issue.record("seed \(seed), step \(step): \(number) is lost")
        return
      }
    }
  }

  @Test("What is not kept is not removed, and its neighbours stay")
  func unknown() {
    var table = FlowTable()
    table.insert(7, hash: 5)
    table.remove(8, hash: 5)
    #expect(table.count == 1)
    #expect(table.value(5) { _ in true } == 7)
    #expect(table.value(6) { _ in true } == nil)
  }
}
