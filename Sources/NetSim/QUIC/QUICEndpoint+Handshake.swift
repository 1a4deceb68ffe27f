/// The handshake, the proof of the client's address, and what either end may send and read when
/// (RFC 9000 §7, §8, RFC 9001 §4).
extension QUICEndpoint {
  /// Writes the flights whose turn it is, and takes note of those that have come.
  mutating func continueHandshake(at now: SimTime, _ log: inout EventLog) {
    if state != .open { return }
    while flight < handshake.flights.count {
      let next = handshake.flights[flight]
      if next.sender == side {
        if computes(next, at: now) { return }
        write(next)
      } else {
        guard self[next.space].crypto.received.front >= expected(upTo: flight) else { return }
        flight += 1
      }
      flightPassed(next, at: now, &log)
    }
  }

  /// Whether the server has to compute before it answers; meanwhile it does nothing else.
  private mutating func computes(_ next: QUICHandshake.Flight, at now: SimTime) -> Bool {
    guard side == .server, handshake.serverTime > .zero, next.space != .application,
      flight == 0 || handshake.flights[flight - 1].sender != .server
    else { return false }
    if busyUntil == .zero {
      busyUntil = now + handshake.serverTime
      return true
    }
    if now < busyUntil { return true }
    busyUntil = .zero
    return false
  }

  private mutating func write(_ next: QUICHandshake.Flight) {
    flight += 1
    self[next.space].crypto.written += next.bytes
    if side == .server && next.space == .initial { openHandshakeSpace() }
  }

  private mutating func openHandshakeSpace() {
    self[.handshake].maySend = true
    self[.handshake].mayReceive = true
  }

  /// How much the peer has written into the space of a flight with that flight.
  private func expected(upTo last: Int) -> Int64 {
    var bytes: Int64 = 0
    let space = handshake.flights[last].space
    for index in 0...last
    where handshake.flights[index].sender != side && handshake.flights[index].space == space {
      bytes += handshake.flights[index].bytes
    }
    return bytes
  }

  /// What a flight makes possible.
  private mutating func flightPassed(
    _ passed: QUICHandshake.Flight, at now: SimTime, _ log: inout EventLog
  ) {
    switch (passed.sender, passed.space) {
    case (.server, .initial):
      let isHello = flight < handshake.flights.count && handshake.flights[flight].space != .initial
      if side == .client && isHello { openHandshakeSpace() }
    case (.server, .handshake):
      self[.application].maySend = true
      hasNews = true
      if side == .client { self[.application].mayReceive = true }
    case (.client, .handshake): complete(at: now, &log)
    case (.client, .initial), (.server, .application), (.client, .application): break
    }
  }

  /// This end has sent and read the handshake (RFC 9001 §4.1.1).
  private mutating func complete(at now: SimTime, _ log: inout EventLog) {
    isComplete = true
    hasNews = true
    beginDeliveries(at: now)
    self[.application].mayReceive = true
    recordMilestone(.connectionEstablished, at: now, &log)
    giveConnectionIDs()
    askForAnswers()
    if side == .client { return }
    control.append(QUICItem(kind: .handshakeDone))
    if policy.tokenBytes > 0 {
      control.append(QUICItem(kind: .newToken, length: policy.tokenBytes))
    }
    confirm(at: now, &log)
  }

  private mutating func giveConnectionIDs() {
    paths.ownIdentities = Int64(policy.moreConnectionIDs)
    for number in 0..<policy.moreConnectionIDs {
      control.append(
        QUICItem(
          kind: .newConnectionID, offset: Int64(number) + 1,
          length: Int64(policy.connectionIDBytes)))
    }
  }

  /// The handshake is confirmed: its keys are of no more use (RFC 9001 §4.1.2, §4.9.2).
  mutating func confirm(at now: SimTime, _ log: inout EventLog) {
    if isConfirmed { return }
    isConfirmed = true
    isKnownToServer = true
    discard(.initial)
    discard(.handshake)
    updateLossTimer(at: now)
  }

  private mutating func discard(_ space: PacketSpaceName) {
    if self[space].isDiscarded { return }
    bytesInFlight -= self[space].bytesInFlight
    doubtful -= doubtful(in: space)
    self[space].discard()
    timeoutsInARow = 0  // RFC 9002 §6.2.2
  }

  /// A Handshake packet was read: what that proves.
  mutating func heardHandshake(at now: SimTime) {
    if side == .server {
      isValidated = true
      discard(.initial)  // RFC 9001 §4.9.1
      updateLossTimer(at: now)
    }
  }

  /// A client that sends its first Handshake packet needs no Initial packets more (RFC 9001 §4.9.1).
  mutating func sentHandshakePacket(at now: SimTime) {
    if side == .client { discard(.initial) }
  }

  // MARK: Without a connection

  /// Whether a server answers an Initial packet with something else than a connection.
  mutating func refuses(
    _ header: QUICItem, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    if negotiatesVersion && !hasNegotiated {
      if header.isLast {  // sent in a version that the server knows
        hasNegotiated = true
      } else {
        stateless = .versionNegotiation
        return true
      }
    }
    guard retries, !isValidated else { return false }
    if header.order > 0 {
      isValidated = true
      return false
    }
    stateless = .retry
    return true
  }

  /// A client is told to prove its address, or to try another version (RFC 9000 §6.2, §17.2.5).
  mutating func takeStateless(
    _ type: QUICPacketType, token: Int64, packet: UInt32, at now: SimTime,
    _ log: inout EventLog
  ) {
    guard side == .client, self[.initial].received.isEmpty else { return }
    let header = QUICItem(
      kind: .packet, stream: UInt32(type.rawValue), offset: 0, length: 0, order: token)
    logPacket(.quicPacketReceived, header, packet, at: now, &log)
    switch type {
    case .retry:
      if hasRetried { return }
      hasRetried = true
      tokenBytes = token
    case .versionNegotiation:
      if hasNegotiated { return }
      hasNegotiated = true
    default: return
    }
    sendAgainFromTheStart(at: now)
  }

  /// What was sent so far was for nothing, the numbers of packets go on (RFC 9000 §17.2.5.3).
  private mutating func sendAgainFromTheStart(at now: SimTime) {
    for name in PacketSpaceName.allCases {
      bytesInFlight -= self[name].bytesInFlight
      reclaimAll(in: name)
      doubtful -= doubtful(in: name)
      self[name].forgetSent()
    }
    timeoutsInARow = 0
    updateLossTimer(at: now)
  }
}
