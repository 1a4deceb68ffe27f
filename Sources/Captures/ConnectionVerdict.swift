import NetSim

/// The summing up of a connection once all its packets were seen, and what of it goes into the log
/// only then: verdicts on repeated segments, lost packets, milestones.
struct ConnectionVerdict: ~Copyable {
  private let connection: Connection
  private let vantage: Side
  private(set) var result: CapturedConnection
  /// The number the next inferred packet gets.
  private(set) var nextNumber: UInt32
  private var findings: Findings
  /// The verdicts on what each end sent again, in the order of `HalfConnection.repeats`.
  private var verdicts = PerSide<[RepeatVerdict]>([])

  init(_ connection: consuming Connection, nextNumber: UInt32) {
    self.nextNumber = nextNumber
    vantage = connection.vantage
    findings = connection.course.findings
    let ends = connection.ends
    result = CapturedConnection(
      index: connection.index,
      client: Endpoint(address: ends.source, port: ends.sourcePort),
      server: Endpoint(address: ends.destination, port: ends.destinationPort),
      protocolKind: connection.course.application.protocolKind, vantage: vantage,
      hasHandshake: connection.course.synNs != nil,
      first: SimTime(nanoseconds: connection.course.firstNs),
      last: SimTime(nanoseconds: connection.lastNs))
    self.connection = connection
    sumUp()
    for side in [Side.client, .server] { verdicts[side] = verdicts(of: side) }
  }

  // MARK: Totals

  private mutating func sumUp() {
    result.minimumRTT = connection[vantage].minimumRTTNs.map { SimDuration(nanoseconds: $0) }
    result.handshakeRTT = connection.handshakeRTTNs(at: vantage).map {
      SimDuration(nanoseconds: $0)
    }
    let establishedNs =
      vantage == .client ? connection.course.synAckNs : connection.course.handshakeAckNs
    result.offers = (connection[.client].offer, connection[.server].offer)
    if connection.course.synNs != nil { result.established = establishedNs.map(SimTime.init) }
    result.closed = connection.course.finishedNs.map(SimTime.init)
    result.reset = connection.course.resetNs.map(SimTime.init)
    result.applicationProblem = connection.course.application.problem
    result.tls = connection.course.application.tlsSummary
    Self.count(connection[.client], vantage, in: &result)
    Self.count(connection[.server], vantage, in: &result)
  }

  private static func count(
    _ half: borrowing HalfConnection, _ vantage: Side, in result: inout CapturedConnection
  ) {
    let side = half.side
    result.packets[sentBy: side] = half.packets
    result.bytes[sentBy: side] = half.packetBytes
    result.payloadBytes[sentBy: side] = half.payloadBytes
    result.segmentSize[sentBy: side] = half.largestPayload
    result.unjudgedRepeats[sentBy: side] = half.unjudgedRepeats
    result.uncapturedBytes[sentBy: side] = half.board.unseenBytes(below: half.acknowledged)
    let window = half.flight.result(
      isAtSender: side == vantage, segmentSize: half.largestPayload)
    result.largestFlight[sentBy: side] = half.largestFlight
    result.roundTrips[side] = RoundTripSummary(half.trips)
    result.stampedRoundTrips[side] = RoundTripSummary(half.stampedTrips.trips)
    let limits = side == vantage ? half.limits.near : half.limits.far
    if side == vantage { result.pacing = half.limits.pacing.result }
    let room = WindowSummary(half.room)
    let pairs = side == vantage ? half.ackPairs : half.dataPairs
    let rate = pairs.bitsPerSecond.map { Bitrate(bitsPerSecond: max($0, 1)) }
    switch side {
    case .client:
      (result.limitsUp, result.windowDown) = (limits, room)
      (result.initialWindowUp, result.bottleneckUp) = (window, rate)
    case .server:
      (result.limitsDown, result.windowUp) = (limits, room)
      (result.initialWindowDown, result.bottleneckDown) = (window, rate)
    }
  }

  // MARK: Verdicts

  /// Judges every repeated segment, and writes what that means into the log.
  mutating func judge(_ log: inout LogBuilder) {
    for side in [Side.client, Side.server] {
      var windowBeforeLoss: Int64 = 0
      for (repeated, verdict) in zip(connection[side].repeats, verdicts[side]) {
        if case .lost = verdict.outcome, windowBeforeLoss == 0 {
          windowBeforeLoss = side == vantage ? repeated.nearWindow : repeated.farWindow
        }
        apply(verdict, to: repeated, sentBy: side, &log)
      }
      let limits = connection[side].limits
      let watch = side == vantage ? limits.nearWindow : limits.farWindow
      result.congestionWindows[side] = watch.result(
        beforeLoss: windowBeforeLoss > 0 ? windowBeforeLoss : nil)
    }
    let dataPackets = connection[.client].dataPackets + connection[.server].dataPackets
    // Of packets that all come twice half are duplicates.
    result.isCapturedTwice =
      result.duplicates.total > 1 && result.duplicates.total * 3 > dataPackets
    result.lost.sort { $0.retransmissionNumber < $1.retransmissionNumber }
    result.possiblyLost.sort { $0.retransmissionNumber < $1.retransmissionNumber }
    result.findings = findings.all.sorted { $0.packet < $1.packet }
    result.unlistedFindings = findings.dropped
  }

  private func verdicts(of side: Side) -> [RepeatVerdict] {
    var path = path(side)
    return connection[side].repeats.map { repeated in
      let verdict = repeated.verdict(path)
      if verdict.outcome.kind == .timeout {
        path.timeoutEnd = max(path.timeoutEnd, repeated.highest)
      }
      return verdict
    }
  }

  private mutating func apply(
    _ verdict: RepeatVerdict, to repeated: RepeatedSegment, sentBy side: Side,
    _ log: inout LogBuilder
  ) {
    switch verdict.outcome {
    case .lost(let kind):
      result.retransmissions[sentBy: side] += 1
      let packets = lostPackets(repeated, verdict, kind, sentBy: side)
      for packet in packets { infer(packet, repeated, &log) }
      result.lost += packets
      decide(repeated, kind, &log)
      find(.retransmission, kind, repeated, verdict, sentBy: side)
    case .possiblyLost(let kind):
      result.possiblyLost += lostPackets(repeated, verdict, kind, sentBy: side)
      // Where nothing but a missing identification speaks, nothing is said to have been repeated.
      if repeated.missing != nil { return }
      result.retransmissions[sentBy: side] += 1
      decide(repeated, kind, &log)
      find(.retransmission, kind, repeated, verdict, sentBy: side)
    case .spurious(let kind):
      result.retransmissions[sentBy: side] += 1
      result.spuriousRetransmissions[sentBy: side] += 1
      decide(repeated, kind, &log)
      if side != vantage { markSpurious(repeated, &log) }
      find(.needlessRetransmission, kind, repeated, verdict, sentBy: side)
    case .outOfOrder:
      result.outOfOrder[sentBy: side] += 1
      find(.outOfOrder, nil, repeated, verdict, sentBy: side)
    case .duplicate:
      result.duplicates[sentBy: side] += 1
      find(.duplicate, nil, repeated, verdict, sentBy: side)
    case .new:
      break
    }
  }

  private mutating func find(
    _ kind: Finding.Kind, _ trigger: RetransmissionKind?, _ repeated: RepeatedSegment,
    _ verdict: RepeatVerdict, sentBy side: Side
  ) {
    findings.add(
      Finding(
        kind: kind, trigger: trigger, sender: side, packet: repeated.sent.number,
        earlier: repeated.original?.number ?? repeated.hole?.opener.number,
        time: SimTime(nanoseconds: repeated.sent.timeNs), sequence: repeated.start,
        length: repeated.isHandshake ? 0 : repeated.end - repeated.start,
        sureness: verdict.sureness, evidence: verdict.evidence))
  }

  private func decide(
    _ repeated: RepeatedSegment, _ kind: RetransmissionKind, _ log: inout LogBuilder
  ) {
    if let index = repeated.recordIndex { log.decide(index, kind) }
  }

  private func markSpurious(_ repeated: RepeatedSegment, _ log: inout LogBuilder) {
    log.infer(
      EventRecord(
        time: SimTime(nanoseconds: repeated.sent.timeNs), kind: .segmentSpurious,
        connection: connection.index, side: vantage, item: repeated.sent.number,
        offset: repeated.start, length: UInt32(clamping: repeated.end - repeated.start)))
  }

  /// What the connection tells about the path of what `side` sends.
  private func path(_ side: Side) -> PathEvidence {
    let offers = [connection[.client].offer, connection[.server].offer]
    return PathEvidence(
      isAtSender: side == vantage, minimumRTTNs: result.minimumRTT?.nanoseconds,
      receiverRTTNs: connection[side].minimumRTTNs,
      peerRTTNs: connection[side.peer].trips.smoothedNs,
      hasRepeatedSYN: connection.hasRepeatedSYN(side),
      permitsSACK: offers.allSatisfy { $0?.permitsSACK ?? true },
      hasSteadyIdentification: connection[side].hasSteadyIdentification,
      hasUnitIdentification: connection[side].hasUnitIdentification)
  }

  // MARK: Stalls

  /// Names what held each stall, as seen from where the capture was made.
  mutating func judgeStalls() {
    for sighting in connection.course.stalls.all {
      let isNear = sighting.sender == vantage
      // At the sender its acknowledgements count, at the receiver what arrives.
      switch sighting.kind {
      case .acknowledgement: guard isNear, !isAnswered(sighting) else { continue }
      case .answer, .pause: if isNear, sighting.repeated >= 0 { continue }
      case .handshake: guard sighting.sender == .client else { continue }
      }
      guard let request = waitingRequest(sighting) else { continue }
      let (cause, sureness) = cause(sighting, isNear: isNear)
      result.stalls.append(
        Stall(
          connection: connection.index, request: request >= 0 ? UInt32(request) : nil,
          from: SimTime(nanoseconds: sighting.fromNs), to: SimTime(nanoseconds: sighting.toNs),
          sender: sighting.sender, cause: cause, packet: sighting.packet, sureness: sureness))
    }
  }

  /// Whether the packet that acknowledges is the awaited answer itself.
  private func isAnswered(_ sighting: StallSighting) -> Bool {
    connection.course.stalls.all.contains { $0.kind == .answer && $0.packet == sighting.packet }
  }

  /// The place of the request that was under way; −1 where messages are not read, and nil where none was,
  /// so that nobody waited.
  private func waitingRequest(_ sighting: StallSighting) -> Int? {
    let exchanges = connection.course.application.exchanges
    guard !exchanges.isEmpty, sighting.kind != .handshake else { return -1 }
    // A sender has sent a response's last byte long before it is acknowledged.
    let endNs = sighting.kind == .acknowledgement ? sighting.fromNs : sighting.toNs
    return exchanges.firstIndex {
      $0.sentNs <= sighting.toNs && ($0.completeNs ?? $0.cutNs ?? .max) >= endNs
    }
  }

  private func cause(_ sighting: StallSighting, isNear: Bool) -> (Cause, Sureness) {
    if sighting.kind == .handshake { return (.handshake, .certain) }
    if sighting.repeated >= 0, let repaired = repairCause(sighting) { return repaired }
    if sighting.wasClosed { return (.receiveWindow, .certain) }
    let isSilent: Cause = sighting.sender == .client ? .client : .server
    switch sighting.kind {
    case .answer:
      if connection.course.application.protocolKind == .tls,
        result.tls?.secured.map({ $0.nanoseconds >= sighting.toNs }) ?? true
      {
        return (.tls, .likely)
      }
      return (isSilent, isNear ? .certain : .likely)
    case .pause:
      if isNear { return (isSilent, .likely) }
      // That nothing was lost on the way is known where the sender counts its packets.
      let counts = connection[sighting.sender].hasUnitIdentification
      return counts ? (isSilent, .likely) : (.unknown, .possible)
    case .acknowledgement, .handshake: return (.unknown, .possible)
    }
  }

  /// What the last repeated segment of a stall says; nil where it was new data after all.
  private func repairCause(_ sighting: StallSighting) -> (Cause, Sureness)? {
    let side = sighting.sender
    let verdict = verdicts[side][sighting.repeated]
    switch verdict.outcome {
    case .lost(let kind), .possiblyLost(let kind), .spurious(let kind):
      return (kind == .fast ? .transportGap : .timeout, verdict.sureness)
    case .outOfOrder: return (.transportGap, verdict.sureness)
    case .duplicate, .new: return nil
    }
  }

  // MARK: Lost packets

  /// The packets that a repeated segment stands for: several where the network card merged them.
  private func lostPackets(
    _ repeated: RepeatedSegment, _ verdict: RepeatVerdict, _ kind: RetransmissionKind,
    sentBy side: Side
  ) -> [LostPacket] {
    var start = repeated.start
    var end = repeated.end
    if let hole = repeated.hole, end <= hole.end { start = max(start, hole.start) }
    if let hole = repeated.hole, start >= hole.start { end = min(end, hole.end) }
    let size = min(repeated.segmentSize, segmentLimit(side))
    var packets: [LostPacket] = []
    repeat {
      let length = min(end - start, size)
      packets.append(
        LostPacket(
          retransmissionNumber: repeated.sent.number,
          originalNumber: repeated.hole == nil ? repeated.original?.number : nil, sender: side,
          sequence: start, length: repeated.isHandshake ? 0 : length, kind: kind,
          sent: SimTime(nanoseconds: sentNs(repeated, start, sentBy: side)),
          repaired: SimTime(nanoseconds: repeated.sent.timeNs),
          isBehindCapture: repeated.original != nil && repeated.hole == nil,
          sureness: verdict.sureness, evidence: verdict.evidence))
      start += max(length, 1)
    } while start < end
    // Each that was lost in between left a round trip before the next, at least.
    let rttNs = result.minimumRTT?.nanoseconds ?? 0
    for number in 0..<repetitionsLost(repeated, sentBy: side) {
      var packet = packets[0]
      let sentNs = repeated.sent.timeNs - rttNs / 2 - Int64(number + 1) * rttNs
      packet.sent = max(packet.sent, SimTime(nanoseconds: max(0, sentNs)))
      packet.originalNumber = nil
      packet.isBehindCapture = false
      (packet.sureness, packet.evidence) = (.likely, .identification)
      packets.append(packet)
    }
    return packets
  }

  /// How many sendings between the first of a segment and the one that arrived were lost before the capture.
  private func repetitionsLost(_ repeated: RepeatedSegment, sentBy side: Side) -> Int {
    guard side != vantage, connection[side].hasUnitIdentification else { return 0 }
    return repeated.missing.map { $0.count - 1 } ?? repeated.lostRepetitions
  }

  /// The largest payload that the other end takes in one packet.
  private func segmentLimit(_ side: Side) -> Int64 {
    guard let option = connection[side].peerSegmentLimit else { return .max }
    return Int64(max(option, 64))
  }

  /// When a lost packet was sent. The far end's packets would have come right before the packet
  /// behind the hole, spaced by the bottleneck, and left half a round trip earlier.
  private func sentNs(_ repeated: RepeatedSegment, _ start: Int64, sentBy side: Side) -> Int64 {
    if repeated.hole == nil, let original = repeated.original { return original.timeNs }
    guard let hole = repeated.hole else {
      // Nothing came behind it: it was sent behind the data seen last.
      let halfRTTNs = (result.minimumRTT?.nanoseconds ?? 0) / 2
      return max(0, repeated.sent.timeNs - repeated.dataQuietNs - halfRTTNs)
    }
    let rate = side == .client ? result.bottleneckUp : result.bottleneckDown
    // Where no rate is known a microsecond a packet keeps them in order.
    let perByteNs = rate.map { 8e9 / Double($0.bitsPerSecond) } ?? 1
    let spacingNs = Int64(Double(hole.end - start) * perByteNs)
    let arrivalNs = max(hole.opener.timeNs - spacingNs, hole.previousNs)
    return max(0, arrivalNs - (result.minimumRTT?.nanoseconds ?? 0) / 2)
  }

  /// Writes a lost packet into the log: its sending, where the capture does not have it, and its
  /// drop.
  private mutating func infer(
    _ packet: LostPacket, _ repeated: RepeatedSegment, _ log: inout LogBuilder
  ) {
    var number = packet.originalNumber ?? 0
    if packet.originalNumber == nil {
      number = nextNumber
      nextNumber &+= 1
      log.infer(
        EventRecord(
          time: packet.sent, kind: .segmentSent, connection: connection.index,
          side: packet.sender, item: number, offset: packet.sequence,
          length: UInt32(clamping: packet.length), detail: TCPFlags.ack.rawValue))
    }
    let headers = Int64(repeated.packetLength) - (repeated.end - repeated.start)
    log.drop(
      EventRecord(
        time: packet.sent, kind: .packetDropped, connection: connection.index, item: number,
        offset: (result.minimumRTT?.nanoseconds ?? 0) / 2,
        length: UInt32(clamping: headers + packet.length),
        detail: DropReason.inferred.rawValue))
  }

  // MARK: Milestones

  /// Writes the connection's milestones at the end where the capture was made.
  func writeMilestones(_ log: inout LogBuilder) {
    func record(_ kind: EventKind, _ timeNs: Int64) -> EventRecord {
      EventRecord(
        time: SimTime(nanoseconds: timeNs), kind: kind, connection: connection.index,
        side: vantage)
    }
    log.open(record(.connectionOpened, connection.course.firstNs))
    if let time = result.established {
      log.close(record(.connectionEstablished, time.nanoseconds))
    }
    for message in connection.course.application.tlsSightings {
      let record = EventRecord(
        time: SimTime(nanoseconds: message.timeNs), kind: .tlsMessage,
        connection: connection.index, side: message.sender, offset: message.offset,
        length: UInt32(clamping: message.wireBytes), detail: message.kind.rawValue)
      if message.sender == vantage { log.open(record) } else { log.close(record) }
    }
    if let time = result.tls?.secured {
      log.close(record(.connectionSecured, time.nanoseconds))
    }
    if let resetNs = connection.course.resetNs {
      log.close(record(.connectionReset, resetNs))
    } else if let finishedNs = connection.course.finishedNs {
      log.close(record(.connectionClosed, finishedNs))
    }
  }

  /// The connection as the log describes it.
  var description: ConnectionDescription {
    ConnectionDescription(
      clientName: result.client.address.text(port: result.client.port),
      serverName: result.server.address.text(port: result.server.port),
      application: connection.course.application.logProtocol,
      maximumSegmentSize: UInt32(
        clamping: max(result.segmentSize.up, result.segmentSize.down)))
  }
}
