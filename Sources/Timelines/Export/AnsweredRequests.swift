import NetSim

/// What the responses of a run look like, where proxies answer, too: with a head of their own, or with
/// what came from behind them as it came.
struct AnsweredRequests {
  private let log: EventLog
  /// The request that a proxy made for each last, and the connection on which that was sent.
  private var relays: [UInt32?]
  private var connections: [UInt32?]
  /// What was written of each response on the connection of its latest beginning.
  private var written: [Int64]

  init(_ log: EventLog) {
    self.log = log
    relays = Array(repeating: nil, count: log.requests.count)
    connections = relays
    written = Array(repeating: 0, count: log.requests.count)
    for (index, request) in log.requests.enumerated() {
      if let relayed = request.relays { relays[Int(relayed)] = UInt32(index) }
    }
    for record in log.records where record.kind == .responseSent {
      let request = Int(record.item)
      if connections[request] != record.connection { written[request] = 0 }
      connections[request] = record.connection
      written[request] += Int64(record.length)
    }
  }

  /// The message that begins with a `responseSent`.
  func message(_ record: EventRecord) -> StreamContent.Message {
    message(record.item, on: record.connection, at: record.offset)
  }

  private func message(
    _ item: UInt32, on connection: UInt32, at start: Int64
  ) -> StreamContent.Message {
    var request = log.requests[Int(item)]
    let description = log.connections[Int(connection)]
    guard let behind = relays[Int(item)] else {
      return .response(request, on: description, at: start)
    }
    if request.status == 502 { return .response(HTTP1Head.badGateway(), at: start) }
    if request.hints.isEmpty && description.application != .http10 {
      request.hints = log.requests[Int(behind)].hints
    }
    let own = StreamContent.Message.response(request, on: description, at: start, hasVia: true)
    let length = written[Int(item)]
    if own.end - start == length { return own }
    guard let source = connections[Int(behind)], written[Int(behind)] >= length else { return own }
    return message(behind, on: source, at: start)
  }
}
