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
