import NetSim

/// Which messages begin where in the two byte streams of a connection, in words.
struct MessageLabels {
  private var up: [(start: Int64, text: String)] = []
  private var down: [(start: Int64, text: String)] = []

  init(_ log: EventLog, connection: UInt32) {
    for record in log.records where record.connection == connection {
      guard Int(record.item) < log.requests.count else { continue }
      let request = log.requests[Int(record.item)]
      if record.kind == .requestSent {
        up.append((record.offset, Self.requestText(request)))
      } else if record.kind == .responseFirstByte {
        down.append((record.offset, Self.responseText(request)))
      }
    }
  }

  /// The messages that begin within a span, in words; empty where none does.
  func text(_ direction: LadderRow.Direction, from start: Int64, to end: Int64) -> String {
    (direction == .toServer ? up : down)
      .filter { $0.start >= start && $0.start < end }.map(\.text).joined(separator: ", ")
  }

  private static func requestText(_ request: RequestDescription) -> String {
    let bytes = request.requestBytes > 0 ? "  " + Numbers.bytes(request.requestBytes) : ""
    if request.method.isEmpty { return "request" + bytes }
    return text(request.method) + " " + text(request.target) + bytes
  }

  private static func responseText(_ request: RequestDescription) -> String {
    let body = request.bodyBytes >= 0 ? ", " + Numbers.bytes(request.bodyBytes) : ""
    return (request.status > 0 ? "HTTP \(request.status)" : "response") + body
  }

  /// Bytes from the wire as text that is safe to print.
  static func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.map { $0 < 0x20 || $0 >= 0x7F ? UInt8(ascii: "?") : $0 }, as: UTF8.self)
  }
}
