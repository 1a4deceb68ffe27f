/// Why bytes are no HTTP/1.x message.
public enum HTTPError: Error, Equatable, Sendable {
  /// The first line is neither a request line nor a status line (RFC 9112 §3, §4).
  case startLine
  /// A header line is no field (RFC 9112 §5).
  case field
  /// Content-Length is no number, or several disagree (RFC 9112 §6.3).
  case contentLength
  /// A request whose last transfer coding is not chunked has no known end (RFC 9112 §6.3).
  case transferCoding
  /// A chunk's size line, or the line end behind its data, is wrong (RFC 9112 §7.1).
  case chunk
  /// Head, trailers or a chunk's size line are longer than the reader's limit.
  case tooLong
  /// Bytes that the capture does not have were needed.
  case missingBytes

  /// What is wrong, in words.
  public var name: String {
    switch self {
    case .startLine: "a message does not begin with a request line or status line"
    case .field: "a header line is no field"
    case .contentLength: "Content-Length is no number, or several disagree"
    case .transferCoding: "a request's last transfer coding is not chunked"
    case .chunk: "a chunk's size or end is wrong"
    case .tooLong: "a message's head is too long"
    case .missingBytes: "bytes of a message's head are missing"
    }
  }
}

/// The head of a message.
public struct HTTPHead: Equatable, Sendable {
  /// The method of a request (`GET`); empty in a response.
  public var method: [UInt8] = []
  /// The target of a request (`/o00.bin`); empty in a response.
  public var target: [UInt8] = []
  /// The status code of a response; 0 in a request.
  public var status: UInt16 = 0
  /// The version's second digit: 0 or 1.
  public var minorVersion: UInt8 = 1
  /// Bytes of the head, its empty line included.
  public var headBytes: Int64 = 0
  /// Bytes of the body as the head tells them; −1 where its end tells.
  public var declaredBodyBytes: Int64 = -1

  /// An empty head.
  public init() {}
}

/// What a reader found next.
public enum HTTPEvent: Equatable, Sendable {
  /// A message begins; its first byte stands at `offset` in the stream.
  case started(offset: Int64)
  /// Its head is complete. Interim responses (1xx but 101) have no body, and the response itself
  /// follows.
  case head(HTTPHead)
  /// Its last byte stands before `offset` in the stream. `isWhole` is false when the stream ended
  /// before the message did.
  case ended(offset: Int64, bodyBytes: Int64, isWhole: Bool)
}

/// What a response has to be known to answer, because its framing depends on it (RFC 9112 §6.3).
public enum HTTPRequestKind: UInt8, Sendable {
  /// Nothing special.
  case plain
  /// The response has no body.
  case head
  /// A successful response turns the connection into a tunnel.
  case connect

  /// The kind of a request with this method.
  public init(method: [UInt8]) {
    if method == [0x48, 0x45, 0x41, 0x44] {
      self = .head
    } else if method == [0x43, 0x4F, 0x4E, 0x4E, 0x45, 0x43, 0x54] {
      self = .connect
    } else {
      self = .plain
    }
  }
}
