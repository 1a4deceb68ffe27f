/// Runs a scenario: the event queue, the pools of components, and the loop that wakes them.
///
/// Components are values in typed pools and name each other by index; nothing on the hot path is a
/// reference. `Simulator+Network.swift` carries packets, `+Transport.swift` wakes the TCP
/// endpoints, `+Workload.swift` is what clients and servers do.
public struct Simulator: ~Copyable {
  /// What happened so far.
  public internal(set) var log: EventLog

  let scenario: Scenario
  var queue = EventQueue()
  var now = SimTime.zero
  var events: UInt64 = 0

  var links = Pool<Link>()
  /// The links of all paths, one direction after the other; `routes` says whose are where.
  var hops: [UInt32] = []
  /// Whether a middlebox on any of them keeps state of connections, or lets no datagram pass.
  let keepsState: Bool
  /// Two for each path: up at twice its index, down after it.
  var routes: [Route] = []
  /// Segments under way, by the `body` of their packets.
  var segments = Slab<Segment>()
  /// Datagrams under way, likewise.
  var datagrams = Slab<Datagram>()
  /// The number of the latest packet, copies included.
  var packetsSent: UInt32 = 0

  /// Two for each connection: the client's end at twice its index, the server's after it.
  var endpoints = Pool<TCPEndpoint>()
  /// What the engine itself keeps of each endpoint.
  var attachments = Pool<Attachment>()
  var connections = Pool<SimulatedConnection>()
  var clients = Pool<Client>()
  var requests = Pool<Request>()
  /// Endpoints over QUIC whose application has written something; what it writes at one time leaves
  /// together.
  var written = RingBuffer<UInt32>()
  /// What connections of HTTP/2 have beside.
  var sessions = Pool<HTTP2Session>()
  /// The ends of connections over QUIC, the client's first, and what those of HTTP/3 have beside.
  var quicEndpoints = Pool<QUICEndpoint>()
  var http3Sessions = Pool<HTTP3Session>()
  /// What the clients' pools did.
  var pool = PoolReport()
  /// How often a request was sent again on another connection.
  var retriedRequests = 0
  /// Initial sequence numbers and ports.
  var sequenceRandom: RandomStream

  /// A simulator about to run `scenario`, keeping a log of the given level.
  public init(_ scenario: Scenario, level: EventLog.Level = .everything) {
    self.scenario = scenario
    log = EventLog(level: level)
    log.linkCount = scenario.links.count
    sequenceRandom = RandomStream(seed: scenario.seed, purpose: "initial sequence numbers")
    for (index, settings) in scenario.links.enumerated() {
      links.append(Link(settings, index: index, seed: scenario.seed))
    }
    keepsState = scenario.links.contains { $0.keepsState || $0.blocksDatagrams }
    for path in scenario.paths {
      for direction in [path.up, path.down] {
        routes.append(Route(first: hops.count, count: direction.count))
        hops += direction.map { UInt32($0) }
      }
    }
    var hosts = 0
    // A client's proxies stand behind all clients, in their order.
    var proxies = scenario.clients.count
    for (index, client) in scenario.clients.enumerated() {
      let settings = client.agreed
      let next = settings.proxies.isEmpty ? nil : proxies
      clients.append(
        Client(
          ProxyChain(settings), leg: 0, firstHost: hosts, user: index, next: next,
          seed: scenario.seed))
      if settings.pool != PoolPolicy() || settings.arrivals != nil { pool.isAskedFor = true }
      hosts += settings.origins.count
      proxies += settings.proxies.count
      queue.schedule(Target(.client, index).rawValue, at: settings.startsAt)
    }
    for index in scenario.clients.indices { addProxies(of: index) }
    scheduleMoves()
  }

  /// Adds the proxies of a client, each as a client of what lies behind it.
  private mutating func addProxies(of user: Int) {
    let count = scenario.clients[user].proxies.count
    if count == 0 { return }
    let chain = ProxyChain(scenario.clients[user].agreed)
    for leg in 1...count {
      let next = leg < count ? clients.count + 1 : nil
      clients.append(
        Client(
          chain, leg: leg, firstHost: clients[user].firstHost, user: user, next: next,
          seed: scenario.seed))
    }
  }

  /// Runs until nothing is left to happen, or the scenario's time limit.
  public mutating func run() -> RunReport {
    while advance(events: .max) {}
    return report()
  }

  /// Handles at most `count` events, so that a caller can show how far a long run has come. Returns
  /// whether anything is left to happen before the scenario's time limit; `run()` ends the run.
  public mutating func advance(events count: UInt64) -> Bool {
    let limit = SimTime.zero + scenario.timeLimit
    var left = count
    while left > 0, let event = queue.next(until: limit) {
      precondition(event.time >= now, "time went backwards")
      now = event.time
      events += 1
      left -= 1
      dispatch(Target(rawValue: event.target))
      if !written.isEmpty { pumpWritten() }
    }
    return queue.nextTime <= limit
  }

  /// How far the run has come: the time of the latest event, and how many there were.
  public var progress: (time: SimTime, events: UInt64) { (now, events) }

  private mutating func dispatch(_ target: Target) {
    switch target.kind {
    case .link: deliver(from: target.index)
    case .endpoint: wake(target.index)
    case .client: start(client: target.index)
    case .response: respond(to: target.index)
    case .request: want(target.index)
    case .idle: idleTimerFired(target.index)
    case .flight: flightComputed(target.index)
    case .wait: waitTimerFired(target.index)
    case .heartbeat: heartbeatTimerFired(target.index)
    case .probe: probeTimerFired(target.index)
    case .replay: replay(of: target.index)
    case .cancel: cancelTimerFired(target.index)
    case .injection: inject(on: target.index)
    case .ping: pingTimerFired(target.index)
    case .lifetime: lifetimeTimerFired(target.index)
    case .priority: reprioritize(target.index)
    case .race: raceTimerFired(target.index)
    case .move: move(target.index)
    }
  }
}

/// What the engine keeps of an endpoint: little, as it is looked at with every packet.
struct Attachment {
  /// When the endpoint is next woken; `never` if no event is pending for it.
  var wakesAt = SimTime.never
  /// Packets that it sent, and their bytes.
  var packets: Int64 = 0
  var bytes: Int64 = 0
  /// Whether it writes frames as its buffer takes them.
  var servesStreams = false
  /// Where its end stands in `Simulator.quicEndpoints`; −1 over TCP.
  var quic: Int32 = -1
  /// Whether it waits in `Simulator.written`.
  var hasWritten = false
  /// The index of the way that its packets take, in `Simulator.routes`, and of the one that they take
  /// once its client has moved; −1 where that is the same.
  let route: Int
  var routeAfterMoves = -1
}

/// One direction of a path: a stretch of `Simulator.hops`.
struct Route {
  let first: Int
  let count: Int
}
