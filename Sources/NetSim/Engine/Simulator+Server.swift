/// What servers do: requests taken, thought about, and answered in the order in which they came.
extension Simulator {
  /// Something changed at the server's end of a connection.
  mutating func serverChanged(_ connection: Int) {
    let endpoint = connection * 2 + 1
    if endpoints[endpoint].hasFailed || refusesWhatCame(connection) { return }
    defer { awaitRequest(connection) }
    if connections[connection].tls != nil { continueHandshake(connection) }
    while connections[connection].received < connections[connection].sent,
      !ignoresEarlyData(on: connection)
    {
      let request = Int(connections[connection].requests[connections[connection].received])
      guard endpoints[endpoint].delivered >= requests[request].requestEnd else { break }
      connections[connection].received += 1
      connections[connection].taken += 1
      receive(request)
    }
    if endpoints[endpoint].peerHasClosed && !endpoints[endpoint].isClosing {
      closeInOrder(endpoint)
    }
  }

  /// The server need not hear of anything before the rest of the next request.
  private mutating func awaitRequest(_ connection: Int) {
    var position = isHandshaking(connection) ? 0 : Int64.max
    if position > 0 && connections[connection].received < connections[connection].sent {
      let next = Int(connections[connection].requests[connections[connection].received])
      position = requests[next].requestEnd
    }
    endpoints[connection * 2 + 1].newsPosition = position
  }

  private mutating func receive(_ request: Int) {
    recordRequest(.requestReceived, request, side: .server)
    let settings = clients[requests[request].client].settings
    if requests[request].isEarly && settings.tls?.mode == .tooEarly13 {
      requests[request].isTooEarly = true
      return respond(to: request)
    }
    let isProbe = requests[request].purpose.isProbe
    let think = isProbe ? .zero : settings.serverTime(of: requests[request].ordinal)
    requests[request].readyAt = now + think
    if think == .zero {
      respond(to: request)
    } else {
      queue.schedule(Target(.response, request).rawValue, at: now + think)
    }
  }

  /// The server has what it answers a request with: it writes that as soon as the responses to
  /// earlier requests of the connection are written (RFC 9112 §9.3.2).
  mutating func respond(to request: Int) {
    // What was asked for on a connection that is gone is not answered on another.
    guard let connection = requests[request].connection,
      requests[request].isTooEarly || requests[request].readyAt == now
    else { return }
    requests[request].isReady = true
    let turn = connections[connection].requests[connections[connection].answered]
    if Int(turn) != request { recordRequest(.responseReady, request, side: .server) }
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
    requests[request].isLast = isLast(request, on: connection, settings)
    let head = headBytes(ofResponseTo: request, settings)
    let isBare = requests[request].isTooEarly || method(of: request) == .head
    let plain = isBare ? head : head + requests[request].bodyBytes
    // TLS gathers head and body in one record.
    let isApart = settings.writesHeadAlone && connections[connection].tls == nil && head < plain
    let bytes = wireBytes(of: plain, on: connection)
    let start = endpoints[endpoint].write(isApart ? head : bytes)
    requests[request].responseStart = start
    requests[request].responseEnd = start + bytes
    requests[request].firstByteEnd = start + firstByteBytes(of: plain, on: connection)
    connections[connection].answered += 1
    endpoints[connection * 2].newsPosition = 0  // the client finds out what it waits for
    recordResponse(request, offset: start, length: bytes)
    if isApart {
      pump(endpoint)
      _ = endpoints[endpoint].write(plain - head)
    }
    if requests[request].isTooEarly {
      pump(endpoint)
      return true
    }
    if !settings.keepAlive || settings.application == .raw || requests[request].isLast {
      closeInOrder(endpoint)
    } else {
      pump(endpoint)
    }
    if connections[connection].answered == connections[connection].received {
      becameIdle(endpoint)
    }
    return true
  }

  /// Whether a response is the last that the connection may have.
  private func isLast(_ request: Int, on connection: Int, _ settings: ClientSettings) -> Bool {
    guard let most = settings.persistence.mostRequests, settings.application != .raw else {
      return false
    }
    let before = connections[connection].taken - connections[connection].received
    return before + connections[connection].answered + 1 >= most
  }

  private mutating func recordResponse(_ request: Int, offset: Int64, length: Int64) {
    let isTooEarly = requests[request].isTooEarly
    let isRaw = clients[requests[request].client].settings.application == .raw
    if log.level > .totals && !isRaw && !isTooEarly { log.requests[request].status = 200 }
    recordRequest(
      .responseSent, request, side: .server, offset: offset, length: length,
      detail: isTooEarly ? 1 : 0)
  }

  private func headBytes(ofResponseTo request: Int, _ settings: ClientSettings) -> Int64 {
    if requests[request].isTooEarly { return Int64(HTTP1Head.tooEarly().count) }
    if settings.application == .raw { return 0 }
    let isKept = settings.keepAlive && !requests[request].isLast
    if requests[request].purpose.isProbe {
      return Int64(HTTP1Head.probeResponse(keepAlive: isKept).count)
    }
    if let given = settings.objects[requests[request].ordinal].responseHead { return given.bytes }
    return Int64(
      HTTP1Head.response(bodyBytes: requests[request].bodyBytes, keepAlive: isKept).count)
  }
}
