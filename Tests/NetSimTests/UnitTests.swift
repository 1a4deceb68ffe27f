import Testing

@testable import NetSim

@Suite struct UnitTests {
  @Test func serialisationTakesEightBitsAByte() {
    var remainder: UInt64 = 0
    // 60 bytes are 480 bits: 24 µs at 20 Mb/s.
    #expect(
      Bitrate.megabits(20).transmissionTime(bytes: 60, remainder: &remainder)
        == .microseconds(24))
    #expect(remainder == 0)
  }

  @Test func aBusyLinkNeverDriftsFromItsRate() {
    // 1,500 bytes at 7 b/s: 12,000 / 7 s is no whole number of nanoseconds, but seven of them are.
    var remainder: UInt64 = 0
    let rate = Bitrate(bitsPerSecond: 7)
    var total = SimDuration.zero
    for _ in 0..<7 { total += rate.transmissionTime(bytes: 1500, remainder: &remainder) }
    #expect(total == .seconds(12_000))
    #expect(remainder == 0)
  }

  @Test func anUnlimitedRateTakesNoTimeAndIsTheHighest() {
    var remainder: UInt64 = 0
    #expect(Bitrate.unlimited.transmissionTime(bytes: 1500, remainder: &remainder) == .zero)
    #expect(Bitrate.megabits(100_000) < .unlimited)
    #expect(!(Bitrate.unlimited < .megabits(1)))
  }

  @Test func sequenceNumbersWrapAround() {
    let initial = SequenceNumber(0xFFFF_FFF0)
    #expect(initial.advanced(by: 0x20) == SequenceNumber(0x10))
    #expect(SequenceNumber(0x10).offset(from: initial, near: 0) == 0x20)
    // Four times around and a little: the offset nearest to the reference is taken.
    let far: Int64 = 4 << 32 + 100
    #expect(initial.advanced(by: far).offset(from: initial, near: far - 1000) == far)
    #expect(initial.advanced(by: far).offset(from: initial, near: far + 1000) == far)
  }

  @Test func neverStaysNever() {
    #expect(SimTime.never + .seconds(1) == .never)
  }
}

@Suite struct RandomStreamTests {
  @Test func streamsOfDifferentPurposesDiffer() {
    var loss = RandomStream(seed: 1, purpose: "link loss", index: 0)
    var other = RandomStream(seed: 1, purpose: "link loss", index: 1)
    var jitter = RandomStream(seed: 1, purpose: "jitter", index: 0)
    let first = loss.next()
    #expect(first != other.next())
    #expect(first != jitter.next())
    var again = RandomStream(seed: 1, purpose: "link loss", index: 0)
    #expect(again.next() == first)
  }

  @Test func aProbabilityIsMetInTheLongRun() {
    var random = RandomStream(seed: 3, purpose: "frequency")
    let onePercent = Probability(partsPerBillion: 10_000_000)
    var hits = 0
    for _ in 0..<100_000 where random.happens(onePercent) { hits += 1 }
    // 1,000 expected, standard deviation 31.5: five of them either way.
    #expect((843...1157).contains(hits))
    var never = RandomStream(seed: 3, purpose: "frequency")
    let impossible = never.happens(.zero)
    let certain = never.happens(Probability(partsPerBillion: 1_000_000_000))
    #expect(!impossible && certain)
  }
}
