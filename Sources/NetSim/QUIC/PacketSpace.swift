/// The packet-number spaces (RFC 9000 §12.3).
enum PacketSpaceName: Int, CaseIterable {
  case initial
  case handshake
  case application

  /// The spaces from one on, in their order.
  @inline(__always)
  static func from(_ first: PacketSpaceName) -> PacketSpaces { PacketSpaces(place: first.rawValue) }
}

/// Counts the spaces up without a list of them.
struct PacketSpaces: Sequence, IteratorProtocol {
  var place: Int

  @inline(__always)
  mutating func next() -> PacketSpaceName? {
    defer { place += 1 }
    return place == 0 ? .initial : place == 1 ? .handshake : place == 2 ? .application : nil
  }
}

/// One packet-number space of an endpoint: what it has sent and not heard of, and what has come.
struct PacketSpace: ~Copyable {
  // What it sends.

  /// The number of the next packet.
  var nextNumber: Int64 = 0
  /// Packets whose fate is not known or was learnt of late, by their numbers.
  var history = SentHistory()
  var largestAcknowledged: Int64 = -1
  /// When a packet will be lost that nothing else has decided on; `never` where there is none.
  var lossTime = SimTime.never
  /// When a packet that wants an answer was sent last.
  var lastElicitingSent = SimTime.never
  /// How many such packets are under way.
  var elicitingInFlight = 0
  /// Bytes under way.
  var bytesInFlight: Int64 = 0
  /// Probes that have to go out (RFC 9002 §6.2.4).
  var probes = 0
  var crypto = CryptoFlow()
  /// What the peer has said of marked packets.
  var peerMarked: Int64 = 0

  // What it receives.

  var received = ReceivedNumbers()
  /// When the largest of them came.
  var largestReceivedAt = SimTime.zero
  /// Packets that want an answer and have none, and since when.
  var unanswered = 0
  var unansweredSince = SimTime.never
  /// Whether the answer must not wait.
  var answersAtOnce = false
  /// Packets marked ECT(0) and CE (RFC 9000 §13.4).
  var capable: Int64 = 0
  var marked: Int64 = 0
  /// Packets that it sent since one that wants an answer.
  var silentInARow = 0

  // Its keys.

  var maySend = false
  var mayReceive = false
  var isDiscarded = false

  /// Takes note of the next packet, which leaves.
  @inline(__always)
  mutating func add(_ packet: SentPacket) {
    history.append(packet)
    nextNumber += 1
    if packet.isInFlight { bytesInFlight += Int64(packet.bytes) }
    guard packet.isEliciting else {
      silentInARow += 1
      return
    }
    silentInARow = 0
    elicitingInFlight += 1
    lastElicitingSent = packet.sentAt
    if probes > 0 { probes -= 1 }
  }

  /// What was sent is no longer waited for.
  mutating func forgetSent() {
    history.drop { _ in true }
    lossTime = .never
    elicitingInFlight = 0
    bytesInFlight = 0
    probes = 0
  }

  /// Everything about it is forgotten with its keys (RFC 9001 §4.9).
  mutating func discard() {
    self = PacketSpace()
    isDiscarded = true
  }
}

/// The spaces of an endpoint, by their names, each in place: what looks at one does not copy it.
struct PacketSpaceTable: ~Copyable {
  private let storage: UnsafeMutablePointer<PacketSpace>

  init() {
    storage = .allocate(capacity: PacketSpaceName.allCases.count)
    for name in PacketSpaceName.allCases {
      (storage + name.rawValue).initialize(to: PacketSpace())
    }
  }

  deinit {
    storage.deinitialize(count: PacketSpaceName.allCases.count)
    storage.deallocate()
  }

  /// Where a space stands, as long as the table does.
  @inline(__always)
  func address(of name: PacketSpaceName) -> UnsafeMutablePointer<PacketSpace> {
    storage + name.rawValue
  }
}

/// A packet that was sent.
struct SentPacket: BitwiseCopyable {
  enum Fate: UInt8, BitwiseCopyable {
    /// Under way.
    case open
    case acknowledged
    /// Declared lost.
    case lost
    /// Nobody waits for it: it wants no answer.
    case untracked
  }

  var fate: Fate
  /// Whether it wants an answer, whether it counts as under way, and whether it tries a larger size.
  var isEliciting: Bool
  var isInFlight: Bool
  /// On which of the paths it left that are measured apart.
  var path: UInt8 = 0
  var triesSize = false
  /// Whether a probe has repeated what is in it.
  var isRepeated = false
  /// Whether it is a probe itself that repeats nothing.
  var isBareProbe = false
  var bytes: UInt32
  /// The number of the datagram that it left in.
  var datagram: UInt32
  /// Which of the frames that `SentHistory` was ever given are its own.
  var frameCount: UInt32 = 0
  var firstFrame: Int64 = 0
  var sentAt: SimTime
  /// The largest packet that it acknowledges; −1 for none.
  var acknowledges: Int64 = -1
  var delivery = ByteRate.Snapshot()
}

/// The packets of a space from the first that is still of interest, with the frames that would have to
/// be sent again. Both stand in the order of numbers, so that neither needs memory of its own.
struct SentHistory: ~Copyable {
  private var packets = OwnedRing<SentPacket>()
  private var frames = OwnedRing<QUICItem>()
  /// The number of the first packet that it holds.
  private(set) var first: Int64 = 0
  /// How many frames it was given, of which it has forgotten the first.
  private(set) var framesAdded: Int64 = 0

  /// The number after the last.
  var end: Int64 { first + Int64(packets.count) }

  subscript(number: Int64) -> SentPacket {
    @inline(__always) _read { yield packets[Int(number - first)] }
    @inline(__always) _modify { yield &packets[Int(number - first)] }
  }

  /// Adds a frame of the packet that is added next.
  @inline(__always)
  mutating func append(_ frame: QUICItem) {
    frames.append(frame)
    framesAdded += 1
  }

  /// Adds the next packet, whose frames were added before.
  @inline(__always)
  mutating func append(_ packet: SentPacket) { packets.append(packet) }

  /// The `index`-th frame of a packet that it holds.
  @inline(__always)
  func frame(_ index: Int, of packet: SentPacket) -> QUICItem {
    frames[Int(packet.firstFrame - framesAdded) + frames.count + index]
  }

  /// Forgets packets from the front, as long as `isOver` says so of them.
  @inline(__always)
  mutating func drop(while isOver: (SentPacket) -> Bool) {
    while !packets.isEmpty, isOver(packets[0]) {
      frames.drop(Int(packets[0].frameCount))
      packets.drop(1)
      first += 1
    }
  }
}

/// The numbers of packets that have come, as spans (RFC 9000 §13.2.3).
struct ReceivedNumbers {
  /// Sorted, apart.
  private(set) var spans: [Reassembly.Span] = []
  /// What is below is known, or of no interest.
  private(set) var floor: Int64 = 0
  /// How many spans are kept.
  private static var most: Int { 32 }

  var largest: Int64 { (spans.last?.end ?? 0) - 1 }
  var isEmpty: Bool { spans.isEmpty }

  /// Takes a number. Returns false where it has come before.
  mutating func insert(_ number: Int64) -> Bool {
    if number < floor { return false }
    guard let last = spans.indices.last, spans[last].start <= number else {
      return insertLow(number)
    }
    if number < spans[last].end { return false }
    if number == spans[last].end {
      spans[last].end += 1
      return true
    }
    if spans.capacity == 0 { spans.reserveCapacity(Self.most + 1) }
    spans.append(Reassembly.Span(start: number, end: number + 1))
    limit()
    return true
  }

  private mutating func insertLow(_ number: Int64) -> Bool {
    var place = 0
    while place < spans.count && spans[place].end < number { place += 1 }
    if place == spans.count || number + 1 < spans[place].start {
      spans.insert(Reassembly.Span(start: number, end: number + 1), at: place)
      limit()
      return true
    }
    if number >= spans[place].start && number < spans[place].end { return false }
    if number + 1 == spans[place].start {
      spans[place].start = number
      return true
    }
    spans[place].end += 1
    if place + 1 < spans.count && spans[place + 1].start == spans[place].end {
      spans[place].end = spans[place + 1].end
      spans.remove(at: place + 1)
    }
    return true
  }

  private mutating func limit() {
    if spans.count > Self.most {
      floor = spans[0].end
      spans.removeFirst()
    }
  }

  /// The peer knows of everything up to `number` (RFC 9000 §13.2.4). What came last is kept.
  mutating func forget(upTo number: Int64) {
    while spans.count > 1, let first = spans.first, first.start <= number {
      if first.end > number + 1 {
        floor = max(floor, number + 1)
        spans[0].start = number + 1
        return
      }
      floor = max(floor, first.end)
      spans.removeFirst()
    }
  }
}

/// The CRYPTO stream of a space, both ways (RFC 9000 §19.6).
struct CryptoFlow {
  var written: Int64 = 0
  var sent: Int64 = 0
  var lost = RingBuffer<SentPiece>()
  var acknowledged = Reassembly()
  var received = Reassembly()

  /// Whether something is to be sent.
  var isWaiting: Bool { sent < written || !lost.isEmpty }
}

/// A stretch of a stream that was sent and is to be sent again.
struct SentPiece: BitwiseCopyable {
  var start: Int64
  var end: Int64
  var order: Int64 = 0
  var isLast = false
}

extension Reassembly {
  /// The first stretch of `span` that has not arrived; nil where all of it has.
  func firstMissing(in span: Span) -> Span? {
    var missing = Span(start: max(span.start, front), end: span.end)
    if missing.start >= missing.end { return nil }
    for island in islands {
      if island.start > missing.start {
        missing.end = min(missing.end, island.start)
        return missing
      }
      missing.start = max(missing.start, island.end)
      if missing.start >= missing.end { return nil }
    }
    return missing
  }
}
