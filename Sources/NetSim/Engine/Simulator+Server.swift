/// What servers do: requests taken, thought about, and answered in the order in which they came.
extension Simulator {
  /// Something changed at the server's end of a connection.
  mutating func serverChanged(_ connection: Int) {
    let endpoint = connection * 2 + 1
    if endpoints[endpoint].hasFailed { return }
    defer { awaitRequest(connection) }
    while connections[connection].received < connections[connection].sent {
      let request = Int(connections[connection].requests[connections[connection].received])
      guard endpoints[endpoint].delivered >= requests[request].requestEnd else { break }
      connections[connection].received += 1
      receive(request)
    }
    if endpoints[endpoint].peerHasClosed && !endpoints[endpoint].isClosing {
      endpoints[endpoint].close()
      pump(endpoint)
    }
  }

  /// The server need not hear of anything before the rest of the next request.
  private mutating func awaitRequest(_ connection: Int) {
    var position = Int64.max
    if connections[connection].received < connections[connection].sent {
      let next = Int(connections[connection].requests[connections[connection].received])
      position = requests[next].requestEnd
    }
    endpoints[connection * 2 + 1].newsPosition = position
  }

  private mutating func receive(_ request: Int) {
    recordRequest(.requestReceived, request, side: .server)
    let settings = clients[requests[request].client].settings
    let think = settings.serverTime(of: requests[request].ordinal)
    if think == .zero {
      respond(to: request)
    } else {
      queue.schedule(Target(.response, request).rawValue, at: now + think)
    }
  }

  /// The server has what it answers a request with: it writes that as soon as the responses to
  /// earlier requests of the connection are written (RFC 9112 §9.3.2).
  mutating func respond(to request: Int) {
    guard let connection = requests[request].connection else { return }
    requests[request].isReady = true
    while connections[connection].answered < connections[connection].received {
      let next = Int(connections[connection].requests[connections[connection].answered])
      guard requests[next].isReady, write(responseTo: next, on: connection) else { return }
    }
  }

  /// Writes a response, and closes where the connection serves one request only. Returns false
  /// where it can no longer be written.
  private mutating func write(responseTo request: Int, on connection: Int) -> Bool {
    let settings = clients[requests[request].client].settings
    let endpoint = connection * 2 + 1
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return false }
    let head = headBytes(ofResponseTo: request, settings)
    let bytes = head + requests[request].bodyBytes
    let start = endpoints[endpoint].write(settings.writesHeadAlone ? head : bytes)
    requests[request].responseStart = start
    requests[request].responseEnd = start + bytes
    connections[connection].answered += 1
    endpoints[connection * 2].newsPosition = 0  // the client finds out what it waits for
    if log.level > .totals && settings.application != .raw { log.requests[request].status = 200 }
    recordRequest(.responseSent, request, side: .server, offset: start, length: bytes)
    if settings.writesHeadAlone {
      pump(endpoint)
      _ = endpoints[endpoint].write(requests[request].bodyBytes)
    }
    if !settings.keepAlive || settings.application == .raw { endpoints[endpoint].close() }
    pump(endpoint)
    return true
  }

  private func headBytes(ofResponseTo request: Int, _ settings: ClientSettings) -> Int64 {
    if settings.application == .raw { return 0 }
    if let given = settings.objects[requests[request].ordinal].responseHead { return given.bytes }
    let head = HTTP1Head.response(
      bodyBytes: requests[request].bodyBytes, keepAlive: settings.keepAlive)
    return Int64(head.count)
  }
}
