import NetSim

/// A segment as the log has it: the record itself and the records that follow it.
struct LoggedSegment {
  var time: SimTime
  var side: Side
  var packet: UInt32
  var start: Int64
  var payload: Int64
  var flags: TCPFlags
  var acknowledged: Int64?
  var windowBytes: Int64 = 0
  var sackBlocks: [(start: Int64, end: Int64, isDuplicate: Bool)] = []
  var retransmission: RetransmissionKind?

  /// Takes a segment record; nil for any other.
  init?(_ record: EventRecord) {
    guard record.kind == .segmentSent || record.kind == .segmentReceived else { return nil }
    time = record.time
    side = record.side
    packet = record.item
    start = record.offset
    payload = Int64(record.length)
    flags = TCPFlags(rawValue: record.detail)
  }

  /// Takes a record that follows; returns whether it belongs to this segment.
  mutating func take(_ record: EventRecord) -> Bool {
    guard record.item == packet && record.side == side else { return false }
    switch record.kind {
    case .segmentAcknowledgement:
      acknowledged = record.offset
      windowBytes = Int64(record.length)
    case .segmentSACK:
      sackBlocks.append(
        (record.offset, record.offset + Int64(record.length), record.detail == 1))
    case .segmentRetransmission: retransmission = RetransmissionKind(rawValue: record.detail)
    case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .packetDropped,
      .packetArrived, .segmentSent, .segmentReceived,
      .segmentSpurious, .segmentDeclaredLost, .timerFired, .congestionWindow, .slowStartThreshold,
      .congestionPhase, .roundTripSample, .sendLimited, .bytesBuffered, .bytesDelivered,
      .connectionOpened, .connectionEstablished, .connectionClosed, .connectionReset,
      .connectionFailed, .requestQueued, .requestSent, .requestReceived, .responseSent,
      .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
      .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
      .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
      .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
      .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
      .packetAddress, .pathChanged:
      return false
    }
    return true
  }

  /// Whether it acknowledges and does nothing else.
  var isPureAcknowledgement: Bool { payload == 0 && flags == .ack }
}
