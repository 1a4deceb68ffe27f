import NetSim
import Scenarios
import TestSupport
import Testing

@Suite struct QuantityTests {
  @Test(arguments: [
    ("10Mbps", 10_000_000), ("1.5Gbps", 1_500_000_000), ("800kbps", 800_000), ("500bps", 500),
    ("1.000000001Gbps", 1_000_000_001), ("10mbps", 10_000_000), ("10MBPS", 10_000_000),
    ("1Tbps", 1_000_000_000_000), ("0.5kbps", 500), ("00010.500Kbps", 10_500),
    ("10 Mbps", 10_000_000),
  ])
  func readsRates(text: String, expected: UInt64) throws {
    #expect(try Quantity.rate(text).bitsPerSecond == expected)
  }

  @Test(arguments: [
    ("50ms", 50_000_000), ("1.5s", 1_500_000_000), ("200us", 200_000), ("200µs", 200_000),
    ("10ns", 10), ("0ms", 0), ("3600s", 3_600_000_000_000), ("0.000000001s", 1),
    ("16.666667ms", 16_666_667),
  ])
  func readsDurations(text: String, expected: Int64) throws {
    #expect(try Quantity.duration(text).nanoseconds == expected)
  }

  @Test(arguments: [
    ("64KiB", 65_536), ("30kB", 30_000), ("2MB", 2_000_000), ("1MiB", 1_048_576), ("1460", 1_460),
    ("1.5KiB", 1_536), ("0", 0), ("7B", 7), ("1TB", 1_000_000_000_000), ("1GiB", 1_073_741_824),
  ])
  func readsSizes(text: String, expected: Int64) throws {
    #expect(try Quantity.size(text).bytes == expected)
  }

  @Test(arguments: [
    ("100packets", QueueLimit.packets(100)), ("1packet", .packets(1)), ("64KiB", .bytes(65_536)),
    ("1500B", .bytes(1_500)), ("unlimited", .unlimited), ("100 packets", .packets(100)),
  ])
  func readsQueues(text: String, expected: QueueLimit) throws {
    #expect(try Quantity.queue(text) == expected)
  }

  @Test(arguments: [
    ("1.5%", 15_000_000), ("0%", 0), ("100%", 1_000_000_000), ("0.0000001%", 1),
    ("33.3333333%", 333_333_333),
  ])
  func readsProbabilities(text: String, expected: UInt32) throws {
    #expect(try Quantity.probability(text).partsPerBillion == expected)
  }

  @Test func readsNoLimit() throws {
    #expect(try Quantity.rate("unlimited").isUnlimited)
  }

  @Test(arguments: [
    (10_000_000, "10Mbps"), (1_500_000_000, "1.5Gbps"), (1_000_000_001, "1.000000001Gbps"),
    (1, "1bps"), (999, "999bps"),
  ])
  func writesRates(rate: UInt64, expected: String) {
    #expect(Quantity.text(Bitrate(bitsPerSecond: rate)) == expected)
  }

  @Test(arguments: [
    (100_000, "100kB"), (65_536, "64KiB"), (1_460, "1460"), (0, "0"), (6 << 20, "6MiB"),
    (1 << 30, "1GiB"), (1_500_000, "1500kB"),
  ])
  func writesSizes(size: Int64, expected: String) {
    #expect(Quantity.text(ByteCount(size)) == expected)
  }

  @Test func writesTheRest() {
    #expect(Quantity.text(SimDuration.milliseconds(40)) == "40ms")
    #expect(Quantity.text(SimDuration.zero) == "0ms")
    #expect(Quantity.text(SimDuration(nanoseconds: 1_000_000_007)) == "1.000000007s")
    #expect(Quantity.text(Probability(partsPerBillion: 15_000_000)) == "1.5%")
    #expect(Quantity.text(Probability.zero) == "0%")
    #expect(Quantity.text(QueueLimit.bytes(1_500)) == "1500B")
    #expect(Quantity.text(QueueLimit.packets(1)) == "1packet")
    #expect(Quantity.text(Bitrate.unlimited) == "unlimited")
  }

  @Test(arguments: 1...2_000 as ClosedRange<UInt64>)
  func readsWhatItWrites(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let rate = Bitrate(bitsPerSecond: random.spread(1...1_000_000_000_000))
    let span = SimDuration(nanoseconds: Int64(random.spread(0...3_600_000_000_000)))
    let size = ByteCount(Int64(random.spread(0...1_000_000_000_000)))
    let bytes = QueueLimit.bytes(random.spread(1...1_000_000_000_000))
    let packets = QueueLimit.packets(UInt32(random.spread(1...1_000_000_000)))
    let chance = Probability(partsPerBillion: UInt32(random.spread(0...1_000_000_000)))
    #expect(try Quantity.rate(Quantity.text(rate)) == rate, "seed \(seed)")
    #expect(try Quantity.duration(Quantity.text(span)) == span, "seed \(seed)")
    #expect(try Quantity.size(Quantity.text(size)) == size, "seed \(seed)")
    #expect(try Quantity.queue(Quantity.text(bytes)) == bytes, "seed \(seed)")
    #expect(try Quantity.queue(Quantity.text(packets)) == packets, "seed \(seed)")
    #expect(try Quantity.probability(Quantity.text(chance)) == chance, "seed \(seed)")
  }
}
