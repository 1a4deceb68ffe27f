/// The clients' pools: requests that wait for a connection, and connections that wait for a request.
/// What is asked of connections that are idle stands in `Simulator+Probes.swift`.
extension Simulator {
  // MARK: Requests that wait

  /// A request waits for a connection to its origin, behind those that do so already.
  mutating func enterQueue(_ request: Int) {
    let client = requests[request].client
    requests[request].waitsSince = now
    clients[client].origins[requests[request].origin].waiting.append(UInt32(request))
    if let longest = clients[client].settings.pool.longestWait {
      queue.schedule(Target(.wait, request).rawValue, at: now + longest)
    }
  }

  /// A request's wait is over: it has a connection, or fails.
  mutating func leaveQueue(_ request: Int) {
    let since = requests[request].waitsSince ?? now
    requests[request].waitsSince = nil
    requests[request].waited = (requests[request].waited ?? .zero) + (now - since)
  }

  /// A request may have waited for as long as it may.
  mutating func waitTimerFired(_ request: Int) {
    let client = requests[request].client
    guard let since = requests[request].waitsSince,
      let longest = clients[client].settings.pool.longestWait, since + longest == now
    else { return }
    let first = clients[client].origins[requests[request].origin].waiting.removeFirst()
    precondition(Int(first) == request, "a request waited for longer than one before it")
    leaveQueue(request)
    pool.timedOut += 1
    giveUp(request, .waitedTooLong)
    serveWaiting(client)
    closeIfFinished(client)
  }

  /// Lets the latest of the requests fail where more wait than may. Returns whether there was one:
  /// then others may be wanted, which may find a connection.
  mutating func turnsAway(_ client: Int) -> Bool {
    guard let limit = clients[client].settings.pool.queueLimit else { return false }
    for origin in clients[client].origins.indices
    where clients[client].origins[origin].waiting.count > limit {
      let request = Int(clients[client].origins[origin].waiting.removeLast())
      requests[request].waitsSince = nil
      pool.turnedAway += 1
      giveUp(request, .queueFull)
      closeIfFinished(client)
      return true
    }
    return false
  }

  private mutating func giveUp(_ request: Int, _ failure: RequestFailure) {
    noteFailure(of: request, failure)
    askFollowing(request)
  }

  // MARK: Connections that wait

  /// Opens the connections that a client wants to have before it asks for anything.
  mutating func openAhead(_ client: Int) {
    let count = min(
      clients[client].settings.pool.openedAhead, clients[client].settings.connections)
    for origin in clients[client].origins.indices {
      for _ in 0..<count {
        let connection = openConnection(for: client, origin)
        connections[connection].isOpenedAhead = true
        clients[client].origins[origin].open.append(connection)
        pump(connection * 2)
      }
    }
  }

  /// A connection that was opened ahead of requests can be used from now on.
  mutating func openedAhead(_ connection: Int) {
    guard connections[connection].isOpenedAhead,
      connections[connection].totals.established != nil,
      connections[connection].tls.map({ $0.isSecured }) ?? true
    else { return }
    connections[connection].isOpenedAhead = false
    if !connections[connection].requests.isEmpty { return }
    let client = connections[connection].client
    if clients[client].isFinished {
      closeClient(connection)
    } else {
      rest(connection)
      serveWaiting(client)
    }
  }

  /// A connection has answered what it was asked for: it waits for the next request, or is closed if
  /// it is too old.
  mutating func rest(_ connection: Int) {
    if isTooOld(connection) {
      pool.expired += 1
      return closeClient(connection)
    }
    clients[connections[connection].client].origins[connections[connection].origin].idle
      .append(connection)
    becameIdle(connection * 2)
    connections[connection].idleSince[0] = now
    awaitHeartbeat(of: connection)
  }

  /// A connection has answered a heartbeat: it waits again, in the place that it had.
  mutating func restAgain(_ connection: Int) {
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    if clients[client].isFinished { return closeClient(connection) }
    var place = 0
    for other in clients[client].origins[origin].idle {
      if connections[other].idleSince[0] > connections[connection].idleSince[0] { break }
      place += 1
    }
    clients[client].origins[origin].idle.insert(connection, at: place)
    if !connections[connection].watchesIdle[0] { idleTimerFired(connection * 2) }
    awaitHeartbeat(of: connection)
  }

  /// Takes the idle connection out of the pool that is to be used next; nil where there is none.
  mutating func takeIdle(of client: Int, _ origin: Int) -> Int? {
    while !clients[client].origins[origin].idle.isEmpty {
      let isLatest = clients[client].settings.pool.order == .latestFirst
      let connection =
        isLatest
        ? clients[client].origins[origin].idle.removeLast()
        : clients[client].origins[origin].idle.removeFirst()
      if endpoints[connection * 2].hasFailed {
        leave(connection)
      } else if isTooOld(connection) {
        pool.expired += 1
        closeClient(connection)
      } else {
        return connection
      }
    }
    return nil
  }

  /// Whether a connection has lived for as long as it may.
  func isTooOld(_ connection: Int) -> Bool {
    guard let lifetime = clients[connections[connection].client].settings.pool.lifetime,
      let opened = connections[connection].totals.opened
    else { return false }
    return now - opened >= lifetime
  }

  /// Counts a request that was answered, by whether it found its connection used.
  mutating func countAnswered(on connection: Int) {
    pool.answered += 1
    if connections[connection].carried { pool.reused += 1 }
    connections[connection].carried = true
  }

  // MARK: Ends that nobody sees

  /// Whether a client does not see that an idle connection has ended.
  func overlooksEnd(of connection: Int) -> Bool {
    let endpoint = connection * 2
    return !clients[connections[connection].client].settings.pool.noticesClosing
      && connections[connection].requests.isEmpty && !connections[connection].isOver
      && connections[connection].totals.established != nil
      && (endpoints[endpoint].peerHasClosed || endpoints[endpoint].hasFailed)
  }

  /// A client that has overlooked a connection's end sees it when it uses the connection: what it reads
  /// is the end of the stream.
  mutating func noticeEnd(of connection: Int) {
    if clients[connections[connection].client].settings.pool.noticesClosing { return }
    let endpoint = connection * 2
    if endpoints[endpoint].peerHasClosed || endpoints[endpoint].hasFailed {
      clientChanged(connection)
    }
  }

  // MARK: The report

  /// What the pools did so far.
  func poolReport() -> PoolReport {
    var report = pool
    for index in connections.indices where !connections[index].isReplay { report.opened += 1 }
    var waits: [SimDuration] = []
    for index in requests.indices {
      if let waited = requests[index].waited { waits.append(waited) }
    }
    report.waits = PoolReport.Waits(waits)
    return report
  }
}
