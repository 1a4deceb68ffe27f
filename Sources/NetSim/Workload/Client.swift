/// A client at work: which of its objects were asked for, and how many connections it holds.
struct Client {
  let settings: ClientSettings
  /// Its origins, in the order of its settings.
  var origins: [Origin]
  /// Which objects become wanted when.
  let order: ObjectOrder
  /// The number of its first origin among those of all clients, for their addresses.
  let firstHost: Int
  /// When its next object is wanted, where the scenario says so.
  var arrivals: ArrivalTimes?
  /// What an attacker saw of its early data: the requests of the first connection that had any.
  var captured: [UInt32] = []
  /// How many objects are complete, and how many will never be.
  var completed = 0
  var failed = 0

  init(_ settings: ClientSettings, firstHost: Int, seed: UInt64, index: Int) {
    self.settings = settings
    self.firstHost = firstHost
    origins = Array(repeating: Origin(), count: settings.origins.count)
    order = ObjectOrder(settings)
    arrivals = settings.arrivals.map { ArrivalTimes($0, seed: seed, index: index) }
  }

  /// Whether every object is complete or has failed.
  var isFinished: Bool { completed + failed == settings.objects.count }
}

/// What a client holds of one origin.
struct Origin {
  /// Requests that are wanted and have no connection yet, by index.
  var waiting = RingBuffer<UInt32>()
  /// Established connections that serve no request, by index.
  var idle: [Int] = []
  /// Connections that are open or opening.
  var open: [Int] = []
}

/// Which objects of a client become wanted when which others are complete.
struct ObjectOrder {
  /// The first object that waits for each, then the next that waits for the same; −1 at the end.
  /// The entry after the last object's is of those that wait for the client's start.
  private var first: [Int32]
  private var next: [Int32]

  init(_ settings: ClientSettings) {
    let count = settings.objects.count
    first = Array(repeating: -1, count: count + 1)
    next = Array(repeating: -1, count: count)
    for ordinal in (0..<count).reversed() {
      let parent = settings.parent(of: ordinal) ?? count
      precondition(
        parent == count || parent < ordinal, "an object waits for one that is not before it")
      next[ordinal] = first[parent]
      first[parent] = Int32(ordinal)
    }
  }

  /// The first object that waits for `parent`, or for the client's start if that is nil.
  func first(after parent: Int?) -> Int? { index(first[parent ?? first.count - 1]) }

  /// The next object that waits for the same as `ordinal`.
  func next(after ordinal: Int) -> Int? { index(next[ordinal]) }

  private func index(_ value: Int32) -> Int? { value < 0 ? nil : Int(value) }
}

/// One object asked for.
struct Request {
  let client: Int
  /// Its place in the client's list of objects.
  let ordinal: Int
  let origin: Int
  let bodyBytes: Int64
  let requestBytes: Int64
  /// What it is for.
  var purpose = RequestPurpose.object
  /// Since when it waits for a connection; nil while it does not.
  var waitsSince: SimTime?
  /// How long it has waited for connections; nil before it had one.
  var waited: SimDuration?
  var connection: Int?
  /// The request that it replays.
  var original: Int?
  /// The position after its last byte in the stream to the server.
  var requestEnd: Int64 = 0
  /// Whether the server has what it answers with.
  var isReady = false
  /// When the server has thought about it; nil before it has arrived.
  var readyAt: SimTime?
  /// Whether the server closes the connection behind its response.
  var isLast = false
  /// Its response's span in the stream to the client, once the server has written it.
  var responseStart: Int64 = 0
  var responseEnd: Int64 = 0
  /// What has to be delivered of it before the client can read its first byte.
  var firstByteEnd: Int64 = 0
  /// Whether it left before the TLS handshake was complete, and whether the server wants it again.
  var isEarly = false
  var isTooEarly = false
  var hasFirstByte = false
  var completedAt: SimTime?

  /// Its connection is gone: it fails, or is sent again on whichever is free.
  mutating func forgetConnection() {
    connection = nil
    isReady = false
    readyAt = nil
    isLast = false
    isEarly = false
    isTooEarly = false
  }
}

/// What the simulator knows of a connection beside its two endpoints.
struct SimulatedConnection {
  let client: Int
  let origin: Int
  let path: Int
  /// The requests that it serves or will serve, in order; more than one only where they are
  /// pipelined.
  var requests = RingBuffer<UInt32>()
  /// How many of `requests`, from the first, were sent, reached the server whole, were answered.
  var sent = 0
  var received = 0
  var answered = 0
  /// The TLS handshake; nil without TLS.
  var tls: TLSProgress?
  /// When a packet of it last passed a middlebox that keeps state; nil before any did.
  var seenAt: SimTime?
  /// How many responses were complete, and how many requests the server has taken.
  var served = 0
  var taken = 0
  /// Since when each end, the client's first, has had nothing to do, and whether an event will look.
  var idleSince: InlineArray<2, SimTime> = [.zero, .zero]
  var watchesIdle: InlineArray<2, Bool> = [false, false]
  /// When the latest of its answers was complete, heartbeats' included, and whether an event will look
  /// whether a heartbeat is due.
  var quietSince = SimTime.zero
  var awaitsHeartbeat = false
  /// Whether it is opened ahead of requests, and is not ready yet.
  var isOpenedAhead = false
  /// Whether it is an attacker's.
  var isReplay = false
  /// Whether a request for an object was answered on it.
  var carried = false
  /// What had been delivered to the server when it closed both directions; nil while it listens.
  var leftAt: Int64?
  /// Whether its end was noticed, so that it is noticed once.
  var isOver = false
  var totals = ConnectionReport()

  /// The first of its requests is answered, or wanted again.
  mutating func removeFirstRequest() -> UInt32 {
    sent -= 1
    received -= 1
    answered -= 1
    return requests.removeFirst()
  }

  /// It serves none of its requests any more.
  mutating func forgetRequests() {
    requests.removeAll()
    (sent, received, answered) = (0, 0, 0)
  }

  init(client: Int, origin: Int, path: Int) {
    self.client = client
    self.origin = origin
    self.path = path
  }
}
