/// The states of a connection (RFC 9293 §3.3.2).
///
///     CLOSED ─connect→ SYN-SENT ─SYN-ACK→ ESTABLISHED ─close→ FIN-WAIT-1 ─ACK→ FIN-WAIT-2
///     LISTEN ─SYN→ SYN-RECEIVED ─ACK→ ESTABLISHED                    └─FIN→ CLOSING ─ACK→ TIME-WAIT
///     ESTABLISHED ─FIN→ CLOSE-WAIT ─close→ LAST-ACK ─ACK→ CLOSED        FIN-WAIT-2 ─FIN→ TIME-WAIT
public enum TCPState: UInt8, Sendable {
  /// No connection.
  case closed
  /// Waits for a SYN.
  case listen
  /// Sent a SYN.
  case synSent
  /// Answered a SYN.
  case synReceived
  /// Data may flow.
  case established
  /// Sent a FIN that is not acknowledged.
  case finWait1
  /// Its FIN is acknowledged; the peer may still send.
  case finWait2
  /// The peer sent a FIN; this side may still send.
  case closeWait
  /// Both sent a FIN; its own is not acknowledged.
  case closing
  /// The peer's FIN came first; its own is not acknowledged.
  case lastAck
  /// Waits for late segments.
  case timeWait

  /// Whether the handshake is complete on this side and the connection not over.
  public var isSynchronized: Bool {
    switch self {
    case .closed, .listen, .synSent, .synReceived: false
    case .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait: true
    }
  }
}
