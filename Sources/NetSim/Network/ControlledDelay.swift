/// CoDel: a queue that drops or marks at its head when packets have waited too long for too long
/// (RFC 8289 §5).
struct ControlledDelay {
  /// A packet in the queue.
  struct Waiting {
    var packet: Packet
    /// When it entered.
    var entered: SimTime
  }

  private let settings: CoDelSettings
  private let marks: Bool
  private var queue = RingBuffer<Waiting>()
  /// IP bytes of the packets in the queue.
  private(set) var bytes: UInt64 = 0
  /// The largest packet so far: a queue of one is no standing queue.
  private var largest: UInt64 = 0
  /// Packets dropped that the link has not taken yet.
  private var dropped = RingBuffer<Packet>()

  /// When the wait will have been too long for an interval; `never` while it is not too long.
  private var firstAbove = SimTime.never
  private var isDropping = false
  /// When the next packet is dropped while `isDropping`.
  private var dropNext = SimTime.zero
  /// Drops since `isDropping` began, and how many there were when it last did.
  private var count: UInt32 = 0
  private var lastCount: UInt32 = 0

  /// A queue that marks packets instead of dropping them where `marks` is set and they allow it.
  init(_ settings: CoDelSettings, marks: Bool) {
    precondition(
      settings.target > .zero && settings.interval > .zero
        && settings.interval <= CoDelSettings.longestInterval, "times that CoDel cannot work with")
    self.settings = settings
    self.marks = marks
  }

  /// How many packets wait.
  var waiting: Int { queue.count }

  /// Lets a packet enter.
  mutating func append(_ packet: Packet, at now: SimTime) {
    queue.append(Waiting(packet: packet, entered: now))
    bytes += UInt64(packet.ipBytes)
    largest = max(largest, UInt64(packet.ipBytes))
  }

  /// The packet to be sent now; nil when none is left. Packets dropped before it wait for
  /// `takeDropped`. One that was marked now is `marked`.
  mutating func takeNext(at now: SimTime) -> (head: Waiting, marked: Bool)? {
    guard var (head, isLong) = takeHead(at: now) else { return nil }
    var marked = false
    if isDropping {
      isDropping = isLong
      while isDropping && now >= dropNext {
        count &+= 1
        if mark(&head.packet) {
          marked = true
          dropNext = following(dropNext)
          break
        }
        dropped.append(head.packet)
        guard let next = takeHead(at: now) else { return nil }
        (head, isLong) = next
        isDropping = isLong
        if isLong { dropNext = following(dropNext) }
      }
    } else if isLong {
      marked = mark(&head.packet)
      begin(at: now)
      if !marked {
        dropped.append(head.packet)
        guard let next = takeHead(at: now) else { return nil }
        head = next.head
      }
    }
    return (head, marked)
  }

  /// A packet that was dropped and not taken yet.
  mutating func takeDropped() -> Packet? { dropped.isEmpty ? nil : dropped.removeFirst() }

  /// `time` and the interval over the square root of `count` (§5.3).
  static func controlLaw(_ time: SimTime, interval: SimDuration, count: UInt32) -> SimTime {
    let square = UInt64(interval.nanoseconds) * UInt64(interval.nanoseconds)
    return time + SimDuration(nanoseconds: Int64(squareRoot(square / UInt64(max(count, 1)))))
  }

  /// The largest whole number whose square is not above `value`.
  static func squareRoot(_ value: UInt64) -> UInt64 {
    var root: UInt64 = 0
    var rest = value
    var bit: UInt64 = 1 << 62
    while bit > value { bit >>= 2 }
    while bit > 0 {
      if rest >= root + bit {
        rest -= root + bit
        root = root >> 1 + bit
      } else {
        root >>= 1
      }
      bit >>= 2
    }
    return root
  }

  /// Starts to drop. After a pause that was short it goes on at about the rate it had reached.
  private mutating func begin(at now: SimTime) {
    isDropping = true
    let delta = count &- lastCount
    let isRecent = (now - dropNext) < settings.interval * 16
    count = delta > 1 && isRecent ? delta : 1
    dropNext = following(now)
    lastCount = count
  }

  private func following(_ time: SimTime) -> SimTime {
    Self.controlLaw(time, interval: settings.interval, count: count)
  }

  private func mark(_ packet: inout Packet) -> Bool {
    guard marks && packet.ecn.isCapable else { return false }
    packet.ecn = .congestionExperienced
    return true
  }

  /// Takes the head, and whether waits have been too long for an interval.
  private mutating func takeHead(at now: SimTime) -> (head: Waiting, isLong: Bool)? {
    if queue.isEmpty {
      firstAbove = .never
      isDropping = false
      return nil
    }
    let head = queue.removeFirst()
    bytes -= UInt64(head.packet.ipBytes)
    if now - head.entered < settings.target || bytes <= largest {
      firstAbove = .never
      return (head, false)
    }
    if firstAbove == .never {
      firstAbove = now + settings.interval
      return (head, false)
    }
    return (head, now >= firstAbove)
  }
}
