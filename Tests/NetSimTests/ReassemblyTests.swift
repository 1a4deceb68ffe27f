import Testing

@testable import NetSim

@Suite struct ReassemblyTests {
  private func span(_ start: Int64, _ end: Int64) -> Reassembly.Span {
    Reassembly.Span(start: start, end: end)
  }

  @Test func islandsWaitUntilTheFrontReachesThem() {
    var stream = Reassembly()
    #expect(stream.receive(span(10, 20)) == .buffered)
    #expect(stream.receive(span(30, 40)) == .buffered)
    #expect(stream.front == 0)
    #expect(stream.receive(span(0, 10)) == .delivered)
    #expect(stream.front == 20)
    #expect(stream.islands == [span(30, 40)])
    #expect(stream.receive(span(15, 30)) == .delivered)
    #expect(stream.front == 40)
    #expect(!stream.hasGap)
  }

  @Test func touchingIslandsBecomeOne() {
    var stream = Reassembly()
    _ = stream.receive(span(10, 20))
    _ = stream.receive(span(30, 40))
    _ = stream.receive(span(20, 30))
    #expect(stream.islands == [span(10, 40)])
    #expect(stream.island(rank: 0) == span(10, 40))
    #expect(stream.island(rank: 1) == nil)
  }

  @Test func whatIsThereAlreadyIsADuplicate() {
    var stream = Reassembly()
    _ = stream.receive(span(0, 10))
    _ = stream.receive(span(20, 40))
    #expect(stream.receive(span(0, 10)) == .duplicate)
    #expect(stream.takeDuplicate() == span(0, 10))
    #expect(stream.receive(span(25, 30)) == .duplicate)
    #expect(stream.takeDuplicate() == span(25, 30))
    #expect(stream.takeDuplicate() == nil)
  }

  @Test(arguments: UInt64(1)...200)
  func everyByteIsDeliveredOnceInWhateverOrderItComes(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "reassembly test")
    var missing = Set(Int64(0)..<200)
    var stream = Reassembly()
    var previous: Int64 = 0
    for _ in 0..<4000 where !missing.isEmpty {
      let start = Int64(random.next(below: 200))
      let end = min(200, start + 1 + Int64(random.next(below: 20)))
      _ = stream.receive(span(start, end))
      for byte in start..<end { missing.remove(byte) }
      let firstMissing = missing.min() ?? 200
      #expect(stream.front == firstMissing, "seed \(seed)")
      #expect(stream.front >= previous, "seed \(seed)")
      previous = stream.front
      let held = stream.islands.reduce(0) { $0 + $1.end - $1.start }
      #expect(held == Int64(200 - missing.count) - stream.front, "seed \(seed)")
    }
    #expect(missing.isEmpty && !stream.hasGap, "seed \(seed)")
  }
}
