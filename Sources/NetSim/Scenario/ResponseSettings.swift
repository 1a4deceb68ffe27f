/// How a server answers with an object, apart from how large it is.
public struct ResponseSettings: Equatable, Sendable {
  /// How the body's end is told.
  public var framing = BodyFraming.length
  /// What `Content-Length` says where that is not the body's length: an error of the server's, which
  /// the client cannot see at once (RFC 9112 §6.3). Nil for the truth.
  public var declaredLength: ByteCount?
  /// The pieces in which the server has the body, in order; empty for all of it at once. The last
  /// takes what the others leave.
  public var parts: [ResponsePart] = []
  /// How long after the request a `103` with hints of what will be needed is sent (RFC 8297); nil for
  /// none. The think time runs from the request, too. A client of HTTP/1.0 gets none.
  public var hintsAfter: SimDuration?

  /// A body of a known length, there at once.
  public init() {}
}

/// A piece of a body that the server has at a time of its own.
public struct ResponsePart: Equatable, Sendable {
  /// How many bytes.
  public var bytes: ByteCount
  /// How long after the piece before it; for the first, after the head.
  public var after: SimDuration

  /// A piece of so many bytes.
  public init(_ bytes: ByteCount, after: SimDuration) {
    self.bytes = bytes
    self.after = after
  }
}

/// What of an object makes another one wanted.
public enum Trigger: Equatable, Sendable {
  /// Its last byte.
  case complete
  /// So many bytes of its body: the client reads as they come, and finds the other named there.
  case bytes(ByteCount)
  /// The hints sent before its response.
  case hints
}
