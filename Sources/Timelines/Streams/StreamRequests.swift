import NetSim

/// The frames of an HTTP/2 connection, and what its streams are for.
struct StreamRequests {
  /// Every frame that either end's own stack sent, in the order of the records.
  let frames: [LoggedFrame]
  /// Those that the scenario injected.
  let injected: [LoggedFrame]
  private var requests: [UInt32: UInt32] = [:]
  /// Where a response's own fields begin; a block before it is that of an interim response.
  private var heads: Set<Int64> = []

  /// What `log` has of a connection; nothing where that has no frames.
  init(_ log: EventLog, connection: UInt32) {
    var frames: [LoggedFrame] = []
    var injected: [LoggedFrame] = []
    var sent: [EventRecord] = []
    var codes = [HTTP2ErrorCode.noError, .noError]
    let injections = log.connections[Int(connection)].http2?.injections ?? []
    for record in log.records where record.connection == connection {
      switch record.kind {
      case .frameSent:
        guard var frame = LoggedFrame(record) else { continue }
        if frame.type == .goAway { frame.code = codes[Int(frame.sender.rawValue)] }
        frames.append(frame)
      case .frameInjected:
        if let frame = LoggedFrame(record, injected: injections) { injected.append(frame) }
      // What ends a connection is said by the GOAWAY behind it.
      case .frameError where record.item == 0:
        codes[Int(record.side.rawValue)] = HTTP2ErrorCode(rawValue: UInt32(record.detail))
      case .requestSent: sent.append(record)
      case .requestPromised:
        requests[UInt32(clamping: record.offset)] = record.item
      case .responseSent: heads.insert(record.offset)
      case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .packetDropped,
        .packetArrived, .segmentSent, .segmentReceived, .segmentAcknowledgement, .segmentSACK,
        .segmentRetransmission, .segmentSpurious, .segmentDeclaredLost, .timerFired,
        .congestionWindow, .slowStartThreshold, .congestionPhase, .roundTripSample, .sendLimited,
        .bytesBuffered, .bytesDelivered, .connectionOpened, .connectionEstablished,
        .connectionClosed, .connectionReset, .connectionFailed, .requestQueued, .requestReceived,
        .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
        .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameReceived,
        .frameError, .streamLimited,
        .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
        .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
        .packetAddress, .pathChanged:
        break
      }
    }
    self.frames = frames
    self.injected = injected
    // A request may go again in another stream, so that its description does not tell.
    for frame in frames where frame.sender == .client && frame.type == .headers {
      if let record = sent.last(where: { $0.offset <= frame.start }) {
        requests[frame.stream] = record.item
      }
    }
  }

  /// The index of the request that a stream is for.
  subscript(stream: UInt32) -> UInt32? { requests[stream] }

  /// Whether a server's HEADERS begin a response, and not what comes before it.
  func beginsResponse(_ frame: LoggedFrame) -> Bool { heads.contains(frame.start) }

  /// The streams whose frames have bytes in a span of what a side sent, in order, each once.
  func streams(_ sender: Side, from start: Int64, to end: Int64) -> [UInt32] {
    var streams: [UInt32] = []
    for frame in frames
    where frame.sender == sender && frame.stream > 0 && frame.start < end
      && frame.start + frame.length > start && !streams.contains(frame.stream)
    {
      streams.append(frame.stream)
    }
    return streams
  }
}
