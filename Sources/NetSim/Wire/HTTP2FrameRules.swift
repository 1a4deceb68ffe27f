/// What holds for the frames of one direction, whoever looks at them: reader and writer share it
/// (RFC 9113 §4, §6).
struct HTTP2FrameRules: Sendable {
  let isFromClient: Bool
  /// Bytes of a block of fields at most, with the headers of its frames, so that empty ones count
  /// (RFC 9113 §10.5.1).
  let maximumBlockBytes: Int
  /// Bytes of a payload at most: the receiver's SETTINGS_MAX_FRAME_SIZE.
  var maximumFrameBytes: UInt32 = 16_384
  /// Whether the first frame, SETTINGS, was seen.
  private(set) var hasSettings: Bool
  /// The stream whose block of fields is not complete; 0 for none.
  private(set) var openBlock: UInt32 = 0

  private var blockBytes = 0
  private var lastStream = HTTP2StreamNumbers.highest

  init(isFromClient: Bool, isBegun: Bool, maximumBlockBytes: Int) {
    self.isFromClient = isFromClient
    self.maximumBlockBytes = maximumBlockBytes
    hasSettings = isBegun
  }

  /// Takes the next frame's header.
  mutating func take(_ header: HTTP2FrameHeader) throws(HTTP2Error) {
    try checkOrder(header)
    guard header.length <= maximumFrameBytes else {
      throw HTTP2Error(.frameTooLong, Self.sizeScope(header))
    }
    guard let type = header.type else { return }
    try checkStream(header, type)
    try checkLength(header, type)
    // RFC 9113 §8.4: a client cannot push. RFC 9218 §7.1: a server sends no PRIORITY_UPDATE.
    if type == (isFromClient ? .pushPromise : .priorityUpdate) { throw HTTP2Error(.role) }
    try takeBlock(header, type)
  }

  /// SETTINGS first, and nothing within a block of fields (RFC 9113 §3.4, §6.10).
  private mutating func checkOrder(_ header: HTTP2FrameHeader) throws(HTTP2Error) {
    if !hasSettings {
      guard header.type == .settings, !header.flags.contains(.acknowledgement) else {
        throw HTTP2Error(.firstFrame)
      }
      hasSettings = true
    }
    if openBlock == 0 {
      guard header.type != .continuation else { throw HTTP2Error(.continuation) }
    } else {
      guard header.type == .continuation, header.streamID == openBlock else {
        throw HTTP2Error(.blockInterrupted)
      }
    }
  }

  private func checkStream(
    _ header: HTTP2FrameHeader, _ type: HTTP2FrameType
  ) throws(HTTP2Error) {
    let isAllowed =
      switch type {
      case .data, .headers, .priority, .resetStream, .pushPromise, .continuation:
        header.streamID != 0
      case .settings, .ping, .goAway, .priorityUpdate: header.streamID == 0
      case .windowUpdate, .alternativeService, .origin: true
      }
    guard isAllowed else { throw HTTP2Error(.streamIdentifier) }
  }

  private func checkLength(
    _ header: HTTP2FrameHeader, _ type: HTTP2FrameType
  ) throws(HTTP2Error) {
    let length = header.length
    let padding: UInt32 = header.flags.contains(.padded) ? 1 : 0
    let isAllowed =
      switch type {
      case .data: length >= padding
      case .headers: length >= padding + (header.flags.contains(.priority) ? 5 : 0)
      case .priority: length == 5
      case .resetStream, .windowUpdate: length == 4
      case .settings: header.flags.contains(.acknowledgement) ? length == 0 : length % 6 == 0
      case .pushPromise: length >= padding + 4
      case .ping: length == 8
      case .goAway: length >= 8
      case .priorityUpdate: length >= 4
      case .continuation, .alternativeService, .origin: true
      }
    guard isAllowed else { throw HTTP2Error(.frameLength, Self.sizeScope(header)) }
  }

  /// How far a wrong length reaches (RFC 9113 §4.2). RST_STREAM and WINDOW_UPDATE say it themselves
  /// (§6.4, §6.9).
  private static func sizeScope(_ header: HTTP2FrameHeader) -> HTTP2ErrorScope {
    switch header.type {
    case .data, .priority, .alternativeService, .origin, nil:
      header.streamID == 0 ? .connection : .stream(header.streamID)
    case .headers, .resetStream, .settings, .pushPromise, .ping, .goAway, .windowUpdate,
      .continuation, .priorityUpdate:
      .connection
    }
  }

  private mutating func takeBlock(
    _ header: HTTP2FrameHeader, _ type: HTTP2FrameType
  ) throws(HTTP2Error) {
    guard type.carriesFields else { return }
    if openBlock == 0 { blockBytes = 0 }
    blockBytes += Int(header.length) + HTTP2FrameHeader.byteCount
    guard blockBytes <= maximumBlockBytes else { throw HTTP2Error(.blockTooLong) }
    openBlock = header.flags.contains(.endHeaders) ? 0 : header.streamID
  }

  /// Takes what the frame carries.
  mutating func take(_ payload: HTTP2Payload, streamID: UInt32) throws(HTTP2Error) {
    switch payload {
    case .windowUpdate(let increment):
      // RFC 9113 §6.9: of the connection's window it is the connection's error.
      guard increment > 0, increment <= 0x7FFF_FFFF else {
        throw HTTP2Error(.windowIncrement, streamID == 0 ? .connection : .stream(streamID))
      }
    case .pushPromise(let promised, _, _, _):
      // RFC 9113 §5.1.1: a server's streams are even.
      guard promised > 0, promised <= HTTP2StreamNumbers.highest, promised % 2 == 0 else {
        throw HTTP2Error(.promisedStream)
      }
    case .settings(let settings):
      for setting in settings where !setting.isAllowed(fromClient: isFromClient) {
        throw HTTP2Error(.settingValue(setting.identifier))
      }
    case .priorityUpdate(let prioritized, _):
      guard prioritized > 0, prioritized <= HTTP2StreamNumbers.highest else {
        throw HTTP2Error(.streamIdentifier)
      }
    case .goAway(let stream, _, _):
      guard stream <= lastStream else { throw HTTP2Error(.lastStream) }
      lastStream = stream
    case .data, .headers, .priority, .resetStream, .settingsAcknowledgement, .ping, .continuation,
      .alternativeService, .origin, .ignored:
      break
    }
  }
}
