/// The fields of requests, as common programs write them.
extension HTTP1Head {
  /// What curl says of itself.
  static func appendCurlFields(
    _ style: RequestStyle, isKept: Bool, version: ApplicationProtocol, to head: inout [UInt8]
  ) {
    head.appendText("User-Agent: curl/7.88.1\r\nAccept: */*\r\n")
    appendCookie(style, to: &head)
    if version == .http10 && isKept { head.appendText("Connection: keep-alive\r\n") }
  }

  /// What Chromium says, in its order: what tells of the browser and of the page's doings only to
  /// servers whose word can be trusted (User-Agent Client Hints §3.2, Fetch Metadata §2).
  static func appendBrowserFields(
    _ style: RequestStyle, host: [UInt8], isKept: Bool, to head: inout [UInt8]
  ) {
    let isDocument = style.destination == .document
    head.appendText("Connection: ")
    head.appendText(isKept ? "keep-alive\r\n" : "close\r\n")
    if style.isSecured { appendHints(to: &head) }
    if isDocument { head.appendText("Upgrade-Insecure-Requests: 1\r\n") }
    head.appendText("User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ")
    head.appendText("(KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\nAccept: ")
    head.appendText(style.destination.accept)
    head.appendText("\r\n")
    if style.isSecured { appendMetadata(style.destination, to: &head) }
    if !isDocument {
      head.appendText(style.isSecured ? "Referer: https://" : "Referer: http://")
      head += host
      head.appendText("/\r\n")
    }
    head.appendText("Accept-Encoding: gzip, deflate")
    if style.isSecured { head.appendText(", br, zstd") }
    head.appendText("\r\nAccept-Language: en-US,en;q=0.9\r\n")
    appendCookie(style, to: &head)
  }

  private static func appendHints(to head: inout [UInt8]) {
    head.appendText("sec-ch-ua: \"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", ")
    head.appendText("\"Not_A Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\n")
    head.appendText("sec-ch-ua-platform: \"Linux\"\r\n")
  }

  private static func appendMetadata(
    _ destination: RequestDestination, to head: inout [UInt8]
  ) {
    let isDocument = destination == .document
    head.appendText(isDocument ? "Sec-Fetch-Site: none" : "Sec-Fetch-Site: same-origin")
    head.appendText("\r\nSec-Fetch-Mode: ")
    head.appendText(destination.mode)
    if isDocument { head.appendText("\r\nSec-Fetch-User: ?1") }
    head.appendText("\r\nSec-Fetch-Dest: ")
    head.appendText(destination.name)
    head.appendText("\r\n")
  }

  /// A cookie whose name and value have so many bytes (RFC 6265 §4.2.1).
  private static func appendCookie(_ style: RequestStyle, to head: inout [UInt8]) {
    if style.cookieBytes == .zero { return }
    head.appendText("Cookie: id=")
    for index in 3..<max(style.cookieBytes.bytes, 3) {
      let digit = UInt8(index % 10)
      head.append(UInt8(ascii: "0") + digit)
    }
    head.appendText("\r\n")
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
