/// A client at work: which of its objects were asked for, and how many connections it holds.
struct Client {
  let settings: ClientSettings
  /// Its origins, in the order of its settings.
  var origins: [Origin]
  /// Which objects become wanted when.
  let order: ObjectOrder
  /// The number of its first origin among those of all clients, for their addresses.
  let firstHost: Int
  /// Which leg of a way over proxies it asks on: 0 for a client, 1 for its first proxy.
  let leg: Int
  /// The index of the proxy, as a client, that its connections end at; nil where servers are.
  let next: Int?
  /// The version in which what it gets is framed.
  let answers: ApplicationProtocol
  /// The number of the client of the scenario that it asks for.
  let user: Int
  /// When its next object is wanted, where the scenario says so.
  var arrivals: ArrivalTimes?
  /// What an attacker saw of its early data: the requests of the first connection that had any.
  var captured: [UInt32] = []
  /// Whether one of its connections has sent what the scenario injects.
  var hasInjected = false
  /// The requests, by object, that servers have promised to answer and it has accepted; and which objects
  /// it has asked for. Empty where nothing is pushed.
  var promised: [UInt32] = []
  var asked: [Bool] = []
  /// How many objects are complete, and how many will never be.
  var completed = 0
  var failed = 0

  /// The client of a leg, whose connections end at `next`.
  init(
    _ chain: ProxyChain, leg: Int, firstHost: Int, user: Int, next: Int?, seed: UInt64
  ) {
    settings = chain.legs[leg]
    answers = chain.answers[leg]
    self.firstHost = firstHost
    self.user = user
    self.leg = leg
    self.next = next
    origins = Array(repeating: Origin(), count: settings.origins.count)
    order = ObjectOrder(settings)
    arrivals = settings.arrivals.map { ArrivalTimes($0, seed: seed, index: user) }
    if leg == 0 && settings.objects.contains(where: { $0.isPushed }) {
      promised = Array(repeating: .max, count: settings.objects.count)
      asked = Array(repeating: false, count: settings.objects.count)
    }
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
  /// Whether a response has named HTTP/3, and whether a race over TCP was lost by QUIC.
  var knowsHTTP3 = false
  var avoidsQUIC = false
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
  /// Where its response's field section stands in `HTTP3Session.sections`; nil where none is encoded.
  var section: UInt32?
  /// Whether the server has taken it from its own stream.
  var isTaken = false
  /// Whether the server has something of what it answers with.
  var isReady = false
  /// When the server has thought about it, or has the next part; nil before it has arrived.
  var readyAt: SimTime?
  /// Whether a server answers it of its own accord, and whether the client has no use for it yet.
  var isPushed = false
  var awaitsUse = false
  /// Its stream, where its connection has streams.
  var stream: UInt32?
  /// The request that a proxy makes for it, and for which it is made by one.
  var upstream: UInt32?
  var downstream: UInt32?
  /// Whether a proxy got no answer to it.
  var isBadGateway = false
  /// Where what answers it, hints included, begins in the stream to the client.
  var streamStart: Int64 = 0
  /// What the server has and has written of the response.
  var response = ResponseProgress()
  /// Whether the server closes the connection behind its response.
  var isLast = false
  /// Its response's span in the stream to the client, once the server has written it.
  var responseStart: Int64 = 0
  /// Where the client takes it to end; `max` while that is not known.
  var responseEnd = Int64.max
  /// What has to be delivered of it before the client can read its first byte.
  var firstByteEnd = Int64.max
  /// Where the hints before it end, if there are any.
  var hintsEnd = Int64.max
  var hasHints = false
  /// How many of the objects that are wanted before it is complete have been asked for.
  var earlyAsked = 0
  /// Whether it left before the TLS handshake was complete, and whether the server wants it again.
  var isEarly = false
  var isTooEarly = false
  var hasFirstByte = false
  var completedAt: SimTime?
  var hasFailed = false
  /// When its client gives it up: some time after sending it, and at the latest.
  var cancelledAt: SimTime?
  var deadline: SimTime?

  /// Its connection is gone: it fails, or is sent again on whichever is free.
  mutating func forgetConnection() {
    connection = nil
    isReady = false
    isTaken = false
    readyAt = nil
    isLast = false
    isEarly = false
    isTooEarly = false
    isBadGateway = false
    stream = nil
    upstream = nil
    response = ResponseProgress()
    (responseEnd, firstByteEnd, hintsEnd) = (.max, .max, .max)
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
  /// The request whose response is being written and not written whole.
  var streaming: UInt32?
  /// Where the client, misled about a length, takes the next response to begin.
  var garbledFrom: Int64?
  /// The connection behind a relay that this one goes on in, and before it.
  var upstream: UInt32?
  var downstream: UInt32?
  /// The index of its frames and streams in `Simulator.sessions`; nil where it has none.
  var session: Int?
  /// The index of its first end in `Simulator.quicEndpoints`, and of its streams in `http3Sessions`;
  /// nil over TCP.
  var quic: Int?
  var http3: Int?
  /// The connection that was opened beside it, of which the one that is ready first goes on.
  var rival: UInt32?
  /// The TLS handshake; nil without TLS, and over QUIC, which makes it part of its own.
  var tls: TLSProgress?
  /// When a packet of it last passed a middlebox that keeps state; nil before any did.
  var seenAt: SimTime?
  /// How often a NAT has given it another port, and the one at which the server knows it over TCP.
  var port: UInt8 = 0
  var serverPort: UInt8 = 0
  /// The position after the last request that the server took.
  var readEnd: Int64 = 0
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
  /// The request because of which its client ends it.
  var cancelled: (request: UInt32, failure: RequestFailure)?
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
    streaming = nil
    (sent, received, answered) = (0, 0, 0)
  }

  init(client: Int, origin: Int, path: Int) {
    self.client = client
    self.origin = origin
    self.path = path
  }
}
