/// The bottleneck's rate, from how far apart it puts packets that reached it back to back
/// (packet-pair dispersion, as in C. Dovrolis et al., "Packet-dispersion techniques").
struct Dispersion {
  /// Samples kept; with more the oldest are replaced.
  private static let sampleLimit = 512
  /// Fewer samples than this say nothing.
  private static let leastSamples = 4

  /// Bits per second.
  private var samples: [UInt64] = []
  private var oldest = 0

  /// Takes a pair: `bytes` of the later packet, `gapNs` after the earlier one.
  mutating func add(bytes: Int64, gapNs: Int64) {
    guard bytes > 0, gapNs > 0 else { return }
    let rate = UInt64(bytes) * 8_000_000_000 / UInt64(gapNs)
    if samples.count < Self.sampleLimit {
      samples.append(rate)
    } else {
      samples[oldest] = rate
      oldest = (oldest + 1) % Self.sampleLimit
    }
  }

  /// The median of the densest tenth-wide cluster of samples, in bits per second; nil when there
  /// are too few, or when no cluster holds a quarter of them. Of clusters of the same size the
  /// faster one counts, because a sender that pauses only ever makes gaps wider.
  var bitsPerSecond: UInt64? {
    guard samples.count >= Self.leastSamples else { return nil }
    let sorted = samples.sorted()
    var best = 0..<0
    var low = 0
    for high in sorted.indices {
      while sorted[low] + sorted[low] / 10 < sorted[high] { low += 1 }
      if high + 1 - low >= best.count { best = low..<high + 1 }
    }
    guard best.count >= Self.leastSamples, best.count * 4 >= samples.count else { return nil }
    return sorted[(best.lowerBound + best.upperBound) / 2]
  }
}
