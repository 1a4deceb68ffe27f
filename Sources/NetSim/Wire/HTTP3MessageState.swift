/// A frame, or the end of its stream, as a message sees it (RFC 9114 §4.1).
public enum HTTP3MessageFrame: CaseIterable, Equatable, Sendable {
  /// HEADERS of a request, of a final response, or of trailers.
  case headers
  /// HEADERS of an interim response (1xx).
  case interimHeaders
  /// HEADERS of CONNECT, or of the response that lets it through: bytes follow (RFC 9114 §4.4).
  case tunnelHeaders
  /// DATA.
  case data
  /// PUSH_PROMISE, which is no part of the message.
  case pushPromise
  /// The stream ends.
  case end
}

/// How far one direction of a request's stream, or of a push's, has come (RFC 9114 §4.1):
///
///     header ── interim HEADERS ──▸ header
///        │
///     HEADERS ──▸ content ── DATA ──▸ content ── HEADERS ──▸ trailers ── end ──▸ ended
///        │                               └────────── end ─────────────────────────┘
///     CONNECT's HEADERS ──▸ tunnel ── DATA ──▸ tunnel ── end ──▸ ended
public enum HTTP3MessageState: CaseIterable, Equatable, Sendable {
  /// The header is still to come.
  case header
  /// The header is there; content or trailers may come.
  case content
  /// The bytes of a tunnel come.
  case tunnel
  /// The trailers are there.
  case trailers
  /// The stream has ended.
  case ended

  /// A message of which nothing is there.
  public init() { self = .header }

  /// Takes a frame of a request, or of a response that is answered or pushed.
  ///
  /// An error of the order ends the connection, a message that is not whole its stream.
  public mutating func take(
    _ frame: HTTP3MessageFrame, isRequest: Bool, isPushed: Bool = false
  ) throws(HTTP3Error) {
    switch (self, frame) {
    case (.ended, _): throw HTTP3Error(.messageOrder)
    case (_, .pushPromise):
      guard !isRequest, !isPushed, self != .tunnel else { throw HTTP3Error(.messageOrder) }
    case (.header, .headers): self = .content
    case (.header, .interimHeaders):
      guard !isRequest else { throw HTTP3Error(.messageOrder) }
    case (.header, .tunnelHeaders): self = .tunnel
    case (.header, .end):
      throw HTTP3Error(isRequest ? .requestIncomplete : .messageIncomplete)
    case (.content, .headers): self = .trailers
    case (.content, .data), (.tunnel, .data): break
    case (.content, .end), (.tunnel, .end), (.trailers, .end): self = .ended
    case (.content, .interimHeaders), (.content, .tunnelHeaders):
      throw HTTP3Error(.secondMessage)
    case (.header, .data),
      (.tunnel, .headers), (.tunnel, .interimHeaders), (.tunnel, .tunnelHeaders),
      (.trailers, .headers), (.trailers, .interimHeaders), (.trailers, .tunnelHeaders),
      (.trailers, .data):
      throw HTTP3Error(.messageOrder)
    }
  }
}
