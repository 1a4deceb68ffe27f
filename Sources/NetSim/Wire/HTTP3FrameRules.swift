/// What holds for the frames of one direction of a stream, whoever looks at them: reader and writer
/// share it (RFC 9114 §7).
struct HTTP3FrameRules: Sendable {
  let kind: HTTP3StreamKind
  let isFromClient: Bool
  /// Bytes of a payload at most, but for DATA.
  let maximumPayloadBytes: UInt64
  /// How many pushes the sender may name: their numbers are below.
  var pushLimit: UInt64 = 0

  private var hasSettings = false
  private var lastGoAway = UInt64.max
  private var lastPushLimit: UInt64 = 0

  init(_ kind: HTTP3StreamKind, isFromClient: Bool, maximumPayloadBytes: UInt64) {
    self.kind = kind
    self.isFromClient = isFromClient
    self.maximumPayloadBytes = maximumPayloadBytes
  }

  /// Takes the type and the length of the next frame.
  mutating func take(type number: UInt64, length: UInt64) throws(HTTP3Error) {
    let type = HTTP3FrameType(rawValue: number)
    if kind == .control, !hasSettings {
      guard type == .settings else { throw HTTP3Error(.settingsMissing) }
      hasSettings = true
    } else if type == .settings, kind == .control {
      throw HTTP3Error(.settingsRepeated)
    }
    guard !HTTP3FrameType.isReserved(number) else { throw HTTP3Error(.reservedFrame) }
    guard let type else { return }
    guard isAllowed(type) else { throw HTTP3Error(.frameOnStream) }
    guard isFromRightEnd(type) else { throw HTTP3Error(.role) }
    try checkLength(type, length)
  }

  /// RFC 9114 §7.2, Table 1, and RFC 9218 §7.2.
  private func isAllowed(_ type: HTTP3FrameType) -> Bool {
    switch (type, kind) {
    case (.data, .request), (.data, .push), (.headers, .request), (.headers, .push): true
    case (.pushPromise, .request): true
    case (.cancelPush, .control), (.settings, .control), (.goAway, .control),
      (.maxPushID, .control), (.priorityUpdate, .control), (.pushPriorityUpdate, .control):
      true
    default: false
    }
  }

  private func isFromRightEnd(_ type: HTTP3FrameType) -> Bool {
    switch type {
    case .pushPromise: !isFromClient
    case .maxPushID, .priorityUpdate, .pushPriorityUpdate: isFromClient
    case .data, .headers, .cancelPush, .settings, .goAway: true
    }
  }

  private func checkLength(_ type: HTTP3FrameType, _ length: UInt64) throws(HTTP3Error) {
    switch type {
    case .data: break
    case .cancelPush, .goAway, .maxPushID:
      guard length <= 8 else { throw HTTP3Error(.frameLength) }
    case .headers, .settings, .pushPromise, .priorityUpdate, .pushPriorityUpdate:
      guard length <= maximumPayloadBytes else { throw HTTP3Error(.frameTooLong) }
    }
  }

  /// Takes what the frame carries.
  mutating func take(_ payload: HTTP3Payload) throws(HTTP3Error) {
    switch payload {
    case .settings(let settings): try HTTP3Settings.check(settings)
    case .cancelPush(let pushID), .pushPromise(let pushID, _), .pushPriorityUpdate(let pushID, _):
      guard pushID < pushLimit else { throw HTTP3Error(.pushID) }
    case .goAway(let identifier):
      // RFC 9000 §2.1: a client's streams of both directions are multiples of four.
      guard isFromClient || identifier % 4 == 0 else { throw HTTP3Error(.lastStream) }
      guard identifier <= lastGoAway else { throw HTTP3Error(.lastStreamGrows) }
      lastGoAway = identifier
    case .maxPushID(let pushID):
      guard pushID >= lastPushLimit else { throw HTTP3Error(.pushLimitShrinks) }
      lastPushLimit = pushID
    case .priorityUpdate(let streamID, _):
      guard streamID % 4 == 0 else { throw HTTP3Error(.prioritizedStream) }
    case .data, .headers, .ignored: break
    }
  }
}
