/// Deadlines: losses and probes (RFC 9002 §6.2), answers, the end of an idle connection.
extension QUICEndpoint {
  /// The probe time-out of a space, without back-off (RFC 9002 §6.2.1).
  @inline(__always)
  func probeTimeout(_ space: PacketSpaceName) -> SimDuration {
    roundTrip.probeTimeout + (space == .application ? peerDelay : .zero)
  }

  /// Does what is due; harmless when nothing is.
  mutating func timerFired(at now: SimTime, log: inout EventLog) {
    if state == .closing && closeDeadline <= now { state = .closed }
    guard state == .open else { return }
    if idleDeadline <= now {
      hasFailed = !isComplete
      return end(hasFailed ? .connectionFailed : .connectionClosed, at: now, &log)
    }
    if busyUntil > .zero && busyUntil <= now { continueHandshake(at: now, &log) }
    if ackDeadline <= now {
      ackDeadline = .never
      self[.application].answersAtOnce = true
    }
    if pacedUntil <= now { pacedUntil = .never }
    if keepAliveDeadline <= now { keepAliveFired(at: now) }
    if pathDeadline <= now { pathTimerFired(at: now, &log) }
    if lossDeadline <= now { lossTimerFired(at: now, &log) }
  }

  @inline(__always)
  private var earliestLoss: (space: PacketSpaceName, time: SimTime)? {
    var earliest: (space: PacketSpaceName, time: SimTime)?
    for space in PacketSpaceName.from(firstSpace) where self[space].lossTime < .never {
      if earliest.map({ self[space].lossTime < $0.time }) ?? true {
        earliest = (space, self[space].lossTime)
      }
    }
    return earliest
  }

  /// How many times the probe time-out is as long as the first, after those that ran out in a row.
  @inline(__always)
  private var backoff: Int64 { 1 << Int64(min(timeoutsInARow, 16)) }

  /// When a probe is due, and in which space (RFC 9002 §A.8).
  private mutating func probeTime(at now: SimTime) -> (space: PacketSpaceName, time: SimTime) {
    if hasNothingToWaitFor {
      // The server may not be allowed to send: the client asks for more.
      let space: PacketSpaceName = self[.handshake].maySend ? .handshake : .initial
      return (space, now + roundTrip.probeTimeout * backoff)
    }
    var earliest = (space: PacketSpaceName.initial, time: SimTime.never)
    for space in PacketSpaceName.from(firstSpace) where isProbed(space) {
      let time = self[space].lastElicitingSent + probeTimeout(space) * backoff
      if time < earliest.time { earliest = (space, time) }
    }
    return earliest
  }

  /// Whether a time-out waits for answers of a space. 1-RTT packets have none before the handshake is
  /// confirmed (RFC 9002 §6.2.1); the handshake has one too where the window holds what it has to repeat,
  /// because the packets that fill the window may be of another space.
  @inline(__always)
  private func isProbed(_ space: PacketSpaceName) -> Bool {
    if space == .application { return isConfirmed && self[space].elicitingInFlight > 0 }
    return self[space].elicitingInFlight > 0
      || (self[space].crypto.isWaiting && self[space].lastElicitingSent < .never)
  }

  @inline(__always)
  private var hasNothingToWaitFor: Bool {
    for space in PacketSpaceName.from(firstSpace) where isProbed(space) { return false }
    return true
  }

  /// Sets the deadline for losses and probes anew (RFC 9002 §A.8).
  mutating func updateLossTimer(at now: SimTime) {
    if isConfirmed && isValidated && state == .open { return updateConfirmedLossTimer() }
    if let earliest = earliestLoss {
      lossDeadline = earliest.time
      return
    }
    let isBlocked = creditLeft == 0
    let awaitsNothing = hasNothingToWaitFor && (side == .server || isKnownToServer || isConfirmed)
    if state != .open || isBlocked || awaitsNothing {
      lossDeadline = .never
      if awaitsNothing { timeoutsInARow = 0 }
      return
    }
    lossDeadline = probeTime(at: now).time
  }

  /// The same once 1-RTT packets are all that is left.
  @inline(__always)
  private mutating func updateConfirmedLossTimer() {
    if self[.application].lossTime < .never {
      lossDeadline = self[.application].lossTime
    } else if self[.application].elicitingInFlight == 0 {
      lossDeadline = .never
      timeoutsInARow = 0
    } else {
      lossDeadline = self[.application].lastElicitingSent + probeTimeout(.application) * backoff
    }
  }

  private mutating func lossTimerFired(at now: SimTime, _ log: inout EventLog) {
    if let earliest = earliestLoss {
      detectLosses(in: earliest.space, at: now, &log)
      updateLossTimer(at: now)
      return
    }
    timeouts += 1
    logTimer(.probe, at: now, &log)
    let space = probeTime(at: now).space
    self[space].probes = space == .application && policy.sendsTwoProbes ? 2 : 1
    if space != .application {  // A datagram holds a probe of each.
      for other in PacketSpaceName.allCases where other != .application && isProbed(other) {
        self[other].probes = 1
      }
    }
    timeoutsInARow += 1
    updateLossTimer(at: now)
    if lossDeadline <= now { lossDeadline = now + roundTrip.probeTimeout }
  }

  /// What the server may still send to an address that is not proved: three times what came from there
  /// (RFC 9000 §8.1).
  @inline(__always)
  var creditLeft: Int64 {
    isValidated ? .max : max(bytesReceived * 3 - bytesSent, 0)
  }

  /// Acknowledgements came: what the pacer held back waits for the pacer alone.
  mutating func releasePacing(at now: SimTime) {
    pacedUntil = pacer.isOpen(at: now) ? .never : pacedUntil
  }

  // MARK: Larger datagrams (RFC 8899)

  /// The size to try now; nil where nothing is to be tried.
  @inline(__always)
  var sizeToTry: Int64? {
    guard sizesTried < policy.triedSizes.count, !triesSize, isComplete, isValidated,
      !self[.handshake].crypto.isWaiting
    else { return nil }
    return Int64(policy.triedSizes[sizesTried])
  }

  /// A datagram of a size has arrived: the path carries it.
  mutating func sizeWorks(_ bytes: Int64) {
    triesSize = false
    sizesTried += 1
    if bytes > datagramSize { datagramSize = bytes }
    skipSizes()
  }

  mutating func sizeFailed() {
    triesSize = false
    sizesTried += 1
    skipSizes()
  }

  private mutating func skipSizes() {
    while sizesTried < policy.triedSizes.count,
      Int64(policy.triedSizes[sizesTried]) <= datagramSize
    {
      sizesTried += 1
    }
  }
}
