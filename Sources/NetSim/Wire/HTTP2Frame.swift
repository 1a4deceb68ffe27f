/// The priority of a stream among others as RFC 7540 had it (`PriorityTree`). RFC 9113 §5.3 has given it
/// up.
public struct HTTP2Priority: Equatable, Sendable {
  /// The stream that it depends on.
  public var dependency: UInt32
  /// Whether it becomes the only one that depends on it.
  public var isExclusive: Bool
  /// The weight, 1…256, less one.
  public var weightLessOne: UInt8

  /// A priority.
  public init(dependency: UInt32, isExclusive: Bool, weightLessOne: UInt8) {
    self.dependency = dependency
    self.isExclusive = isExclusive
    self.weightLessOne = weightLessOne
  }
}

/// What a frame carries (RFC 9113 §6).
///
/// `padding` is the number of zeros behind the content; with 0 there is still the byte that says so,
/// with nil there is none.
public enum HTTP2Payload: Equatable, Sendable {
  /// A piece of a message's content. A reader that only counts it leaves it empty.
  case data(content: [UInt8], padding: UInt8?, endsStream: Bool)
  /// The beginning of a block of fields.
  case headers(
    fragment: [UInt8], priority: HTTP2Priority?, padding: UInt8?, endsStream: Bool, endsBlock: Bool)
  /// A stream's priority in the words of RFC 7540.
  case priority(HTTP2Priority)
  /// The stream ends at once.
  case resetStream(HTTP2ErrorCode)
  /// Settings of the sender.
  case settings([HTTP2Setting])
  /// The peer's settings are in force.
  case settingsAcknowledgement
  /// A stream that the server will open, and the request that it answers there.
  case pushPromise(promised: UInt32, fragment: [UInt8], padding: UInt8?, endsBlock: Bool)
  /// Eight bytes to be sent back.
  case ping(UInt64, isAcknowledgement: Bool)
  /// The connection takes no streams above `lastStream` any more.
  case goAway(lastStream: UInt32, code: HTTP2ErrorCode, debug: [UInt8])
  /// The window of the stream, or of the connection, grows by so many bytes.
  case windowUpdate(UInt32)
  /// More of a block of fields.
  case continuation(fragment: [UInt8], endsBlock: Bool)
  /// The priority of another stream, as a field value (RFC 9218 §7.1).
  case priorityUpdate(prioritized: UInt32, value: [UInt8])
  /// Where else an origin can be reached (RFC 7838 §4).
  case alternativeService(origin: [UInt8], value: [UInt8])
  /// The origins that the connection serves (RFC 8336 §2).
  case origin([[UInt8]])
  /// A frame of a type that is not known here, or one that its RFC wants ignored.
  case ignored(type: UInt8)

  /// The number of the frame's type.
  public var typeNumber: UInt8 {
    if case .ignored(let type) = self { return type }
    return type?.rawValue ?? 0
  }

  /// The frame's type; nil where it is ignored.
  public var type: HTTP2FrameType? {
    switch self {
    case .data: .data
    case .headers: .headers
    case .priority: .priority
    case .resetStream: .resetStream
    case .settings, .settingsAcknowledgement: .settings
    case .pushPromise: .pushPromise
    case .ping: .ping
    case .goAway: .goAway
    case .windowUpdate: .windowUpdate
    case .continuation: .continuation
    case .priorityUpdate: .priorityUpdate
    case .alternativeService: .alternativeService
    case .origin: .origin
    case .ignored: nil
    }
  }

  /// The flags that say what it is.
  public var flags: HTTP2Flags {
    var flags: HTTP2Flags = []
    switch self {
    case .data(_, let padding, let endsStream):
      if endsStream { flags.insert(.endStream) }
      if padding != nil { flags.insert(.padded) }
    case .headers(_, let priority, let padding, let endsStream, let endsBlock):
      if endsStream { flags.insert(.endStream) }
      if endsBlock { flags.insert(.endHeaders) }
      if padding != nil { flags.insert(.padded) }
      if priority != nil { flags.insert(.priority) }
    case .pushPromise(_, _, let padding, let endsBlock):
      if endsBlock { flags.insert(.endHeaders) }
      if padding != nil { flags.insert(.padded) }
    case .continuation(_, let endsBlock): if endsBlock { flags.insert(.endHeaders) }
    case .settingsAcknowledgement: flags.insert(.acknowledgement)
    case .ping(_, let isAcknowledgement):
      if isAcknowledgement { flags.insert(.acknowledgement) }
    case .priority, .resetStream, .settings, .goAway, .windowUpdate, .priorityUpdate,
      .alternativeService, .origin, .ignored:
      break
    }
    return flags
  }
}

/// A frame: what it carries, and for which stream (RFC 9113 §4).
public struct HTTP2Frame: Equatable, Sendable {
  /// The stream, or 0 for the connection.
  public var streamID: UInt32
  /// What it carries.
  public var payload: HTTP2Payload

  /// A frame.
  public init(streamID: UInt32, _ payload: HTTP2Payload) {
    self.streamID = streamID
    self.payload = payload
  }
}
