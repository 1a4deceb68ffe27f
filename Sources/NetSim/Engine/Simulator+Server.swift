/// What servers do with what comes. How they answer stands in `Simulator+Response.swift`.
extension Simulator {
  /// Something changed at the server's end of a connection.
  mutating func serverChanged(_ connection: Int) {
    let endpoint = connection * 2 + 1
    if endpoints[endpoint].hasFailed || refusesWhatCame(connection) { return }
    defer { awaitRequest(connection) }
    if connections[connection].tls != nil { continueHandshake(connection) }
    if isComputing(connection) { return }
    if connections[connection].session != nil {
      readFrames(at: endpoint)
      serveStreams(on: connection)
    }
    while connections[connection].received < connections[connection].sent, reads(connection),
      !ignoresEarlyData(on: connection)
    {
      let request = Int(connections[connection].requests[connections[connection].received])
      guard endpoints[endpoint].delivered >= requests[request].requestEnd else { break }
      connections[connection].received += 1
      connections[connection].taken += 1
      connections[connection].readEnd = requests[request].requestEnd
      receive(request)
    }
    let isRelayed = connections[connection].upstream != nil
    if endpoints[endpoint].peerHasClosed && !endpoints[endpoint].isClosing && !isRelayed {
      closeInOrder(endpoint)
    }
  }

  /// The server need not hear of anything before the rest of the next request.
  private mutating func awaitRequest(_ connection: Int) {
    let isOpen = isHandshaking(connection) || connections[connection].session != nil
    var position = isOpen ? 0 : Int64.max
    if position > 0 && connections[connection].received < connections[connection].sent {
      let next = Int(connections[connection].requests[connections[connection].received])
      position = requests[next].requestEnd
    }
    endpoints[connection * 2 + 1].newsPosition = position
  }

  mutating func receive(_ request: Int) {
    recordRequest(.requestReceived, request, side: .server)
    let settings = clients[requests[request].client].settings
    if requests[request].isEarly && settings.tls?.mode == .tooEarly13 {
      requests[request].isTooEarly = true
      return respond(to: request)
    }
    requests[request].isLast = isLast(request, settings)
    if let next = clients[requests[request].client].next, !requests[request].purpose.isProbe {
      passOn(request, to: next)
    } else {
      beginAnswer(to: request)
    }
  }

  /// Whether the response to the request that was taken last is the last of the connection.
  private func isLast(_ request: Int, _ settings: ClientSettings) -> Bool {
    guard settings.application != .raw, let connection = requests[request].connection else {
      return false
    }
    if layout(of: request).framing.isFinal && method(of: request) != .head { return true }
    let persistence = settings.persistence
    if let lifetime = persistence.serverLifetime,
      let opened = connections[connection].totals.opened, now - opened >= lifetime
    {
      return true
    }
    return persistence.mostRequests.map { connections[connection].taken >= $0 } ?? false
  }
}
