/// A frame that was read.
public struct HTTP2FrameEvent: Equatable, Sendable {
  /// Where its first byte stands in the stream.
  public var offset: Int64
  /// Its header. `length` counts padding too, and so do the windows (RFC 9113 §6.1).
  public var header: HTTP2FrameHeader
  /// What it carries.
  public var payload: HTTP2Payload

  /// A frame.
  public init(offset: Int64, header: HTTP2FrameHeader, payload: HTTP2Payload) {
    self.offset = offset
    self.header = header
    self.payload = payload
  }

  /// Its bytes in the stream, the header's included.
  public var wireBytes: Int64 { Int64(header.length) + Int64(HTTP2FrameHeader.byteCount) }
}

/// Finds the frames of one direction of an HTTP/2 connection, whatever the pieces in which its bytes
/// come (RFC 9113 §3.4, §4).
///
/// It keeps one payload at most. An error of a stream leaves that frame out, and reading goes on
/// behind it; after an error of the connection it stays in error.
public struct HTTP2FrameReader: Sendable {
  private enum State {
    case preface(matched: Int)
    case header
    case payload(left: Int)
    /// The rest of a frame that is in error.
    case skipped(left: Int)
    case failed(HTTP2Error)
  }

  /// The 24 bytes with which a client begins: an HTTP/1.x request that no server takes for one
  /// (RFC 9113 §3.4).
  public static var preface: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendText("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
    return bytes
  }

  /// Whether the content of DATA is kept, or counted only.
  public let keepsContent: Bool
  /// Where the next byte stands in the stream.
  public private(set) var offset: Int64

  private var state: State
  private var rules: HTTP2FrameRules
  /// The bytes so far of a header.
  private var headerBytes: [UInt8] = []
  private var header = HTTP2FrameHeader(length: 0, typeNumber: 0, flags: [], streamID: 0)
  private var frameOffset: Int64 = 0
  /// The bytes so far of a payload, as far as they are kept.
  private var payload: [UInt8] = []

  /// A reader of what a client or a server sends, whose first byte stands at `offset` in the stream.
  ///
  /// `isBegun` tells that this is a frame's first byte amid a connection: no preface and no SETTINGS
  /// are expected. `maximumBlockBytes` limits a block of fields with the headers of its frames.
  public init(
    isFromClient: Bool, offset: Int64, isBegun: Bool = false, keepsContent: Bool = true,
    maximumBlockBytes: Int = 65_536
  ) {
    self.offset = offset
    self.keepsContent = keepsContent
    state = isFromClient && !isBegun ? .preface(matched: 0) : .header
    rules = HTTP2FrameRules(
      isFromClient: isFromClient, isBegun: isBegun, maximumBlockBytes: maximumBlockBytes)
  }

  /// Whether the next byte begins a frame.
  public var isBetweenFrames: Bool {
    if case .header = state { return headerBytes.isEmpty }
    return false
  }

  /// Takes the reader's own SETTINGS_MAX_FRAME_SIZE, when the peer has acknowledged it.
  public mutating func setMaximumFrameBytes(_ bytes: UInt32) { rules.maximumFrameBytes = bytes }

  /// Reads on from `position` in `bytes`, up to the next frame; nil when the bytes are used up.
  ///
  /// When it throws an error of a stream, it can be called again.
  public mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTP2Error) -> HTTP2FrameEvent? {
    do {
      while true {
        if let event = try step(bytes, &position) { return event }
        if position >= bytes.count, needsBytes { return nil }
      }
    } catch {
      if error.scope == .connection { state = .failed(error) }
      throw error
    }
  }

  /// Whether the state can do nothing without another byte.
  private var needsBytes: Bool {
    switch state {
    case .payload(let left), .skipped(let left): left > 0
    case .preface, .header, .failed: true
    }
  }

  private mutating func step(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTP2Error) -> HTTP2FrameEvent? {
    switch state {
    case .preface(let matched): try readPreface(bytes, &position, matched)
    case .header: if readHeader(bytes, &position) { try beginFrame() }
    case .payload(left: 0): return try endFrame()
    case .payload(let left):
      let kept = max(0, min(keptBytes - payload.count, left, bytes.count - position))
      payload += bytes[position..<position + kept]
      state = .payload(left: left - pass(bytes, &position, atMost: left))
    case .skipped(left: 0): state = .header
    case .skipped(let left):
      state = .skipped(left: left - pass(bytes, &position, atMost: left))
    case .failed(let error): throw error
    }
    return nil
  }

  private mutating func pass(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, atMost limit: Int
  ) -> Int {
    let count = min(limit, bytes.count - position)
    position += count
    offset += Int64(count)
    return count
  }

  // MARK: Parts of the stream

  private mutating func readPreface(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, _ matched: Int
  ) throws(HTTP2Error) {
    let preface = Self.preface
    var matched = matched
    while matched < preface.count, position < bytes.count {
      guard bytes[position] == preface[matched] else { throw HTTP2Error(.preface) }
      matched += pass(bytes, &position, atMost: 1)
    }
    state = matched == preface.count ? .header : .preface(matched: matched)
  }

  /// Gives whether the header is complete.
  private mutating func readHeader(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> Bool {
    if headerBytes.isEmpty { frameOffset = offset }
    let start = position
    let count = pass(bytes, &position, atMost: HTTP2FrameHeader.byteCount - headerBytes.count)
    headerBytes += bytes[start..<start + count]
    return headerBytes.count == HTTP2FrameHeader.byteCount
  }

  private mutating func beginFrame() throws(HTTP2Error) {
    header = HTTP2FrameHeader(headerBytes)
    headerBytes.removeAll(keepingCapacity: true)
    payload.removeAll(keepingCapacity: true)
    do {
      try rules.take(header)
      state = .payload(left: Int(header.length))
    } catch {
      state = .skipped(left: Int(header.length))
      throw error
    }
  }

  /// How much of the payload is looked at: nothing of what is ignored, and of content that is only
  /// counted the length of its padding.
  private var keptBytes: Int {
    switch header.type {
    case .data where !keepsContent: header.flags.contains(.padded) ? 1 : 0
    case nil: 0
    case .data, .headers, .priority, .resetStream, .settings, .pushPromise, .ping, .goAway,
      .windowUpdate, .continuation, .alternativeService, .origin, .priorityUpdate:
      Int(header.length)
    }
  }

  private mutating func endFrame() throws(HTTP2Error) -> HTTP2FrameEvent {
    state = .header
    var content = try HTTP2Payload(header, payload)
    if !content.isMeant(onStream: header.streamID, fromClient: rules.isFromClient) {
      content = .ignored(type: header.typeNumber)
    }
    try rules.take(content, streamID: header.streamID)
    return HTTP2FrameEvent(offset: frameOffset, header: header, payload: content)
  }
}
