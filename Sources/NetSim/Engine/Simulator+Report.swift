/// What a run comes to.
extension Simulator {
  /// The totals of what has run so far, with each request's causes if the log has everything.
  func report() -> RunReport {
    var reports: [ConnectionReport] = []
    for index in connections.indices { reports.append(connectionReport(index)) }
    return RunReport(
      fingerprint: log.fingerprint, complete: completion, connections: reports,
      requests: log.level == .totals ? [] : BlockedTime.reports(of: log),
      wasStopped: queue.nextTime != .never, waits: standingWaits(),
      retriedRequests: retriedRequests, pool: poolReport(),
      unusedDrops: links.indices.reduce(0) { $0 + links[$1].lossModel.awaitedDrops }, events: events
    )
  }

  private var completion: SimTime? {
    var latest = SimTime.zero
    for index in requests.indices where requests[index].purpose == .object {
      guard let complete = requests[index].completedAt else { return nil }
      latest = max(latest, complete)
    }
    for client in scenario.clients.indices
    where clients[client].completed < clients[client].settings.objects.count { return nil }
    return latest
  }

  private func connectionReport(_ index: Int) -> ConnectionReport {
    var report = connections[index].totals
    let (client, server) = (endpoints[index * 2], endpoints[index * 2 + 1])
    let (up, down) = (attachments[index * 2], attachments[index * 2 + 1])
    report.packets = ConnectionReport.Both(up: up.packets, down: down.packets)
    report.bytes = ConnectionReport.Both(up: up.bytes, down: down.bytes)
    report.retransmitted = client.segmentsRetransmitted + server.segmentsRetransmitted
    report.spurious = client.segmentsSpurious + server.segmentsSpurious
    report.timeouts = client.timeouts + server.timeouts
    report.congestionWindowMax = Int64(server.congestionWindowMax) * Int64(server.payloadLimit)
    report.failed = client.hasFailed || server.hasFailed
    if connections[index].quic != nil { addQUIC(to: &report, index) }
    return report
  }
}
