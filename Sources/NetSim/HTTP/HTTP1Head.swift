/// The heads of HTTP/1.x messages as common programs write them, so that their bytes are counted
/// and not guessed (RFC 9112 §2.1). An exporter writes the same bytes.
public enum HTTP1Head {
  /// A request's head with the fields that curl sends, or those of another style.
  ///
  /// `keepAlive` adds what the version needs to ask for it or to refuse it (RFC 9112 §9.3);
  /// `upgrades`, what asks for another protocol; `proxyConnection` asks a proxy, by a field that was
  /// never a standard (RFC 9112 §C.2.2), and not the server.
  public static func request(
    _ method: HTTPMethod = .get, target: [UInt8], host: [UInt8], version: ApplicationProtocol,
    keepAlive: Bool, upgrades: Bool = false, proxyConnection: Bool = false,
    style: RequestStyle = RequestStyle()
  ) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText(method.name)
    head.append(UInt8(ascii: " "))
    head += target
    head.appendText(version == .http10 ? " HTTP/1.0\r\nHost: " : " HTTP/1.1\r\nHost: ")
    head += host
    head.appendText("\r\n")
    if proxyConnection && keepAlive { head.appendText("Proxy-Connection: keep-alive\r\n") }
    appendFields(
      style, host: host, isKept: keepAlive && !proxyConnection, version: version, to: &head)
    if upgrades { head.appendText("Connection: Upgrade\r\nUpgrade: raw\r\n") }
    head.appendText("\r\n")
    return head
  }

  /// A response's head with the fields that nginx sends for a file of `bodyBytes` bytes, or for what
  /// a program makes where the length is not known beforehand.
  ///
  /// `declaredLength` is what it says of the body's length where that is not the truth.
  public static func response(
    bodyBytes: Int64, keepAlive: Bool, framing: BodyFraming = .length,
    declaredLength: Int64? = nil
  ) -> [UInt8] {
    if framing == .upgrade { return switchingProtocols() }
    var head = start("200 OK")
    head.appendText("Content-Type: application/octet-stream\r\n")
    switch framing {
    case .length, .upgrade:
      head.appendText("Content-Length: ")
      head.appendDecimal(declaredLength ?? bodyBytes)
      head.appendText("\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
    case .chunked: head.appendText("Transfer-Encoding: chunked\r\n")
    case .untilClose: break
    }
    head.appendText(keepAlive && !framing.isFinal ? keptOpen : "Connection: close\r\n")
    if framing == .length {
      head.appendText("ETag: \"6955b900-")  // the time of modification, then the size, in hex
      head.appendHexadecimal(bodyBytes)
      head.appendText("\"\r\nAccept-Ranges: bytes\r\n")
    }
    head.appendText("\r\n")
    return head
  }

  /// The interim response that names what a page will need (RFC 8297 §2), for `links` targets.
  public static func earlyHints(_ links: [[UInt8]]) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText("HTTP/1.1 103 Early Hints\r\n")
    for target in links {
      head.appendText("Link: <")
      head += target
      head.appendText(">; rel=preload\r\n")
    }
    head.appendText("\r\n")
    return head
  }

  /// The response that leaves the connection to another protocol (RFC 9110 §15.2.2).
  private static func switchingProtocols() -> [UInt8] {
    var head = start("101 Switching Protocols")
    head.appendText("Connection: upgrade\r\nUpgrade: raw\r\n\r\n")
    return head
  }

  private static func start(_ status: StaticString) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText("HTTP/1.1 ")
    head.appendText(status)
    head.appendText("\r\nServer: nginx/1.22.1\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
    return head
  }

  private static let keptOpen: StaticString = "Connection: keep-alive\r\n"

  /// The response to a request that came too early (RFC 8470 §5.2), without a body.
  public static func tooEarly() -> [UInt8] {
    var head = start("425 Too Early")
    head.appendText("Content-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    return head
  }

  /// The response of a proxy that got none (RFC 9110 §15.6.3), without a body.
  public static func badGateway() -> [UInt8] {
    var head = start("502 Bad Gateway")
    head.appendText("Content-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    return head
  }

  /// The field by which a proxy names itself (RFC 9110 §7.6.3).
  public static func via() -> [UInt8] {
    var field: [UInt8] = []
    field.appendText("Via: 1.1 proxy\r\n")
    return field
  }

  /// The path that names the `ordinal`-th object: `/o00.bin`, `/o01.bin` …
  public static func target(ordinal: Int) -> [UInt8] {
    var target: [UInt8] = []
    target.appendText(ordinal < 10 ? "/o0" : "/o")
    target.appendDecimal(Int64(ordinal))
    target.appendText(".bin")
    return target
  }
}

extension Array where Element == UInt8 {
  /// Appends a whole number, which must not be negative, in lower-case hexadecimal digits.
  mutating func appendHexadecimal(_ value: Int64) {
    var shift = 60
    while shift > 0 && value >> Int64(shift) == 0 { shift -= 4 }
    while shift >= 0 {
      let digit = UInt8(value >> Int64(shift) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
  }
}
