import NetSim

/// The room that one end announces, as the other end's data meet it.
struct WindowWatch {
  /// The relative sequence number up to which the other end may send; nil while it is not known.
  private(set) var edge: Int64?
  /// How often the room went down to nothing, and for how long there was none.
  private(set) var zeroCount: Int64 = 0
  private(set) var closed = SimDuration.zero
  private var closedSinceNs: Int64 = -1
  private var closedUntilNs: Int64 = -1
  /// How often data filled the room.
  private(set) var fullCount: Int64 = 0
  private(set) var isFull = false

  /// Whether there was no room at some time since then.
  func wasClosed(since timeNs: Int64) -> Bool { closedSinceNs >= 0 || closedUntilNs > timeNs }

  /// Takes an announcement: room for `window` bytes behind `acknowledged`, scaled. Gives whether it is
  /// the first that leaves none.
  @inline(__always)
  mutating func announce(_ window: Int64, behind acknowledged: Int64, atNs now: Int64) -> Bool {
    let edge = acknowledged + window
    if edge > self.edge ?? .min { isFull = false }
    self.edge = max(edge, self.edge ?? edge)
    if window > 0 {
      reopen(atNs: now)
      return false
    }
    guard closedSinceNs < 0 else { return false }
    closedSinceNs = now
    zeroCount += 1
    return true
  }

  /// Takes an announcement of some room, of which nobody knows how much, for want of the scale.
  @inline(__always)
  mutating func announceSome(atNs now: Int64) {
    edge = nil
    isFull = false
    reopen(atNs: now)
  }

  @inline(__always)
  private mutating func reopen(atNs now: Int64) {
    guard closedSinceNs >= 0 else { return }
    close(atNs: now)
    closedUntilNs = now
  }

  /// Takes new data of `length` bytes up to `end`. Gives whether they are the first after which no
  /// segment as large has room.
  @inline(__always)
  mutating func send(upTo end: Int64, length: Int64) -> Bool {
    guard let edge, !isFull, edge - end < length else { return false }
    isFull = true
    fullCount += 1
    return true
  }

  /// Ends what is open at the end of the capture.
  mutating func finish(atNs now: Int64) {
    if closedSinceNs >= 0 { close(atNs: now) }
  }

  private mutating func close(atNs now: Int64) {
    closed.grow(by: SimDuration(nanoseconds: max(0, now - closedSinceNs)))
    closedSinceNs = -1
  }
}
