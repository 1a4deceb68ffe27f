/// How each packet of a log travelled, gathered in one pass over its records.
struct Journeys {
  /// A packet's crossing of one link.
  struct Hop {
    /// How long it waited for its serialisation to begin.
    var wait: SimDuration
    /// How long its serialisation took.
    var serialization: SimDuration
    /// From its last bit leaving to its arrival.
    var propagation: SimDuration
    /// The hop before, in `hops`; −1 for the first.
    fileprivate var previous: Int32
    fileprivate var entered: SimTime
  }

  /// One packet.
  struct Journey {
    /// Payload bytes of its segment.
    var payload: UInt32 = 0
    /// What held its sender until it was sent; nil when nothing did, or when it was not seen.
    var held: Cause?
    /// Why its bytes were sent again; nil when they were new.
    var retransmission: RetransmissionKind?
    /// The last hop, in `hops`; −1 when its way was not seen.
    fileprivate var lastHop: Int32 = -1
  }

  private var journeys: [Journey] = []
  private var hops: [Hop] = []
  /// What datagrams of QUIC carry.
  private(set) var carried: CarriedFrames
  /// What holds each endpoint's sender now, by connection and side.
  private var limits: [Cause?]

  init(connections: Int) {
    limits = Array(repeating: nil, count: connections * 2)
    carried = CarriedFrames(connections: connections)
  }

  /// The packet of that number; an empty journey if the log never mentions it.
  subscript(packet: UInt32) -> Journey {
    Int(packet) < journeys.count ? journeys[Int(packet)] : Journey()
  }

  /// The hops of a packet, the last first; empty when its way was not seen.
  func hopsBackwards(of packet: UInt32) -> [Hop] {
    var result: [Hop] = []
    var index = self[packet].lastHop
    while index >= 0 {
      result.append(hops[Int(index)])
      index = hops[Int(index)].previous
    }
    return result
  }

  /// Takes what a record tells of a packet's way.
  mutating func take(_ record: EventRecord) {
    switch record.kind {
    case .packetEnqueued: enter(record)
    case .packetDequeued:
      let index = Int(self[record.item].lastHop)
      if index >= 0 { hops[index].wait = SimDuration(nanoseconds: record.offset) }
    case .packetDuplicated: copy(record)
    case .packetArrived: leave(record)
    case .segmentSent, .segmentReceived:
      let held = limits[limitIndex(record)]
      let isSent = record.kind == .segmentSent
      update(record.item) { journey in
        journey.payload = record.length
        if isSent { journey.held = held }
      }
    case .quicPacketSent:
      let held = limits[limitIndex(record)]
      carried.takePacket(record)
      update(record.item) { journey in
        journey.payload += record.length
        journey.held = held
      }
    case .quicFrame:
      if let again = carried.takeFrame(record) {
        update(again.datagram) { $0.retransmission = again.kind }
      }
    case .timerFired: carried.takeTimer(record)
    case .segmentRetransmission:
      update(record.item) { $0.retransmission = RetransmissionKind(rawValue: record.detail) }
    case .sendLimited:
      limits[limitIndex(record)] =
        record.detail == 0 ? nil : Cause(rawValue: record.detail - 1)
    case .packetDropped, .packetMarked, .segmentAcknowledgement, .segmentSACK, .segmentSpurious,
      .segmentDeclaredLost, .congestionWindow, .slowStartThreshold,
      .congestionPhase, .roundTripSample, .bytesBuffered, .bytesDelivered, .connectionOpened,
      .connectionEstablished, .connectionClosed, .connectionReset, .connectionFailed,
      .requestQueued, .requestSent, .requestReceived, .responseSent, .responseFirstByte,
      .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
      .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
      .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
      .quicPacketReceived, .quicPacketLost, .quicPacketSpurious,
      .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
      .packetAddress, .pathChanged:
      break
    }
  }

  private func limitIndex(_ record: EventRecord) -> Int {
    Int(record.connection) * 2 + Int(record.side.rawValue)
  }

  private mutating func enter(_ record: EventRecord) {
    let hop = Hop(
      wait: SimDuration(nanoseconds: max(0, record.offset)), serialization: .zero,
      propagation: .zero,
      previous: self[record.item].lastHop, entered: record.time)
    let index = Int32(hops.count)
    hops.append(hop)
    update(record.item) { $0.lastHop = index }
  }

  /// The copy of a packet came the way that the packet came, up to this link.
  private mutating func copy(_ record: EventRecord) {
    var journey = self[UInt32(truncatingIfNeeded: record.offset)]
    if journey.lastHop >= 0 { journey.lastHop = hops[Int(journey.lastHop)].previous }
    update(record.item) { $0 = journey }
  }

  private mutating func leave(_ record: EventRecord) {
    let index = Int(self[record.item].lastHop)
    guard index >= 0 else { return }
    let serialization = SimDuration(nanoseconds: record.offset)
    hops[index].serialization = serialization
    hops[index].propagation =
      record.time - hops[index].entered - hops[index].wait - serialization
  }

  private mutating func update(_ packet: UInt32, _ change: (inout Journey) -> Void) {
    while journeys.count <= Int(packet) { journeys.append(Journey()) }
    change(&journeys[Int(packet)])
  }
}
