/// What both ends of HTTP/2 connections do (RFC 9113).
public struct HTTP2Policy: Equatable, Sendable {
  /// The client's end.
  public var client: HTTP2EndPolicy
  /// The server's end.
  public var server: HTTP2EndPolicy

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
  /// When it gives window back.
  public var windowUpdates = WindowUpdatePolicy.half
  /// How many values its SETTINGS frame has, six bytes each.
  public var settingsCount = 3
  /// The most that it puts into a DATA frame, whatever the peer takes; nil for as much as that.
  public var mostData: Int64?
  /// In which order it serves streams.
  public var scheduler = StreamScheduler.roundRobin
  /// Bytes of the table of fields that it keeps for the peer's blocks (SETTINGS_HEADER_TABLE_SIZE), and
  /// the most that it uses of the peer's for its own (RFC 7541 §4.2).
  public var headerTableSize: UInt32 = 4_096
  /// Whether its blocks of fields refer to earlier ones (RFC 7541 §2.3.2).
  public var indexesFields = true

  /// What an end does that changes nothing.
  public init() {}
}

/// When a receiver gives a sender window back; RFC 9113 §5.2.1 leaves that to it.
public enum WindowUpdatePolicy: UInt8, CaseIterable, Sendable {
  /// With everything that it has read.
  case each
  /// When half of the window is read, as nghttp2 does.
  case half
}

/// In which order an end serves streams that have something to send.
public enum StreamScheduler: UInt8, CaseIterable, Sendable {
  /// A frame of each in turn.
  case roundRobin
  /// All of one, then of the next, in the order in which they have something.
  case sequential
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
