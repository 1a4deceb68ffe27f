/// Replays of early data. The attacker has seen a client's first flight and can send it again, which
/// opens the same session at the server; without the keys it can read nothing and finish no handshake
/// (RFC 8446 §8). Its packets take the client's path, and the client's own come first.
extension Simulator {
  /// An attacker sees a request that leaves as early data.
  mutating func capture(_ request: Int, on connection: Int) {
    let client = connections[connection].client
    guard let delay = clients[client].settings.tls?.early.replayAfter,
      !connections[connection].isReplay
    else { return }
    if let first = clients[client].captured.first {
      if requests[Int(first)].connection != connection { return }
    } else {
      queue.schedule(Target(.replay, client).rawValue, at: now + delay)
    }
    clients[client].captured.append(UInt32(request))
  }

  /// The attacker opens a connection for what it has captured of a client.
  mutating func replay(of client: Int) {
    let captured = clients[client].captured
    let origin = requests[Int(captured[0])].origin
    let connection = openConnection(for: client, origin)
    connections[connection].isReplay = true
    log.connections[connection].clientName = Address.attacker(client, connection: connection)
    for original in captured {
      let index = requests.count
      var request = Request(
        client: client, ordinal: requests[Int(original)].ordinal, origin: origin,
        bodyBytes: requests[Int(original)].bodyBytes,
        requestBytes: requests[Int(original)].requestBytes)
      (request.purpose, request.original) = (.replay, Int(original))
      request.connection = connection
      requests.append(request)
      connections[connection].requests.append(UInt32(index))
      if log.level > .totals {
        var description = log.requests[Int(original)]
        (description.purpose, description.original) = (.replay, original)
        description.status = 0
        log.requests.append(description)
      }
    }
    pump(connection * 2)
  }

  /// Something changed at the attacker's end: it sends what it has, and leaves with the first answer.
  mutating func attackerChanged(_ connection: Int) {
    let endpoint = connection * 2
    if endpoints[endpoint].hasFailed || endpoints[endpoint].isClosing { return }
    if endpoints[endpoint].isEstablished && connections[connection].totals.established == nil {
      connections[connection].totals.established = now
    }
    continueHandshake(connection)
    sendRequests(on: connection)
    if endpoints[endpoint].delivered > 1 {
      endpoints[endpoint].close()
      pump(endpoint)
    }
  }

  /// Whether the sender of a flight lacks the keys for it: the attacker, of all but the first.
  func isSealed(_ flight: TLSHandshake.Flight, after awaited: Int64, on connection: Int) -> Bool {
    connections[connection].isReplay && flight.sender == .client && awaited > 0
  }

  /// Up to where the client can read what came; the attacker can read nothing.
  func readable(on connection: Int) -> Int64 {
    connections[connection].isReplay ? 1 : endpoints[connection * 2].delivered
  }

  /// Whether a server takes no notice of a connection's early data: its ticket was used before.
  func ignoresEarlyData(on connection: Int) -> Bool {
    connections[connection].isReplay
      && clients[connections[connection].client].settings.tls?.early.refusesReplays ?? false
  }
}
