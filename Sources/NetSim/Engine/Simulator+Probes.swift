/// Small requests on idle connections: checks before use, and heartbeats.
extension Simulator {
  /// Asks a connection that was idle for long whether it works; the request that is to use it waits.
  mutating func checkBeforeUse(_ connection: Int) {
    let client = connections[connection].client
    guard let policy = clients[client].settings.pool.validation,
      connections[connection].requests.isEmpty, connections[connection].totals.established != nil,
      now - connections[connection].quietSince > policy.after
    else { return }
    pool.checks.sent += 1
    appendProbe(.check, on: connection, patience: policy.patience)
  }

  /// An idle connection gets a heartbeat when nothing has passed for long enough.
  mutating func awaitHeartbeat(of connection: Int) {
    connections[connection].quietSince = now
    let client = connections[connection].client
    guard let policy = clients[client].settings.pool.heartbeat,
      !connections[connection].awaitsHeartbeat, !connections[connection].isOver
    else { return }
    connections[connection].awaitsHeartbeat = true
    queue.schedule(Target(.heartbeat, connection).rawValue, at: now + policy.after)
  }

  /// A heartbeat may be due.
  mutating func heartbeatTimerFired(_ connection: Int) {
    connections[connection].awaitsHeartbeat = false
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    guard let policy = clients[client].settings.pool.heartbeat,
      !connections[connection].isOver, connections[connection].requests.isEmpty
    else { return }
    let due = connections[connection].quietSince + policy.after
    if due > now {
      connections[connection].awaitsHeartbeat = true
      queue.schedule(Target(.heartbeat, connection).rawValue, at: due)
    } else if isTooOld(connection) {
      pool.expired += 1
      closeClient(connection)
    } else {
      clients[client].origins[origin].idle.removeAll { $0 == connection }
      pool.heartbeats.sent += 1
      appendProbe(.heartbeat, on: connection, patience: policy.patience)
      sendRequests(on: connection)
      noticeEnd(of: connection)
    }
  }

  /// Puts a probe behind a connection's requests, of which there must be none.
  private mutating func appendProbe(
    _ purpose: RequestPurpose, on connection: Int, patience: SimDuration
  ) {
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    let settings = clients[client].settings
    let target = [UInt8(ascii: "*")]
    let head = HTTP1Head.request(
      .options, target: target, host: Address.serverHost(clients[client].firstHost + origin),
      version: settings.application, keepAlive: settings.keepAlive)
    let index = requests.count
    if log.level > .totals {
      var description = RequestDescription(
        method: HTTPMethod.options.bytes, target: target, requestBytes: Int64(head.count),
        bodyBytes: 0, client: UInt32(client))
      description.purpose = purpose
      log.requests.append(description)
    }
    var request = Request(
      client: client, ordinal: 0, origin: origin, bodyBytes: 0, requestBytes: Int64(head.count))
    request.purpose = purpose
    request.connection = connection
    requests.append(request)
    connections[connection].requests.append(UInt32(index))
    queue.schedule(Target(.probe, index).rawValue, at: now + patience)
  }

  /// A probe was answered: the connection serves the request that waited, or waits for one itself.
  mutating func probeAnswered(_ probe: Int, on connection: Int) {
    requests[probe].completedAt = now
    recordRequest(.responseComplete, probe, offset: requests[probe].responseEnd)
    _ = connections[connection].removeFirstRequest()
    connections[connection].served += 1
    if requests[probe].isLast {
      lose(connection)
      closeClient(connection)
    } else if connections[connection].requests.isEmpty {
      restAgain(connection)
    } else {
      connections[connection].quietSince = now
      sendRequests(on: connection)
    }
    serveWaiting(connections[connection].client)
  }

  /// A probe lost its connection, which nobody will use.
  mutating func probeFailed(_ probe: Int) {
    recordRequest(.requestFailed, probe)
    if requests[probe].purpose == .check {
      pool.checks.failed += 1
    } else {
      pool.heartbeats.failed += 1
    }
    requests[probe].forgetConnection()
  }

  /// A probe may have gone without an answer for too long: its connection is given up.
  mutating func probeTimerFired(_ probe: Int) {
    guard requests[probe].completedAt == nil, let connection = requests[probe].connection else {
      return
    }
    abandon(connection)
  }
}
