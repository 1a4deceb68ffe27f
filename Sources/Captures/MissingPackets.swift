/// Packets of one end that the capture lacks, by the identifications of IPv4, and for which no hole in the
/// sequence numbers stands: lost repetitions, and the last packets of a flight.
struct MissingPackets {
  private(set) var count = 0
  /// How long nothing had come before the segments that repeat such packets now; 0 where none do.
  private var quietNs: Int64 = 0
  /// Behind a pause as long as this, a host that counts for all of its connections has gone on.
  static let pauseNs: Int64 = 10_000_000

  /// Takes numbers that were passed over.
  mutating func skip(_ packets: Int) { count += packets }

  /// Takes packets that a hole stands for, or that came late; gives how many of them were not missing.
  @discardableResult
  mutating func explain(_ packets: Int) -> Int { packets - take(packets) }

  /// How many earlier repetitions of what fills a hole were lost, when the hole had been seen `waitedNs`
  /// before: each takes a round trip at least.
  mutating func repetitions(waitedNs: Int64, rttNs: Int64) -> Int {
    guard count > 0, rttNs > 0 else { return 0 }
    return take(Int(clamping: waitedNs / rttNs - 1))
  }

  /// How many sendings of a segment that simply comes next were lost. What repeats a lost packet comes a
  /// round trip later, or right behind such a one; else the numbers are those of other packets. What
  /// acknowledges news may be an answer that was never sent before: nothing behind it is such a one.
  mutating func sendings(
    quietNs quiet: Int64, rttNs: Int64, permitsSACK: Bool, acknowledgesNews: Bool
  ) -> (count: Int, quietNs: Int64)? {
    guard count > 0 else { return nil }
    if acknowledgesNews {
      defer { (count, quietNs) = (0, 0) }
      return (1, quiet)
    }
    if quiet >= max(rttNs, Self.pauseNs) {
      quietNs = quiet
      // A probe would have repeated the last of several.
      let most = permitsSACK && rttNs > 0 ? Int(clamping: quiet / rttNs - 2) : 1
      return (take(max(1, most)), quiet)
    }
    if quietNs > 0, quiet < Self.pauseNs { return (take(1), quietNs) }
    (count, quietNs) = (0, 0)
    return nil
  }

  private mutating func take(_ packets: Int) -> Int {
    let taken = max(0, min(count, packets))
    count -= taken
    return taken
  }
}
