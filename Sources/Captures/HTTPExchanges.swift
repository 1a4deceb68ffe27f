import NetSim

/// A request and its response, while its connection streams by. Offsets are relative sequence
/// numbers, times nanoseconds since the capture began, both as seen where the capture was made.
struct HTTPExchange {
  var request: HTTPHead
  var requestStart: Int64
  var requestEnd: Int64?
  var sentNs: Int64
  var sentEndNs: Int64?

  var response: HTTPHead?
  var responseStart: Int64?
  var responseEnd: Int64?
  var firstByteNs: Int64?
  var completeNs: Int64?
  var bodyBytes: Int64 = -1
  /// Set when the response ended before it was whole.
  var cutNs: Int64?

  /// Whether it is of HTTP/1.0.
  var isVersion10: Bool { request.minorVersion == 0 }
}

/// Pairs the requests of a connection with their responses, in order (RFC 9112 §9.3.2).
struct HTTPExchanges {
  private var requests: HTTPMessageReader
  private var responses: HTTPMessageReader?
  private let limit: Int
  private(set) var exchanges: [HTTPExchange] = []
  private(set) var problem: String?
  /// The exchange whose request is being read, and the one whose response is next.
  private var asked = 0
  private var answered = 0
  private var requestStart: (offset: Int64, timeNs: Int64)?

  /// Exchanges whose first request begins at `offset`; `limit` of them at most.
  init(offset: Int64, limit: Int) {
    requests = HTTPMessageReader(isRequest: true, offset: offset)
    self.limit = limit
  }

  /// Whether nothing more can be read.
  private(set) var isOver = false

  /// Takes bytes of one direction in order, and how many behind them are missing.
  mutating func read(
    _ bytes: UnsafeRawBufferPointer, missing: Int64, at offset: Int64, from sender: Side,
    timeNs: Int64
  ) {
    if isOver { return }
    if sender == .server, responses == nil {
      // What the server sends before its first response is the rest of an earlier one.
      guard bytes.starts(with: Array("HTTP/".utf8)) else { return }
      responses = HTTPMessageReader(isRequest: false, offset: offset)
      for exchange in exchanges {
        responses?.expectResponse(to: HTTPRequestKind(method: exchange.request.method))
      }
    }
    do {
      try readEvents(bytes, from: sender, timeNs: timeNs)
      guard missing > 0 else { return }
      try skip(missing, from: sender)
      try readEvents(UnsafeRawBufferPointer(start: nil, count: 0), from: sender, timeNs: timeNs)
    } catch {
      isOver = true
      let whose = sender == .client ? "client" : "server"
      let at = sender == .client ? requests.offset : responses?.offset ?? offset
      problem = "byte \(at) of the \(whose)'s stream: \(error.name)"
    }
  }

  private mutating func readEvents(
    _ bytes: UnsafeRawBufferPointer, from sender: Side, timeNs: Int64
  ) throws(HTTPError) {
    var position = 0
    switch sender {
    case .client:
      while let event = try requests.next(bytes, &position) {
        takeRequest(event, timeNs: timeNs)
      }
    case .server:
      while let event = try responses?.next(bytes, &position) {
        takeResponse(event, timeNs: timeNs)
      }
    }
  }

  private mutating func skip(_ count: Int64, from sender: Side) throws(HTTPError) {
    switch sender {
    case .client: try requests.skip(count)
    case .server: try responses?.skip(count)
    }
  }

  /// Takes the end of one direction.
  mutating func finish(_ sender: Side, timeNs: Int64) {
    switch sender {
    case .client:
      if let event = requests.finish() { takeRequest(event, timeNs: timeNs) }
    case .server:
      if let event = responses?.finish() { takeResponse(event, timeNs: timeNs) }
    }
  }

  // MARK: Events

  private mutating func takeRequest(_ event: HTTPEvent, timeNs: Int64) {
    switch event {
    case .started(let offset): requestStart = (offset, timeNs)
    case .head(let head):
      guard let start = requestStart, exchanges.count < limit else { return }
      exchanges.append(
        HTTPExchange(request: head, requestStart: start.offset, sentNs: start.timeNs))
      responses?.expectResponse(to: HTTPRequestKind(method: head.method))
    case .ended(let offset, _, let isWhole):
      if exchanges.indices.contains(asked), isWhole {
        exchanges[asked].requestEnd = offset
        exchanges[asked].sentEndNs = timeNs
      }
      asked = exchanges.count
    }
  }

  private mutating func takeResponse(_ event: HTTPEvent, timeNs: Int64) {
    guard exchanges.indices.contains(answered) else { return }
    switch event {
    case .started(let offset):
      exchanges[answered].responseStart = offset
      exchanges[answered].firstByteNs = timeNs
    case .head(let head):
      // The response itself follows an interim one.
      if head.status < 200, head.status != 101 { return }
      exchanges[answered].response = head
      if let responses, responses.isTunnel {
        requests.becomeTunnel()
        isOver = true
        complete(at: responses.offset, bodyBytes: 0, timeNs: timeNs)
      }
    case .ended(let offset, let bodyBytes, let isWhole):
      if isWhole {
        complete(at: offset, bodyBytes: bodyBytes, timeNs: timeNs)
      } else {
        exchanges[answered].bodyBytes = bodyBytes
        exchanges[answered].cutNs = timeNs
        answered += 1
      }
    }
  }

  private mutating func complete(at offset: Int64, bodyBytes: Int64, timeNs: Int64) {
    exchanges[answered].responseEnd = offset
    exchanges[answered].bodyBytes = bodyBytes
    exchanges[answered].completeNs = timeNs
    answered += 1
  }
}
