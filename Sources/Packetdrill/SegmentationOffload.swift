import NetSim

/// Where a Linux sender cuts its stream into the pieces that it hands to the device (skbs), as far as
/// that shows on the wire: in the PSH flag.
///
/// The machine sends one segment at a time and sets PSH at the end of what was written. Linux sets it
/// at the end of each write, too, and besides: where a write went on for more than half of the peer's
/// largest window, and on every piece that has more than one segment (since 5.x). How many segments
/// a piece has depends on the rate of pacing, and on the window: a piece is never more than half of
/// it. Retransmissions go out in the same pieces, unless selective acknowledgements or earlier
/// retransmissions cut them.
struct SegmentationOffload {
  /// What the cutting depends on.
  struct Conditions {
    var window: UInt32
    var threshold: UInt32
    var payloadLimit: UInt32
    var smoothedRTT: SimDuration?
    var minimumRTT: SimDuration?
    var leastSegments: Int64
  }

  /// The largest piece that a device takes, in bytes.
  private static let largestPiece: Int64 = 65_536

  /// The positions where PSH stands whatever the piece, sorted.
  private var pushes: [Int64] = []
  /// The positions where one piece ends and another begins, sorted.
  private var cuts: [Int64] = []
  /// Where the unfinished piece at the end of what was written began.
  private var tailStart: Int64 = 1
  private var lastPush: Int64 = 1
  private var largestWindow: Int64 = 0

  // MARK: What happens

  /// Takes note of the peer's window.
  mutating func sawWindow(_ bytes: Int64) { largestWindow = max(largestWindow, bytes) }

  /// Takes note of a write of the bytes from `start` to `end`, after what of it may go at once has
  /// gone, up to `sent`.
  /// `isFinished` is whether no more is said to follow (MSG_MORE).
  mutating func wrote(
    from start: Int64, to end: Int64, sent: Int64, payloadLimit: UInt32, isFinished: Bool
  ) {
    guard end > start, payloadLimit > 0 else { return }
    let limit = Int64(payloadLimit)
    let half = largestWindow > 536 ? largestWindow / 2 : largestWindow
    let piece = max(min(half, SegmentationOffload.largestPiece) / limit, 1) * limit
    if sent >= start {
      tailStart = start
    } else {
      pushes.removeAll { $0 == start }  // the write goes on in the unfinished piece
    }
    var isFirst = true
    while true {
      // What has gone leaves room in the piece that it was taken from.
      let base = isFirst ? max(tailStart, min(sent, start + piece)) : tailStart
      isFirst = false
      guard base + piece < end else { break }
      tailStart = base + piece
      if tailStart > lastPush + half { push(at: tailStart) }
    }
    if isFinished { push(at: end) }
  }

  /// Sets PSH at a position whatever the piece.
  mutating func pushed(at position: Int64) { push(at: position) }

  private mutating func push(at position: Int64) {
    lastPush = position
    SegmentationOffload.insert(position, into: &pushes)
  }

  /// Takes note of an edge of a selective acknowledgement.
  mutating func sawEdge(_ position: Int64) { SegmentationOffload.insert(position, into: &cuts) }

  /// Forgets what was acknowledged.
  mutating func acknowledged(upTo position: Int64) {
    cuts.removeAll { $0 < position }
    pushes.removeAll { $0 < position }
  }

  private static func insert(_ position: Int64, into list: inout [Int64]) {
    var index = list.count
    while index > 0 && list[index - 1] > position { index -= 1 }
    if index > 0 && list[index - 1] == position { return }
    list.insert(position, at: index)
  }

  // MARK: Bursts

  /// Sets PSH on the segments of a burst, which begin at `starts`.
  mutating func mark(_ burst: inout [Segment], starts: [Int64], _ conditions: Conditions) {
    var index = 0
    while index < burst.count {
      guard burst[index].payloadBytes > 0 else {
        index += 1
        continue
      }
      var end = index + 1
      let isNew = burst[index].retransmission == nil
      let limit = isNew ? segmentsInPiece(conditions) : Int.max
      while end < burst.count, end - index < limit,
        continues(burst, starts, at: end, isNew: isNew, conditions.payloadLimit)
      {
        end += 1
      }
      mark(&burst, starts, index..<end)
      index = end
    }
  }

  /// Whether the segment at `index` is in the same piece as the one before it.
  private func continues(
    _ burst: [Segment], _ starts: [Int64], at index: Int, isNew: Bool, _ payloadLimit: UInt32
  ) -> Bool {
    let before = burst[index - 1]
    guard burst[index].payloadBytes > 0, (burst[index].retransmission == nil) == isNew,
      starts[index] == starts[index - 1] + Int64(before.payloadBytes)
    else { return false }
    if isNew { return before.payloadBytes == payloadLimit && !pushes.contains(starts[index]) }
    return !cuts.contains(starts[index])
  }

  private mutating func mark(
    _ burst: inout [Segment], _ starts: [Int64], _ range: Range<Int>
  ) {
    for index in range {
      let end = starts[index] + Int64(burst[index].payloadBytes)
      let isPieceEnd = index == range.upperBound - 1 && range.count > 1
      if isPieceEnd || pushes.contains(end) {
        burst[index].flags.insert(.psh)
      } else {
        burst[index].flags.remove(.psh)
      }
      if index == range.upperBound - 1 { SegmentationOffload.insert(end, into: &cuts) }
    }
    SegmentationOffload.insert(starts[range.lowerBound], into: &cuts)
  }

  /// How many segments a new piece has: a millisecond's worth of the pacing rate, more where the
  /// round trip is very short, and no more than half of the window.
  private func segmentsInPiece(_ conditions: Conditions) -> Int {
    let limit = Int64(max(conditions.payloadLimit, 1))
    let half = max(Int64(conditions.window) / 2, 1)
    guard let smoothed = conditions.smoothedRTT, smoothed > .zero else { return Int(half) }
    let isSlowStart = conditions.window < conditions.threshold / 2
    let perSecond =
      limit * min(Int64(conditions.window), 1_000_000) * (isSlowStart ? 200 : 120) / 100 * 1_000_000
      / max(smoothed.nanoseconds / 1000, 1)
    var bytes = perSecond >> 10
    let shift = ((conditions.minimumRTT ?? smoothed).nanoseconds / 1000) >> 9
    if shift < 32 { bytes += SegmentationOffload.largestPiece >> shift }
    let segments = min(bytes, SegmentationOffload.largestPiece) / limit
    return Int(min(max(segments, conditions.leastSegments), half))
  }
}
