/// The method of a request (RFC 9110 §9.3).
public enum HTTPMethod: UInt8, CaseIterable, Sendable {
  case get
  case head
  case post
  case put
  case delete
  case options

  /// Its name on the wire.
  public var name: StaticString {
    switch self {
    case .get: "GET"
    case .head: "HEAD"
    case .post: "POST"
    case .put: "PUT"
    case .delete: "DELETE"
    case .options: "OPTIONS"
    }
  }

  /// Its name's bytes.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendText(name)
    return bytes
  }

  /// Whether it asks for nothing to be changed, so that it may leave before the handshake is complete
  /// (RFC 9110 §9.2.1, RFC 8470 §4).
  public var isSafe: Bool {
    switch self {
    case .get, .head, .options: true
    case .post, .put, .delete: false
    }
  }

  /// Whether its requests have content (RFC 9110 §9.3.3, §9.3.4).
  var hasContent: Bool { self == .post || self == .put }

  /// Whether it may be repeated without asking anybody, because twice does what once does
  /// (RFC 9110 §9.2.2).
  public var isIdempotent: Bool { self != .post }
}
