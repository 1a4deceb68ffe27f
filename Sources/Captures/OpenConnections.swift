import NetSim

/// The TCP connections of a capture while its packets stream by: each is found by its ends, followed
/// while it is open, and summed up when it is over.
///
/// Where a log is kept all are summed up at the end, because the log wants them whole. Else a
/// connection that is closed and silent, or that has been silent longest when there are too many, is
/// summed up at once, so that memory grows with open connections and with what was found.
struct OpenConnections: ~Copyable {
  /// What came of all connections.
  struct Results {
    /// In the order of their first packets.
    var connections: [CapturedConnection] = []
    /// The connections as the log describes them, in the same order; none where it keeps none.
    var descriptions: [ConnectionDescription] = []
    /// Packets of connections beyond the limit.
    var untrackedPackets: Int64 = 0
  }

  /// A packet with data, and whose it was.
  struct LastData {
    var connection = UInt32.max
    var timeNs: Int64 = 0
    var packetLength = 0
  }

  /// A connection that is closed is followed so much longer, for what is late.
  private static let lingerNs: Int64 = 60_000_000_000

  private let options: CaptureOptions
  /// The number the next inferred packet gets.
  private var nextNumber: UInt32 = 0
  private var table = FlowTable()
  private var store = ConnectionStore()
  private var opened: UInt32 = 0
  /// The connection of the packet before, which is often that of the next too.
  private var recent: UInt32?
  /// The last packet with data of each direction, over all connections: packets of another connection
  /// in between take their share of the bottleneck.
  private var lastUp = LastData()
  private var lastDown = LastData()
  /// Connections that were seen closed, with when.
  private var closing = Deque<Closing>()
  private var requests: RequestCollector
  private var results = Results()

  struct Closing: BitwiseCopyable {
    var timeNs: Int64
    var connection: UInt32
    /// Tells whether the place has been given to another meanwhile.
    var index: UInt32
  }

  init(options: CaptureOptions) {
    self.options = options
    requests = RequestCollector(limit: options.requestLimit)
  }

  /// Takes a segment.
  mutating func take(_ segment: borrowing CapturedSegment, log: inout LogBuilder) {
    guard let (number, sender) = find(segment, &log) else {
      results.untrackedPackets += 1
      return
    }
    recent = number
    let pairGapNs = segment.payloadLength > 0 ? gapBefore(segment, number, sender) : nil
    let isClosed = store[number].receive(segment, from: sender, pairGapNs: pairGapNs, log: &log)
    if isClosed, !log.keepsSegments {
      store[number].shrink()
      closing.append(
        Closing(timeNs: segment.timeNs, connection: number, index: store[number].index))
    }
    if closing.count > 0, segment.timeNs - closing[0].timeNs > Self.lingerNs {
      closeOldest(segment.timeNs, &log)
    }
  }

  /// How long before a packet the one before it came in its direction, where that was of the same
  /// connection and as large.
  private mutating func gapBefore(
    _ segment: borrowing CapturedSegment, _ number: UInt32, _ sender: Side
  ) -> Int64? {
    let last = sender == .client ? lastUp : lastDown
    let this = LastData(
      connection: number, timeNs: segment.timeNs, packetLength: segment.packetLength)
    if sender == .client { lastUp = this } else { lastDown = this }
    guard last.connection == number, last.packetLength == segment.packetLength else { return nil }
    return segment.timeNs - last.timeNs
  }

  // MARK: Finding

  /// The connection that a segment belongs to, a new one if need be, and which of its ends sent it;
  /// nil when there are too many.
  @inline(__always)
  private mutating func find(
    _ segment: borrowing CapturedSegment, _ log: inout LogBuilder
  ) -> (UInt32, Side)? {
    if let recent, let sender = store[recent].sender(of: segment.ends),
      !store[recent].isSucceeded(by: segment, from: sender)
    {
      return (recent, sender)
    }
    return search(segment, &log)
  }

  private mutating func search(
    _ segment: borrowing CapturedSegment, _ log: inout LogBuilder
  ) -> (UInt32, Side)? {
    let hash = table.hash(segment.ends)
    var sender = Side.client
    let known = table.value(hash) { number in
      guard let end = store[number].sender(of: segment.ends) else { return false }
      sender = end
      return true
    }
    if let known {
      if !store[known].isSucceeded(by: segment, from: sender) { return (known, sender) }
      table.remove(known, hash: hash)
      if !log.keepsSegments { sumUp(known, &log) }
    }
    return open(segment, hash, &log)
  }

  private mutating func open(
    _ segment: borrowing CapturedSegment, _ hash: UInt32, _ log: inout LogBuilder
  ) -> (UInt32, Side)? {
    guard opened < options.connectionLimit else { return nil }
    if store.count >= options.openLimit, !log.keepsSegments { sumUpIdle(&log) }
    let number = store.insert(Connection(index: opened, first: segment, options: options))
    opened += 1
    table.insert(number, hash: hash)
    return store[number].sender(of: segment.ends).map { (number, $0) }
  }

  // MARK: Summing up

  /// Sums up connections that have been closed for long; one that goes on gets more time.
  private mutating func closeOldest(_ nowNs: Int64, _ log: inout LogBuilder) {
    let oldest = closing[0]
    closing.removeFirst(1)
    guard store.contains(oldest.connection), store[oldest.connection].index == oldest.index else {
      return
    }
    let lastNs = store[oldest.connection].lastNs
    if nowNs - lastNs > Self.lingerNs {
      forget(oldest.connection, &log)
    } else {
      closing.append(
        Closing(
          timeNs: max(lastNs, oldest.timeNs), connection: oldest.connection, index: oldest.index))
    }
  }

  /// Sums up the half of the connections that has been silent longer than the other.
  private mutating func sumUpIdle(_ log: inout LogBuilder) {
    let numbers = store.numbers
    let times = numbers.map { store[$0].lastNs }.sorted()
    let middle = times[(times.count - 1) / 2]
    for number in numbers where store[number].lastNs <= middle { forget(number, &log) }
  }

  private mutating func forget(_ number: UInt32, _ log: inout LogBuilder) {
    table.remove(number, hash: table.hash(store[number].ends))
    sumUp(number, &log)
  }

  /// Takes a connection out and judges it.
  private mutating func sumUp(_ number: UInt32, _ log: inout LogBuilder) {
    if recent == number { recent = nil }
    if lastUp.connection == number { lastUp = LastData() }
    if lastDown.connection == number { lastDown = LastData() }
    var connection = store.remove(number)
    connection.finish()
    let application = connection.course.application
    var verdict = ConnectionVerdict(connection, nextNumber: nextNumber)
    verdict.judge(&log)
    verdict.judgeStalls()
    nextNumber = verdict.nextNumber
    if log.keepsMilestones {
      verdict.writeMilestones(&log)
      results.descriptions.append(verdict.description)
    }
    requests.add(application, of: verdict.result)
    results.connections.append(verdict.result)
  }

  /// Sums up all that are left. `lastNumber` is the number of the capture's last packet.
  mutating func finish(
    lastNumber: UInt32, _ log: inout LogBuilder
  ) -> (results: Results, requests: RequestCollector) {
    nextNumber = lastNumber &+ 1
    let numbers = store.numbers.sorted { store[$0].index < store[$1].index }
    for number in numbers { sumUp(number, &log) }
    let order = results.connections.indices.sorted {
      results.connections[$0].index < results.connections[$1].index
    }
    if log.keepsMilestones { results.descriptions = order.map { results.descriptions[$0] } }
    results.connections = order.map { results.connections[$0] }
    return (results, requests)
  }
}
