/// What puts a link's packets on the line, one after the other, at a rate that may change.
///
/// All is exact: a packet in service when the rate changes is sent on at the new rate, and the part
/// of a nanosecond that one packet leaves over goes to the next, so that a busy link sends just the
/// bits that its rates allow. While a link is held nothing is sent; a packet in service goes on
/// afterwards.
struct Transmitter {
  /// A span of time with one rate, up to the next one's beginning.
  private struct Piece {
    var begins: SimTime
    var rate: Bitrate
    var isHeld: Bool
  }

  /// How far the transmitter has come.
  private struct Progress {
    var busyUntil = SimTime.zero
    /// Work left over, in billionths of a bit.
    var remainder: UInt64 = 0
    /// The piece that service was in when it ended.
    var piece = 0
  }

  private let rate: Bitrate
  private var times: TransmissionTimes
  /// What is other than one rate for ever; empty where nothing is.
  private var pieces: [Piece] = []
  private var progress = Progress()

  init(_ settings: LinkSettings) {
    rate = settings.rate
    times = TransmissionTimes(at: settings.rate)
    let holds = settings.outages.filter { $0.holds }
    if settings.rateSteps.isEmpty && holds.isEmpty { return }
    var times = [SimTime.zero]
    for step in settings.rateSteps { times.append(step.time) }
    for hold in holds { times += [hold.from, hold.to] }
    times.sort()
    for (index, time) in times.enumerated() where index == 0 || time != times[index - 1] {
      let latest = settings.rateSteps.last { $0.time <= time }
      pieces.append(
        Piece(
          begins: time, rate: latest?.rate ?? settings.rate,
          isHeld: holds.contains { $0.contains(time) }))
    }
  }

  /// When the last bit of what was taken leaves.
  var busyUntil: SimTime { progress.busyUntil }

  /// When a packet's service can begin that is ready at `time`, with nothing else in the way.
  func opening(at time: SimTime) -> SimTime {
    var piece = progress.piece
    return opening(at: time, &piece)
  }

  /// The rate at `time`, or the one that follows if the link is held.
  func rate(at time: SimTime) -> Bitrate {
    if pieces.isEmpty { return rate }
    var piece = progress.piece
    _ = opening(at: time, &piece)
    return pieces[piece].rate
  }

  /// When service of `bytes` bytes that enter now begins, and how long it takes. `isBusy` says
  /// whether the line is not idle at `now`: an idle one starts from a whole nanosecond. Something
  /// that is not taken leaves the transmitter as it was.
  @inline(__always)
  mutating func send(
    _ bytes: UInt32, at now: SimTime, isBusy: Bool, taken: Bool
  ) -> (start: SimTime, serialization: SimDuration) {
    if !pieces.isEmpty { return sendInPieces(bytes, at: now, isBusy: isBusy, taken: taken) }
    var carried = isBusy ? progress.remainder : 0
    let start = max(now, progress.busyUntil)
    let serialization = times.time(of: bytes, remainder: &carried)
    if taken {
      progress.remainder = carried
      progress.busyUntil = start + serialization
    }
    return (start, serialization)
  }

  private mutating func sendInPieces(
    _ bytes: UInt32, at now: SimTime, isBusy: Bool, taken: Bool
  ) -> (start: SimTime, serialization: SimDuration) {
    var next = progress
    if !isBusy { next.remainder = 0 }
    let start = opening(at: max(now, next.busyUntil), &next.piece)
    next.busyUntil = finish(UInt64(bytes) * 8_000_000_000, from: start, &next)
    if taken { progress = next }
    return (start, next.busyUntil - start)
  }

  /// When so many billionths of a bit have been sent.
  private func finish(_ work: UInt64, from start: SimTime, _ next: inout Progress) -> SimTime {
    if work == 0 { return start }
    var left = work + next.remainder
    var time = start
    while true {
      let rate = pieces[next.piece].rate
      if rate.isUnlimited {
        next.remainder = 0
        return time
      }
      let (duration, rest) = left.quotientAndRemainder(dividingBy: rate.bitsPerSecond)
      let end = time + SimDuration(nanoseconds: Int64(duration))
      if next.piece + 1 == pieces.count || end <= pieces[next.piece + 1].begins {
        next.remainder = rest
        return end
      }
      // Less than `left`, because the packet would have ended later: no overflow.
      let change = pieces[next.piece + 1].begins
      left -= UInt64((change - time).nanoseconds) * rate.bitsPerSecond
      time = opening(at: change, &next.piece)
    }
  }

  /// The first time from `time` on at which the link is not held, and moves `piece` there.
  private func opening(at time: SimTime, _ piece: inout Int) -> SimTime {
    if pieces.isEmpty { return time }
    while piece + 1 < pieces.count
      && (pieces[piece + 1].begins <= time || pieces[piece].isHeld)
    {
      piece += 1
    }
    return max(time, pieces[piece].begins)
  }
}
