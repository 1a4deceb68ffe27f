import NetSim
import Testing

/// Heads of requests with their fields, whose bytes the simulator counts.
@Suite struct RequestFieldTests {
  private func head(_ target: String, _ style: RequestStyle) -> String {
    String(
      decoding: HTTP1Head.request(
        target: Array(target.utf8), host: Array("10.1.0.1".utf8), version: .http11,
        keepAlive: true, style: style), as: UTF8.self)
  }

  /// What a server in the clear learns from a browser: 413 bytes without a cookie.
  @Test func aBrowserAsksForAPage() {
    var style = RequestStyle()
    style.fields = .browser
    style.destination = .document
    let text = head("/", style)
    #expect(
      text.lines == [
        "GET / HTTP/1.1", "Host: 10.1.0.1", "Connection: keep-alive",
        "Upgrade-Insecure-Requests: 1",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/131.0.0.0 Safari/537.36",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
          + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
        "Accept-Encoding: gzip, deflate", "Accept-Language: en-US,en;q=0.9", "", "",
      ])
    #expect(text.utf8.count == 413)
  }

  @Test func overTLSItSaysMore() {
    var style = RequestStyle()
    style.fields = .browser
    style.isSecured = true
    style.destination = .image
    style.cookieBytes = ByteCount(20)
    #expect(
      head("/a.png", style).lines.dropFirst(2) == [
        "Connection: keep-alive",
        "sec-ch-ua: \"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"",
        "sec-ch-ua-mobile: ?0", "sec-ch-ua-platform: \"Linux\"",
        "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/131.0.0.0 Safari/537.36",
        "Accept: image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8",
        "Sec-Fetch-Site: same-origin", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image",
        "Referer: https://10.1.0.1/", "Accept-Encoding: gzip, deflate, br, zstd",
        "Accept-Language: en-US,en;q=0.9", "Cookie: id=34567890123456789", "", "",
      ])
  }

  /// curl's head for the same: 72 bytes, and the field with its name and line's end with a cookie.
  @Test(arguments: [(0, 72), (4, 86), (1000, 1082)] as [(Int64, Int)])
  func aCookieHasItsBytes(size: Int64, bytes: Int) {
    var style = RequestStyle()
    style.cookieBytes = ByteCount(size)
    #expect(head("/", style).utf8.count == bytes)
  }

  @Test(arguments: [
    ("/", RequestDestination.document), ("/a/b", .document), ("/v1.2/a", .document),
    ("/a.html?x=y.png", .document), ("/a.js", .script), ("/a.min.mjs", .script), ("/a.css", .style),
    ("/a.jpeg", .image), ("/o00.bin", .other), ("/a.", .other), ("", .document), ("*", .document),
  ])
  func theExtensionSaysWhatIsWanted(target: String, destination: RequestDestination) {
    #expect(RequestDestination.of(target: Array(target.utf8)) == destination)
  }
}

extension String {
  /// Its lines, the empty ones too.
  fileprivate var lines: [String] {
    split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
  }
}
