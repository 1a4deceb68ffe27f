/// A frame that was read.
public struct HTTP3FrameEvent: Equatable, Sendable {
  /// Where its first byte stands in the stream.
  public var offset: Int64
  /// Bytes of its type and length.
  public var headerBytes: Int
  /// Bytes of its payload.
  public var length: UInt64
  /// What it carries.
  public var payload: HTTP3Payload

  /// A frame.
  public init(offset: Int64, headerBytes: Int, length: UInt64, payload: HTTP3Payload) {
    self.offset = offset
    self.headerBytes = headerBytes
    self.length = length
    self.payload = payload
  }

  /// Its bytes in the stream, type and length included.
  public var wireBytes: Int64 { Int64(headerBytes) + Int64(length) }
}

/// Finds the frames of one direction of a stream of HTTP/3, whatever the pieces in which its bytes come
/// (RFC 9114 §7.1).
///
/// It keeps one payload at most. After an error it stays in error.
public struct HTTP3FrameReader: Sendable {
  private enum State {
    case header
    case payload
    case failed(HTTP3Error)
  }

  /// Whether the content of DATA is kept, or counted only.
  public let keepsContent: Bool
  /// Where the next byte stands in the stream.
  public private(set) var offset: Int64
  /// How many bytes of the frame's payload are still to come; 0 between frames and in a header.
  public private(set) var bytesLeft: UInt64 = 0

  private var state = State.header
  private var rules: HTTP3FrameRules
  /// The bytes so far of a header.
  private var headerBytes: [UInt8] = []
  private var type: UInt64 = 0
  private var length: UInt64 = 0
  private var frameOffset: Int64 = 0
  /// The bytes so far of a payload, as far as they are kept.
  private var payload: [UInt8] = []

  /// A reader of what a client or a server sends on a stream, whose first byte behind the stream's head
  /// stands at `offset`. A stream of QPACK has no frames.
  ///
  /// A payload has at most `maximumPayloadBytes`; DATA that is only counted has any length.
  public init(
    _ kind: HTTP3StreamKind, isFromClient: Bool, offset: Int64 = 0, keepsContent: Bool = true,
    maximumPayloadBytes: Int = 65_536
  ) {
    self.offset = offset
    self.keepsContent = keepsContent
    rules = HTTP3FrameRules(
      kind, isFromClient: isFromClient, maximumPayloadBytes: UInt64(maximumPayloadBytes))
  }

  /// Whether the next byte begins a frame.
  public var isBetweenFrames: Bool {
    if case .header = state { return headerBytes.isEmpty }
    return false
  }

  /// Lets the sender name pushes with numbers below `limit`: at a client one more than its MAX_PUSH_ID,
  /// at a server one more than the highest that it has promised.
  public mutating func setPushLimit(_ limit: UInt64) { rules.pushLimit = limit }

  /// Reads on from `position` in `bytes`, up to the next frame; nil when the bytes are used up.
  public mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTP3Error) -> HTTP3FrameEvent? {
    do throws(HTTP3Error) {
      while true {
        switch state {
        case .failed(let error): throw error
        case .header:
          guard position < bytes.count else { return nil }
          try readHeader(bytes, &position)
        case .payload:
          guard bytesLeft > 0 else { return try endFrame() }
          guard position < bytes.count else { return nil }
          readPayload(bytes, &position)
        }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Takes the end of the stream, which must not stand within a frame (RFC 9114 §7.1). Before it, all
  /// events have to be read.
  public mutating func end() throws(HTTP3Error) {
    if case .failed(let error) = state { throw error }
    guard isBetweenFrames else {
      let error = HTTP3Error(.frameCut)
      state = .failed(error)
      throw error
    }
  }

  // MARK: Parts of a frame

  /// Reads a byte of a header.
  private mutating func readHeader(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTP3Error) {
    if headerBytes.isEmpty { frameOffset = offset }
    headerBytes.append(bytes[position])
    position += 1
    offset += 1
    var place = 0
    guard let type = headerBytes.quicVarint(at: &place),
      let length = headerBytes.quicVarint(at: &place)
    else { return }
    self.type = type
    self.length = length
    try rules.take(type: type, length: length)
    if type == HTTP3FrameType.data.rawValue, keepsContent {
      guard length <= rules.maximumPayloadBytes else { throw HTTP3Error(.frameTooLong) }
    }
    payload.removeAll(keepingCapacity: true)
    bytesLeft = length
    state = .payload
  }

  /// Whether the payload is looked at.
  private var keepsPayload: Bool {
    switch HTTP3FrameType(rawValue: type) {
    case .data: keepsContent
    case nil: false
    case .headers, .cancelPush, .settings, .pushPromise, .goAway, .maxPushID, .priorityUpdate,
      .pushPriorityUpdate:
      true
    }
  }

  private mutating func readPayload(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
    let count = Int(min(bytesLeft, UInt64(bytes.count - position)))
    if keepsPayload { payload += bytes[position..<position + count] }
    position += count
    offset += Int64(count)
    bytesLeft -= UInt64(count)
  }

  private mutating func endFrame() throws(HTTP3Error) -> HTTP3FrameEvent {
    var content = HTTP3Payload.ignored(type: type)
    if let type = HTTP3FrameType(rawValue: type) { content = try HTTP3Payload(type, payload) }
    try rules.take(content)
    state = .header
    let event = HTTP3FrameEvent(
      offset: frameOffset, headerBytes: headerBytes.count, length: length, payload: content)
    headerBytes.removeAll(keepingCapacity: true)
    return event
  }
}
