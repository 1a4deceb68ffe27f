import NetSim

/// An error of HTTP/2 that an end found: who, what, and what ends for it.
public struct FrameError: Sendable {
  /// When it was found.
  public let time: SimTime
  /// The connection.
  public let connection: UInt32
  /// The end that found it.
  public let finder: Side
  /// The stream that ends; nil where the connection does.
  public let stream: UInt32?
  /// The code that the other end is told.
  public let code: HTTP2ErrorCode
  /// What is wrong, in words of ASCII.
  public let reason: String

  /// Takes the record of an error; nil for any other.
  init?(_ record: EventRecord) {
    guard record.kind == .frameError else { return nil }
    time = record.time
    connection = record.connection
    finder = record.side
    stream = record.item > 0 ? record.item : nil
    code = HTTP2ErrorCode(rawValue: UInt32(record.detail))
    // Every terminal has a hyphen.
    let name = HTTP2Violation(number: Int(record.offset))?.name ?? "an error"
    reason = name.replacing("−", with: "-")
  }

  /// Who found it.
  var finderName: String { finder == .client ? "client" : "server" }

  /// What ends: "stream 1", "the connection".
  var reach: String { stream.map { "stream \($0)" } ?? "the connection" }
}

/// The errors of a log.
enum FrameErrors {
  /// Every error, in the order of the records.
  static func all(_ log: EventLog) -> [FrameError] { log.records.compactMap(FrameError.init) }

  /// The name of a code (RFC 9113 §7), or its number.
  static func name(_ code: HTTP2ErrorCode) -> String { code.name ?? "\(code.rawValue)" }
}
