import NetSim

/// Streams that ended by RST_STREAM as their client saw it, on one connection (RFC 9113 §5.4.2).
struct StreamResets {
  /// A stream that its server refused (RFC 9113 §8.7).
  struct Refusal {
    let time: SimTime
    /// The request, which is asked again.
    let request: UInt32
  }

  /// What servers reset streams with.
  private var codes: [UInt32: HTTP2ErrorCode] = [:]
  /// Streams in whose answers their client found an error.
  private var wrong: Set<UInt32> = []
  /// What was refused, in order.
  private(set) var refusals: [Refusal] = []

  /// What `log` has of a connection.
  init(_ log: EventLog, connection: UInt32) {
    guard log.connections[Int(connection)].application == .http2 else { return }
    let streams = StreamRequests(log, connection: connection)
    for frame in streams.injected where frame.sender == .server {
      if let code = frame.injection.flatMap(InjectedFrames.resetCode) { codes[frame.stream] = code }
    }
    for record in log.records where record.connection == connection && record.side == .client {
      if record.kind == .frameError { wrong.insert(record.item) }
      guard record.kind == .frameReceived, record.frameType == .resetStream else { continue }
      codes[record.item] = HTTP2ErrorCode(rawValue: record.length)
      if Self.isRefusal(record), let request = streams[record.item] {
        refusals.append(Refusal(time: record.time, request: request))
      }
    }
  }

  /// What was refused on any connection of `log`, by connections.
  static func refusals(_ log: EventLog) -> [Refusal] {
    // Most logs have none, and then one look at each record is enough.
    let connections = Set(log.records.lazy.filter(isRefusal).map(\.connection))
    return connections.sorted().flatMap { StreamResets(log, connection: $0).refusals }
  }

  private static func isRefusal(_ record: EventRecord) -> Bool {
    record.kind == .frameReceived && record.side == .client && record.frameType == .resetStream
      && record.length == HTTP2ErrorCode.refusedStream.rawValue
  }

  /// Why a stream that was reset ended.
  func reason(_ stream: UInt32?) -> String {
    guard let stream, !wrong.contains(stream), let code = codes[stream] else {
      return "reset, for the answer broke a rule"
    }
    return "reset by the server, " + FrameErrors.name(code)
  }
}
