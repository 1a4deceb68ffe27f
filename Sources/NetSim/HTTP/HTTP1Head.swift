/// The heads of HTTP/1.x messages as common programs write them, so that their bytes are counted
/// and not guessed (RFC 9112 §2.1). An exporter writes the same bytes.
public enum HTTP1Head {
  /// A request's head with the fields that curl sends, or those of another style.
  ///
  /// `keepAlive` adds what the version needs to ask for it or to refuse it (RFC 9112 §9.3).
  public static func request(
    _ method: HTTPMethod = .get, target: [UInt8], host: [UInt8], version: ApplicationProtocol,
    keepAlive: Bool, style: RequestStyle = RequestStyle()
  ) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText(method.name)
    head.append(UInt8(ascii: " "))
    head += target
    head.appendText(version == .http10 ? " HTTP/1.0\r\nHost: " : " HTTP/1.1\r\nHost: ")
    head += host
    head.appendText("\r\n")
    switch style.fields {
    case .curl: appendCurlFields(style, isKept: keepAlive, version: version, to: &head)
    case .browser: appendBrowserFields(style, host: host, isKept: keepAlive, to: &head)
    }
    head.appendText("\r\n")
    return head
  }

  /// A response's head with the fields that nginx sends for a file of `bodyBytes` bytes.
  public static func response(bodyBytes: Int64, keepAlive: Bool) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n")
    head.appendText("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
    head.appendText("Content-Type: application/octet-stream\r\nContent-Length: ")
    head.appendDecimal(bodyBytes)
    head.appendText("\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nConnection: ")
    head.appendText(keepAlive ? "keep-alive" : "close")
    head.appendText("\r\nETag: \"6955b900-")  // the time of modification, then the size, in hex
    head.appendHexadecimal(bodyBytes)
    head.appendText("\"\r\nAccept-Ranges: bytes\r\n\r\n")
    return head
  }

  /// The response to a request that came too early (RFC 8470 §5.2), without a body.
  public static func tooEarly() -> [UInt8] {
    var head: [UInt8] = []
    head.appendText("HTTP/1.1 425 Too Early\r\nServer: nginx/1.22.1\r\n")
    head.appendText("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
    head.appendText("Content-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    return head
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
  fileprivate mutating func appendHexadecimal(_ value: Int64) {
    var shift = 60
    while shift > 0 && value >> Int64(shift) == 0 { shift -= 4 }
    while shift >= 0 {
      let digit = UInt8(value >> Int64(shift) & 15)
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      shift -= 4
    }
  }
}
