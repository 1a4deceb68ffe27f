/// What a sender learns from acknowledgements, and what it takes for lost (RFC 9002 §5 to §7).
extension QUICEndpoint {
  /// What an ACK frame tells, gathered while its ranges are read.
  private struct Learnt {
    var packets = 0
    var hasEliciting = false
    /// When the largest was sent, if it is newly acknowledged.
    var largestSentAt: SimTime?
    var isUsed: Bool
    var wasDoubtful = 0
    /// The packet that was sent last, for a model of the path.
    var newest: SentPacket?
    var roundTrip: SimDuration?
  }

  /// Takes the ACK frame that stands at a place of a datagram, and the ranges behind it.
  mutating func acknowledge(
    _ datagram: borrowing Datagram, _ place: Int, in space: PacketSpaceName, at now: SimTime,
    _ log: inout EventLog
  ) {
    let frame = datagram[place]
    var learnt = Learnt(isUsed: isWindowLimited)
    var marked: Int64?
    let before = deliveryState
    for next in place + 1..<datagram.count {
      let item = datagram[next]
      if item.kind == .ackedRange {
        takeRange(item, largest: frame.offset, in: space, &learnt, at: now, &log)
      } else {
        if item.kind == .congestionCounts { marked = item.length }
        break
      }
    }
    guard learnt.packets > 0 else { return }
    self[space].largestAcknowledged = max(self[space].largestAcknowledged, frame.offset)
    if side == .client && space == .handshake { isKnownToServer = true }
    measure(&learnt, delay: SimDuration(nanoseconds: frame.length), in: space, at: now, &log)
    if bytesInFlight < congestion.window { isWindowLimited = false }
    if learnt.wasDoubtful > 0 && doubtful == 0 { congestion.undo() }
    let rate = rate.sample(minimum: roundTrip.minimum, at: now)
    if let marked { takeMarks(marked, upTo: frame.offset, in: space, at: now) }
    detectLosses(in: space, at: now, &log)
    congestion.delivered(rate: rate, minimum: roundTrip.minimum)
    if let newest = learnt.newest {
      takeDeliveries(newest, roundTrip: learnt.roundTrip, since: before, at: now)
    }
    self[space].probes = 0
    if timeoutsInARow > 0 && (side == .server || isKnownToServer) {
      timeoutsInARow = policy.keepsBackoff ? min(timeoutsInARow, 2) : 0
    }
    forget(in: space, at: now)
    logWindow(at: now, &log)
    releasePacing(at: now)
  }

  private mutating func takeRange(
    _ range: QUICItem, largest: Int64, in space: PacketSpaceName, _ learnt: inout Learnt,
    at now: SimTime, _ log: inout EventLog
  ) {
    let last = min(range.offset + range.length, self[space].history.end) - 1
    var number = max(range.offset, self[space].history.first)
    while number <= last {
      let fate = self[space].history[number].fate
      if fate == .open || fate == .lost {
        let packet = self[space].history[number]
        arrived(number, packet, in: space, &learnt, at: now, &log)
        if number == largest && fate == .open && packet.path == paths.measured {
          learnt.largestSentAt = packet.sentAt
        }
      }
      number += 1
    }
  }

  private mutating func arrived(
    _ number: Int64, _ packet: SentPacket, in space: PacketSpaceName, _ learnt: inout Learnt,
    at now: SimTime, _ log: inout EventLog
  ) {
    self[space].history[number].fate = .acknowledged
    learnt.packets += 1
    if packet.isEliciting { learnt.hasEliciting = true }
    if packet.fate == .lost {
      if packet.isInFlight && !packet.triesSize {
        doubtful -= 1
        learnt.wasDoubtful += 1
        spurious += 1
        logFate(.quicPacketSpurious, number, packet, at: now, &log)
      }
    } else {
      leave(packet, in: space)
    }
    if packet.acknowledges >= 0 { self[space].received.forget(upTo: packet.acknowledges) }
    if packet.triesSize && packet.path == paths.measured { sizeWorks(Int64(packet.bytes)) }
    for index in 0..<Int(packet.frameCount) {
      frameArrived(self[space].history.frame(index, of: packet), in: space)
    }
    rate.acknowledged(packet, at: now)
    if congestion.hasModel && packet.isInFlight
      && learnt.newest.map({ packet.sentAt >= $0.sentAt }) ?? true
    {
      learnt.newest = packet
    }
    if !packet.isBareProbe && packet.isEliciting && policy.keepsBackoff { timeoutsInARow = 0 }
    let isNumbered = space == .application
    if packet.isInFlight && packet.fate == .open {
      congestion.acknowledged(
        packet, number: isNumbered ? number : nil, isUsed: learnt.isUsed,
        smoothed: roundTrip.smoothed, at: now)
    }
  }

  /// A packet is no longer under way.
  @inline(__always)
  private mutating func leave(_ packet: SentPacket, in space: PacketSpaceName) {
    if packet.isInFlight {
      bytesInFlight -= Int64(packet.bytes)
      self[space].bytesInFlight -= Int64(packet.bytes)
    }
    if packet.isEliciting && !packet.isRepeated { self[space].elicitingInFlight -= 1 }
  }

  private mutating func frameArrived(_ frame: QUICItem, in space: PacketSpaceName) {
    switch frame.kind {
    case .crypto:
      _ = self[space].crypto.acknowledged.receive(
        Reassembly.Span(start: frame.offset, end: frame.offset + frame.length))
    case .stream: streamArrived(frame)
    default: break
    }
  }

  /// RFC 9002 §5.1: a sample comes of the largest, where something wanted an answer.
  private mutating func measure(
    _ learnt: inout Learnt, delay: SimDuration, in space: PacketSpaceName, at now: SimTime,
    _ log: inout EventLog
  ) {
    guard let sentAt = learnt.largestSentAt, learnt.hasEliciting else { return }
    let sample = now - sentAt
    let isTaken = roundTrip.sample(
      sample, delay: space == .application ? delay : .zero,
      mostDelay: isConfirmed ? peerDelay : nil, at: now)
    guard isTaken else { return }
    learnt.roundTrip = sample
    log.record(
      EventRecord(
        time: now, kind: .roundTripSample, connection: connection, side: side,
        offset: sample.nanoseconds))
    congestion.sampled(
      sample,
      HyStart.Measure(
        minimum: roundTrip.minimum ?? sample, window: 0, time: now,
        unacknowledged: self[space].largestAcknowledged, next: self[space].nextNumber,
        isPaced: policy.burst > 0, allowance: .zero))
  }

  /// The peer saw more marks than before: congestion (RFC 9002 §7.1).
  private mutating func takeMarks(
    _ marked: Int64, upTo largest: Int64, in space: PacketSpaceName, at now: SimTime
  ) {
    guard marked > self[space].peerMarked else { return }
    self[space].peerMarked = marked
    if largest >= self[space].history.first && largest < self[space].history.end {
      _ = congestion.lost(sentAt: self[space].history[largest].sentAt, at: now)
    }
  }

  // MARK: Losses

  /// How many packets later than one must have arrived for it to be lost (§6.1.1).
  @inline(__always)
  private func packetThreshold(in space: PacketSpaceName) -> Int64 {
    guard policy.widensThreshold else { return 3 }
    return min(max(self[space].bytesInFlight / datagramSize / 2, 3), 256)
  }

  /// Finds the packets of a space that are lost (§6.1).
  mutating func detectLosses(
    in space: PacketSpaceName, at now: SimTime, _ log: inout EventLog
  ) {
    self[space].lossTime = .never
    let largest = self[space].largestAcknowledged
    let (delay, threshold) = (roundTrip.lossDelay, packetThreshold(in: space))
    var lost = Lost()
    var number = self[space].history.first
    while number <= min(largest, self[space].history.end - 1) {
      defer { number += 1 }
      guard self[space].history[number].fate == .open else { continue }
      let packet = self[space].history[number]
      if packet.sentAt + delay <= now || largest >= number + threshold {
        lose(number, packet, in: space, &lost, at: now, &log)
      } else if packet.isInFlight || packet.isEliciting {
        self[space].lossTime = min(self[space].lossTime, packet.sentAt + delay)
      }
    }
    guard let latest = lost.latest else { return }
    if congestion.lost(sentAt: latest, at: now) { logReduction(at: now, &log) }
    if space == .application && isPersistent(lost) {
      congestion.persist()
      roundTrip.restart(whole: policy.forgetsRoundTrip)
      logReduction(at: now, &log)
    }
  }

  /// Losses that were found together: the period of §7.6.2 lies between the first and the last of a run
  /// of packets that want answers and are all lost.
  private struct Lost {
    var latest: SimTime?
    var runStart: SimTime?
    var longest = SimDuration.zero
    var last: Int64 = -1
  }

  private mutating func lose(
    _ number: Int64, _ packet: SentPacket, in space: PacketSpaceName, _ lost: inout Lost,
    at now: SimTime, _ log: inout EventLog
  ) {
    self[space].history[number].fate = .lost
    leave(packet, in: space)
    logFate(.quicPacketLost, number, packet, at: now, &log)
    if packet.triesSize {
      if packet.path == paths.measured { sizeFailed() }
      return
    }
    if !packet.isInFlight { return }
    doubtful += 1
    lossesFound &+= 1
    lost.latest = packet.sentAt
    if packet.isEliciting, let first = roundTrip.firstSample, packet.sentAt >= first {
      let isRun = lost.runStart != nil && !arrivedBetween(lost.last, number, in: space)
      if !isRun { lost.runStart = packet.sentAt }
      lost.last = number
      lost.longest = max(lost.longest, packet.sentAt - (lost.runStart ?? packet.sentAt))
    }
    if packet.isRepeated { return }
    reclaim(packet, in: space)
  }

  @inline(__always)
  private func arrivedBetween(
    _ low: Int64, _ high: Int64, in space: PacketSpaceName
  ) -> Bool {
    var number = max(low + 1, self[space].history.first)
    while number < high {
      if self[space].history[number].fate == .acknowledged { return true }
      number += 1
    }
    return false
  }

  /// kPersistentCongestionThreshold probe time-outs (§7.6.1).
  @inline(__always)
  private func isPersistent(_ lost: Lost) -> Bool {
    lost.longest > .zero
      && lost.longest >= (roundTrip.probeTimeout + peerDelay) * 3
  }

  /// Puts what a packet carried where it will be sent again (RFC 9000 §13.3).
  mutating func reclaim(_ packet: SentPacket, in space: PacketSpaceName) {
    for index in 0..<Int(packet.frameCount) {
      let frame = self[space].history.frame(index, of: packet)
      let piece = SentPiece(
        start: frame.offset, end: frame.offset + frame.length, order: frame.order,
        isLast: frame.isLast)
      switch frame.kind {
      case .crypto: self[space].crypto.lost.append(piece)
      case .stream: repeatLater(piece, of: frame.stream)
      default: control.append(frame)
      }
    }
  }

  /// The same for all packets that are under way.
  mutating func reclaimAll(in space: PacketSpaceName) {
    var number = self[space].history.first
    while number < self[space].history.end {
      let packet = self[space].history[number]
      if packet.fate == .open { reclaim(packet, in: space) }
      number += 1
    }
  }

  /// How many packets of a space were declared lost and may have arrived all the same.
  func doubtful(in space: PacketSpaceName) -> Int {
    var count = 0
    var number = self[space].history.first
    while number < self[space].history.end {
      let packet = self[space].history[number]
      if packet.fate == .lost && packet.isInFlight && !packet.triesSize { count += 1 }
      number += 1
    }
    return count
  }

  /// Forgets packets whose fate is settled: of lost ones it is after a probe time-out.
  private mutating func forget(in space: PacketSpaceName, at now: SimTime) {
    let patience = roundTrip.lossDelay + probeTimeout(space)
    var forgotten = 0
    self[space].history.drop { packet in
      switch packet.fate {
      case .open: return false
      case .acknowledged, .untracked: return true
      case .lost:
        guard packet.sentAt + patience <= now else { return false }
        if packet.isInFlight && !packet.triesSize { forgotten += 1 }
        return true
      }
    }
    doubtful -= forgotten
  }
}
