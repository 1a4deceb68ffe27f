import NetSim

/// Gathers the requests of all connections and puts them into the log.
struct RequestCollector {
  private struct Entry {
    var request: CapturedRequest
    var vantage: Side
  }

  private let limit: Int
  private var entries: [Entry] = []
  /// Requests beyond the limit.
  private(set) var dropped: Int64 = 0

  init(limit: Int) { self.limit = limit }

  /// Takes the requests of a connection.
  mutating func add(_ application: Application, of connection: CapturedConnection) {
    for (position, exchange) in application.exchanges.enumerated() {
      guard entries.count < limit else {
        dropped += 1
        continue
      }
      entries.append(
        Entry(
          request: Self.request(exchange, position, connection), vantage: connection.vantage))
    }
  }

  private static func request(
    _ exchange: HTTPExchange, _ position: Int, _ connection: CapturedConnection
  ) -> CapturedRequest {
    let endedNs = connection.reset ?? connection.closed
    let failed = exchange.completeNs == nil ? exchange.cutNs.map(SimTime.init) ?? endedNs : nil
    let hasBody = exchange.bodyBytes >= 0
    return CapturedRequest(
      index: 0, connection: connection.index, position: position,
      method: exchange.request.method, target: exchange.request.target,
      status: exchange.response?.status, sent: SimTime(nanoseconds: exchange.sentNs),
      sentWhole: exchange.sentEndNs.map(SimTime.init),
      firstByte: exchange.firstByteNs.map(SimTime.init),
      complete: exchange.completeNs.map(SimTime.init), failed: failed,
      requestBytes: exchange.requestEnd.map { $0 - exchange.requestStart },
      responseBytes: exchange.responseEnd.map { $0 - (exchange.responseStart ?? $0) },
      bodyBytes: hasBody ? exchange.bodyBytes : nil, requestSequence: exchange.requestStart,
      responseSequence: exchange.responseStart)
  }

  /// Puts the requests into the order of their first bytes, numbers them and writes them.
  mutating func write(to log: inout LogBuilder) {
    let order = entries.indices.sorted {
      let (left, right) = (entries[$0].request, entries[$1].request)
      return (left.sent, left.connection, left.position)
        < (right.sent, right.connection, right.position)
    }
    entries = order.map { entries[$0] }
    for index in entries.indices {
      entries[index].request.index = UInt32(index)
      Self.write(entries[index].request, vantage: entries[index].vantage, to: &log)
    }
  }

  private static func write(
    _ request: CapturedRequest, vantage: Side, to log: inout LogBuilder
  ) {
    func record(
      _ kind: EventKind, _ time: SimTime, _ side: Side, offset: Int64 = 0, length: Int64 = 0
    ) -> EventRecord {
      EventRecord(
        time: time, kind: kind, connection: request.connection, side: side,
        item: request.index, offset: offset, length: UInt32(clamping: length))
    }
    let requestBytes = request.requestBytes ?? 0
    log.open(record(.requestQueued, request.sent, .client))
    log.open(
      record(
        .requestSent, request.sent, .client, offset: request.requestSequence,
        length: requestBytes))
    if vantage == .server, let time = request.sentWhole {
      log.close(record(.requestReceived, time, .server))
    }
    if let time = request.firstByte, let sequence = request.responseSequence {
      let length = request.responseBytes ?? 0
      if vantage == .server {
        log.open(record(.responseSent, time, .server, offset: sequence, length: length))
      }
      log.close(record(.responseFirstByte, time, .client, offset: sequence, length: length))
      if let complete = request.complete {
        log.close(record(.responseComplete, complete, .client, offset: sequence + length))
      }
    }
    if let time = request.failed { log.close(record(.requestFailed, time, .client)) }
  }

  /// The requests, in order.
  var requests: [CapturedRequest] { entries.map(\.request) }

  /// The requests as the log describes them, in order.
  var descriptions: [RequestDescription] {
    entries.map { entry in
      RequestDescription(
        method: entry.request.method, target: entry.request.target,
        status: entry.request.status ?? 0, requestBytes: entry.request.requestBytes ?? 0,
        bodyBytes: entry.request.complete == nil ? -1 : entry.request.bodyBytes ?? -1)
    }
  }
}
