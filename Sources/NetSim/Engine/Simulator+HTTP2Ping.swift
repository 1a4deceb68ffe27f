/// PING: whether the peer is there, what the path holds, and when it knows that the connection ends
/// (RFC 9113 §6.7, §6.8).
extension Simulator {
  // MARK: Whether the peer is there

  /// An end may have to ask whether its peer is there, some time after it was last heard.
  mutating func awaitKeepAlive(at endpoint: Int, _ session: Int) {
    let side = Side(ofEndpoint: endpoint)
    guard let policy = sessions[session][side].settings.keepAlive,
      policy.whileIdle || sessions[session].hasStreams(side)
    else { return }
    let due = max(sessions[session][side].heardAt + policy.interval, now)
    if sessions[session][side].pingWakesAt <= due { return }
    wakeForPing(at: due, endpoint, session)
  }

  private mutating func wakeForPing(at time: SimTime, _ endpoint: Int, _ session: Int) {
    sessions[session][Side(ofEndpoint: endpoint)].pingWakesAt = time
    queue.schedule(Target(.ping, endpoint).rawValue, at: time)
  }

  /// A PING may be due at an end, or its answer overdue.
  mutating func pingTimerFired(_ endpoint: Int) {
    let side = Side(ofEndpoint: endpoint)
    guard let session = connections[endpoint / 2].session,
      let policy = sessions[session][side].settings.keepAlive,
      sessions[session][side].pingWakesAt == now
    else { return }
    sessions[session][side].pingWakesAt = .never
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return }
    if let asked = sessions[session][side].askedAt {
      if now >= asked + policy.timeout { return giveUpUnanswered(endpoint) }
    } else if now >= sessions[session][side].heardAt + policy.interval,
      policy.whileIdle || sessions[session].hasStreams(side)
    {
      sessions[session][side].askedAt = now
      owePing(.keepAlive, side, session)
      payOwed(at: endpoint, session)
      return wakeForPing(at: now + policy.timeout, endpoint, session)
    }
    awaitKeepAlive(at: endpoint, session)
  }

  /// Nobody has answered: the connection is given up, and its requests are asked elsewhere where that
  /// is safe.
  private mutating func giveUpUnanswered(_ endpoint: Int) {
    if endpoint % 2 == 0 { return abandon(endpoint / 2) }
    endpoints[endpoint].abort()
    pump(endpoint)
  }

  private mutating func owePing(_ purpose: PingPurpose, _ side: Side, _ session: Int) {
    sessions[session][side].pings.append(purpose)
    owe(.ping(), side, session)
  }

  // MARK: Reading

  /// A PING, or the answer to the first of those that are under way.
  mutating func readPing(
    _ frame: SessionFrame, at endpoint: Int, _ session: Int
  ) throws(HTTP2Error) {
    let side = Side(ofEndpoint: endpoint)
    guard frame.isFlagged else {
      try strike(side, session)
      return owe(.ping(isAnswer: true), side, session)
    }
    if sessions[session][side].pings.isEmpty { return }
    switch sessions[session][side].pings.removeFirst() {
    case .keepAlive:
      sessions[session][side].askedAt = nil
      awaitKeepAlive(at: endpoint, session)
    case .estimate:
      if let window = sessions[session][side].estimate?.answered(at: now) {
        widen(to: window, side, session)
      }
    case .ending:
      sayGoAway(after: sessions[session].lastTaken, on: endpoint / 2, session)
    }
  }

  /// Counts a PING that comes too soon after another.
  private mutating func strike(_ side: Side, _ session: Int) throws(HTTP2Error) {
    guard let limit = sessions[session][side].settings.pingLimit else { return }
    let last = sessions[session][side].pingedAt
    sessions[session][side].pingedAt = now
    guard let last, now < last + limit.leastInterval else { return }
    sessions[session][side].strikes += 1
    if sessions[session][side].strikes > limit.mostStrikes { throw HTTP2Error(.pingFlood) }
  }

  /// An end that sends something of a message forgives the PINGs before it.
  mutating func forgivePings(_ side: Side, _ session: Int) {
    sessions[session][side].pingedAt = nil
    sessions[session][side].strikes = 0
  }

  // MARK: Windows that follow the path

  /// Counts data that came, where an end's windows follow the path.
  mutating func measure(_ bytes: Int64, by side: Side, _ session: Int) {
    if sessions[session][side].estimate?.take(bytes, at: now) ?? false {
      owePing(.estimate, side, session)
    }
  }

  /// An end grants more, to the connection and to every stream (RFC 9113 §6.9.2).
  private mutating func widen(to window: Int64, _ side: Side, _ session: Int) {
    let more = window - sessions[session][side].connectionWindow
    sessions[session][side].connectionWindow = window
    sessions[session][side].streamWindow = window
    if more > 0 { owe(.windowUpdate(by: more), side, session) }
    owe(SessionFrame(type: .settings, length: 6, value: window), side, session)
  }

  // MARK: Ends in good order

  /// A server ends a connection without losing what it has taken.
  mutating func endInOrder(_ connection: Int, _ session: Int) {
    guard sessions[session].lastAnswered == nil else { return }
    switch sessions[session].server.settings.ending {
    case .once: sayGoAway(after: sessions[session].lastTaken, on: connection, session)
    case .twice:
      sayGoAway(after: HTTP2StreamNumbers.highest, on: connection, session)
      owePing(.ending, .server, session)
      payOwed(at: connection * 2 + 1, session)
    }
  }

  /// A connection is established: its server may not keep it for ever.
  mutating func awaitEnd(of connection: Int) {
    let policy = clients[connections[connection].client].settings.persistence
    guard let lifetime = policy.serverLifetime, connections[connection].session != nil else {
      return
    }
    queue.schedule(Target(.lifetime, connection).rawValue, at: now + lifetime)
  }

  /// A connection is as old as its server lets it become.
  mutating func lifetimeTimerFired(_ connection: Int) {
    let endpoint = connection * 2 + 1
    guard let session = connections[connection].session, sessions[session].server.hasBegun,
      endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing
    else { return }
    endInOrder(connection, session)
  }
}
