/// What a connection of the log is, apart from what happened on it.
public struct ConnectionDescription: Sendable {
  /// The client's address and port as printed, UTF-8 (`10.8.0.1:48612`); empty when it has none.
  public var clientName: [UInt8]
  /// The server's address and port as printed, UTF-8.
  public var serverName: [UInt8]
  /// What runs over it.
  public var application: ApplicationProtocol
  /// The largest payload of a segment, as far as known: what `congestionWindow` is counted in.
  public var maximumSegmentSize: UInt32
  /// Whether it may serve more than one request, as far as known: what its HTTP heads say.
  public var keepAlive: Bool
  /// TLS on it, as far as known.
  public var tls: TLSSettings?
  /// What both ends announced with HTTP/2, as far as known.
  public var http2: HTTP2Policy?
  /// What both ends do with QUIC, as far as known; nil where the transport is TCP.
  public var quic: QUICPolicy?
  /// Which leg of a way over proxies it is: 0 from the client, 1 from the first proxy.
  public var leg: UInt8 = 0
  /// Whether the client's application reads what arrives at once, as far as known.
  public var readsAtOnce = true

  /// A connection with its names.
  public init(
    clientName: [UInt8] = [], serverName: [UInt8] = [],
    application: ApplicationProtocol = .raw, maximumSegmentSize: UInt32 = 1460,
    keepAlive: Bool = true
  ) {
    self.clientName = clientName
    self.serverName = serverName
    self.application = application
    self.maximumSegmentSize = maximumSegmentSize
    self.keepAlive = keepAlive
  }
}

/// What a request of the log asks for and got, apart from when.
public struct RequestDescription: Sendable {
  /// The method (`GET`), empty for raw downloads.
  public var method: [UInt8]
  /// The target as sent (`/o00.bin`).
  public var target: [UInt8]
  /// The response's status code; 0 while unknown or where there is none.
  public var status: UInt16
  /// Bytes of the request with its head.
  public var requestBytes: Int64
  /// Bytes of the response's body, without its head; −1 while unknown.
  public var bodyBytes: Int64
  /// Bytes of the response's head where the scenario says so; nil for one as nginx writes it.
  public var responseHeadBytes: Int64?
  /// How the server answers, as far as known.
  public var response = ResponseSettings()
  /// The head of hints that came before its response; empty where there were none.
  public var hints: [UInt8] = []
  /// The stream that it has on its connection; nil where there are none.
  public var stream: UInt32?
  /// The stream with whose response its server promised it; nil where its client asked.
  public var promisedOn: UInt32?
  /// What its client said of the order of its response.
  public var priority = PrioritySignals()
  /// The request that a proxy passes on with it; nil for a client's own.
  public var relays: UInt32?
  /// What it is for.
  public var purpose = RequestPurpose.object
  /// The request that it replays, by its index; nil where it replays none.
  public var original: UInt32?
  /// Which fields its head has.
  public var style = RequestStyle()
  /// Which client of the scenario asks; zero in a capture.
  public var client: UInt32
  /// Its place in the client's list of objects; zero in a capture.
  public var object: UInt32

  /// A request with what is known of it.
  public init(
    method: [UInt8] = [], target: [UInt8] = [], status: UInt16 = 0, requestBytes: Int64 = 0,
    bodyBytes: Int64 = -1, client: UInt32 = 0, object: UInt32 = 0
  ) {
    self.method = method
    self.target = target
    self.status = status
    self.requestBytes = requestBytes
    self.bodyBytes = bodyBytes
    self.client = client
    self.object = object
  }
}

/// What a client told a server of the order of a response.
public struct PrioritySignals: Equatable, Sendable {
  /// What the request's fields say (RFC 9218 §5).
  public var field = HTTPPriority()
  /// What its HEADERS frame says in the words of RFC 7540; nil where it says nothing.
  public var dependency: HTTP2Priority?
  /// What a PRIORITY_UPDATE said later; nil where there was none.
  public var laterField: HTTPPriority?
  /// What a PRIORITY frame said later; nil where there was none.
  public var laterDependency: HTTP2Priority?

  /// Nothing was said.
  public init() {}
}

/// What runs on top of the transport.
public enum ApplicationProtocol: UInt8, Sendable {
  /// Bytes without a protocol: one download per connection (`tcp` on the command line).
  case raw
  /// HTTP/1.0.
  case http10
  /// HTTP/1.1.
  case http11
  /// HTTP/1.1 with several requests under way on a connection (RFC 9112 §9.3.2).
  case http11Pipelined

  /// HTTP/2, with a stream for each request (RFC 9113).
  case http2

  /// HTTP/3 over QUIC, with a stream for each request (RFC 9114).
  case http3

  /// Whether its requests have streams of their own.
  public var hasStreams: Bool { self == .http2 || self == .http3 }

  /// Whether interim responses may be sent to its clients (RFC 9110 §15.2).
  var knowsInterim: Bool { self != .raw && self != .http10 }
}
