/// Why bytes that had been asked for were not delivered yet: the closed list of `docs/causes.md`.
///
/// The same list serves simulated and captured traffic. The order of the cases is the order in
/// which a report prints them: the order in which they are met on the way.
public enum Cause: UInt8, CaseIterable, Sendable {
  /// The request waited for a connection to be free.
  case pool
  /// The transport's handshake.
  case handshake
  /// The TLS handshake that follows the transport's.
  case tls
  /// The request's own bytes were being serialised.
  case request
  /// Bits were under way.
  case propagation
  /// The response's own bytes were being serialised.
  case serialization
  /// The packet waited in a queue, behind packets that are not this response's own.
  case queue
  /// The server was thinking, or had nothing to send.
  case server
  /// The client had nothing to send, or did not read.
  case client
  /// The congestion window held the sender.
  case congestionWindow
  /// The pacing rate held the sender.
  case pacing
  /// The receiver's window held the sender.
  case receiveWindow
  /// A stream's flow-control window held the sender.
  case streamWindow
  /// A connection's flow-control window held the sender.
  case connectionWindow
  /// Another stream of the same connection was being sent.
  case turn
  /// An earlier response had to be finished first (HTTP/1.1).
  case responseOrder
  /// Bytes waited behind a hole in the transport's byte stream.
  case transportGap
  /// The hole was repaired only when a timer ran out.
  case timeout
  /// Bytes waited behind a hole in their own QUIC stream.
  case streamGap
  /// A TLS record was not whole yet.
  case record
  /// A field section waited for the QPACK encoder's stream.
  case headerTable
  /// The capture cannot tell.
  case unknown

  /// The name in `causes_ms` and in `docs/causes.md`.
  public var name: String {
    switch self {
    case .pool: "pool"
    case .handshake: "handshake"
    case .tls: "tls"
    case .request: "request"
    case .propagation: "propagation"
    case .serialization: "serialization"
    case .queue: "queue"
    case .server: "server"
    case .client: "client"
    case .congestionWindow: "congestion_window"
    case .pacing: "pacing"
    case .receiveWindow: "receive_window"
    case .streamWindow: "stream_window"
    case .connectionWindow: "connection_window"
    case .turn: "turn"
    case .responseOrder: "response_order"
    case .transportGap: "transport_gap"
    case .timeout: "timeout"
    case .streamGap: "stream_gap"
    case .record: "record"
    case .headerTable: "header_table"
    case .unknown: "unknown"
    }
  }
}
