/// What a program, or a document, does at one end of HTTP/2 connections, by name.
///
/// A preset is about the end that has it: what that end announces, and how it sends. What a value says
/// of the other direction changes nothing for this one: a client that allows a thousand streams allows
/// them to a server that pushes (RFC 9113 §6.5.2).
public enum HTTP2Preset: UInt8, CaseIterable, Sendable {
  /// The values that hold without any SETTINGS (RFC 9113 §6.5.2, §6.9.2).
  case rfc9113
  /// curl 7.88 with nghttp2, as captures of it show.
  case curl
  /// nginx 1.22, as captures of it show.
  case nginx
  /// hyper 1 as a client (`src/proto/h2/client.rs`): windows of 2 MiB and 5 MiB, and 100 streams
  /// until the server says otherwise.
  case hyper
  /// Envoy's default for long (`Http2ProtocolOptions`): 256 MiB for both windows.
  case envoy
  /// Envoy as its guide configures it for the edge (configuration/best_practices/edge): 100 streams,
  /// windows of 64 KiB and 1 MiB.
  case envoyEdge
  /// The defaults of Dynamo's guide to tuning HTTP/2: frames of 1 MiB.
  case dynamoDefault
  /// The same guide for much throughput: frames of 2 MiB.
  case dynamoHighThroughput
  /// The same guide between the two: frames of 512 KiB.
  case dynamoBalanced
  /// The same guide for little latency: frames of 256 KiB.
  case dynamoLowLatency
  /// The same guide for little memory: frames of 512 KiB.
  case dynamoMemory

  /// What the end announces, and how it sends.
  public var policy: HTTP2EndPolicy {
    switch self {
    case .rfc9113: HTTP2EndPolicy()
    case .curl: .curl
    case .nginx: .nginx
    case .hyper: .hyper
    case .envoy: .envoy
    case .envoyEdge: .envoyEdge
    case .dynamoDefault: .dynamo(frames: 1 << 20, streams: 1_000)
    case .dynamoHighThroughput: .dynamo(frames: 2 << 20, streams: 2_000)
    case .dynamoBalanced: .dynamo(frames: 512 << 10, streams: 1_000)
    case .dynamoLowLatency: .dynamo(frames: 256 << 10, streams: 500)
    case .dynamoMemory: .dynamo(frames: 512 << 10, streams: 200)
    }
  }

  /// Whether it describes that end: a program that is a client is no server.
  public func suits(_ side: Side) -> Bool {
    switch self {
    case .rfc9113, .envoy: true
    case .nginx, .envoyEdge: side == .server
    case .curl, .hyper, .dynamoDefault, .dynamoHighThroughput, .dynamoBalanced,
      .dynamoLowLatency, .dynamoMemory:
      side == .client
    }
  }

  /// How long a client's pool keeps a connection without a request, where the preset says so.
  public var idleLimit: SimDuration? {
    switch self {
    case .rfc9113, .curl, .nginx, .hyper, .envoy, .envoyEdge: nil
    case .dynamoDefault, .dynamoBalanced, .dynamoLowLatency: .seconds(90)
    case .dynamoHighThroughput: .seconds(120)
    case .dynamoMemory: .seconds(60)
    }
  }

  /// The PINGs by which it looks whether the other end is there: how long nothing passes before one,
  /// and how long its answer may take.
  public var keepAlive: ProbePolicy? {
    switch self {
    case .rfc9113, .curl, .nginx, .hyper, .envoy, .envoyEdge: nil
    case .dynamoDefault, .dynamoHighThroughput, .dynamoBalanced, .dynamoMemory:
      ProbePolicy(after: .seconds(30), patience: .seconds(10))
    case .dynamoLowLatency: ProbePolicy(after: .seconds(15), patience: .seconds(10))
    }
  }

  /// How many idle connections to a host its pool keeps. With HTTP/2 that says nothing: there is one
  /// connection, which all requests share.
  public var idleConnections: Int? {
    switch self {
    case .rfc9113, .curl, .nginx, .hyper, .envoy, .envoyEdge: nil
    case .dynamoDefault, .dynamoBalanced: 100
    case .dynamoHighThroughput: 200
    case .dynamoLowLatency: 50
    case .dynamoMemory: 25
    }
  }
}

extension HTTP2EndPolicy {
  /// What nghttp2 puts into a DATA frame at most, where its program does not say otherwise
  /// (`NGHTTP2_DATA_PAYLOADLEN`).
  private static let mostDataOfNghttp2 = initialFrameSize

  /// SETTINGS with 100 streams, a window of 32 MiB and no push; WINDOW_UPDATE to 32 MiB.
  fileprivate static var curl: HTTP2EndPolicy {
    var policy = HTTP2EndPolicy()
    policy.streamWindow = 32 << 20
    policy.connectionWindow = 32 << 20
    policy.maxConcurrentStreams = 100
    policy.assumedStreams = 100
    policy.enablesPush = false
    return policy
  }

  /// SETTINGS with 128 streams, a window of 64 KiB and the largest frames; WINDOW_UPDATE to the most.
  fileprivate static var nginx: HTTP2EndPolicy {
    var policy = HTTP2EndPolicy()
    policy.maxConcurrentStreams = 128
    policy.streamWindow = 65_536
    policy.connectionWindow = mostWindow
    policy.maxFrameSize = mostFrameSize
    policy.mostData = 8_192  // `http2_chunk_size`
    policy.scheduler = .sequential
    policy.indexesFields = false
    return policy
  }

  /// No push, a window, the size of frames and of lists of fields.
  fileprivate static var hyper: HTTP2EndPolicy {
    var policy = HTTP2EndPolicy()
    policy.streamWindow = 2 << 20  // `DEFAULT_STREAM_WINDOW`
    policy.connectionWindow = 5 << 20  // `DEFAULT_CONN_WINDOW`
    policy.assumedStreams = 100  // `DEFAULT_INITIAL_MAX_SEND_STREAMS`
    policy.settingsCount = 4
    policy.enablesPush = false
    policy.windowUpdates = .third
    return policy
  }

  fileprivate static var envoy: HTTP2EndPolicy {
    var policy = HTTP2EndPolicy()
    policy.streamWindow = 256 << 20
    policy.connectionWindow = 256 << 20
    policy.maxConcurrentStreams = 2_147_483_647
    policy.enablesPush = false
    policy.mostData = mostDataOfNghttp2
    return policy
  }

  fileprivate static var envoyEdge: HTTP2EndPolicy {
    var policy = envoy
    policy.streamWindow = 64 << 10
    policy.connectionWindow = 1 << 20
    policy.maxConcurrentStreams = 100
    return policy
  }

  /// A client of hyper with windows of four frames for a stream and sixteen for the connection, as the
  /// guide has them. Its `adaptive_window` would put an estimate in their place.
  fileprivate static func dynamo(frames: Int64, streams: Int) -> HTTP2EndPolicy {
    var policy = hyper
    policy.maxFrameSize = frames
    policy.streamWindow = 4 * frames
    policy.connectionWindow = 16 * frames
    policy.maxConcurrentStreams = streams
    return policy
  }

  /// The most bytes that this end may have to keep for the peer on one connection: what its windows
  /// let come while nothing is read (RFC 9113 §5.2.2).
  ///
  /// `streams` is how many the peer may send on; nil for as many as it likes.
  public func mostHeldBytes(streams: Int?) -> Int64 {
    guard let streams else { return connectionWindow }
    let (sum, overflow) = streamWindow.multipliedReportingOverflow(by: Int64(streams))
    return overflow ? connectionWindow : min(connectionWindow, sum)
  }
}
