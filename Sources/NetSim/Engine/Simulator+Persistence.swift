/// How long connections stay open, and what becomes of requests whose connection ends under them.
extension Simulator {
  // MARK: Idle connections

  /// An end of a connection has nothing to do: it waits as long as its policy says.
  mutating func becameIdle(_ endpoint: Int) {
    let connection = endpoint / 2
    guard let limit = idleLimit(of: endpoint) else { return }
    connections[connection].idleSince[endpoint % 2] = now
    if connections[connection].watchesIdle[endpoint % 2] { return }
    connections[connection].watchesIdle[endpoint % 2] = true
    queue.schedule(Target(.idle, endpoint).rawValue, at: now + limit)
  }

  private func idleLimit(of endpoint: Int) -> SimDuration? {
    let policy = clients[connections[endpoint / 2].client].settings.persistence
    return endpoint % 2 == 0 ? policy.clientIdleLimit : policy.serverIdleLimit
  }

  /// An end has been idle for long enough, unless something came between.
  mutating func idleTimerFired(_ endpoint: Int) {
    let connection = endpoint / 2
    connections[connection].watchesIdle[endpoint % 2] = false
    guard let limit = idleLimit(of: endpoint), isIdle(endpoint) else { return }
    let end = connections[connection].idleSince[endpoint % 2] + limit
    if end > now {
      connections[connection].watchesIdle[endpoint % 2] = true
      queue.schedule(Target(.idle, endpoint).rawValue, at: end)
    } else if endpoint % 2 == 0 {
      closeClient(connection)
    } else {
      closeServer(connection)
    }
  }

  private func isIdle(_ endpoint: Int) -> Bool {
    let connection = connections[endpoint / 2]
    if endpoints[endpoint].isClosing || endpoints[endpoint].isClosed { return false }
    if let session = connection.session {
      return sessions[session].isQuiet && connection.requests.isEmpty
    }
    return endpoint % 2 == 0
      ? connection.requests.isEmpty && !connection.isOver
      : connection.received == connection.answered && connection.streaming == nil
  }

  /// The server's application closes a connection, and reads no more: what comes now is answered with
  /// a reset (RFC 9293 §3.6.1).
  mutating func closeServer(_ connection: Int, _ code: HTTP2ErrorCode = .noError) {
    let endpoint = connection * 2 + 1
    guard !endpoints[endpoint].isClosing else { return }
    if let session = connections[connection].session, endpoints[endpoint].mayWrite {
      sayGoAway(after: sessions[session].lastTaken, code, on: connection, session)
    }
    connections[connection].leftAt = endpoints[endpoint].delivered
    endpoints[endpoint].newsPosition = 0  // whatever comes now is news
    closeInOrder(endpoint)
  }

  /// Whether something came for a server that has left: a client's request that crossed its FIN.
  mutating func refusesWhatCame(_ connection: Int) -> Bool {
    guard let leftAt = connections[connection].leftAt else { return false }
    let endpoint = connection * 2 + 1
    if endpoints[endpoint].delivered > leftAt && !endpoints[endpoint].isClosed {
      endpoints[endpoint].abort()
      pump(endpoint)
    }
    return true
  }

  // MARK: Requests that lost their connection

  /// A connection is gone: what it had not answered is asked for again where that is safe, and fails
  /// where it is not.
  mutating func lose(_ connection: Int) {
    if let session = connections[connection].session {
      // Its streams may go on when it takes no others.
      leave(connection)
      loseStreams(on: connection, session, above: 0, wereTaken: true)
    } else if connections[connection].isOver {
      return
    }
    loseHTTP3Streams(on: connection)
    let isRelay = connections[connection].downstream != nil
    leave(connection)
    let isOld = connections[connection].served > 0
    let wasOpen = connections[connection].totals.established != nil
    let client = connections[connection].client
    var rank = 0
    while !connections[connection].requests.isEmpty {
      let request = Int(connections[connection].requests.removeFirst())
      let wasSent = rank < connections[connection].sent
      rank += 1
      if requests[request].purpose.isProbe {
        probeFailed(request)
        continue
      }
      if let cancelled = connections[connection].cancelled, Int(cancelled.request) == request {
        fail(request, cancelled.failure)
        continue
      }
      if wasOpen && !isRelay && (wasSent ? isOld && maySendAgain(request) : true) {
        sendElsewhere(request, wasSent: wasSent)
      } else {
        fail(request)
      }
    }
    connections[connection].forgetRequests()
    serveWaiting(client)
  }

  /// A request will never be complete.
  mutating func fail(_ request: Int, _ failure: RequestFailure = .connection) {
    noteFailure(of: request, failure)
    askMore(after: request)
  }

  /// Counts a request that will never be complete, and tells a proxy's client. The server of one that
  /// is given up goes on until it hears of that.
  mutating func noteFailure(
    of request: Int, _ failure: RequestFailure = .connection, forgetsConnection: Bool = true
  ) {
    recordRequest(.requestFailed, request, detail: failure.rawValue)
    if requests[request].downstream != nil { failRelayed(request) }
    requests[request].hasFailed = true
    // An answer that is still to come goes nowhere.
    if forgetsConnection { requests[request].forgetConnection() }
    clients[requests[request].client].failed += 1
  }

  /// A client repeats of its own accord only what may be done twice, where nothing of an answer came,
  /// and where the connection had worked: the server may have closed it in between (RFC 9110 §9.2.2,
  /// RFC 9112 §9.3.1).
  func maySendAgain(_ request: Int) -> Bool {
    let settings = clients[requests[request].client].settings
    return settings.application != .raw && !requests[request].hasFirstByte
      && method(of: request).isIdempotent
  }

  mutating func sendElsewhere(_ request: Int, wasSent: Bool) {
    requests[request].forgetConnection()
    if wasSent {
      recordRequest(.requestRepeated, request)
      retriedRequests += 1
    }
    enterQueue(request)
  }
}
