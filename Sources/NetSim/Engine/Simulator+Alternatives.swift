/// Clients of HTTP/3 that learn of it from a response, or try TCP beside QUIC (RFC 9114 §3.1).
extension Simulator {
  /// What a client's next connection to an origin speaks.
  func nextApplication(of client: Int, _ origin: Int) -> ApplicationProtocol {
    let settings = clients[client].settings
    guard settings.application == .http3 else { return settings.application }
    let known = settings.quic.discovery.isKnown || clients[client].origins[origin].knowsHTTP3
    return known && !clients[client].origins[origin].avoidsQUIC ? .http3 : .http2
  }

  /// Which of a client's connections takes its next stream: one over QUIC that is ready, else one over
  /// TCP that is, else one that is being opened.
  func alternativeWithStreams(of client: Int, _ origin: Int) -> Int? {
    var best: (connection: Int, rank: Int)?
    for connection in clients[client].origins[origin].open where takesStream(connection) {
      let isReady = connections[connection].totals.secured != nil
      let rank = !isReady ? 0 : connections[connection].http3 != nil ? 2 : 1
      if best.map({ rank > $0.rank }) ?? true { best = (connection, rank) }
    }
    return best?.connection
  }

  // MARK: Alt-Svc

  /// A response over TCP has named HTTP/3: the client opens a connection there, and goes on with this
  /// one until that is ready (RFC 7838 §2.4).
  mutating func learnAlternative(from request: Int) {
    let (client, origin) = (requests[request].client, requests[request].origin)
    guard clients[client].settings.application == .http3,
      !clients[client].origins[origin].knowsHTTP3, !clients[client].settings.quic.discovery.isKnown
    else { return }
    clients[client].origins[origin].knowsHTTP3 = true
    let connection = openConnection(for: client, origin)
    connections[connection].isOpenedAhead = true
    clients[client].origins[origin].open.append(connection)
    pumpLater(connection * 2)
  }

  // MARK: The race

  /// A connection over QUIC is being opened: TCP may be tried after a while.
  mutating func awaitRace(_ connection: Int) {
    let discovery = clients[connections[connection].client].settings.quic.discovery
    guard let delay = discovery.raceDelay, !connections[connection].isOpenedAhead else { return }
    queue.schedule(Target(.race, connection).rawValue, at: now + delay)
  }

  /// QUIC has had its time: TCP is tried beside it, unless QUIC is ready.
  mutating func raceTimerFired(_ connection: Int) {
    guard connections[connection].totals.established == nil, !connections[connection].isOver,
      connections[connection].rival == nil
    else { return }
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    let rival = openConnection(for: client, origin, over: .http2)
    connections[connection].rival = UInt32(rival)
    connections[rival].rival = UInt32(connection)
    clients[client].origins[origin].open.append(rival)
    pump(rival * 2)
  }

  /// A connection is ready: if it raced with another, what waits there goes on here.
  mutating func settleRace(wonBy connection: Int) {
    guard let rival = connections[connection].rival.map({ Int($0) }) else { return }
    connections[connection].rival = nil
    connections[rival].rival = nil
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    if connections[connection].http3 == nil {
      clients[client].origins[origin].avoidsQUIC = true
    }
    while !connections[rival].requests.isEmpty {
      sendElsewhere(Int(connections[rival].requests.removeFirst()), wasSent: false)
    }
    sendEarlyStreamsElsewhere(from: rival)
    closeClient(rival)
    serveWaiting(client)
  }

  /// What had left as 0-RTT data is asked for again.
  private mutating func sendEarlyStreamsElsewhere(from connection: Int) {
    guard let session = connections[connection].http3 else { return }
    for index in http3Sessions[session].streams.indices
    where !http3Sessions[session].streams[index].isClosed {
      closeHTTP3Stream(index, session)
      sendElsewhere(Int(http3Sessions[session].streams[index].request), wasSent: true)
    }
  }
}
