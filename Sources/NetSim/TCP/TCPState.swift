/// The states of a connection (RFC 9293 §3.3.2).
///
///     CLOSED ─connect→ SYN-SENT ─SYN-ACK→ ESTABLISHED ─close→ FIN-WAIT-1 ─ACK→ FIN-WAIT-2
///     LISTEN ─SYN→ SYN-RECEIVED ─ACK→ ESTABLISHED                    └─FIN→ CLOSING ─ACK→ TIME-WAIT
///     ESTABLISHED ─FIN→ CLOSE-WAIT ─close→ LAST-ACK ─ACK→ CLOSED        FIN-WAIT-2 ─FIN→ TIME-WAIT
enum TCPState: UInt8 {
  case closed
  case listen
  case synSent
  case synReceived
  case established
  case finWait1
  case finWait2
  case closeWait
  case closing
  case lastAck
  case timeWait

  /// Whether the handshake is complete on this side and the connection not over.
  var isSynchronized: Bool {
    switch self {
    case .closed, .listen, .synSent, .synReceived: false
    case .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait: true
    }
  }
}
