/// Proxies: what comes from a client goes on as a request of the proxy's own, and what comes back of
/// its answer goes to the client as it comes.
extension Simulator {
  // MARK: Requests

  /// Which proxy a client's connections end at; nil for a server.
  func proxy(behind client: Int) -> ProxyKind? {
    guard clients[client].next != nil else { return nil }
    return clients[client].settings.proxies[clients[client].leg].kind
  }

  /// Whether a client's connections end at a relay, which carries back what comes until that ends.
  func isRelayed(_ client: Int) -> Bool { proxy(behind: client)?.relaysUntilEnd ?? false }

  /// Whether the server's end of a connection reads another request: a relay reads one.
  func reads(_ connection: Int) -> Bool {
    !isRelayed(connections[connection].client) || connections[connection].taken == 0
  }

  /// A proxy has a whole request: it asks for the same behind it.
  mutating func passOn(_ request: Int, to leg: Int) {
    let index = requests.count
    requests.append(makeRequest(ordinal: requests[request].ordinal, of: leg, relaying: request))
    requests[request].upstream = UInt32(index)
    recordRequest(.requestQueued, index)
    guard isRelayed(requests[request].client), let connection = requests[request].connection else {
      clients[leg].origins[requests[request].origin].waiting.append(UInt32(index))
      return serveWaiting(leg)
    }
    // A relay has a connection for each of its clients' connections.
    let behind = openConnection(for: leg, requests[request].origin)
    connections[connection].upstream = UInt32(behind)
    connections[behind].downstream = UInt32(connection)
    take(UInt32(index), on: behind)
  }

  /// The bytes of a request that a proxy passes on: as they came, or of a head of its own.
  func relayedBytes(of request: Int, composed: Int64) -> Int64 {
    switch proxy(behind: requests[request].client) {
    case .blind: requests[request].requestBytes
    case .correct, .smart, .stripping, nil: composed + Int64(HTTP1Head.via().count)
    }
  }

  // MARK: Responses

  /// A proxy has more of an answer, and lets the client have it.
  mutating func passBack(_ request: Int, on connection: Int) {
    guard let client = requests[request].downstream.map({ Int($0) }),
      requests[client].upstream == UInt32(request), let downstream = requests[client].connection
    else { return }
    let upstream = requests[request].response
    let came = endpoints[connection * 2].delivered - requests[request].streamStart
    let has = min(max(came, 0), upstream.written)
    if upstream.hintBytes > 0 && has >= upstream.hintBytes { passHints(upstream, to: client) }
    let headEnd = upstream.hintBytes + upstream.headBytes
    if upstream.headBytes > 0 && has >= headEnd {
      beginPassing(client, upstream, from: request)
      let response = requests[client].response
      requests[client].response.ready =
        response.hintBytes + response.headBytes + passable(has - headEnd, of: request, to: client)
      requests[client].isReady = true
    }
    if requests[client].isReady { offer(client, on: downstream) }
  }

  private mutating func passHints(_ upstream: ResponseProgress, to request: Int) {
    guard requests[request].response.ready == 0,
      clients[requests[request].client].settings.application.knowsInterim
    else { return }
    requests[request].response.hintBytes = upstream.hintBytes
    requests[request].response.ready = upstream.hintBytes
    requests[request].isReady = true
  }

  /// The head that a proxy gives its client: one of its own, or as it came.
  private mutating func beginPassing(
    _ request: Int, _ upstream: ResponseProgress, from source: Int
  ) {
    guard requests[request].response.total == .max else { return }
    let layout = layout(of: request)
    let client = requests[request].client
    let settings = clients[client].settings
    let head =
      isRelayed(client)
      ? upstream.headBytes : headBytes(ofResponseTo: request, settings, layout.framing)
    let body = upstream.total - upstream.hintBytes - upstream.headBytes
    requests[request].response.headBytes = head
    requests[request].response.total =
      requests[request].response.hintBytes + head
      + (recodes(source, to: request) && body > 0 ? layout.framedBytes : body)
  }

  /// Whether a proxy gives its client a body with another framing than it got: one of HTTP/1.0 knows
  /// no chunks.
  private func recodes(_ request: Int, to client: Int) -> Bool {
    !isRelayed(requests[client].client)
      && layout(of: request).framing != layout(of: client).framing
  }

  /// How much of a body a proxy can write of what it has of it.
  private func passable(_ framed: Int64, of request: Int, to client: Int) -> Int64 {
    guard recodes(request, to: client) else { return framed }
    let (from, to) = (layout(of: request), layout(of: client))
    var (low, high) = (Int64(0), from.bodyBytes)
    while low < high {  // the most of the body whose framed bytes have come
      let middle = high - (high - low) / 2
      if from.position(of: middle) <= framed { low = middle } else { high = middle - 1 }
    }
    return low == to.bodyBytes ? to.framedBytes : to.position(of: low)
  }

  // MARK: Ends

  /// What lies behind a relay has ended: so does the relay's client's connection.
  mutating func endRelay(_ connection: Int) {
    guard let downstream = connections[connection].downstream.map({ Int($0) }) else { return }
    connections[connection].downstream = nil
    connections[downstream].upstream = nil
    let endpoint = downstream * 2 + 1
    if endpoints[endpoint].isClosing || endpoints[endpoint].isClosed { return }
    if hasUnread(downstream) {
      // What nobody has read is lost, and a reset says so (RFC 2525 §2.17).
      endpoints[endpoint].abort()
      pump(endpoint)
    } else {
      closeServer(downstream)
    }
  }

  /// Whether something came on a connection that its relay has not read.
  private func hasUnread(_ connection: Int) -> Bool {
    endpoints[connection * 2 + 1].delivered > connections[connection].readEnd
  }

  /// A proxy cannot answer: nothing came from behind it. It closes, or says so (RFC 9110 §15.6.3).
  mutating func failRelayed(_ request: Int) {
    guard let client = requests[request].downstream.map({ Int($0) }),
      requests[client].upstream == UInt32(request), let downstream = requests[client].connection
    else { return }
    requests[client].upstream = nil
    if requests[client].response.written > 0 || isRelayed(requests[client].client) {
      // What has begun cannot be taken back: the client sees a response that is cut short.
      return closeServer(downstream)
    }
    let session = connections[downstream].session
    let head =
      session.map { block(HTTP2Fields.badGateway(), $0) } ?? Int64(HTTP1Head.badGateway().count)
    requests[client].isBadGateway = true
    requests[client].response.headBytes = head
    requests[client].response.total = head
    requests[client].response.ready = head
    requests[client].isReady = true
    offer(client, on: downstream)
  }
}
