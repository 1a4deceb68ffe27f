/// The last few acknowledgements of one direction, as far back as a few round trips.
///
/// What only looks is `mutating` too, because it would look at a copy otherwise.
struct RecentAcknowledgements {
  private static let capacity = 32

  /// When the last of each few passed that came close to each other.
  private var times = InlineArray<32, Int64>(repeating: -1)
  /// The low halves of what it acknowledged, and its timestamp.
  private var offsets = InlineArray<32, UInt32>(repeating: 0)
  private var stamps = InlineArray<32, UInt32>(repeating: 0)
  private var newest = -1
  private var firstNs: Int64 = 0
  /// The echo that was looked up last, and what was known then.
  private var knownEcho: UInt32 = 0
  private var knownNs: Int64 = .min
  private var known: UInt32 = 0
  /// When the latest passed; −1 when there is none.
  private(set) var latestNs: Int64 = -1

  /// Takes an acknowledgement. Those that come within `apartNs` of a first one are kept as one: the last.
  @inline(__always)
  mutating func add(_ offset: Int64, stamp: UInt32?, atNs now: Int64, apartNs: Int64) {
    if latestNs < 0 || now - firstNs > apartNs {
      newest = (newest &+ 1) & (Self.capacity - 1)
      firstNs = now
    }
    latestNs = now
    times[newest] = now
    offsets[newest] = UInt32(truncatingIfNeeded: offset)
    stamps[newest] = stamp ?? 0
  }

  /// Whether one of them passed within bounds.
  mutating func contains(between first: Int64, and last: Int64) -> Bool {
    for index in 0..<Self.capacity where times[index] >= max(first, 0) && times[index] <= last {
      return true
    }
    return false
  }

  /// How far `end` lies beyond what its sender knew to be acknowledged: by the echo of a timestamp, or
  /// by the time `loopNs` that an acknowledgement and its answer take. At least so far: of
  /// acknowledgements that came close to each other the last counts. Nil where that is forgotten.
  @inline(__always)
  mutating func flight(upTo end: Int64, echo: UInt32?, atNs now: Int64, loopNs: Int64) -> Int64? {
    let isKnown = knownNs >= 0 && (echo.map { $0 == knownEcho } ?? (now - knownNs <= loopNs / 16))
    if !isKnown {
      guard let index = known(echo: echo, at: now - loopNs) else { return nil }
      knownEcho = echo ?? 0
      knownNs = now
      known = offsets[index]
    }
    return Int64(UInt32(truncatingIfNeeded: end) &- known)
  }

  /// The place of the first that is not older than an echo or a time, or of the newest.
  private mutating func known(echo: UInt32?, at timeNs: Int64) -> Int? {
    guard newest >= 0 else { return nil }
    var place = newest
    for back in 0..<Self.capacity {
      let index = (newest &- back) & (Self.capacity - 1)
      guard times[index] >= 0 else { return place }
      let isOlder =
        echo.map { Int32(bitPattern: stamps[index] &- $0) < 0 } ?? (times[index] < timeNs)
      if isOlder { return place }
      place = index
    }
    return nil
  }
}
