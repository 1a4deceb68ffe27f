/// What clients and servers do: requests in, responses out, connections opened and closed.
extension Simulator {
  /// A client begins.
  mutating func start(client: Int) {
    let settings = clients[client].settings
    switch settings.start {
    case .together: ask(settings.objects.count, client)
    case .inSeries, .afterFirst: ask(1, client)
    }
    serveWaiting(client)
  }

  /// Makes the next `count` objects of a client wanted.
  private mutating func ask(_ count: Int, _ client: Int) {
    let settings = clients[client].settings
    for _ in 0..<count where clients[client].asked < settings.objects.count {
      let ordinal = clients[client].asked
      let index = requests.count
      let request = makeRequest(ordinal: ordinal, of: client)
      requests.append(request)
      clients[client].asked += 1
      clients[client].waiting.append(UInt32(index))
      recordRequest(.requestQueued, index)
    }
  }

  private mutating func makeRequest(ordinal: Int, of client: Int) -> Request {
    let settings = clients[client].settings
    let target = HTTP1Head.target(ordinal: ordinal)
    let isRaw = settings.application == .raw
    let head = HTTP1Head.request(
      target: target, host: Address.serverHost(client), version: settings.application,
      keepAlive: settings.keepAlive)
    let bytes = settings.requestBytes?.bytes ?? (isRaw ? 15 : Int64(head.count))
    if log.level > .totals {
      log.requests.append(
        RequestDescription(
          method: isRaw ? [] : Array("GET".utf8), target: isRaw ? [] : target, requestBytes: bytes,
          bodyBytes: settings.objects[ordinal].bytes))
    }
    return Request(
      client: client, ordinal: ordinal, bodyBytes: settings.objects[ordinal].bytes,
      requestBytes: bytes)
  }

  /// Gives waiting requests the idle connections, and new ones while more may be open.
  private mutating func serveWaiting(_ client: Int) {
    while !clients[client].waiting.isEmpty {
      if let connection = clients[client].idle.popLast() {
        assign(Int(clients[client].waiting.removeFirst()), to: connection)
        sendRequest(on: connection)
      } else if clients[client].open < clients[client].settings.connections {
        let request = Int(clients[client].waiting.removeFirst())
        clients[client].open += 1
        let connection = openConnection(for: client)
        assign(request, to: connection)
      } else {
        return
      }
    }
  }

  private mutating func assign(_ request: Int, to connection: Int) {
    connections[connection].request = request
    requests[request].connection = connection
  }

  private mutating func sendRequest(on connection: Int) {
    guard let request = connections[connection].request else { return }
    let endpoint = connection * 2
    let start = endpoints[endpoint].write(requests[request].requestBytes)
    requests[request].requestEnd = start + requests[request].requestBytes
    recordRequest(
      .requestSent, request, offset: start, length: requests[request].requestBytes)
    pump(endpoint)
  }

  // MARK: What the server notices

  /// Something changed at the server's end of a connection.
  mutating func serverChanged(_ connection: Int) {
    let endpoint = connection * 2 + 1
    if endpoints[endpoint].hasFailed { return }
    if let request = connections[connection].request, !requests[request].isAnswered,
      requests[request].requestEnd > 0,
      endpoints[endpoint].delivered >= requests[request].requestEnd
    {
      receiveRequest(request)
    }
    if endpoints[endpoint].peerHasClosed && !endpoints[endpoint].isClosing {
      endpoints[endpoint].close()
      pump(endpoint)
    }
  }

  private mutating func receiveRequest(_ request: Int) {
    requests[request].isAnswered = true
    recordRequest(.requestReceived, request, side: .server)
    let times = clients[requests[request].client].settings.serverTimes
    let think = times.isEmpty ? .zero : times[min(requests[request].ordinal, times.count - 1)]
    if think == .zero {
      respond(to: request)
    } else {
      queue.schedule(Target(.response, request).rawValue, at: now + think)
    }
  }

  /// The server writes a response, and closes where it serves one request only.
  mutating func respond(to request: Int) {
    guard let connection = requests[request].connection else { return }
    let settings = clients[requests[request].client].settings
    let endpoint = connection * 2 + 1
    guard endpoints[endpoint].isEstablished, !endpoints[endpoint].isClosing else { return }
    let head =
      settings.application == .raw
      ? 0
      : HTTP1Head.response(
        bodyBytes: requests[request].bodyBytes, keepAlive: settings.keepAlive
      ).count
    let bytes = Int64(head) + requests[request].bodyBytes
    let start = endpoints[endpoint].write(bytes)
    requests[request].responseStart = start
    requests[request].responseEnd = start + bytes
    if log.level > .totals && settings.application != .raw { log.requests[request].status = 200 }
    recordRequest(.responseSent, request, side: .server, offset: start, length: bytes)
    if !settings.keepAlive || settings.application == .raw { endpoints[endpoint].close() }
    pump(endpoint)
  }

  // MARK: What the client notices

  /// Something changed at the client's end of a connection.
  mutating func clientChanged(_ connection: Int) {
    let endpoint = connection * 2
    if endpoints[endpoint].hasFailed {
      connectionFailed(connection)
      return
    }
    if endpoints[endpoint].isEstablished && connections[connection].totals.established == nil {
      connections[connection].totals.established = now
      sendRequest(on: connection)
    }
    if let request = connections[connection].request { receiveResponse(request, on: connection) }
    if endpoints[endpoint].peerHasClosed { closeClient(connection) }
  }

  private mutating func receiveResponse(_ request: Int, on connection: Int) {
    let delivered = endpoints[connection * 2].delivered
    let (start, end) = (requests[request].responseStart, requests[request].responseEnd)
    guard end > 0 else { return }
    if !requests[request].hasFirstByte && delivered > start {
      requests[request].hasFirstByte = true
      recordRequest(.responseFirstByte, request, offset: start, length: end - start)
    }
    if delivered >= end { complete(request, on: connection) }
  }

  private mutating func complete(_ request: Int, on connection: Int) {
    let client = requests[request].client
    requests[request].completedAt = now
    recordRequest(.responseComplete, request, offset: requests[request].responseEnd)
    connections[connection].request = nil
    connections[connection].served += 1
    clients[client].completed += 1
    let settings = clients[client].settings
    if settings.keepAlive && settings.application != .raw {
      clients[client].idle.append(connection)
    } else {
      closeClient(connection)
    }
    askMore(client)
  }

  /// A request of the client has ended: asks for what comes after it, or closes what is left.
  private mutating func askMore(_ client: Int) {
    switch clients[client].settings.start {
    case .together: break
    case .inSeries: ask(1, client)
    case .afterFirst: ask(clients[client].settings.objects.count, client)
    }
    serveWaiting(client)
    if clients[client].isFinished {
      for connection in clients[client].idle { closeClient(connection) }
    }
  }

  /// Closes the client's end of a connection, and no longer counts it as open.
  private mutating func closeClient(_ connection: Int) {
    let endpoint = connection * 2
    if !endpoints[endpoint].isClosing && !endpoints[endpoint].isClosed {
      endpoints[endpoint].close()
      pump(endpoint)
    }
    leave(connection)
  }

  private mutating func leave(_ connection: Int) {
    if connections[connection].isOver { return }
    connections[connection].isOver = true
    clients[connections[connection].client].open -= 1
  }

  /// A connection ended before its request was complete.
  private mutating func connectionFailed(_ connection: Int) {
    if connections[connection].isOver { return }
    leave(connection)
    let client = connections[connection].client
    clients[client].idle.removeAll { $0 == connection }
    guard let request = connections[connection].request else { return }
    connections[connection].request = nil
    recordRequest(.requestFailed, request)
    clients[client].failed += 1
    askMore(client)
  }

  // MARK: The log

  private mutating func recordRequest(
    _ kind: EventKind, _ request: Int, side: Side = .client, offset: Int64 = 0, length: Int64 = 0
  ) {
    let connection = requests[request].connection.map { UInt32($0) } ?? EventRecord.noConnection
    log.recordMilestone(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: UInt32(request),
        offset: offset, length: UInt32(clamping: length)))
  }
}
