/// What runs over a connection, as its first bytes tell.
public enum ConnectionProtocol: UInt8, CaseIterable, Sendable {
  /// HTTP/1.0 or HTTP/1.1 in the clear.
  case http1
  /// HTTP/2 in the clear, by its preface (RFC 9113 §3.4).
  case http2
  /// It begins with a TLS record.
  case tls
  /// Anything else, or nothing.
  case tcp

  /// The name in a report.
  public var name: String {
    switch self {
    case .http1: "http/1.1"
    case .http2: "h2"
    case .tls: "tls"
    case .tcp: "tcp"
    }
  }
}

extension ConnectionProtocol {
  /// What begins with these bytes of the client.
  init(firstBytes bytes: UnsafeRawBufferPointer) {
    let preface = Array("PRI * HTTP/2.0\r\n".utf8)
    if bytes.count >= 3, bytes[0] == 0x16, bytes[1] == 3 {
      // A handshake record of any version (RFC 8446 §5.1).
      self = .tls
    } else if bytes.starts(with: preface) {
      self = .http2
    } else if Self.beginsRequest(bytes) {
      self = .http1
    } else {
      self = .tcp
    }
  }

  /// Whether bytes begin with a registered method and a space, or with a part of that.
  private static func beginsRequest(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let methods = [
      "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "CONNECT ", "OPTIONS ", "TRACE ", "PATCH ",
    ]
    return methods.contains { method in
      zip(method.utf8, bytes).allSatisfy { $0 == $1 } && !bytes.isEmpty
    }
  }
}
