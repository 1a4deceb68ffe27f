import NetSim

/// Collects the records of a capture before it is known at which end of each connection it was
/// made, and makes the log of them at the end.
///
/// Until then a segment stands as `segmentSent` at its sender. The end at which the capture was
/// made then decides: segments of the other end turn into `segmentReceived` at this one.
struct LogBuilder {
  /// The `detail` of a `segmentRetransmission` whose verdict is still to come, or was that the
  /// segment repeats nothing.
  static let undecided: UInt8 = .max

  let level: EventLog.Level
  private(set) var records: [EventRecord] = []
  /// Records that go before others of the same time: what causes them.
  private var openers: [EventRecord] = []
  /// Packets that are not in the capture, at the far end, with their drops.
  private var inferred: [EventRecord] = []
  /// Drops of packets, inferred or captured where they left.
  private var drops: [EventRecord] = []
  /// Records that go behind others of the same time: what follows from them.
  private var closers: [EventRecord] = []

  init(level: EventLog.Level) { self.level = level }

  /// Whether segments are kept.
  var keepsSegments: Bool { level == .everything }

  /// Whether connections and requests are kept.
  var keepsMilestones: Bool { level != .totals }

  /// Keeps a record; gives its index.
  @discardableResult
  mutating func add(_ record: EventRecord) -> Int {
    records.append(record)
    return records.count - 1
  }

  /// Keeps a milestone that goes before other records of its time.
  mutating func open(_ record: EventRecord) {
    if keepsMilestones { openers.append(record) }
  }

  /// Keeps a milestone that goes behind other records of its time.
  mutating func close(_ record: EventRecord) {
    if keepsMilestones { closers.append(record) }
  }

  /// Keeps a record that stays at the end where it is said to have happened.
  mutating func infer(_ record: EventRecord) {
    if keepsSegments { inferred.append(record) }
  }

  /// Keeps a drop, which goes behind the sending of its packet.
  mutating func drop(_ record: EventRecord) {
    if keepsSegments { drops.append(record) }
  }

  /// Sets the verdict of a `segmentRetransmission`.
  mutating func decide(_ index: Int, _ kind: RetransmissionKind) {
    guard records.indices.contains(index) else { return }
    records[index].detail = kind.rawValue
  }

  /// The log, given the end of each connection at which the capture was made.
  func log(vantages: [Side]) -> EventLog {
    var log = EventLog(level: level)
    for record in openers { log.recordMilestone(record) }
    for record in inferred { log.record(record) }
    for record in records {
      guard let record = Self.placed(record, vantages) else { continue }
      log.record(record)
    }
    for record in drops { log.record(record) }
    for record in closers { log.recordMilestone(record) }
    log.sortByTime()
    return log
  }

  /// The record as seen from where the capture was made; nil when it says nothing there.
  private static func placed(_ record: EventRecord, _ vantages: [Side]) -> EventRecord? {
    let index = Int(record.connection)
    guard vantages.indices.contains(index) else { return record }
    let vantage = vantages[index]
    var record = record
    switch record.kind {
    case .segmentSent:
      if record.side != vantage {
        record.kind = .segmentReceived
        record.place = UInt16(vantage.rawValue)
      }
    case .segmentAcknowledgement, .segmentSACK, .segmentSpurious:
      record.place = UInt16(vantage.rawValue)
    case .segmentRetransmission:
      if record.detail == undecided { return nil }
      record.place = UInt16(vantage.rawValue)
    case .bytesBuffered, .bytesDelivered, .roundTripSample:
      if record.side != vantage { return nil }
    case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .packetDropped,
      .packetArrived, .segmentReceived, .segmentDeclaredLost,
      .timerFired, .congestionWindow, .slowStartThreshold, .congestionPhase, .sendLimited,
      .connectionOpened, .connectionEstablished, .connectionClosed, .connectionReset,
      .connectionFailed, .requestQueued, .requestSent, .requestReceived, .responseSent,
      .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
      .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
      .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
      .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
      .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
      .packetAddress, .pathChanged:
      break
    }
    return record
  }
}
