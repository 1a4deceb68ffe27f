/// Clients that go on from another address (RFC 9000 §9).
extension Simulator {
  /// Sees to it that clients move when they are to.
  mutating func scheduleMoves() {
    for (index, client) in scenario.clients.enumerated() {
      guard client.application == .http3, let time = client.quic.movesAt else { continue }
      queue.schedule(Target(.move, index).rawValue, at: .zero + time)
    }
  }

  /// A client moves with all its connections over QUIC.
  mutating func move(_ client: Int) {
    for connection in connections.indices
    where connections[connection].client == client && connections[connection].http3 != nil
      && !connections[connection].isOver
    {
      let end = quic(connection, .client)
      quicEndpoints[end].move(at: now, &log)
      pumpQUIC(connection * 2)
    }
  }
}
