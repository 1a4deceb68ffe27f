/// Writes the frames of one direction of an HTTP/2 connection, and only what is legal there
/// (RFC 9113 §3.4, §4, §6). What is not is refused with the error that the receiver would find; then
/// nothing is written.
public struct HTTP2FrameWriter: Sendable {
  private var rules: HTTP2FrameRules

  /// A writer of what a client or a server sends. `isBegun` tells that the preface and the first
  /// SETTINGS were written before.
  public init(isFromClient: Bool, isBegun: Bool = false) {
    // The receiver's limit of a block is told by the list's, if at all (RFC 9113 §6.5.2).
    rules = HTTP2FrameRules(
      isFromClient: isFromClient, isBegun: isBegun, maximumBlockBytes: .max)
  }

  /// Takes the receiver's SETTINGS_MAX_FRAME_SIZE.
  public mutating func setMaximumFrameBytes(_ bytes: UInt32) { rules.maximumFrameBytes = bytes }

  /// Appends a frame. Before a client's first one, which is SETTINGS, stands the preface.
  public mutating func append(
    _ frame: HTTP2Frame, to bytes: inout [UInt8]
  ) throws(HTTP2Error) {
    guard let type = frame.payload.type else { throw HTTP2Error(.frameInState) }
    guard frame.streamID <= HTTP2StreamNumbers.highest else {
      throw HTTP2Error(.streamIdentifier)
    }
    var content: [UInt8] = []
    try frame.payload.append(to: &content)
    guard content.count <= 0xFF_FFFF else { throw HTTP2Error(.frameTooLong) }
    let header = HTTP2FrameHeader(
      length: UInt32(content.count), typeNumber: type.rawValue, flags: frame.payload.flags,
      streamID: frame.streamID)
    var rules = rules
    try rules.take(header)
    try rules.take(frame.payload, streamID: frame.streamID)
    guard frame.payload.isMeant(onStream: frame.streamID, fromClient: rules.isFromClient) else {
      throw HTTP2Error(.role)
    }
    if rules.isFromClient, !self.rules.hasSettings { bytes += HTTP2FrameReader.preface }
    self.rules = rules
    header.append(to: &bytes)
    bytes += content
  }

  /// Appends a block of fields: HEADERS, and as many CONTINUATION frames as it takes
  /// (RFC 9113 §4.3).
  public mutating func append(
    fieldBlock block: [UInt8], streamID: UInt32, endsStream: Bool, to bytes: inout [UInt8]
  ) throws(HTTP2Error) {
    let most = Int(rules.maximumFrameBytes)
    var end = min(most, block.count)
    try append(
      HTTP2Frame(
        streamID: streamID,
        .headers(
          fragment: Array(block[..<end]), priority: nil, padding: nil, endsStream: endsStream,
          endsBlock: end == block.count)), to: &bytes)
    while end < block.count {
      let start = end
      end = min(start + most, block.count)
      try append(
        HTTP2Frame(
          streamID: streamID,
          .continuation(fragment: Array(block[start..<end]), endsBlock: end == block.count)),
        to: &bytes)
    }
  }
}

extension HTTP2Payload {
  /// Appends the payload (RFC 9113 §6). Padding is zeros.
  func append(to bytes: inout [UInt8]) throws(HTTP2Error) {
    switch self {
    case .data(let content, let padding, _): bytes.append(content, paddedBy: padding) { _ in }
    case .headers(let fragment, let priority, let padding, _, _):
      bytes.append(fragment, paddedBy: padding) { priority?.append(to: &$0) }
    case .pushPromise(let promised, let fragment, let padding, _):
      bytes.append(fragment, paddedBy: padding) { $0.append(bigEndian: promised) }
    case .priority(let priority): priority.append(to: &bytes)
    case .resetStream(let code): bytes.append(bigEndian: code.rawValue)
    case .settings(let settings):
      for setting in settings {
        bytes.append(bigEndian: setting.identifier.rawValue)
        bytes.append(bigEndian: setting.value)
      }
    case .ping(let value, _):
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: value >> 32))
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: value))
    case .goAway(let lastStream, let code, let debug):
      bytes.append(bigEndian: lastStream)
      bytes.append(bigEndian: code.rawValue)
      bytes += debug
    case .windowUpdate(let increment): bytes.append(bigEndian: increment)
    case .continuation(let fragment, _): bytes += fragment
    case .priorityUpdate(let prioritized, let value):
      bytes.append(bigEndian: prioritized)
      bytes += value
    case .alternativeService(let origin, let value):
      try bytes.append(counted: origin)
      bytes += value
    case .origin(let origins): for origin in origins { try bytes.append(counted: origin) }
    case .settingsAcknowledgement, .ignored: break
    }
  }
}

extension [UInt8] {
  /// Appends content with its padding's length before, and the padding behind (RFC 9113 §6.1).
  fileprivate mutating func append(
    _ content: [UInt8], paddedBy padding: UInt8?, fixed: (inout [UInt8]) -> Void
  ) {
    if let padding { append(padding) }
    fixed(&self)
    self += content
    for _ in 0..<(padding ?? 0) { append(0) }
  }

  /// Appends bytes behind their number, which has 16 bits.
  fileprivate mutating func append(counted bytes: [UInt8]) throws(HTTP2Error) {
    guard bytes.count <= 0xFFFF else { throw HTTP2Error(.frameLength) }
    append(bigEndian: UInt16(bytes.count))
    self += bytes
  }
}
