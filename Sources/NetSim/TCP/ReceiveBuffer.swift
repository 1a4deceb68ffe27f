/// What the receiver offers to take: its buffer, less what the application has not read
/// (RFC 9293 §3.8.6). All numbers are bytes; positions are relative sequence numbers.
struct ReceiveBuffer {
  private let policy: ReceivePolicy
  private var limit: Int64
  /// How much of it may be unread and offered together; grows where the buffer is tuned.
  private(set) var size: Int64
  /// How much of it is offered at most: it opens as segments show that their memory is used well
  /// (Linux's `rcv_ssthresh`).
  private(set) var opened: Int64
  /// The position after the last byte that was offered. It never moves back (RFC 9293 §3.8.6).
  private(set) var edge: Int64 = 0
  var reader = ApplicationReader()
  /// Whether it grows with what the application reads.
  var isTuned: Bool { policy.isTuned }
  /// When the application will have read what is waited for; `never` where nothing is.
  private(set) var wakesAt = SimTime.never
  /// The position whose reading somebody waits for.
  var awaited = Int64.max

  // What was read in a round trip, for the tuning.
  private var roundBegan = SimTime.zero
  private var roundStart: Int64 = 1
  private var roundBytes: Int64

  init(_ settings: TransportSettings) {
    policy = settings.receivePolicy
    limit = settings.receiveWindow.bytes
    size = min(policy.initialBuffer.bytes, limit)
    opened = min(settings.initialReceiveWindow.bytes, size)
    // Linux begins with what it expects of the first round trip.
    roundBytes = min(opened, 10 * Int64(settings.maximumSegmentSize))
  }

  /// The window that could be offered while `front` is the next position expected.
  @inline(__always)
  func room(front: Int64) -> Int64 {
    reader.isPrompt ? opened : max(min(size - reader.unread(before: front), opened), 0)
  }

  /// The position after the last that is taken.
  @inline(__always)
  func acceptedEnd(front: Int64) -> Int64 {
    reader.isPrompt ? front + opened : max(edge, front)
  }

  /// A segment that fills its packet shows that the memory it takes is used well: the window opens
  /// by two segments. Returns whether it did.
  @inline(__always)
  mutating func segmentArrived(payload: UInt32, limit: UInt32, front: Int64) -> Bool {
    let free = reader.isPrompt ? size : size - reader.unread(before: front)
    let room = min(size, free) - opened
    guard room > 0, payload >= 128 else { return false }
    opened += min(room, 2 * Int64(limit))
    return true
  }

  /// Without window scaling no more can ever be offered than the header's 16 bits say.
  mutating func forgoScaling() {
    limit = min(limit, 65_535)
    size = min(size, limit)
    opened = min(opened, limit)
  }

  // MARK: Offering

  /// The window for the header of a segment that goes out now, in units of 2^`shift`.
  @inline(__always)
  mutating func offer(front: Int64, segment: UInt32, shift: Int64) -> UInt16 {
    var window = (room(front: front) >> shift) << shift
    if !reader.isPrompt {
      let offered = max(edge - front, 0)
      if window < offered + leastIncrease(segment) || isScarce(front: front, segment) {
        // RFC 9293 §3.8.6.2.2: the edge stays until it can move by a segment. What is offered is
        // rounded up, because a window does not shrink.
        window = ((offered + (1 << shift) - 1) >> shift) << shift
      }
    }
    let units = min(window >> shift, 65_535)
    edge = max(edge, front + units << shift)
    return UInt16(units)
  }

  private func leastIncrease(_ segment: UInt32) -> Int64 {
    policy.needsSixteenth ? 0 : min(size / 2, Int64(segment))
  }

  /// Whether too little is free to offer any of it (Linux).
  private func isScarce(front: Int64, _ segment: UInt32) -> Bool {
    guard policy.needsSixteenth else { return false }
    return size - reader.unread(before: front) < leastFree(segment)
  }

  private func leastFree(_ segment: UInt32) -> Int64 {
    max(size / 16, min(Int64(segment), size))
  }

  /// How much must be free before the peer is told of its own accord: twice what it knows of, as
  /// Linux has it, and enough to be offered at all.
  private func announced(front: Int64, segment: UInt32) -> Int64? {
    let offered = max(edge - front, 0)
    if 2 * offered > size { return nil }
    let least =
      policy.needsSixteenth ? leastFree(segment) : offered + leastIncrease(segment)
    return max(least, 2 * offered)
  }

  /// Whether the peer is to be told that there is room again.
  func updateIsDue(front: Int64, segment: UInt32) -> Bool {
    guard !reader.isPrompt, let needed = announced(front: front, segment: segment) else {
      return false
    }
    return room(front: front) >= needed
  }

  // MARK: Reading

  /// The application reads until `now` of what was delivered in order, up to `delivered`.
  @inline(__always)
  mutating func read(until now: SimTime, delivered: Int64) {
    if !reader.isPrompt { reader.read(until: now, delivered: delivered) }
  }

  /// Works out when the application's reading is next of interest: when the window can be announced
  /// again, when it has read what is awaited, and when it has read everything.
  mutating func schedule(at now: SimTime, front: Int64, delivered: Int64, segment: UInt32) {
    guard reader.isPaced else { return }
    let unread = reader.unread(before: delivered)
    wakesAt = unread > 0 ? now + reader.duration(of: unread) : .never
    if awaited > reader.position && awaited < delivered {
      wakesAt = min(wakesAt, now + reader.duration(of: awaited - reader.position))
    }
    guard let needed = announced(front: front, segment: segment), needed <= opened else { return }
    let missing = needed - (size - unread)
    if missing > 0 && missing <= unread {
      wakesAt = min(wakesAt, now + reader.duration(of: missing))
    }
  }

  // MARK: Tuning

  /// Dynamic right-sizing, after more was read: once in a round trip the buffer becomes twice what
  /// was read in it, and more where that grows (Linux's `tcp_rcv_space_adjust`). `roundTrip` is nil
  /// before any was measured.
  @inline(__always)
  mutating func tune(at now: SimTime, delivered: Int64, roundTrip: SimDuration?) {
    guard size < limit, policy.isTuned, let roundTrip, now - roundBegan >= roundTrip else { return }
    endRound(at: now, read: reader.isPrompt ? delivered : reader.position)
  }

  private mutating func endRound(at now: SimTime, read: Int64) {
    let bytes = read - roundStart
    if bytes > roundBytes {
      // A window is spent a round trip after it was opened, so that a sender that doubles its rate
      // needs twice as much, and as much again as it grew.
      let wanted = 2 * bytes
      let growth = min((bytes - roundBytes) * 16 / max(roundBytes, 1), 64)
      size = max(size, min(wanted + wanted * growth / 8, limit))
      roundBytes = bytes
    }
    roundStart = read
    roundBegan = now
  }

  /// The round trip as the receiver sees it began when the connection was established.
  mutating func established(at now: SimTime) { roundBegan = now }
}

/// The application's reading: at once, at a rate, or when it asks.
struct ApplicationReader {
  private enum Pace {
    case prompt
    case paced(bytesPerSecond: Int64)
    case asked
  }

  private var pace = Pace.prompt
  /// The position after the last byte read; of no account where it reads at once.
  private(set) var position: Int64 = 1
  /// Until when it has read, and the part of a byte that is left over, in 10⁻⁹ bytes.
  private var readUntil = SimTime.zero
  private var fraction: Int64 = 0

  /// Whether it reads whatever arrives at once.
  private(set) var isPrompt = true
  /// Whether it reads at a rate.
  private(set) var isPaced = false

  init() {}

  /// A reader of so many bytes a second, at least one.
  init(bytesPerSecond: Int64) {
    precondition(bytesPerSecond > 0, "a reader that never reads")
    pace = .paced(bytesPerSecond: bytesPerSecond)
    isPrompt = false
    isPaced = true
  }

  /// A reader that reads what `read(bytes:)` says.
  static var asked: ApplicationReader {
    var reader = ApplicationReader()
    reader.pace = .asked
    reader.isPrompt = false
    return reader
  }

  /// Bytes before `end` that were not read.
  @inline(__always)
  func unread(before end: Int64) -> Int64 { isPrompt ? 0 : max(end - position, 0) }

  /// How long it takes to read `bytes` bytes more, which must not exceed a buffer.
  func duration(of bytes: Int64) -> SimDuration {
    guard case .paced(let rate) = pace else { return .zero }
    return SimDuration(nanoseconds: max((bytes * 1_000_000_000 - fraction + rate - 1) / rate, 0))
  }

  mutating func read(until now: SimTime, delivered: Int64) {
    guard case .paced(let rate) = pace else { return }
    let elapsed = now - readUntil
    readUntil = now
    let unread = max(delivered - position, 0)
    if elapsed >= duration(of: unread) {
      position += unread
      fraction = 0
      return
    }
    let credit = rate * elapsed.nanoseconds + fraction
    position += credit / 1_000_000_000
    fraction = credit % 1_000_000_000
  }

  /// Takes note that the application took so many bytes.
  mutating func read(bytes: Int64) { position += bytes }
}
