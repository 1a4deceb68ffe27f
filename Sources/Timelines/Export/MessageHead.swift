import NetSim

/// The heads of HTTP/1.x messages at the length that the run counted.
enum MessageHead {
  /// The head of a request as the client would write it, or as a proxy passes it on, made to fit its
  /// bytes where the scenario says how many there are.
  static func request(
    _ request: RequestDescription, on connection: ConnectionDescription
  ) -> [UInt8] {
    let host = connection.serverHost
    func head(asksProxy: Bool) -> [UInt8] {
      HTTP1Head.request(
        request.knownMethod, target: request.target, host: host, version: connection.application,
        keepAlive: connection.keepAlive, upgrades: request.response.framing == .upgrade,
        proxyConnection: asksProxy, style: request.style)
    }
    let plain = head(asksProxy: false)
    let others = [withVia(plain), head(asksProxy: true)]
    if let exact = others.first(where: { $0.count == request.requestBytes }),
      plain.count != request.requestBytes
    {
      return exact
    }
    let version = connection.application == .http10 ? "1.0" : "1.1"
    let short =
      request.method + [UInt8(ascii: " ")] + request.target
      + Array(" HTTP/\(version)\r\nHost: ".utf8) + host + Array("\r\n\r\n".utf8)
    return fitted(plain, orElse: short, to: Int(request.requestBytes))
  }

  /// The head of a response as nginx would write it, made to fit where the scenario says how long
  /// it is.
  static func response(
    _ request: RequestDescription, on connection: ConnectionDescription
  ) -> [UInt8] {
    if request.purpose.isProbe {
      return HTTP1Head.probeResponse(keepAlive: connection.keepAlive)
    }
    let framing = request.response.framing.asSent(to: connection.application)
    let declared = request.response.declaredLength?.bytes
    let head = HTTP1Head.response(
      bodyBytes: request.bodyBytes, keepAlive: connection.keepAlive, framing: framing,
      declaredLength: declared)
    guard let length = request.responseHeadBytes else { return head }
    let end: String
    switch framing {
    case .length, .upgrade: end = "Content-Length: \(declared ?? request.bodyBytes)\r\n"
    case .chunked: end = "Transfer-Encoding: chunked\r\n"
    case .untilClose: end = ""
    }
    let short = Array("HTTP/1.1 200 OK\r\n\(end)\r\n".utf8)
    return fitted(head, orElse: short, to: Int(length))
  }

  /// The head with the field by which a proxy names itself.
  static func withVia(_ head: [UInt8]) -> [UInt8] {
    Array(head.dropLast(2)) + HTTP1Head.via() + Array("\r\n".utf8)
  }

  /// A head of `length` bytes: the usual one or the short one with a field more, or what has room of
  /// it: a head that is shorter still is no HTTP.
  private static func fitted(
    _ head: [UInt8], orElse short: [UInt8], to length: Int
  ) -> [UInt8] {
    if length >= head.count { return extended(head, to: length) }
    return length >= short.count ? extended(short, to: length) : Array(head.prefix(length))
  }

  /// The head with a field more, of the length that is missing.
  private static func extended(_ head: [UInt8], to length: Int) -> [UInt8] {
    let missing = length - head.count
    if missing == 0 { return head }
    let field = Array("X-Padding: ".utf8)
    var longer = Array(head.dropLast(2))  // up to the empty line
    if missing >= field.count + 2 {
      longer += field
      longer += [UInt8](repeating: UInt8(ascii: "x"), count: missing - field.count - 2)
      longer += Array("\r\n".utf8)
    } else {
      // Space behind a field's value is legal and means nothing (RFC 9112 §5).
      longer.insert(
        contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: missing), at: longer.count - 2)
    }
    return longer + Array("\r\n".utf8)
  }
}

extension RequestDescription {
  /// Its method, of those that simulated requests have.
  var knownMethod: HTTPMethod {
    HTTPMethod.allCases.first { "\($0.name)".utf8.elementsEqual(method) } ?? .get
  }
}

extension ConnectionDescription {
  /// The server's address without its port.
  var serverHost: [UInt8] { Array(serverName.prefix { $0 != UInt8(ascii: ":") }) }
}
