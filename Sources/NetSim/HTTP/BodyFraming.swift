/// How a response says where its body ends (RFC 9112 §6.3).
public enum BodyFraming: UInt8, CaseIterable, Sendable {
  /// By its length, said in the head.
  case length
  /// In chunks, the last of which is empty (RFC 9112 §7.1). A client of HTTP/1.0 does not know it
  /// and gets the body up to the connection's end.
  case chunked
  /// By the end of the connection, which serves nothing after it.
  case untilClose
  /// Not at all: a `101` leaves the connection to another protocol (RFC 9110 §7.8), and the body is
  /// what that protocol sends. The connection is not used again. HTTP/1.0 knows no upgrades.
  case upgrade

  /// What is sent to a client of a protocol instead, where that does not know it.
  public func asSent(to application: ApplicationProtocol) -> BodyFraming {
    if application == .raw || application.hasStreams { return .length }
    guard application == .http10 else { return self }
    switch self {
    case .length, .upgrade: return .length  // RFC 9110 §7.8: not heeded in HTTP/1.0
    case .chunked, .untilClose: return .untilClose  // RFC 9112 §6.1
    }
  }

  /// Whether nothing may follow on the connection.
  var isFinal: Bool { self == .untilClose || self == .upgrade }
}

/// The chunked coding of a body (RFC 9112 §7.1), without extensions and trailers.
public enum ChunkedCoding {
  /// What servers put into a chunk at most: the buffers of nginx's filters (`output_buffers`).
  public static let mostBytes: Int64 = 32_768
  /// The chunk of no bytes and the empty line behind it.
  public static let lastChunkBytes: Int64 = 5

  /// The bytes of `body` bytes handed over at once, without the last chunk.
  public static func bytes(of body: Int64) -> Int64 {
    let rest = body % mostBytes
    let full = body / mostBytes * (mostBytes + overhead(of: mostBytes))
    return full + (rest > 0 ? rest + overhead(of: rest) : 0)
  }

  /// Where the first `offset` bytes end of a body of `body` bytes that is handed over at once.
  static func position(of offset: Int64, in body: Int64) -> Int64 {
    if offset == 0 { return 0 }
    let before = (offset - 1) / mostBytes * mostBytes
    return bytes(of: before) + lineBytes(of: min(mostBytes, body - before)) + offset - before
  }

  /// The line that begins a chunk: its length in hexadecimal digits.
  public static func line(of bytes: Int64) -> [UInt8] {
    var line: [UInt8] = []
    line.appendHexadecimal(bytes)
    line.appendText("\r\n")
    return line
  }

  /// The line before a chunk, and the end of line behind it.
  private static func overhead(of chunk: Int64) -> Int64 { lineBytes(of: chunk) + 2 }

  private static func lineBytes(of chunk: Int64) -> Int64 {
    var digits: Int64 = 1
    while chunk >> (4 * digits) > 0 { digits += 1 }
    return digits + 2
  }
}
