/// Who waits for whom when nothing is left to happen.
extension Simulator {
  /// The waits of every open request, from the client inwards.
  func standingWaits() -> [StandingWait] {
    guard queue.nextTime == .never else { return [] }
    var waits: [StandingWait] = []
    for request in requests.indices where isOpen(request) { addWaits(of: request, to: &waits) }
    return waits
  }

  private func isOpen(_ request: Int) -> Bool {
    requests[request].downstream == nil && requests[request].completedAt == nil
      && !requests[request].hasFailed
  }

  private func addWaits(of first: Int, to waits: inout [StandingWait]) {
    var request = first
    while true {
      let client = clients[requests[request].client]
      let party: StandingWait.Party = client.leg == 0 ? .client : .proxy(client.leg)
      let awaited = awaited(by: request)
      func wait(
        _ party: StandingWait.Party, _ connection: Int?, _ awaited: StandingWait.Awaited
      ) -> StandingWait {
        StandingWait(
          request: UInt32(first), party: party, connection: connection.map { UInt32($0) },
          awaited: awaited)
      }
      waits.append(wait(party, requests[request].connection, awaited))
      guard let connection = requests[request].connection,
        connections[connection].totals.established != nil
      else { return }
      if let upstream = requests[request].upstream, requests[Int(upstream)].completedAt == nil {
        request = Int(upstream)
        continue
      }
      if client.next != nil, let behind = connections[connection].upstream.map({ Int($0) }) {
        waits.append(wait(.proxy(client.leg + 1), behind, .end))
        let far = clients[connections[behind].client]
        waits.append(wait(far.next == nil ? .server : .proxy(far.leg + 1), behind, .request))
      } else if awaited != .turn {
        waits.append(
          wait(client.next == nil ? .server : .proxy(client.leg + 1), connection, .request))
      }
      return
    }
  }

  /// What the end that asks waits for.
  private func awaited(by request: Int) -> StandingWait.Awaited {
    guard let connection = requests[request].connection else { return .connection }
    if connections[connection].totals.established == nil { return .handshake }
    if requests[request].stream == nil {  // A stream has no other before it.
      if connections[connection].requests.isEmpty { return .end }
      if connections[connection].requests[0] != UInt32(request) { return .turn }
    }
    guard requests[request].hasFirstByte else { return .answer }
    let end = requests[request].responseEnd
    if end == .max { return .end }
    if let stream = requests[request].stream, connections[connection].quic != nil {
      return .rest(end - quicEndpoints[quic(connection, .client)].delivered(of: stream))
    }
    return .rest(end - endpoints[connection * 2].delivered)
  }
}
