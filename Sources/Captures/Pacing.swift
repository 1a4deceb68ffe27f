import NetSim

/// How evenly a sender spreads its packets.
public struct Pacing: Equatable, Sendable {
  /// Of the bursts of full-size segments that left while others were under way, how many left as a clock
  /// lets them out, and not at an acknowledgement. 0…1.
  public var share: Double
  /// The rate of that clock, in bits of payload per second; nil where there is none.
  public var rate: Bitrate?

  /// Whether the sender is seen to pace: a third or more of its bursts are let out by a clock. One that
  /// paces is not seen to where acknowledgements let out less than its clock would.
  public var isPaced: Bool { share >= 1 / 3.0 }
}

/// Tells whether a sender paces, as seen at the sender.
///
/// A pacer lets a burst out when the one before it has had its time at the pacing rate, whenever
/// acknowledgements come; a sender that does not pace sends at once what an acknowledgement lets out.
struct PacingWatch {
  /// Segments closer than this left together.
  private static let burstNs: Int64 = 50_000
  /// No clock of a pacer's is as slow as this.
  private static let slowestNs: Int64 = 1_000_000_000
  /// Fewer bursts than this say nothing.
  private static let leastBursts: Int64 = 16

  private var bursts: Int64 = 0
  private var paced: Int64 = 0
  private var pacedBytes: Int64 = 0
  private var pacedNs: Int64 = 0
  private var burstBytes: Int64 = 0
  private var isPaced = false
  /// The gap before the latest burst, and the bytes of the burst before it; 0 where it tells nothing.
  private var lastGapNs: Int64 = 0
  private var lastBytes: Int64 = 0

  /// Takes a segment behind which a gap can be told first.
  mutating func begin(_ length: Int64) {
    burstBytes = length
    (lastGapNs, lastBytes) = (0, 0)
  }

  /// Takes a segment `gapNs` behind another, and `quietNs` behind the last acknowledgement. `counts` says
  /// that data were under way and that neither the application nor the receiver held them. Gives whether
  /// a clock let it out.
  @inline(__always)
  mutating func take(gapNs: Int64, length: Int64, quietNs: Int64, counts: Bool) -> Bool {
    if gapNs <= Self.burstNs {
      burstBytes &+= length
      return isPaced
    }
    let bytes = burstBytes
    burstBytes = length
    isPaced = counts && quietNs > gapNs / 8 && isSteady(gapNs, behind: bytes)
    (lastGapNs, lastBytes) = counts ? (gapNs, bytes) : (0, 0)
    if counts { bursts += 1 }
    if isPaced {
      paced += 1
      pacedBytes += bytes
      pacedNs += gapNs
    }
    return isPaced
  }

  /// Whether a gap and the one before it are as long, within a quarter, as the bursts before them say.
  private func isSteady(_ gapNs: Int64, behind bytes: Int64) -> Bool {
    guard lastGapNs > 0, max(gapNs, lastGapNs) < Self.slowestNs else { return false }
    let this = gapNs.multipliedReportingOverflow(by: lastBytes)
    let last = lastGapNs.multipliedReportingOverflow(by: bytes)
    guard !this.overflow, !last.overflow else { return false }
    return abs(this.partialValue - last.partialValue) <= last.partialValue / 4
  }

  /// What can be told; nil with too few bursts.
  var result: Pacing? {
    guard bursts >= Self.leastBursts else { return nil }
    let rate = pacedNs > 0 ? Double(pacedBytes) * 8e9 / Double(pacedNs) : 0
    return Pacing(
      share: Double(paced) / Double(bursts),
      rate: rate >= 1 && rate < 1e18 ? Bitrate(bitsPerSecond: UInt64(rate)) : nil)
  }
}
