/// The client's address changes: who moves, who follows, and how the new path is validated
/// (RFC 9000 §8.2, §9).
extension QUICEndpoint {
  // MARK: The client moves

  /// The client goes on from another address of its own, as soon as it may: when the handshake is
  /// confirmed, and the server has given an ID that was not used on the old path (§9, §9.5).
  mutating func move(at now: SimTime, _ log: inout EventLog) {
    precondition(side == .client, "servers do not move")
    guard state == .open || state == .idle else { return }
    paths.wantsToMove = true
    moveIfPossible(at: now, &log)
  }

  mutating func moveIfPossible(at now: SimTime, _ log: inout EventLog) {
    let hasIdentity = peerPolicy.connectionIDBytes == 0 || paths.identitiesGiven > paths.identity
    guard paths.wantsToMove, state == .open, isConfirmed, hasIdentity else { return }
    paths.wantsToMove = false
    paths.former = QUICPaths.Former(address: paths.current, isValidated: true)
    paths.current.host &+= 1
    useNextIdentity()
    beginPath(at: now)
    validate(at: now)
    recordPath(.moved, at: now, &log)
  }

  /// Sends to an ID that no observer has seen, and gives the old one up (§5.1.2, §9.5).
  private mutating func useNextIdentity() {
    guard paths.identitiesGiven > paths.identity else { return }
    control.append(QUICItem(kind: .retireConnectionID, offset: paths.identity))
    paths.identity += 1
  }

  // MARK: The server follows

  /// Takes note of where a datagram comes from. Returns whether it may be read: a handshake stays where
  /// it began (§9).
  mutating func noteSource(_ datagram: borrowing Datagram, bytes: Int64) -> Bool {
    paths.arrival = side == .client ? datagram.address.own : datagram.address
    if paths.arrival == paths.current {
      bytesReceived += bytes
      return true
    }
    return isComplete
  }

  /// A packet came from another address than those before it. Its frames tell whether the client uses
  /// that address or only looks whether it works (§9.1); a late packet tells nothing (§9.3).
  mutating func heardElsewhere(
    _ datagram: borrowing Datagram, _ range: Range<Int>, isNewest: Bool, at now: SimTime,
    _ log: inout EventLog
  ) {
    guard side == .server, isNewest,
      !datagram.items[range].dropFirst().allSatisfy({ $0.isProbing })
    else { return }
    let bytes = datagram[range.lowerBound].length
    if let former = paths.former, former.address == paths.arrival, former.isValidated {
      goBack(to: former, at: now)
      return recordPath(.returned, at: now, &log)
    }
    let isSameHost = paths.arrival.host == paths.current.host
    if paths.former == nil {
      paths.former = QUICPaths.Former(address: paths.current, isValidated: isValidated)
      let (next, last) = validationTimes(at: now)
      paths.check = QUICPaths.Validation(address: paths.current, nextAt: next, deadline: last)
    }
    paths.current = paths.arrival
    isValidated = false
    // Where only content counts, datagrams are not as long as they stand for.
    let least = peerPolicy.carriesSegments ? Int64(QUICPacketSize.leastInitialDatagram) : 0
    (bytesReceived, bytesSent) = (max(bytes, least), 0)
    if !isSameHost {
      paths.measured &+= 1
      useNextIdentity()
    }
    validate(at: now)
    recordPath(.followed, at: now, &log)
  }

  private mutating func goBack(to former: QUICPaths.Former, at now: SimTime) {
    if former.address.host != paths.current.host { paths.measured &+= 1 }
    paths.current = former.address
    paths.former = nil
    paths.validation = nil
    paths.check = nil
    isValidated = true
    notePaths()
  }

  // MARK: Validation

  /// Asks for a sign from the current address (§8.2.1).
  private mutating func validate(at now: SimTime) {
    let (next, last) = validationTimes(at: now)
    paths.validation = QUICPaths.Validation(
      address: paths.current, nextAt: next, deadline: last)
    notePaths()
  }

  /// When another challenge goes out, and when the address is given up: three probe time-outs, or as many
  /// of a path that nothing is known of (§8.2.4).
  private func validationTimes(at now: SimTime) -> (next: SimTime, last: SimTime) {
    let timeout = probeTimeout(.application)
    let unknown = QUICRoundTrip().probeTimeout
    return (now + timeout, now + max(timeout, unknown) * 3)
  }

  mutating func notePaths() {
    paths.noteDue()
    pathDeadline = paths.deadline
  }

  /// A challenge is answered where it came (§8.2.2). An address that the client has left is silent: the
  /// ID it had there is given up, and no other may be seen at both addresses (§9.5).
  mutating func takeChallenge(_ word: Int64) {
    if side == .client && paths.arrival != paths.current { return }
    paths.responses.append((word, paths.arrival))
    notePaths()
  }

  /// The answer to a challenge validates the address that was asked, wherever it comes from (§8.2.3).
  mutating func takeResponse(_ word: Int64, at now: SimTime, _ log: inout EventLog) {
    if paths.check?.words?.contains(word) ?? false {
      paths.check = nil
    } else if let validation = paths.validation, validation.words?.contains(word) ?? false {
      succeed(validation, at: now, &log)
    }
    notePaths()
  }

  private mutating func succeed(
    _ validation: QUICPaths.Validation, at now: SimTime, _ log: inout EventLog
  ) {
    paths.validation = nil
    if validation.isAboutSize { return }
    let isOtherHost = paths.former.map { $0.address.host != paths.current.host } ?? false
    isValidated = true
    paths.former = nil
    recordPath(.validated, at: now, &log)
    // Where only the port is another, the path is taken to be the same (§9.4).
    if side == .server && isOtherHost { beginMeasuring(at: now) }
    if !validation.isWhole && !policy.carriesSegments {
      // It remains to be seen whether datagrams of full size pass (§8.2.1).
      validate(at: now)
      paths.validation?.isAboutSize = true
    }
  }

  /// One of the paths' times has come.
  mutating func pathTimerFired(at now: SimTime, _ log: inout EventLog) {
    if let check = paths.check, check.deadline <= now { paths.check = nil }
    if let validation = paths.validation {
      if validation.deadline <= now {
        fail(validation, at: now, &log)
      } else if validation.nextAt <= now {
        paths.validation?.isDue = true
        let wait = probeTimeout(.application) * (Int64(1) << Int64(min(validation.tries, 8)))
        paths.validation?.nextAt = now + wait
      }
    }
    notePaths()
  }

  /// Nobody answered: the last address that worked is used again (§9.3.2).
  private mutating func fail(
    _ validation: QUICPaths.Validation, at now: SimTime, _ log: inout EventLog
  ) {
    paths.validation = nil
    guard !validation.isAboutSize, let former = paths.former else { return }
    recordPath(.failed, at: now, &log)
    goBack(to: former, at: now)
    isValidated = former.isValidated
    if side == .client {
      useNextIdentity()
      beginPath(at: now)
    }
    updateLossTimer(at: now)
  }

  // MARK: What was measured

  /// What follows goes over another path, of which nothing is known.
  private mutating func beginPath(at now: SimTime) {
    paths.measured &+= 1
    beginMeasuring(at: now)
  }

  /// Congestion control and the round trip begin anew, and so does the search for larger datagrams. What
  /// is under way on another path counts no more, and is sent again (§9.4, RFC 8899 §5).
  private mutating func beginMeasuring(at now: SimTime) {
    congestion = QUICCongestion(settings, policy: policy.sized(settings), seed: seed)
    pacer = QUICPacer(policy)
    roundTrip = QUICRoundTrip()
    timeoutsInARow = 0
    if !policy.carriesSegments { datagramSize = Int64(policy.datagramSize) }
    (sizesTried, triesSize) = (0, false)
    leaveOtherPaths()
    beginDeliveries(at: now)
    updateLossTimer(at: now)
  }

  private mutating func leaveOtherPaths() {
    var number = self[.application].history.first
    while number < self[.application].history.end {
      defer { number += 1 }
      let packet = self[.application].history[number]
      guard packet.path != paths.measured, packet.isInFlight else { continue }
      self[.application].history[number].isInFlight = false
      if packet.fate == .lost && !packet.triesSize { doubtful -= 1 }
      guard packet.fate == .open else { continue }
      bytesInFlight -= Int64(packet.bytes)
      self[.application].bytesInFlight -= Int64(packet.bytes)
      if packet.isRepeated { continue }
      self[.application].history[number].isRepeated = true
      if packet.isEliciting { self[.application].elicitingInFlight -= 1 }
      reclaim(packet, in: .application)
    }
  }

  // MARK: Sending

  /// Writes a datagram with a challenge, an answer or both, as long as every path must carry
  /// (§8.2.1, §8.2.2). Returns false where none may leave.
  mutating func writePath(
    into datagram: inout Datagram, _ packet: UInt32, at now: SimTime, _ log: inout EventLog
  ) -> Bool {
    guard isComplete, let address = addressDue else { return false }
    let isCurrent = address == paths.current
    let least = Int64(QUICPacketSize.leastInitialDatagram)
    let size = isCurrent ? min(least, creditLeft) : least
    guard var draft = begin(.application, in: &datagram, room: size), draft.fits(2 * Self.pathBytes)
    else {
      datagram.begin()
      return false
    }
    appendPathFrames(for: address, isWhole: size == least, to: &draft, &datagram)
    if isCurrent { appendControl(to: &draft, &datagram) }
    if !policy.carriesSegments && draft.total < size {
      draft.pad(size - draft.total, &datagram)
    }
    draft.isElsewhere = !isCurrent
    finish(draft, &datagram, packet, at: now, &log)
    datagram.address = address
    if !isCurrent { bytesSent -= Int64(datagram.bytes) }
    notePaths()
    return true
  }

  private static var pathBytes: Int64 { Int64(QUICFrameSize.path) }

  private var addressDue: ClientAddress? {
    if let response = paths.responses.first { return response.address }
    if let validation = paths.validation, validation.isDue { return validation.address }
    return paths.check.flatMap { $0.isDue ? $0.address : nil }
  }

  private mutating func appendPathFrames(
    for address: ClientAddress, isWhole: Bool, to draft: inout PacketDraft,
    _ datagram: inout Datagram
  ) {
    if let response = paths.responses.first {
      _ = paths.responses.removeFirst()
      append(QUICItem(kind: .pathResponse, offset: response.word), to: &draft, &datagram)
    }
    let word: Int64
    if let validation = paths.validation, validation.isDue, validation.address == address {
      word = paths.nextWord()
      paths.validation?.words = (validation.words?.lowerBound ?? word)...word
      paths.validation?.isDue = false
      paths.validation?.isWhole = isWhole
      paths.validation?.tries += 1
    } else if let check = paths.check, check.isDue, check.address == address {
      word = paths.nextWord()
      paths.check?.words = word...word
      paths.check?.isDue = false
    } else {
      return
    }
    append(QUICItem(kind: .pathChallenge, offset: word), to: &draft, &datagram)
  }

  // MARK: Connection IDs (§5.1)

  /// The peer gives an ID.
  mutating func takeIdentity(_ number: Int64) {
    paths.identitiesGiven = max(paths.identitiesGiven, number)
  }

  /// The peer uses one no more, and those before it: it gets others in their place (§5.1.2).
  mutating func replaceIdentity(_ number: Int64) {
    guard number >= paths.ownRetired else { return }
    paths.ownRetired = number + 1
    paths.ownIdentities += 1
    control.append(
      QUICItem(
        kind: .newConnectionID, offset: paths.ownIdentities,
        length: Int64(policy.connectionIDBytes)))
  }

  private func recordPath(_ change: PathChange, at now: SimTime, _ log: inout EventLog) {
    log.recordMilestone(
      EventRecord(
        time: now, kind: .pathChanged, connection: connection, side: side,
        offset: paths.current.number, length: UInt32(clamping: paths.identity),
        detail: change.rawValue))
  }
}

extension QUICItem {
  /// Whether a packet of such frames alone only looks whether a path works (RFC 9000 §9.1).
  fileprivate var isProbing: Bool {
    switch kind {
    case .padding, .pathChallenge, .pathResponse, .newConnectionID: true
    default: false
    }
  }
}
