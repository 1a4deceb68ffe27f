import NetSim

/// An HTTP/1.x request of a capture with its response. Times are those at which its bytes passed the
/// end where the capture was made, in order: at the client, when its application could read them.
public struct CapturedRequest: Sendable {
  /// Its index, the same as in `EventLog.requests`.
  public var index: UInt32
  /// Its connection's index.
  public var connection: UInt32
  /// Its place among its connection's requests, from 0.
  public var position: Int
  /// The method (`GET`).
  public var method: [UInt8]
  /// The target as sent (`/o00.bin`).
  public var target: [UInt8]
  /// The response's status code; nil while none came.
  public var status: UInt16?
  /// When its first byte was sent; it counts as wanted from then on, because a capture cannot tell
  /// how long it waited before.
  public var sent: SimTime
  /// When its last byte was sent; nil when that was not captured.
  public var sentWhole: SimTime?
  /// When the response's first byte could be read.
  public var firstByte: SimTime?
  /// When the response's last byte could be read.
  public var complete: SimTime?
  /// When it failed: its connection ended before its response was whole.
  public var failed: SimTime?
  /// Bytes of the request with its head; nil when its end was not captured.
  public var requestBytes: Int64?
  /// Bytes of the response with its head, and with chunk sizes where it has chunks; nil when its end
  /// was not captured.
  public var responseBytes: Int64?
  /// Bytes of the response's body (without chunk sizes), as far as it came; nil when nothing came.
  public var bodyBytes: Int64?
  /// The relative sequence number of the request's first byte.
  public var requestSequence: Int64
  /// The relative sequence number of the response's first byte.
  public var responseSequence: Int64?

  /// The method as text.
  public var methodText: String { String(decoding: method, as: UTF8.self) }
  /// The target as text; what is no UTF-8 is replaced.
  public var targetText: String { String(decoding: target, as: UTF8.self) }
}

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
      (entries[$0].request.sent, $0) < (entries[$1].request.sent, $1)
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
