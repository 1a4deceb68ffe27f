/// The fields of requests behind the target, and the answers to those that ask for nothing.
extension HTTP1Head {
  /// The fields of a style, with what says whether the connection is kept: curl's only towards HTTP/1.0
  /// (RFC 9112 §9.3), a browser's always.
  static func appendFields(
    _ style: RequestStyle, host: [UInt8], isKept: Bool, version: ApplicationProtocol,
    to head: inout [UInt8]
  ) {
    let isBrowser = style.fields == .browser
    if isBrowser {
      head.appendText(isKept ? "Connection: keep-alive\r\n" : "Connection: close\r\n")
    }
    for field in RequestFieldList.fields(style, host: host) {
      head += field.name
      head.appendText(": ")
      head += field.value
      head.appendText("\r\n")
    }
    if !isBrowser && version == .http10 && isKept {
      head.appendText("Connection: keep-alive\r\n")
    }
  }

  /// The answer to `OPTIONS *`: nothing but that the server is there (RFC 9110 §9.3.7).
  public static func probeResponse(keepAlive: Bool) -> [UInt8] {
    var head: [UInt8] = []
    head.appendText("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n")
    head.appendText("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 0\r\nConnection: ")
    head.appendText(keepAlive ? "keep-alive" : "close")
    head.appendText("\r\n\r\n")
    return head
  }
}
