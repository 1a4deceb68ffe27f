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

  // MARK: HTTP/2

  private func fields(_ target: String, _ style: RequestStyle) -> [HeaderField] {
    HTTP2Fields.request(
      .get, target: Array(target.utf8), host: Array("10.8.0.2".utf8), isSecured: true,
      style: style)
  }

  private func text(_ field: HeaderField) -> String {
    String(decoding: field.name, as: UTF8.self) + ": "
      + String(decoding: field.value, as: UTF8.self)
  }

  /// Names in lower case, nothing of the connection, and the pseudo-fields in Chromium's order.
  @Test func aBrowserAsksForAPageOverHTTP2() {
    var style = RequestStyle()
    style.fields = .browser
    style.isSecured = true
    style.destination = .document
    #expect(
      fields("/", style).map(text) == [
        ":method: GET", ":authority: 10.8.0.2", ":scheme: https", ":path: /",
        "sec-ch-ua: \"Google Chrome\";v=\"131\", \"Chromium\";v=\"131\", \"Not_A Brand\";v=\"24\"",
        "sec-ch-ua-mobile: ?0", "sec-ch-ua-platform: \"Linux\"", "upgrade-insecure-requests: 1",
        "user-agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
          + "Chrome/131.0.0.0 Safari/537.36",
        "accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
          + "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
        "sec-fetch-site: none", "sec-fetch-mode: navigate", "sec-fetch-user: ?1",
        "sec-fetch-dest: document", "accept-encoding: gzip, deflate, br, zstd",
        "accept-language: en-US,en;q=0.9",
      ])
  }

  /// Blocks of curl's requests without a cookie as captured, 33 and 13 bytes. One of 1,000 bytes has
  /// 5,702 bits in the Huffman code: 713 bytes, four before them, and then one in each later block. One
  /// of 4 bytes could be guessed, and no table has it: 2 bytes of index, 4 of value.
  @Test(
    arguments: [(0, [33, 13, 13]), (1000, [750, 14, 14]), (4, [39, 19, 19])] as [(Int64, [Int])])
  func aCookieThatRepeatsIsOneByte(size: Int64, blocks: [Int]) {
    var style = RequestStyle()
    style.cookieBytes = ByteCount(size)
    var encoder = HPACKEncoder()
    let counts = (0..<3).map { encoder.encode(fields("/o0\($0).bin", style)).count }
    #expect(counts == blocks)
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
