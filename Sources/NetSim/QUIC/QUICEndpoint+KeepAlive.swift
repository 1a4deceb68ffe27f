/// PINGs that keep a connection, and what NATs remember of it, from ending (RFC 9000 §10.1.2).
extension QUICEndpoint {
  /// Something came, or something left that wants an answer: the next PING is so much later.
  @inline(__always)
  mutating func putOffKeepAlive(at now: SimTime) {
    if let interval = policy.keepAlive { keepAliveDeadline = now + interval }
  }

  /// Nothing has passed for as long as the connection may be silent.
  mutating func keepAliveFired(at now: SimTime) {
    putOffKeepAlive(at: now)
    if isComplete { control.append(QUICItem(kind: .ping)) }
  }
}
