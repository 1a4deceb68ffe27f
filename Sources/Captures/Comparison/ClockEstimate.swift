import NetSim

/// What two captures tell of each other's clocks, from packets that both have.
///
/// A packet from the first place to the second shows its delay and by how much the second clock is
/// ahead; one the other way shows its delay less that. What is ahead is therefore half the difference
/// of the two least sums, if the two ways' least delays are alike; it is wrong by half of what they
/// differ in, and by no more than half of their sum, because neither is below zero.
public struct ClockEstimate: Equatable, Sendable {
  /// By how much the second capture's clock is ahead of the first's at the first capture's beginning,
  /// the least delays of both ways taken to be alike.
  public var offset: SimDuration
  /// How far off `offset` is at most: the whole of the least delay that is seen.
  public var uncertainty: SimDuration
  /// By how many parts of a thousand million the second clock runs faster; nil where the captures are
  /// too short to tell, or have too few packets.
  public var skewPPB: Int64?
  /// How much of `skewPPB` may be noise.
  public var skewNoisePPB: Int64?
  /// Whether `skewPPB` is beyond its noise and was taken out of the delays.
  public var isSkewTakenOut: Bool

  /// A packet that both captures have.
  struct Sample {
    /// When, by the first clock, in nanoseconds since the first capture began.
    var atNs: Int64
    /// The second clock's time less the first's.
    var laterNs: Int64
    /// Whether it went from the first place to the second.
    var isForth: Bool
  }

  /// Captures have to be so long before a skew is looked for.
  private static let leastSpanNs: Int64 = 5_000_000_000
  /// The parts into which they are cut for that.
  private static let parts = 24
  /// No clock of a computer is so far off; times that are tell of no clock.
  private static let mostSkewPPB: UInt64 = 1_000_000
  /// Parts that must have packets of both ways.
  private static let leastParts = 8

  /// The estimate; nil where all packets go one way.
  init?(_ samples: [Sample]) {
    guard let plain = Self.offset(samples, skewPPB: 0) else { return nil }
    offset = SimDuration(nanoseconds: plain.offsetNs)
    uncertainty = SimDuration(nanoseconds: max(0, plain.leastNs))
    isSkewTakenOut = false
    guard let skew = Self.skew(samples) else { return }
    skewPPB = skew.slopePPB
    skewNoisePPB = skew.noisePPB
    guard skew.slopePPB.magnitude > UInt64(skew.noisePPB),
      let corrected = Self.offset(samples, skewPPB: skew.slopePPB)
    else { return }
    isSkewTakenOut = true
    offset = SimDuration(nanoseconds: corrected.offsetNs)
    uncertainty = SimDuration(nanoseconds: max(0, corrected.leastNs))
  }

  /// By how much the second clock is ahead at a time of the first, in nanoseconds.
  func aheadNs(atNs time: Int64) -> Int64 {
    offset.nanoseconds + (isSkewTakenOut ? Self.drift(skewPPB ?? 0, time) : 0)
  }

  private static func drift(_ ppb: Int64, _ time: Int64) -> Int64 {
    Int64(clamping: Int128(ppb) * Int128(time) / 1_000_000_000)
  }

  /// The offset, and the least delay that goes with it.
  private static func offset(
    _ samples: [Sample], skewPPB: Int64
  ) -> (offsetNs: Int64, leastNs: Int64)? {
    var forth: Int64?
    var back: Int64?
    for sample in samples {
      let later = sample.laterNs - drift(skewPPB, sample.atNs)
      if sample.isForth {
        forth = min(forth ?? later, later)
      } else {
        back = min(back ?? -later, -later)
      }
    }
    guard let forth, let back else { return nil }
    return ((forth - back) / 2, (forth + back) / 2)
  }

  // MARK: Skew

  /// The middle one of the slopes between any two parts of the captures (Theil and Sen's estimate), of
  /// each of which the least sums tell an offset; and its noise, what the parts' offsets are away from
  /// that line in their middle, over half the span.
  private static func skew(_ samples: [Sample]) -> (slopePPB: Int64, noisePPB: Int64)? {
    guard let first = samples.map(\.atNs).min(), let last = samples.map(\.atNs).max(),
      last - first >= leastSpanNs
    else { return nil }
    let width = (last - first) / Int64(parts) + 1
    var cut = Array(repeating: [Sample](), count: parts)
    for sample in samples { cut[Int((sample.atNs - first) / width)].append(sample) }
    let points = cut.compactMap { part in
      offset(part, skewPPB: 0).map { found in (atNs: middle(part), offsetNs: found.offsetNs) }
    }
    guard points.count >= leastParts else { return nil }
    var slopes: [Int64] = []
    for (index, one) in points.enumerated() {
      for other in points[(index + 1)...] where other.atNs > one.atNs {
        slopes.append(
          Int64(
            clamping: Int128(other.offsetNs - one.offsetNs) * 1_000_000_000
              / Int128(other.atNs - one.atNs)))
      }
    }
    guard let slope = median(slopes), slope.magnitude <= mostSkewPPB else { return nil }
    let heights = points.map { $0.offsetNs - drift(slope, $0.atNs) }
    guard let level = median(heights),
      let away = median(heights.map { Int64(clamping: ($0 - level).magnitude) })
    else { return nil }
    let noise = Int128(away) * 2_000_000_000 / Int128(last - first)
    return (slope, Int64(clamping: noise))
  }

  private static func middle(_ part: [Sample]) -> Int64 {
    part.reduce(0) { $0 + $1.atNs / Int64(part.count) }
  }

  private static func median(_ values: [Int64]) -> Int64? {
    values.isEmpty ? nil : values.sorted()[values.count / 2]
  }
}
