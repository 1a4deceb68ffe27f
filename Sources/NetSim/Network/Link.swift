/// One direction of one hop: a rate, a delay, a queue, losses, and what chance does to packets.
///
/// A packet that enters waits while earlier ones are serialised, and arrives `delay` after its
/// last bit has left. It is lost when the loss model says so, when the queue is full, or when the
/// queue's discipline drops it. Where that is decided on entry, everything about a packet is known
/// when it enters: a link keeps its packets in a ring and has one event pending, the arrival of the
/// first. A CoDel queue decides when a packet leaves it, which is an event of its own.
struct Link: ~Copyable {
  private let settings: LinkSettings
  private let index: UInt16
  private(set) var lossModel: LossModel
  private var transmitter: Transmitter
  /// Nil for a link whose packets all arrive as they left.
  private var chance: LinkChance?
  private var early: RandomEarlyDetection?
  private var controlled: ControlledDelay?
  /// Whether RED decides about packets when they enter.
  private let decidesEarly: Bool
  /// Whether chance does nothing to packets.
  private let isExact: Bool
  /// The room of the queue.
  private let packetLimit: Int
  private let byteLimit: UInt64
  /// Whether the first of `onTime` is all that is due.
  private let isPlain: Bool
  /// Packets that arrive in the order in which they left.
  private var onTime = Passage()
  /// Packets that others may overtake.
  private var late = Passage()
  /// When the earliest event is due that the engine has for this link; `never` if it has none.
  var due = SimTime.never

  init(_ settings: LinkSettings, index: Int, seed: UInt64) {
    let number = UInt32(index)
    self.settings = settings
    self.index = UInt16(index)
    lossModel = LossModel(settings, index: number, seed: seed)
    transmitter = Transmitter(settings)
    chance = LinkChance(settings, index: number, seed: seed)
    isExact = chance == nil
    switch settings.discipline {
    case .dropTail: break
    case .red(let red):
      early = RandomEarlyDetection(
        red, random: RandomStream(seed: seed, purpose: "link early drops", index: number))
    case .codel(let codel): controlled = ControlledDelay(codel, marks: settings.marksECN)
    }
    decidesOnLeaving = controlled != nil
    decidesEarly = early != nil
    isPlain = settings.reordering == nil && controlled == nil
    switch settings.queue {
    case .unlimited: (packetLimit, byteLimit) = (.max, .max)
    case .packets(let limit): (packetLimit, byteLimit) = (Int(limit), .max)
    case .bytes(let limit): (packetLimit, byteLimit) = (.max, limit)
    }
  }

  /// Whether what is lost depends on packets' sequence numbers.
  var losesBySequence: Bool { lossModel.watchesSequence }

  /// Whether the queue decides about packets when they leave it, so that `serve` must be called.
  let decidesOnLeaving: Bool

  // A link has hundreds of bytes, and a call that does not change it would copy them all: hence
  // those that change nothing are inlined, or `mutating`, on the way of each packet.

  /// When the next packet reaches the far end; `never` if none is under way.
  var nextArrival: SimTime {
    @inline(__always) get {
      isPlain ? onTime.nextArrival : min(onTime.nextArrival, late.nextArrival)
    }
  }

  /// Whether the event that the engine has for this link comes before anything that is new to it.
  var isServed: Bool {
    @inline(__always) get { isPlain && due != .never }
  }

  /// When something happens next; `never` if nothing does by itself.
  var nextEvent: SimTime {
    @inline(__always) mutating get {
      isPlain ? onTime.nextArrival : min(onTime.nextArrival, late.nextArrival, nextService)
    }
  }

  /// When a CoDel queue's next packet may leave.
  private var nextService: SimTime {
    mutating get {
      if !decidesOnLeaving || controlled!.waiting == 0 { return .never }
      return transmitter.opening(at: transmitter.busyUntil)
    }
  }

  // MARK: Arrivals

  /// Takes the packet that arrives next, at its time.
  @inline(__always)
  mutating func takeArrival(log: inout EventLog) -> Packet {
    let transit = isPlain ? onTime.takeFirst() : takeFirstOfBoth()
    let (now, packet) = (transit.arrives, transit.packet)
    log.fold(now, .packetArrived, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetArrived, connection: packet.connection, place: index,
        item: packet.number, offset: transit.serialization.nanoseconds, length: packet.ipBytes))
    return packet
  }

  @inline(never)
  private mutating func takeFirstOfBoth() -> Passage.Transit {
    late.nextArrival < onTime.nextArrival ? late.takeFirst() : onTime.takeFirst()
  }

  /// Takes the packets whose last bit has left by `now` out of the queue.
  @inline(__always)
  private mutating func release(until now: SimTime) {
    onTime.release(until: now)
    if !isPlain { late.release(until: now) }
  }

  // MARK: Entering

  /// Lets a packet enter. Returns whether it was taken; if not it is lost.
  ///
  /// `sequence` is the packet's span where `losesBySequence` asks for it.
  @inline(__always)
  mutating func enter(
    _ packet: Packet, sequence: Range<Int64>? = nil, at now: SimTime, log: inout EventLog
  ) -> Bool {
    release(until: now)
    let loss = lossModel.drops(packet, sequence, at: now)
    if decidesEarly && loss == nil { return enterEarly(packet, at: now, log: &log) }
    if let reason = loss ?? (hasRoom(for: packet) ? nil : .queueFull) {
      recordDrop(packet, reason, at: now, log: &log)
      return false
    }
    accept(packet, at: now, log: &log)
    return true
  }

  /// Lets a packet enter that RED looks at.
  @inline(never)
  private mutating func enterEarly(
    _ packet: Packet, at now: SimTime, log: inout EventLog
  ) -> Bool {
    var packet = packet
    early!.observe(
      queue: onTime.waiting + late.waiting, idleSince: transmitter.busyUntil, at: now,
      rate: transmitter.rate(at: now))
    let verdict = early!.judge()
    let marks = verdict == .notify && settings.marksECN && packet.ecn.isCapable
    let reason: DropReason? =
      verdict != .pass && !marks ? .activeQueue : hasRoom(for: packet) ? nil : .queueFull
    if let reason {
      recordDrop(packet, reason, at: now, log: &log)
      return false
    }
    if marks {
      packet.ecn = .congestionExperienced
      recordMark(packet, at: now, log: &log)
    }
    accept(packet, at: now, log: &log)
    return true
  }

  /// Whether the packet that was just taken is sent twice.
  @inline(__always)
  mutating func duplicates(_ packet: Packet) -> Bool {
    !isExact && chance!.duplicates() && hasRoom(for: packet)
  }

  /// Lets the copy of a packet enter, for which there is room.
  mutating func enter(copy: Packet, of number: UInt32, at now: SimTime, log: inout EventLog) {
    log.record(
      EventRecord(
        time: now, kind: .packetDuplicated, connection: copy.connection, place: index,
        item: copy.number, offset: Int64(number), length: copy.ipBytes))
    accept(copy, at: now, log: &log)
  }

  @inline(__always)
  private mutating func hasRoom(for packet: Packet) -> Bool {
    var (packets, bytes) = (onTime.waiting, onTime.waitingBytes)
    if !isPlain {
      packets += late.waiting + (controlled?.waiting ?? 0)
      bytes += late.waitingBytes + (controlled?.bytes ?? 0)
    }
    return packets < packetLimit && bytes + UInt64(packet.ipBytes) <= byteLimit
  }

  /// Takes a packet that is not lost.
  @inline(__always)
  private mutating func accept(_ packet: Packet, at now: SimTime, log: inout EventLog) {
    if decidesOnLeaving {
      controlled!.append(packet, at: now)
      recordEntry(packet, waiting: -1, at: now, log: &log)
      return
    }
    let (start, serialization) = transmitter.send(
      billed(packet), at: now, isBusy: transmitter.busyUntil > now, taken: true)
    recordEntry(packet, waiting: (start - now).nanoseconds, at: now, log: &log)
    launch(packet, departs: start + serialization, serialization)
  }

  /// The bytes of a packet that take time.
  @inline(__always)
  private func billed(_ packet: Packet) -> UInt32 {
    settings.acknowledgementsAreFree && packet.isPureAcknowledgement ? 0 : packet.ipBytes
  }

  /// Puts a packet on its way whose departure is known.
  @inline(__always)
  private mutating func launch(
    _ packet: Packet, departs: SimTime, _ serialization: SimDuration
  ) {
    var transit = Passage.Transit(
      packet: packet, departs: departs, arrives: departs + settings.delay,
      serialization: serialization)
    if isExact {
      onTime.append(transit)
      return
    }
    let (arrives, isLate) = chance!.arrival(transit.arrives)
    transit.arrives = arrives
    if isLate { late.append(transit) } else { onTime.append(transit) }
  }

  // MARK: Leaving a CoDel queue

  /// Sends what the queue may send by `now`. Packets that it drops wait for `takeDropped`.
  mutating func serve(at now: SimTime, log: inout EventLog) {
    while nextService <= now, let (head, marked) = controlled!.takeNext(at: now) {
      let packet = head.packet
      if marked { recordMark(packet, at: now, log: &log) }
      let (start, serialization) = transmitter.send(
        billed(packet), at: now, isBusy: head.entered < now, taken: true)
      log.record(
        EventRecord(
          time: now, kind: .packetDequeued, connection: packet.connection, place: index,
          item: packet.number, offset: (start - head.entered).nanoseconds, length: packet.ipBytes))
      launch(packet, departs: start + serialization, serialization)
    }
  }

  /// A packet that the queue has dropped since this was last called until it gave none.
  mutating func takeDropped(at now: SimTime, log: inout EventLog) -> Packet? {
    guard let packet = controlled?.takeDropped() else { return nil }
    recordDrop(packet, .activeQueue, at: now, log: &log)
    return packet
  }

  // MARK: The log

  @inline(__always)
  private func recordEntry(
    _ packet: Packet, waiting: Int64, at now: SimTime, log: inout EventLog
  ) {
    log.record(
      EventRecord(
        time: now, kind: .packetEnqueued, connection: packet.connection, place: index,
        item: packet.number, offset: waiting, length: packet.ipBytes))
  }

  private func recordMark(_ packet: Packet, at now: SimTime, log: inout EventLog) {
    log.fold(now, .packetMarked, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetMarked, connection: packet.connection, place: index,
        item: packet.number, length: packet.ipBytes))
  }

  @inline(never)
  private mutating func recordDrop(
    _ packet: Packet, _ reason: DropReason, at now: SimTime, log: inout EventLog
  ) {
    let (start, serialization) = transmitter.send(
      billed(packet), at: now, isBusy: transmitter.busyUntil > now, taken: false)
    let arrival = start + serialization + settings.delay
    log.fold(now, .packetDropped, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetDropped, connection: packet.connection, place: index,
        item: packet.number, offset: (arrival - now).nanoseconds, length: packet.ipBytes,
        detail: reason.rawValue))
  }
  /// Loses a packet at the client's end because the middlebox there lets it not pass.
  @inline(never)
  mutating func turnAway(
    _ packet: Packet, _ reason: DropReason, at now: SimTime, log: inout EventLog
  ) {
    log.fold(now, .packetDropped, packet.connection, Int64(packet.number))
    log.record(
      EventRecord(
        time: now, kind: .packetDropped, connection: packet.connection, place: index,
        item: packet.number, length: packet.ipBytes, detail: reason.rawValue))
  }

  /// Whether the middlebox at the client's end lets no UDP datagram pass.
  var blocksDatagrams: Bool { settings.blocksDatagrams }

  /// Whether a middlebox at the client's end keeps state of connections.
  var keepsState: Bool { settings.keepsState }

  /// Whether the middlebox at the client's end has forgotten a connection of which it last saw something
  /// at `seen`.
  func forgets(_ seen: SimTime, isDatagram: Bool, at now: SimTime) -> Bool {
    let ofDatagrams = isDatagram ? settings.datagramStateLimit : nil
    return (ofDatagrams ?? settings.stateLimit).map { now - seen > $0 } ?? false
  }

  /// Whether the NAT at the client's end has forgotten all connections since `seen`.
  func hasRebound(since seen: SimTime, at now: SimTime) -> Bool {
    settings.rebindings.contains { seen < $0 && $0 <= now }
  }
}
