import NetSim

/// What the simulator knows of a run's packets and a capture cannot show.
struct PacketNotes {
  private struct Note {
    var reason: DropReason?
    var link: UInt16 = 0
    var retransmission: RetransmissionKind?
    var isSpurious = false
    var isMarked = false
    var isCopy = false
    /// What a datagram has, which keys hide.
    var content = ""
    var repeated: [Int64] = []
    var isProbe = false
    var hadArrived = false
  }

  /// Only packets about which there is something to say.
  private var notes: [UInt32: Note] = [:]

  /// Collects the notes of a log; throws when it does not hold what packets are made of.
  init(_ log: EventLog) throws(PcapngExportError) {
    noteDatagrams(log)
    for record in log.records {
      switch record.kind {
      case .segmentSent, .segmentReceived:
        guard record.item > 0, Int(record.item) <= log.segmentHeaders.count else {
          throw .incompleteLog
        }
        // 20 bytes of IP header and at most 60 of TCP's.
        if record.length > 65_535 - 80 { throw .packetTooLong(number: record.item) }
      case .quicPacketSent:
        guard record.item > 0, Int(record.item) <= log.segmentHeaders.count else {
          throw .incompleteLog
        }
        // The headers of IP and UDP.
        if record.length > 65_535 - 28 { throw .packetTooLong(number: record.item) }
      case .quicPacketSpurious: notes[record.item, default: Note()].hadArrived = true
      case .packetDropped:
        notes[record.item, default: Note()].reason = DropReason(rawValue: record.detail)
        notes[record.item]?.link = record.place
      case .packetDuplicated: notes[record.item, default: Note()].isCopy = true
      case .packetMarked: notes[record.item, default: Note()].isMarked = true
      case .segmentRetransmission:
        notes[record.item, default: Note()].retransmission =
          RetransmissionKind(rawValue: record.detail)
      case .segmentSpurious: notes[record.item, default: Note()].isSpurious = true
      case .packetEnqueued, .packetDequeued, .packetArrived, .segmentAcknowledgement, .segmentSACK,
        .segmentDeclaredLost, .timerFired, .congestionWindow, .slowStartThreshold,
        .congestionPhase, .roundTripSample, .sendLimited, .bytesBuffered, .bytesDelivered,
        .connectionOpened, .connectionEstablished, .connectionClosed, .connectionReset,
        .connectionFailed, .requestQueued, .requestSent, .requestReceived, .responseSent,
        .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
        .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
        .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
        .quicPacketReceived, .quicFrame, .quicPacketLost,
        .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
        .packetAddress, .pathChanged:
        break
      }
    }
  }

  /// What the datagrams of QUIC have in them.
  private mutating func noteDatagrams(_ log: EventLog) {
    for index in log.connections.indices where log.connections[index].quic != nil {
      let connection = UInt32(index)
      let datagrams = LoggedDatagrams(log, connection: connection)
      let messages = StreamMessages(log, connection: connection)
      for datagram in datagrams.inOrder {
        let words = messages.words(datagram)
        var note = Note()
        note.content = ([DatagramText.label(datagram)] + words).joined(separator: ", ")
        note.repeated = datagram.repeated
        note.isProbe = datagram.isProbe && datagram.isEliciting
        notes[datagram.item] = note
      }
    }
  }

  /// The comment on a packet; empty where there is nothing to say.
  func comment(on packet: UInt32) -> String {
    guard let note = notes[packet] else { return "" }
    var parts = note.content.isEmpty ? [] : [note.content]
    if !note.repeated.isEmpty {
      parts.append("has again what \(Numbers.list(note.repeated.map { "\($0)" })) had")
    }
    if note.isProbe { parts.append("a probe: the probe time-out ran out") }
    if note.hadArrived { parts.append("its sender took it for lost, and it had arrived") }
    if let kind = note.retransmission { parts.append("sent again: " + Self.text(kind)) }
    if note.isCopy { parts.append("a link sent it twice") }
    if note.isMarked { parts.append("a queue marked it") }
    if note.isSpurious { parts.append("an earlier copy had arrived") }
    if let reason = note.reason { parts.append("lost on link \(note.link): " + Self.text(reason)) }
    return parts.joined(separator: "; ")
  }

  private static func text(_ kind: RetransmissionKind) -> String {
    switch kind {
    case .fast: "acknowledgements showed a loss"
    case .timeout: "the retransmission timer ran out"
    case .tailLossProbe: "tail-loss probe"
    case .handshake: "the handshake's timer ran out"
    }
  }

  private static func text(_ reason: DropReason) -> String {
    switch reason {
    case .queueFull: "the queue was full"
    case .randomLoss: "random loss"
    case .dropList: "on the scenario's list"
    case .inferred: "inferred"
    case .burstLoss: "random loss, in a burst"
    case .outage: "an outage"
    case .activeQueue: "dropped by the queue's discipline"
    case .forgotten: "a middlebox had forgotten the connection"
    case .blocked: "a middlebox lets no UDP pass"
    }
  }
}
