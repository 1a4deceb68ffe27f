/// What one client does.
public struct ClientSettings: Sendable {
  /// Index of the path to each of its origins; objects refer to origins by their place here.
  public var origins: [Int]
  /// When it begins.
  public var startsAt: SimTime
  /// What it speaks.
  public var application: ApplicationProtocol
  /// What it asks for, in that order.
  public var objects: [ObjectSettings]
  /// Bytes of a request with its head, where the object does not say; nil composes a real head and
  /// counts it.
  public var requestBytes: ByteCount?
  /// How many connections at most are open to an origin at once.
  public var connections: Int
  /// Whether a connection serves more than one request.
  public var keepAlive: Bool
  /// How long connections are kept, and for how many requests.
  public var persistence = PersistencePolicy()
  /// How connections are handed to requests, and looked after while they wait.
  public var pool = PoolPolicy()
  /// Whose list of fields requests have.
  public var fields = RequestFields.curl
  /// Bytes of the cookie in each request, its name included; zero for none.
  public var cookieBytes = ByteCount.zero
  /// When each object is asked for that does not say so itself.
  public var start: StartRule
  /// When objects become wanted that wait for no other; nil where `start` says so.
  public var arrivals: Arrivals?
  /// The server's think time where the object does not say: one for each request, the last one
  /// repeated; empty for none.
  public var serverTimes: [SimDuration]
  /// Whether servers hand a response's head to the transport before its body, so that it leaves in
  /// a packet of its own where the window allows (nginx does so with files).
  public var writesHeadAlone = false
  /// Bytes a second at which the client's application reads what has arrived; nil for at once.
  public var readRate: ByteCount?
  /// How long after it is wanted an object must be complete before its request is given up; nil for
  /// as long as it takes.
  public var requestTimeout: SimDuration?
  /// What both ends of its HTTP/2 connections do.
  public var http2 = HTTP2Policy.standard(.rfc)
  /// What both ends of its QUIC connections do.
  public var quic = QUICPolicy.standard(.rfc)
  /// The path of its connections once it has moved (`QUICPolicy.movesAt`); nil for the same as before.
  public var pathAfterMoving: Int?
  /// The proxies on the way to its origins, the one next to the client first; `origins` are paths to
  /// that one then.
  public var proxies: [ProxySettings] = []
  /// Whether it asks proxies to keep connections by `Proxy-Connection` instead of `Connection`.
  public var sendsProxyConnection = false
  /// TLS on its connections; nil for none. Over proxies, on those to the first.
  public var tls: TLSSettings?
  /// The transport of this client, and of its servers where they have none of their own.
  public var transport: TransportSettings
  /// The transport of its servers; nil when it is the client's.
  public var serverTransport: TransportSettings?

  /// A client of one origin with its workload.
  public init(
    path: Int, startsAt: SimTime = .zero, application: ApplicationProtocol,
    objects: [ObjectSettings], requestBytes: ByteCount? = nil, connections: Int = 1,
    keepAlive: Bool = true, start: StartRule = .together, serverTimes: [SimDuration] = [],
    transport: TransportSettings
  ) {
    origins = [path]
    self.startsAt = startsAt
    self.application = application
    self.objects = objects
    self.requestBytes = requestBytes
    self.connections = connections
    self.keepAlive = keepAlive
    self.start = start
    self.serverTimes = serverTimes
    self.transport = transport
  }

  /// What the client speaks once the names of TLS have been agreed upon.
  public var spoken: ApplicationProtocol { tls?.names?.spoken(by: application) ?? application }

  /// The same client, as it is when it knows what it speaks.
  var agreed: ClientSettings {
    var settings = self
    settings.application = spoken
    return settings
  }

  /// The object whose completion makes the `ordinal`-th wanted; nil for the client's start.
  public func parent(of ordinal: Int) -> Int? {
    if let parent = objects[ordinal].after { return parent }
    if arrivals != nil { return nil }
    switch start {
    case .together: return nil
    case .inSeries: return ordinal == 0 ? nil : ordinal - 1
    case .afterFirst: return ordinal == 0 ? nil : 0
    }
  }

  /// The head of the request for the `ordinal`-th object, asked for by `target`. A browser takes an
  /// object whose target is made up for a page, if it is the first.
  func style(of ordinal: Int, target: [UInt8]) -> RequestStyle {
    var style = RequestStyle()
    style.fields = fields
    style.cookieBytes = cookieBytes
    if fields == .browser {
      let isPage = ordinal == 0 && objects[ordinal].target.isEmpty
      style.destination = isPage ? .document : .of(target: target)
      style.isSecured = tls != nil
    }
    return style
  }

  /// The server's think time for the `ordinal`-th object.
  public func serverTime(of ordinal: Int) -> SimDuration {
    if let time = objects[ordinal].serverTime { return time }
    return serverTimes.isEmpty ? .zero : serverTimes[min(ordinal, serverTimes.count - 1)]
  }
}

/// When each object of a workload is asked for.
public enum StartRule: UInt8, CaseIterable, Sendable {
  /// All at the client's start.
  case together
  /// Each when the one before is complete.
  case inSeries
  /// The first alone, then all the others.
  case afterFirst
}

/// One object that a client asks for.
public struct ObjectSettings: Equatable, Sendable {
  /// Bytes of its body.
  public var bytes: ByteCount
  /// How it is asked for.
  public var method = HTTPMethod.get
  /// Bytes of its request with the head; nil for the client's `requestBytes`.
  public var request: ByteCount?
  /// Bytes of its response's head; nil composes a real head and counts it.
  public var responseHead: ByteCount?
  /// The server's think time; nil for the client's `serverTimes`.
  public var serverTime: SimDuration?
  /// How the server answers.
  public var response = ResponseSettings()
  /// What the client says of the order of its response, where the protocol has streams.
  public var priority = ObjectPriority()
  /// What it says of that later; nil for nothing.
  public var reprioritization: Reprioritization?
  /// The object, by its place in the list and before this one, that makes it wanted; nil for the
  /// client's start rule.
  public var after: Int?
  /// What of that object makes it wanted.
  public var trigger = Trigger.complete
  /// The client's own time between then and asking.
  public var clientTime: SimDuration
  /// How long after sending its request the client gives it up; nil for never. Over HTTP/2 that resets
  /// its stream (RFC 9113 §8.7), before it ends the connection.
  public var cancelAfter: SimDuration?
  /// Whether its server pushes it with the response of the object that makes it wanted, over HTTP/2
  /// and to a client that lets it (RFC 9113 §8.4).
  public var isPushed = false
  /// Whether the client has it from an earlier visit: it is there when it is wanted.
  public var isCached = false
  /// Which of the client's origins has it.
  public var origin: Int
  /// The target of its request, ASCII; empty for one that is made up (`/o00.bin`).
  public var target: [UInt8]

  /// An object of `bytes` bytes, with everything else as its client has it.
  public init(
    _ bytes: ByteCount, request: ByteCount? = nil, responseHead: ByteCount? = nil,
    serverTime: SimDuration? = nil, after: Int? = nil, clientTime: SimDuration = .zero,
    origin: Int = 0, target: [UInt8] = []
  ) {
    self.bytes = bytes
    self.request = request
    self.responseHead = responseHead
    self.serverTime = serverTime
    self.after = after
    self.clientTime = clientTime
    self.origin = origin
    self.target = target
  }
}
