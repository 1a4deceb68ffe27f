/// What both ends of HTTP/2 connections do (RFC 9113).
public struct HTTP2Policy: Equatable, Sendable {
  /// The client's end.
  public var client: HTTP2EndPolicy
  /// The server's end.
  public var server: HTTP2EndPolicy

  /// Frames that break the rules, or the peer, on a client's first connection.
  public var injections: [HTTP2Injection] = []

  /// Two ends.
  public init(client: HTTP2EndPolicy, server: HTTP2EndPolicy) {
    self.client = client
    self.server = server
  }

  /// The end of a side.
  public subscript(_ side: Side) -> HTTP2EndPolicy { side == .client ? client : server }
}

/// What one end announces, and how it sends.
///
/// Each value is about what this end receives or allows, as in its SETTINGS frame; what it may send
/// the other end's values say (RFC 9113 §6.5.2).
public struct HTTP2EndPolicy: Equatable, Sendable {
  /// What a sender without any announcement assumes (RFC 9113 §6.5.2, §6.9.2).
  public static let initialWindow: Int64 = 65_535
  /// The largest window (RFC 9113 §6.9.1).
  public static let mostWindow: Int64 = 2_147_483_647
  /// The largest frame that every end takes, and the largest of all (RFC 9113 §4.2).
  public static let initialFrameSize: Int64 = 16_384
  /// See `initialFrameSize`.
  public static let mostFrameSize: Int64 = 16_777_215

  /// Bytes of a stream that the peer may send ahead (SETTINGS_INITIAL_WINDOW_SIZE).
  public var streamWindow = initialWindow
  /// Bytes of all streams together that the peer may send ahead. It is 65,535 at first; what is more is
  /// announced by a WINDOW_UPDATE with the first frame.
  public var connectionWindow = initialWindow
  /// The largest frame that it takes (SETTINGS_MAX_FRAME_SIZE).
  public var maxFrameSize = initialFrameSize
  /// How many streams the peer may have open (SETTINGS_MAX_CONCURRENT_STREAMS); nil for any number.
  public var maxConcurrentStreams: Int?
  /// How many streams it takes to be allowed before the peer has said so.
  public var assumedStreams = Int.max
  /// Whether it takes what servers push (SETTINGS_ENABLE_PUSH); of a client only.
  public var enablesPush = true
  /// When it gives window back.
  public var windowUpdates = WindowUpdatePolicy.half
  /// How many values its SETTINGS frame has, six bytes each.
  public var settingsCount = 3
  /// The most that it puts into a DATA frame, whatever the peer takes; nil for as much as that.
  public var mostData: Int64?
  /// In which order it serves streams; of a client, in whose words it asks for an order.
  public var scheduler = StreamScheduler.roundRobin
  /// Bytes of the table of fields that it keeps for the peer's blocks (SETTINGS_HEADER_TABLE_SIZE), and
  /// the most that it uses of the peer's for its own (RFC 7541 §4.2).
  public var headerTableSize: UInt32 = 4_096
  /// Whether its blocks of fields refer to earlier ones (RFC 7541 §2.3.2).
  public var indexesFields = true

  /// When it asks whether its peer is there; nil for never.
  public var keepAlive: KeepAlivePings?
  /// How often it lets its peer ask; nil for as often as it likes.
  public var pingLimit: PingLimit?
  /// How it ends connections.
  public var ending = HTTP2Ending.once
  /// Bytes of a block of fields at most, with the headers of its frames (RFC 9113 §10.5.1).
  public var mostBlockBytes = 65_536
  /// What a list of fields counts for at most once it is decoded (RFC 9113 §6.5.2, §10.5.1).
  public var mostListBytes = 65_536
  /// How many streams the peer may reset; nil for any number. nghttp2 has taken 1,000 at once and 33 a
  /// second since its version 1.57.
  public var resetLimit: FloodLimit? = FloodLimit(burst: 1_000, perSecond: 33)
  /// How many frames may come that carry nothing of a message: SETTINGS, PING, PRIORITY, empty DATA;
  /// nil for any number. nghttp2 gives a connection up that owes it 1,000 acknowledgements.
  public var controlLimit: FloodLimit? = FloodLimit(burst: 1_000, perSecond: 1_000)

  /// What an end does that changes nothing.
  public init() {}
}

/// When an end asks by PING whether its peer is still there (RFC 9113 §6.7).
public struct KeepAlivePings: Equatable, Sendable {
  /// After how long without anything from the peer.
  public var interval: SimDuration
  /// How long the answer may take before the connection is given up.
  public var timeout: SimDuration
  /// Whether it asks while no stream is open, too.
  public var whileIdle: Bool

  /// Pings with their times.
  public init(interval: SimDuration, timeout: SimDuration, whileIdle: Bool = false) {
    self.interval = interval
    self.timeout = timeout
    self.whileIdle = whileIdle
  }
}

/// How often a peer may ask by PING; gRPC's servers have such a limit (gRPC proposal A8).
public struct PingLimit: Equatable, Sendable {
  /// A PING that comes sooner than this after another, while the end sends nothing, is one too many.
  public var leastInterval: SimDuration
  /// How many of those it takes before it ends the connection.
  public var mostStrikes: Int

  /// A limit.
  public init(leastInterval: SimDuration = .seconds(300), mostStrikes: Int = 2) {
    self.leastInterval = leastInterval
    self.mostStrikes = mostStrikes
  }
}

/// How a server ends a connection in good order (RFC 9113 §6.8).
public enum HTTP2Ending: UInt8, CaseIterable, Sendable {
  /// With one GOAWAY, which names the last stream that it has taken: requests on their way are asked
  /// elsewhere.
  case once
  /// With a GOAWAY that takes everything, and one that names the last stream when the client must have
  /// heard of the first: no request is lost.
  case twice
}

/// When a receiver gives a sender window back; RFC 9113 §5.2.1 leaves that to it.
public enum WindowUpdatePolicy: UInt8, CaseIterable, Sendable {
  /// With everything that it has read.
  case each
  /// When half of the window is read, as nghttp2 does.
  case half
  /// When what is read is half of what may still come, a third of the window, as Rust's h2 does.
  case third
  /// At a third, too, of windows that grow: it begins with 65,535 bytes, measures by PING what the path
  /// holds, and sets both windows to twice that where it was two thirds of what they were, as hyper
  /// does.
  case adaptive
}

/// In which order an end serves streams that have something to send.
public enum StreamScheduler: UInt8, CaseIterable, Sendable {
  /// A frame of each in turn.
  case roundRobin
  /// All of one, then of the next, in the order in which they have something.
  case sequential
  /// By the urgency that clients ask for, and in turns where parts are of use (RFC 9218 §10).
  case urgency
  /// By dependencies and weights (RFC 7540 §5.3).
  case tree
}

extension HTTP2EndPolicy {
  /// Whether it announces that it knows nothing of dependencies and weights
  /// (SETTINGS_NO_RFC7540_PRIORITIES, RFC 9218 §2.1).
  public var refusesTree: Bool { scheduler == .urgency }
}

extension HTTP2Policy {
  /// The ends of a profile: in `linux` curl and nginx as they come; in `rfc` the values that hold
  /// without any SETTINGS; in `ideal` windows without limit.
  public static func standard(_ profile: Profile) -> HTTP2Policy {
    switch profile {
    case .linux:
      return HTTP2Policy(client: HTTP2Preset.curl.policy, server: HTTP2Preset.nginx.policy)
    case .rfc:
      return HTTP2Policy(client: HTTP2Preset.rfc9113.policy, server: HTTP2Preset.rfc9113.policy)
    case .ideal:
      var end = HTTP2Preset.rfc9113.policy
      end.streamWindow = HTTP2EndPolicy.mostWindow
      end.connectionWindow = HTTP2EndPolicy.mostWindow
      return HTTP2Policy(client: end, server: end)
    }
  }
}
