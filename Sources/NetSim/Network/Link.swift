/// One direction of one hop: a rate, a delay, a drop-tail queue and losses.
///
/// A packet that enters waits while earlier ones are serialised, and arrives `delay` after its
/// last bit has left. It is lost when the loss model says so, or when the queue is full. With a
/// first-in, first-out queue everything about a packet is known when it enters, so a link keeps
/// its packets in a ring and has one event pending: the arrival of the first.
struct Link {
  /// A packet in the queue, in service or in flight.
  struct Transit {
    var packet: Packet
    /// When its last bit leaves.
    var departs: SimTime
    /// When it reaches the far end.
    var arrives: SimTime
    /// How long its serialisation takes.
    var serialization: SimDuration
  }

  private let settings: LinkSettings
  private let index: UInt16
  private var lossModel: LossModel
  private var transits = RingBuffer<Transit>()
  /// How many of `transits` have left the queue.
  private var departed = 0
  private var queuedBytes: UInt64 = 0
  private var busyUntil = SimTime.zero
  private var remainder: UInt64 = 0

  init(_ settings: LinkSettings, index: Int, seed: UInt64) {
    self.settings = settings
    self.index = UInt16(index)
    lossModel = LossModel(
      settings, random: RandomStream(seed: seed, purpose: "link loss", index: UInt32(index)))
  }

  /// Whether what is lost depends on packets' sequence numbers.
  var losesBySequence: Bool { lossModel.watchesSequence }

  /// When the first packet reaches the far end; `never` if none is under way.
  var nextArrival: SimTime { transits.isEmpty ? .never : transits[0].arrives }

  /// Takes the packet that arrives first, at its time.
  mutating func takeArrival(log: inout EventLog) -> Packet {
    let now = transits[0].arrives
    release(until: now)
    let transit = transits.removeFirst()
    departed -= 1
    let packet = transit.packet
    log.fold(now, .packetArrived, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetArrived, connection: packet.connection, place: index,
        item: packet.number, offset: transit.serialization.nanoseconds, length: packet.ipBytes))
    return packet
  }

  /// Lets a packet enter. Returns whether it was taken; if not it is lost.
  ///
  /// `sequence` is the packet's span where `losesBySequence` asks for it.
  mutating func enter(
    _ packet: Packet, sequence: Range<Int64>? = nil, at now: SimTime, log: inout EventLog
  ) -> Bool {
    release(until: now)
    let reason = lossModel.drops(packet, sequence) ?? (hasRoom(for: packet) ? nil : .queueFull)
    let (start, serialization) = admit(packet, at: now, taken: reason == nil)
    let departs = start + serialization
    if let reason {
      recordDrop(packet, reason, at: now, arrival: departs + settings.delay, log: &log)
      return false
    }
    log.record(
      EventRecord(
        time: now, kind: .packetEnqueued, connection: packet.connection, place: index,
        item: packet.number, offset: (start - now).nanoseconds, length: packet.ipBytes))
    transits.append(
      Transit(
        packet: packet, departs: departs, arrives: departs + settings.delay,
        serialization: serialization))
    return true
  }

  /// When serialisation of a packet that enters now begins, and how long it takes. A packet that
  /// is not taken leaves the link as it was.
  private mutating func admit(
    _ packet: Packet, at now: SimTime, taken: Bool
  ) -> (start: SimTime, serialization: SimDuration) {
    var carried = busyUntil > now ? remainder : 0  // an idle link starts from a whole nanosecond
    let start = max(now, busyUntil)
    let isFree = settings.acknowledgementsAreFree && packet.isPureAcknowledgement
    let serialization =
      isFree
      ? .zero : settings.rate.transmissionTime(bytes: Int(packet.ipBytes), remainder: &carried)
    if taken {
      remainder = carried
      busyUntil = start + serialization
      queuedBytes += UInt64(packet.ipBytes)
    }
    return (start, serialization)
  }

  /// Takes the packets whose last bit has left by `now` out of the queue.
  private mutating func release(until now: SimTime) {
    while departed < transits.count && transits[departed].departs <= now {
      queuedBytes -= UInt64(transits[departed].packet.ipBytes)
      departed += 1
    }
  }

  private func hasRoom(for packet: Packet) -> Bool {
    switch settings.queue {
    case .unlimited: true
    case .packets(let limit): transits.count - departed < Int(limit)
    case .bytes(let limit): queuedBytes + UInt64(packet.ipBytes) <= limit
    }
  }

  private func recordDrop(
    _ packet: Packet, _ reason: DropReason, at now: SimTime, arrival: SimTime, log: inout EventLog
  ) {
    log.fold(now, .packetDropped, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetDropped, connection: packet.connection, place: index,
        item: packet.number, offset: (arrival - now).nanoseconds, length: packet.ipBytes,
        detail: reason.rawValue))
  }
}
