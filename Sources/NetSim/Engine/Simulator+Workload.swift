/// What clients do: objects asked for, connections opened, responses taken. What servers do stands in
/// `Simulator+Server.swift`.
extension Simulator {
  /// A client begins.
  mutating func start(client: Int) {
    openAhead(client)
    ask(after: nil, client)
    serveWaiting(client)
  }

  /// A client's own time before a request is over.
  mutating func want(_ request: Int) {
    enqueue(request)
    serveWaiting(requests[request].client)
  }

  /// Makes the objects wanted that waited for the object `parent`, or for the client's start.
  mutating func ask(after parent: Int?, _ client: Int) {
    var following = clients[client].order.first(after: parent)
    while let ordinal = following {
      ask(for: ordinal, client, isFirst: parent == nil)
      following = clients[client].order.next(after: ordinal)
    }
  }

  /// Makes an object wanted, after the client's own time.
  mutating func ask(for ordinal: Int, _ client: Int, isFirst: Bool = false) {
    var index = requests.count
    if let promised = promisedRequest(for: ordinal, client) {
      index = promised
    } else {
      let request = makeRequest(ordinal: ordinal, of: client)
      requests.append(request)
    }
    var wait = clients[client].settings.objects[ordinal].clientTime
    if isFirst, let arrival = clients[client].arrivals?.next() { wait += arrival }
    if wait == .zero {
      enqueue(index)
    } else {
      queue.schedule(Target(.request, index).rawValue, at: now + wait)
    }
  }

  private mutating func enqueue(_ request: Int) {
    if takesWithoutAsking(request) { return }
    recordRequest(.requestQueued, request)
    awaitDeadline(of: request)
    enterQueue(request)
  }

  /// A request for an object; where a proxy makes it, for another request.
  mutating func makeRequest(
    ordinal: Int, of client: Int, relaying relayed: Int? = nil
  ) -> Request {
    let settings = clients[client].settings
    let object = settings.objects[ordinal]
    let given = object.request ?? settings.requestBytes
    var bytes = given?.bytes ?? requestBytes(of: ordinal, client)
    if let relayed { bytes = relayedBytes(of: relayed, composed: bytes) }
    if log.level > .totals {
      let target = target(of: ordinal, client)
      let isRaw = settings.application == .raw
      var description = RequestDescription(
        method: isRaw ? [] : object.method.bytes, target: isRaw ? object.target : target,
        requestBytes: bytes, bodyBytes: object.bytes.bytes,
        client: UInt32(clients[client].user), object: UInt32(ordinal))
      description.relays = relayed.map { UInt32($0) }
      if relayed != nil { description.purpose = .relay }
      description.responseHeadBytes = object.responseHead?.bytes
      description.response = object.response
      description.response.framing =
        object.response.framing.asSent(to: clients[client].answers)
      description.style = settings.style(of: ordinal, target: target)
      log.requests.append(description)
    }
    var request = Request(
      client: client, ordinal: ordinal, origin: object.origin, bodyBytes: object.bytes.bytes,
      requestBytes: bytes)
    request.downstream = relayed.map { UInt32($0) }
    if relayed != nil { request.purpose = .relay }
    return request
  }

  /// The length of a request where no size is given; over streams it is known when that is sent.
  private func requestBytes(of ordinal: Int, _ client: Int) -> Int64 {
    let settings = clients[client].settings
    let object = settings.objects[ordinal]
    switch settings.application {
    case .raw: return 15
    case .http2, .http3: return 0
    case .http10, .http11, .http11Pipelined:
      let target = target(of: ordinal, client)
      let head = HTTP1Head.request(
        object.method, target: target,
        host: Address.serverHost(clients[client].firstHost + object.origin),
        version: settings.application, keepAlive: settings.keepAlive,
        upgrades: object.response.framing == .upgrade,
        proxyConnection: settings.sendsProxyConnection,
        style: settings.style(of: ordinal, target: target))
      return Int64(head.count)
    }
  }

  // MARK: Connections for requests

  /// Gives waiting requests the idle connections, and new ones while more may be open.
  mutating func serveWaiting(_ client: Int) {
    repeat {
      for origin in clients[client].origins.indices {
        while !clients[client].origins[origin].waiting.isEmpty,
          let connection = connectionForNext(of: client, origin)
        {
          let request = clients[client].origins[origin].waiting.removeFirst()
          give(connection, to: request)
        }
      }
    } while turnsAway(client)
  }

  private mutating func give(_ connection: Int, to request: UInt32) {
    leaveQueue(Int(request))
    checkBeforeUse(connection)
    take(request, on: connection)
    noticeEnd(of: connection)
  }

  /// Gives a request to a connection.
  mutating func take(_ request: UInt32, on connection: Int) {
    connections[connection].requests.append(request)
    requests[Int(request)].connection = connection
    sendRequests(on: connection)
    // The first packet of a connection may carry a request.
    if connections[connection].quic != nil {
      pumpLater(connection * 2)
    } else if endpoints[connection * 2].mayWriteEarly {
      pump(connection * 2)
    }
  }

  /// A connection that the client's next request to an origin may take: an idle one, a new one, or
  /// the one with the fewest requests where they are pipelined.
  private mutating func connectionForNext(of client: Int, _ origin: Int) -> Int? {
    if clients[client].settings.application.hasStreams,
      let open = connectionWithStreams(of: client, origin)
    {
      return open
    }
    if let idle = takeIdle(of: client, origin) { return idle }
    let settings = clients[client].settings
    if clients[client].origins[origin].open.count < settings.connections {
      let connection = openConnection(for: client, origin)
      clients[client].origins[origin].open.append(connection)
      return connection
    }
    guard settings.application == .http11Pipelined && settings.keepAlive else { return nil }
    var shortest: Int?
    for connection in clients[client].origins[origin].open {
      let length = connections[connection].requests.count
      if shortest.map({ length < connections[$0].requests.count }) ?? true {
        shortest = connection
      }
    }
    return shortest
  }

  /// An open connection that takes another stream.
  private func connectionWithStreams(of client: Int, _ origin: Int) -> Int? {
    if clients[client].settings.application == .http3 {
      return alternativeWithStreams(of: client, origin)
    }
    return clients[client].origins[origin].open.first { takesStream($0) }
  }

  /// Whether a connection takes another stream.
  func takesStream(_ connection: Int) -> Bool {
    if connections[connection].http3 != nil { return takesHTTP3Stream(connection) }
    guard let session = connections[connection].session else { return false }
    let wanted = sessions[session].openStreams + connections[connection].requests.count
    return sessions[session].lastStream == nil && wanted < sessions[session].client.mostStreams
  }

  /// Sends what has not been sent of a connection's requests, once it is established.
  mutating func sendRequests(on connection: Int) {
    if connections[connection].session != nil { return openStreams(on: connection) }
    if connections[connection].http3 != nil { return openHTTP3Streams(on: connection) }
    let endpoint = connection * 2
    while connections[connection].sent < connections[connection].requests.count {
      let request = Int(connections[connection].requests[connections[connection].sent])
      guard !mustAwaitAnswer(on: connection), maySend(request, on: connection) else { return }
      connections[connection].sent += 1
      endpoints[endpoint + 1].newsPosition = 0  // the server finds out what it waits for
      let bytes = wireBytes(of: requests[request].requestBytes, on: connection)
      let start = endpoints[endpoint].write(bytes)
      requests[request].requestEnd = start + bytes
      requests[request].isEarly = connections[connection].tls.map { !$0.isSecured } ?? false
      if requests[request].isEarly { capture(request, on: connection) }
      recordRequest(.requestSent, request, offset: start, length: bytes)
      awaitCancelling(request)
      // Each request is a write of its own, so that small ones are not put into one segment.
      pump(endpoint)
    }
  }

  /// Whether a connection takes a request: it is established, or opens fast, and TLS lets it pass.
  func maySend(_ request: Int, on connection: Int) -> Bool {
    let isOpen = connections[connection].totals.established != nil
    guard isOpen || endpoints[connection * 2].mayWriteEarly else { return false }
    guard let tls = connections[connection].tls else { return true }
    return tls.clientMaySend && (tls.isSecured || tls.passesBeforeTheEnd(method(of: request)))
  }

  /// How a request asks.
  func method(of request: Int) -> HTTPMethod {
    if requests[request].purpose.isProbe { return .options }
    return clients[requests[request].client].settings.objects[requests[request].ordinal].method
  }

  /// What follows a request that may not be repeated waits for its answer: should the connection end,
  /// nobody would know what was done (RFC 9112 §9.3.2). So does what follows one that asks for
  /// another protocol, and what follows a probe waits for what it finds.
  private func mustAwaitAnswer(on connection: Int) -> Bool {
    let sent = connections[connection].sent
    if sent == 0 { return false }
    let last = Int(connections[connection].requests[sent - 1])
    return requests[last].purpose.isProbe || !method(of: last).isIdempotent
      || layout(of: last).framing == .upgrade
  }

  // MARK: What the client notices

  /// Something changed at the client's end of a connection.
  mutating func clientChanged(_ connection: Int) {
    let endpoint = connection * 2
    if connections[connection].isReplay { return attackerChanged(connection) }
    if overlooksEnd(of: connection) { return }
    if endpoints[endpoint].hasFailed {
      lose(connection)
      return
    }
    if endpoints[endpoint].isEstablished && connections[connection].totals.established == nil {
      connections[connection].totals.established = now
      if connections[connection].tls == nil { sendRequests(on: connection) }
    }
    if connections[connection].tls != nil {
      continueHandshake(connection)
      if connections[connection].tls?.isSecured ?? false { settleRace(wonBy: connection) }
      sendRequests(on: connection)
    }
    if connections[connection].session != nil { readFrames(at: endpoint) }
    openedAhead(connection)
    while connections[connection].answered > 0, !findsGarbage(connection),
      receiveResponse(Int(connections[connection].requests[0]), on: connection)
    {}
    if findsGarbage(connection) { giveUp(garbled: connection) }
    if endpoints[endpoint].peerHasClosed
      && endpoints[endpoint].hasRead(upTo: endpoints[endpoint].delivered)
    {
      completeByClose(connection)
      lose(connection)
      closeClient(connection)
    }
    awaitReading(on: connection)
    awaitResponse(on: connection)
  }

  /// The client need not hear of anything before the next response, or the rest of it.
  private mutating func awaitResponse(on connection: Int) {
    if connections[connection].session != nil {
      // Frames of any stream may come.
      endpoints[connection * 2].newsPosition = 0
      return
    }
    // A proxy passes on what comes as it comes.
    let isRelay = clients[connections[connection].client].leg > 0
    var position = isRelay || isHandshaking(connection) ? 0 : Int64.max
    if position > 0 && connections[connection].answered > 0 {
      let next = Int(connections[connection].requests[0])
      let (first, end) = (requests[next].firstByteEnd, requests[next].responseEnd)
      position = requests[next].hasFirstByte ? end : min(first, end)
      position = min(position, nextMark(of: next))
    }
    if let garbled = connections[connection].garbledFrom { position = min(position, garbled + 1) }
    endpoints[connection * 2].newsPosition = position
  }

  /// A client that reads slowly wakes when it has read the response that it waits for.
  private mutating func awaitReading(on connection: Int) {
    let endpoint = connection * 2
    guard endpoints[endpoint].receiveBuffer.reader.isPaced,
      connections[connection].answered > 0
    else { return }
    let end = requests[Int(connections[connection].requests[0])].responseEnd
    if endpoints[endpoint].receiveBuffer.awaited == end { return }
    endpoints[endpoint].receiveBuffer.awaited = end
    endpoints[endpoint].scheduleReading(at: now)
    pump(endpoint)
  }

  /// Takes what has come of a response. Returns whether it is complete.
  private mutating func receiveResponse(_ request: Int, on connection: Int) -> Bool {
    let delivered = endpoints[connection * 2].delivered
    let (start, end) = (requests[request].responseStart, requests[request].responseEnd)
    if requests[request].isTooEarly { return takeTooEarly(request, on: connection) }
    if requests[request].downstream != nil { passBack(request, on: connection) }
    askEarly(request, delivered)
    if !requests[request].hasFirstByte && delivered >= requests[request].firstByteEnd {
      requests[request].hasFirstByte = true
      recordRequest(
        .responseFirstByte, request, offset: start, length: end == .max ? 0 : end - start)
    }
    guard delivered >= end, requests[request].isBadGateway || !endsByClose(request),
      endpoints[connection * 2].hasRead(upTo: end)
    else { return false }
    complete(request, on: connection)
    return true
  }

  mutating func complete(_ request: Int, on connection: Int) {
    if requests[request].purpose.isProbe { return probeAnswered(request, on: connection) }
    if requests[request].isBadGateway {
      _ = connections[connection].removeFirstRequest()
      fail(request)
      return serveNext(on: connection)
    }
    noteCompletion(of: request, on: connection)
    if falseLength(of: request) != nil {
      connections[connection].garbledFrom = requests[request].responseEnd
    }
    _ = connections[connection].removeFirstRequest()
    let settings = clients[requests[request].client].settings
    if !settings.keepAlive || settings.application == .raw || requests[request].isLast {
      lose(connection)
      closeClient(connection)
    } else {
      serveNext(on: connection)
    }
    askMore(after: request)
  }

  /// Counts a request that is complete.
  mutating func noteCompletion(of request: Int, on connection: Int) {
    requests[request].completedAt = now
    recordRequest(.responseComplete, request, offset: requests[request].responseEnd)
    connections[connection].served += 1
    countAnswered(on: connection)
    clients[requests[request].client].completed += 1
  }

  /// A connection has answered a request: it takes the next one, or is idle.
  private mutating func serveNext(on connection: Int) {
    let client = connections[connection].client
    if connections[connection].downstream != nil { return }  // It is its relay's alone.
    guard connections[connection].requests.isEmpty else { return sendRequests(on: connection) }
    rest(connection)
    serveWaiting(client)
  }

  /// A request has ended: asks for what comes after it, or closes what is left.
  mutating func askMore(after request: Int) {
    let client = requests[request].client
    askFollowing(request)
    serveWaiting(client)
    closeIfFinished(client)
  }

  /// Asks for what comes after a request; a proxy asks for nothing by itself.
  mutating func askFollowing(_ request: Int) {
    let client = requests[request].client
    if clients[client].leg > 0 { return }
    askRest(request)
    ask(after: requests[request].ordinal, client)
  }

  /// A client that wants nothing more closes the connections that it keeps, and so do its proxies.
  mutating func closeIfFinished(_ client: Int) {
    if clients[client].leg == 0 && clients[client].isFinished { closeIdle(client) }
  }

  private mutating func closeIdle(_ client: Int) {
    for origin in clients[client].origins.indices {
      for connection in clients[client].origins[origin].idle { closeClient(connection) }
      for connection in clients[client].origins[origin].open where isWithoutStreams(connection) {
        closeClient(connection)
      }
    }
    if let next = clients[client].next { closeIdle(next) }
  }

  /// Whether a connection has streams and none is open.
  private func isWithoutStreams(_ connection: Int) -> Bool {
    if let session = connections[connection].http3 {
      return http3Sessions[session].openStreams == 0 && connections[connection].requests.isEmpty
    }
    guard let session = connections[connection].session else { return false }
    return sessions[session].isQuiet && connections[connection].requests.isEmpty
  }

  /// Closes the client's end of a connection, and no longer counts it as open.
  mutating func closeClient(_ connection: Int) {
    let endpoint = connection * 2
    if connections[connection].http3 != nil {
      closeHTTP3(connection)
    } else if !endpoints[endpoint].isClosing && !endpoints[endpoint].isClosed {
      closeInOrder(endpoint)
    }
    leave(connection)
  }

  mutating func leave(_ connection: Int) {
    if connections[connection].isOver { return }
    connections[connection].isOver = true
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    clients[client].origins[origin].open.removeAll { $0 == connection }
    clients[client].origins[origin].idle.removeAll { $0 == connection }
    if connections[connection].downstream != nil { endRelay(connection) }
  }

  // MARK: The log

  mutating func recordRequest(
    _ kind: EventKind, _ request: Int, side: Side = .client, offset: Int64 = 0, length: Int64 = 0,
    detail: UInt8 = 0
  ) {
    let connection = requests[request].connection.map { UInt32($0) } ?? EventRecord.noConnection
    log.recordMilestone(
      EventRecord(
        time: now, kind: kind, connection: connection, side: side, item: UInt32(request),
        offset: offset, length: UInt32(clamping: length), detail: detail))
  }
}
