/// When the receiver sends an acknowledgement (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
struct AcknowledgementSchedule {
  /// So many acknowledgements of one hole go out at once before others are held together: as many
  /// as the sender needs to find the loss.
  private static var promptDuplicates: UInt32 { 3 }
  /// So many arrivals are held together at most.
  private static var heldLimit: UInt32 { 44 }

  /// Whether one has to go out at once.
  private(set) var isDue = false
  /// When one has to go out at the latest; `never` when nothing waits to be acknowledged.
  @inline(__always)
  var deadline: SimTime { min(delayed, held) }
  /// When the delay of acknowledgements is over.
  private(set) var delayed = SimTime.never
  /// When acknowledgements of arrivals behind a hole, held together, go out.
  private var held = SimTime.never
  private let policy: AcknowledgementPolicy
  /// How long an acknowledgement may wait.
  var delay: SimDuration { policy.delay }
  private var waiting: UInt32 = 0
  private var quickRemaining: UInt32
  /// Whether the application answers what it gets, so that acknowledgements can wait for data to
  /// ride on.
  private var isInteractive = false
  private var lastArrival: SimTime?
  private var hole: Int64 = 0
  private var duplicates: UInt32 = 0
  private var heldCount: UInt32 = 0

  init(_ policy: AcknowledgementPolicy) {
    self.policy = policy
    quickRemaining = policy.quickSegments
  }

  @inline(__always)
  private var isQuick: Bool { quickRemaining > 0 && !isInteractive }

  /// A segment with data arrived in order, and no hole is left. The application reads at once, so
  /// that the end of a burst (`isPushed`) may be acknowledged at once, too; unless it is busy, and a
  /// segment that is not full waits for it.
  @inline(__always)
  mutating func segmentArrived(
    at now: SimTime, waitsForReader: Bool = false, isPushed: Bool, deadline: SimTime
  ) {
    lastArrival = now
    waiting += 1
    if waitsForReader && !isQuick {
      if delayed == .never { delayed = deadline }
    } else if isQuick || waiting >= policy.everySegments
      || (isPushed && policy.acknowledgesBursts && !isInteractive)
    {
      isDue = true
    } else if delayed == .never {
      delayed = deadline
    }
  }

  /// A segment with data arrived and there is a hole, before it or further on; `front` is the
  /// position of the first. RFC 5681 §4.2 wants an acknowledgement of each at once; Linux holds them
  /// together for a twentieth of the round trip, once the sender must know of the hole.
  mutating func segmentArrivedAtHole(
    front: Int64, movedFront: Bool, at now: SimTime, roundTrip: SimDuration?
  ) {
    lastArrival = now
    waiting += movedFront ? 1 : 0
    guard policy.compressionDelay > .zero, let roundTrip else {
      isDue = true
      return
    }
    if isQuick || waiting >= policy.everySegments {
      isDue = true
      return
    }
    if front != hole {
      hole = front
      duplicates = 0
    }
    if duplicates < Self.promptDuplicates {
      duplicates += 1
      isDue = true
      return
    }
    heldCount += 1
    if heldCount > Self.heldLimit { isDue = true }
    if held == .never { held = now + min(policy.compressionDelay, roundTrip / 20) }
  }

  /// The application has read what waited for it.
  mutating func wasRead() { if waiting >= policy.everySegments { isDue = true } }

  /// The receive window is growing: the sender shall learn of it at once.
  mutating func windowGrew() { if policy.quickSegments > 0 { quickRemaining |= 1 } }

  /// Something happened that the sender must learn of at once: a hole's repair, a FIN
  /// (RFC 5681 §4.2).
  mutating func require() { isDue = true }

  /// Something arrived twice: the sender is in trouble, and waiting does it no good.
  mutating func duplicateArrived() {
    isDue = true
    quickRemaining = policy.quickSegments
    isInteractive = false
  }

  /// A deadline is over. Returns whether it was that of the delay.
  mutating func deadlineReached(at now: SimTime) -> Bool {
    isDue = true
    if delayed > now { return false }
    isInteractive = false  // no data came to ride on
    return true
  }

  /// Data of our own goes out at `now`: soon after some arrived it is taken for an answer.
  @inline(__always)
  mutating func dataSent(at now: SimTime) {
    guard policy.quickSegments > 0, let lastArrival else { return }
    if now - lastArrival < policy.delay { isInteractive = true }
  }

  /// An acknowledgement went out, by itself or with data.
  @inline(__always)
  mutating func sent() {
    isDue = false
    if waiting > 0 || heldCount > 0 { quickRemaining -= min(quickRemaining, 1) }
    waiting = 0
    heldCount = 0
    delayed = .never
    held = .never
  }
}
