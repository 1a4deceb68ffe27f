/// Round-trip times from the capture to the end that acknowledges and back, of one direction's data.
struct RoundTrips {
  /// The least, in nanoseconds; nil without samples.
  private(set) var minimumNs: Int64?
  private(set) var maximumNs: Int64 = 0
  private(set) var sumNs: Int64 = 0
  private(set) var count: Int64 = 0
  /// The latest.
  private(set) var lastNs: Int64 = 0
  /// The smoothed round trip and its variation (RFC 6298 §2); 0 without samples.
  private(set) var smoothedNs: Int64 = 0
  private(set) var variationNs: Int64 = 0

  /// A time longer than this, 36 years, is a clock that was set.
  static let longestNs: Int64 = 1 << 60

  /// Takes a sample.
  @inline(__always)
  mutating func add(_ sampleNs: Int64) {
    guard sampleNs >= 0, sampleNs <= Self.longestNs else { return }
    minimumNs = min(minimumNs ?? sampleNs, sampleNs)
    maximumNs = max(maximumNs, sampleNs)
    sumNs &+= sampleNs
    count &+= 1
    lastNs = sampleNs
    if count == 1 {
      smoothedNs = sampleNs
      variationNs = sampleNs / 2
    } else {
      variationNs += (abs(smoothedNs - sampleNs) - variationNs) / 4
      smoothedNs += (sampleNs - smoothedNs) / 8
    }
  }
}

/// Round-trip times by the timestamps option (RFC 7323 §4.1), which repeated segments do not blur: from a
/// value's first use to the first acknowledgement that echoes it, one value at a time.
struct StampedRoundTrips {
  private(set) var trips = RoundTrips()
  private var value: UInt32 = 0
  private var sentNs: Int64 = -1
  /// The latest value used.
  private(set) var latest: UInt32?

  /// Notes the value of a segment with data.
  @inline(__always)
  mutating func sent(_ stamp: UInt32, atNs now: Int64) {
    // A value that was used before may be echoed for the earlier use.
    if let latest, Int32(bitPattern: stamp &- latest) <= 0 { return }
    latest = stamp
    guard sentNs < 0 else { return }
    value = stamp
    sentNs = now
  }

  /// Notes an echo.
  @inline(__always)
  mutating func echoed(_ stamp: UInt32, atNs now: Int64) {
    guard sentNs >= 0, Int32(bitPattern: stamp &- value) >= 0 else { return }
    // A later value may answer a later segment: only the very one is a sample.
    if stamp == value { trips.add(now - sentNs) }
    sentNs = -1
  }
}
