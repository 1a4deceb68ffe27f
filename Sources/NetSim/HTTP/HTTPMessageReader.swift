/// Finds the messages of one direction of an HTTP/1.x connection, whatever the pieces in which its
/// bytes come (RFC 9112 §6, §7).
///
/// It keeps the bytes of heads only, up to a limit; bodies are counted. After an error it stays in
/// error: where the next message begins can no longer be known.
public struct HTTPMessageReader: Sendable {
  private enum State {
    case betweenMessages
    case head
    case body(left: Int64)
    case bodyUntilClose
    case chunkSize
    case chunkData(left: Int64)
    case chunkEnd
    case trailers
    /// What follows is no HTTP/1.x any more (101, or CONNECT).
    case tunnel
    case failed(HTTPError)
  }

  /// Whether it reads requests, or responses.
  public let isRequest: Bool
  /// Bytes of a head, of trailers, or of a chunk's size line, at most.
  public let limit: Int
  /// Where the next byte stands in the stream.
  public private(set) var offset: Int64

  private var state = State.betweenMessages
  /// The head, or the line, that is being collected.
  private var buffer: [UInt8] = []
  private var lineLength = 0
  private var bodyBytes: Int64 = 0
  private var awaited: [HTTPRequestKind] = []
  private var answered = 0

  /// A reader of requests or responses whose first byte stands at `offset` in the stream.
  public init(isRequest: Bool, offset: Int64, limit: Int = 65_536) {
    self.isRequest = isRequest
    self.offset = offset
    self.limit = limit
  }

  /// Tells a reader of responses that a request was sent, in the order of the requests.
  public mutating func expectResponse(to kind: HTTPRequestKind) {
    if answered > 64, answered * 2 > awaited.count {
      awaited.removeFirst(answered)
      answered = 0
    }
    awaited.append(kind)
  }

  /// Tells it that the peer's answer made the connection a tunnel.
  public mutating func becomeTunnel() { state = .tunnel }

  /// Whether what follows is no HTTP/1.x any more.
  public var isTunnel: Bool {
    if case .tunnel = state { return true }
    return false
  }

  /// Reads on from `position` in `bytes`, up to the next event; nil when the bytes are used up.
  public mutating func next(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTPError) -> HTTPEvent? {
    do {
      while true {
        let before = position
        let isAtRest = restsInState
        if let event = try step(bytes, &position) { return event }
        if position >= bytes.count, position == before, isAtRest { return nil }
      }
    } catch {
      state = .failed(error)
      throw error
    }
  }

  /// Whether the state can do nothing without another byte.
  private var restsInState: Bool {
    switch state {
    case .body(let left), .chunkData(let left): left > 0
    case .betweenMessages, .head, .bodyUntilClose, .chunkSize, .chunkEnd, .trailers, .tunnel,
      .failed:
      true
    }
  }

  private mutating func step(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) throws(HTTPError) -> HTTPEvent? {
    switch state {
    case .betweenMessages: return begin(bytes, &position)
    case .head:
      guard try collect(bytes, &position, untilEmptyLine: true) else { return nil }
      return try finishHead()
    case .body(let left):
      if left == 0 { return endMessage(isWhole: true) }
      state = .body(left: left - pass(bytes, &position, atMost: left))
    case .bodyUntilClose, .tunnel: _ = pass(bytes, &position, atMost: .max)
    case .chunkSize:
      guard try collect(bytes, &position, untilEmptyLine: false) else { return nil }
      try finishChunkSize()
    case .chunkData(let left):
      state = left == 0 ? .chunkEnd : .chunkData(left: left - pass(bytes, &position, atMost: left))
    case .chunkEnd:
      guard try collect(bytes, &position, untilEmptyLine: false) else { return nil }
      guard buffer == [0x0D, 0x0A] || buffer == [0x0A] else { throw .chunk }
      clearBuffer()
      state = .chunkSize
    case .trailers:
      guard try collect(bytes, &position, untilEmptyLine: true) else { return nil }
      clearBuffer()
      return endMessage(isWhole: true)
    case .failed(let error): throw error
    }
    return nil
  }

  /// Passes over bytes that the capture does not have. Allowed within bodies; elsewhere it throws
  /// `missingBytes`. Events that it leads to come from `next`.
  public mutating func skip(_ count: Int64) throws(HTTPError) {
    var fits = false
    switch state {
    case .body(let left):
      fits = count <= left
      if fits { state = .body(left: left - count) }
    case .chunkData(let left):
      fits = count <= left
      if fits { state = .chunkData(left: left - count) }
    case .bodyUntilClose, .tunnel: fits = true
    case .betweenMessages, .head, .chunkSize, .chunkEnd, .trailers, .failed: break
    }
    guard fits else {
      state = .failed(.missingBytes)
      throw .missingBytes
    }
    offset += count
    bodyBytes += count
  }

  /// Takes the end of the stream, which ends a message without a length; others it cuts short.
  public mutating func finish() -> HTTPEvent? {
    switch state {
    case .betweenMessages, .tunnel, .failed: return nil
    case .bodyUntilClose: return endMessage(isWhole: true)
    case .head, .body, .chunkSize, .chunkData, .chunkEnd, .trailers:
      return endMessage(isWhole: false)
    }
  }

  // MARK: Parts of a message

  /// Skips empty lines before a start line (RFC 9112 §2.2).
  private mutating func begin(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int
  ) -> HTTPEvent? {
    while position < bytes.count, bytes[position] == 0x0D || bytes[position] == 0x0A {
      position += 1
      offset += 1
    }
    guard position < bytes.count else { return nil }
    state = .head
    bodyBytes = 0
    clearBuffer()
    return .started(offset: offset)
  }

  /// Collects bytes up to a line end, or up to an empty line; gives whether that was reached.
  private mutating func collect(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, untilEmptyLine: Bool
  ) throws(HTTPError) -> Bool {
    while position < bytes.count {
      let byte = bytes[position]
      guard buffer.count < limit else { throw .tooLong }
      buffer.append(byte)
      position += 1
      offset += 1
      if byte == 0x0A {
        let isEmpty = lineLength == 0
        lineLength = 0
        if isEmpty || !untilEmptyLine { return true }
      } else if byte != 0x0D {
        lineLength += 1
      }
    }
    return false
  }

  private mutating func clearBuffer() {
    buffer.removeAll(keepingCapacity: true)
    lineLength = 0
  }

  private mutating func pass(
    _ bytes: UnsafeRawBufferPointer, _ position: inout Int, atMost: Int64
  ) -> Int64 {
    let count = min(Int64(bytes.count - position), atMost)
    position += Int(count)
    offset += count
    bodyBytes += count
    return count
  }

  private mutating func endMessage(isWhole: Bool) -> HTTPEvent {
    state = .betweenMessages
    return .ended(offset: offset, bodyBytes: bodyBytes, isWhole: isWhole)
  }

  /// Takes the head and finds out how the body is delimited (RFC 9112 §6.3).
  private mutating func finishHead() throws(HTTPError) -> HTTPEvent {
    let parser = try HTTPHeadParser(buffer, isRequest: isRequest)
    clearBuffer()
    var head = parser.head
    if isRequest {
      guard !parser.hasTransferEncoding || parser.isChunked else { throw .transferCoding }
      head.declaredBodyBytes = parser.isChunked ? -1 : parser.contentLength ?? 0
      state = parser.isChunked ? .chunkSize : .body(left: head.declaredBodyBytes)
      return .head(head)
    }
    if head.status < 200, head.status != 101 {
      head.declaredBodyBytes = 0
      state = .betweenMessages
      return .head(head)
    }
    let kind = answered < awaited.count ? awaited[answered] : .plain
    if answered < awaited.count { answered += 1 }
    let isTunnel = head.status == 101 || (kind == .connect && head.status < 300)
    if isTunnel {
      head.declaredBodyBytes = 0
      state = .tunnel
    } else if kind == .head || head.status == 204 || head.status == 304 {
      head.declaredBodyBytes = 0
      state = .body(left: 0)
    } else if parser.hasTransferEncoding {
      state = parser.isChunked ? .chunkSize : .bodyUntilClose
    } else if let length = parser.contentLength {
      head.declaredBodyBytes = length
      state = .body(left: length)
    } else {
      state = .bodyUntilClose
    }
    return .head(head)
  }

  /// chunk-size [ chunk-ext ] CRLF (RFC 9112 §7.1)
  private mutating func finishChunkSize() throws(HTTPError) {
    var size: Int64 = 0
    var digits = 0
    scan: for byte in buffer {
      switch byte {
      case 0x30...0x39: size = size << 4 | Int64(byte - 0x30)
      case 0x41...0x46: size = size << 4 | Int64(byte - 0x41 + 10)
      case 0x61...0x66: size = size << 4 | Int64(byte - 0x61 + 10)
      case 0x0D, 0x0A, 0x3B, 0x20, 0x09: break scan
      default: throw .chunk
      }
      digits += 1
      // Fourteen digits always fit 64 bits.
      guard digits <= 14 else { throw .chunk }
    }
    guard digits > 0 else { throw .chunk }
    clearBuffer()
    state = size == 0 ? .trailers : .chunkData(left: size)
  }
}
