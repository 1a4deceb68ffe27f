import NetSim
import TestSupport
import Testing

@Suite struct HTTPTests {
  /// The events of a stream that comes in pieces of `size` bytes.
  private func events(
    _ text: String, isRequest: Bool, answering kinds: [HTTPRequestKind] = [],
    pieces size: Int = .max,
    atEnd: Bool = false
  ) throws(HTTPError) -> [HTTPEvent] {
    var reader = HTTPMessageReader(isRequest: isRequest, offset: 1, limit: 1_000)
    for kind in kinds { reader.expectResponse(to: kind) }
    var events: [HTTPEvent] = []
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let piece = Array(bytes[start..<min(bytes.count, size == .max ? bytes.count : start + size)])
      start += piece.count
      var failure: HTTPError?
      piece.withUnsafeBytes { raw in
        var position = 0
        do {
          while let event = try reader.next(raw, &position) { events.append(event) }
        } catch { failure = error as? HTTPError }
      }
      if let failure { throw failure }
    }
    if atEnd, let event = reader.finish() { events.append(event) }
    return events
  }

  private func head(
    status: UInt16, headBytes: Int64, body: Int64, minorVersion: UInt8 = 1
  ) -> HTTPEvent {
    var head = HTTPHead()
    head.status = status
    head.headBytes = headBytes
    head.declaredBodyBytes = body
    head.minorVersion = minorVersion
    return .head(head)
  }

  @Test(
    "Two pipelined requests give two heads and two ends, in pieces of any size",
    arguments: [1, 2, 7, 1000])
  func pipelined(size: Int) throws {
    let found = try events(
      "GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 3\r\n\r\nxyz", isRequest: true,
      pieces: size)
    var first = HTTPHead()
    (first.method, first.target) = (Array("GET".utf8), Array("/a".utf8))
    (first.headBytes, first.declaredBodyBytes) = (19, 0)
    var second = HTTPHead()
    (second.method, second.target) = (Array("POST".utf8), Array("/b".utf8))
    (second.headBytes, second.declaredBodyBytes) = (39, 3)
    #expect(
      found == [
        .started(offset: 1), .head(first), .ended(offset: 20, bodyBytes: 0, isWhole: true),
        .started(offset: 20), .head(second), .ended(offset: 62, bodyBytes: 3, isWhole: true),
      ])
  }

  @Test(
    "A chunked body ends with its trailers and counts without chunk sizes", arguments: [1, 3, 1000])
  func chunked(size: Int) throws {
    let text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
      + "4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\nX: y\r\n\r\n"
    let found = try events(text, isRequest: false, pieces: size)
    #expect(
      found == [
        .started(offset: 1), head(status: 200, headBytes: 53, body: -1),
        .ended(offset: Int64(text.utf8.count) + 1, bodyBytes: 10, isWhole: true),
      ])
  }

  @Test("Responses to HEAD, 204 and 304 have no body, whatever Content-Length says")
  func withoutBody() throws {
    let text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    let found = try events(text + text + "Hello", isRequest: false, answering: [.head, .plain])
    #expect(
      found == [
        .started(offset: 1), head(status: 200, headBytes: 38, body: 0),
        .ended(offset: 39, bodyBytes: 0, isWhole: true), .started(offset: 39),
        head(status: 200, headBytes: 38, body: 5), .ended(offset: 82, bodyBytes: 5, isWhole: true),
      ])
    for status in [204, 304] {
      let found = try events(
        "HTTP/1.1 \(status) X\r\nContent-Length: 5\r\n\r\n", isRequest: false)
      #expect(found.last == .ended(offset: 38, bodyBytes: 0, isWhole: true))
    }
  }

  @Test("An interim response is followed by the response itself")
  func interim() throws {
    let found = try events(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", isRequest: false,
      answering: [.plain])
    #expect(
      found == [
        .started(offset: 1), head(status: 100, headBytes: 25, body: 0), .started(offset: 26),
        head(status: 204, headBytes: 27, body: 0), .ended(offset: 53, bodyBytes: 0, isWhole: true),
      ])
  }

  @Test("A response without a length lasts until the connection closes")
  func untilClose() throws {
    let found = try events("HTTP/1.0 200 OK\r\n\r\nabc", isRequest: false, atEnd: true)
    #expect(
      found == [
        .started(offset: 1), head(status: 200, headBytes: 19, body: -1, minorVersion: 0),
        .ended(offset: 23, bodyBytes: 3, isWhole: true),
      ])
  }

  @Test("A body that the end of the stream cuts short is not whole")
  func cutShort() throws {
    let found = try events(
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", isRequest: false, atEnd: true)
    #expect(found.last == .ended(offset: 43, bodyBytes: 3, isWhole: false))
  }

  @Test("After 101 nothing is read as HTTP")
  func tunnel() throws {
    let found = try events(
      "HTTP/1.1 101 Switching Protocols\r\n\r\n\u{1}\u{2}garbage\r\n\r\n", isRequest: false)
    #expect(found.count == 2)
  }

  @Test(
    "Malformed requests are typed errors",
    arguments: [
      ("GET /\r\n\r\n", HTTPError.startLine),
      ("G(T / HTTP/1.1\r\n\r\n", .startLine),
      ("GET / HTTP/2.0\r\n\r\n", .startLine),
      ("GET /\u{1} HTTP/1.1\r\n\r\n", .startLine),
      ("GET / HTTP/1.1\r\nHost : x\r\n\r\n", .field),
      ("GET / HTTP/1.1\r\n folded\r\n\r\n", .field),
      ("GET / HTTP/1.1\r\nContent-Length: 1, 2\r\n\r\n", .contentLength),
      ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", .contentLength),
      ("GET / HTTP/1.1\r\nContent-Length: 9999999999999999999\r\n\r\n", .contentLength),
      ("GET / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", .transferCoding),
      ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .chunk),
      ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n", .chunk),
      (
        "GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n", .chunk
      ),
      ("GET /" + String(repeating: "a", count: 1_000), .tooLong),
    ])
  func malformed(text: String, expected: HTTPError) {
    #expect(throws: expected) { try events(text, isRequest: true) }
  }

  @Test("Bytes missing within a body are counted, elsewhere they are an error")
  func missing() throws {
    var reader = HTTPMessageReader(isRequest: false, offset: 1)
    let text = Array("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".utf8)
    text.withUnsafeBytes { raw in
      var position = 0
      while let event = try? reader.next(raw, &position) { _ = event }
    }
    try reader.skip(7)
    var position = 0
    let event = try reader.next(UnsafeRawBufferPointer(start: nil, count: 0), &position)
    #expect(event == .ended(offset: 50, bodyBytes: 10, isWhole: true))
    #expect(throws: HTTPError.missingBytes) { try reader.skip(1) }
  }

  @Test("Random bytes of 2,000 seeds are read or refused, and never trap")
  func randomBytes() {
    let words = [
      "GET / HTTP/1.1", "HTTP/1.1 200 OK", "\r\n", "\n", "Content-Length: 3", ":", "0", "f", " ",
      "Transfer-Encoding: chunked", "\u{0}", "xyz",
    ]
    for seed in UInt64(1)...2_000 {
      var random = SeededGenerator(seed: seed)
      let text = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        words.randomElement(using: &random)
      }.joined()
      let isRequest = Bool.random(using: &random)
      let whole = Result { () throws(HTTPError) in
        try events(text, isRequest: isRequest, atEnd: true)
      }
      let split = Result { () throws(HTTPError) in
        try events(text, isRequest: isRequest, pieces: 3, atEnd: true)
      }
      #expect(whole == split, "seed \(seed)")
    }
  }
}
