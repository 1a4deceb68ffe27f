/// What holds for the frames of a packet, whoever looks at them: reader and writer share it
/// (RFC 9000 §12.4, §19).
struct QUICFrameRules: Sendable {
  let packetType: QUICPacketType
  let isFromClient: Bool

  /// Whether packets of this type may have the frame, and this end may send it.
  func check(_ type: QUICFrameType) throws(QUICViolation) {
    guard type.isAllowed(in: packetType) else { throw .frameInPacket(type) }
    // RFC 9000 §19.7, §19.20: both are the server's.
    if isFromClient, type == .newToken || type == .handshakeDone { throw .role(type) }
  }

  /// Whether the frame's values are such as they may have. `reader` has the bytes that it stands in.
  func check(_ frame: QUICFrame, in reader: ByteReader) throws(QUICViolation) {
    switch frame {
    case .acknowledgement(let acknowledgement):
      var ranges = acknowledgement.ranges(in: reader)
      while ranges.next() != nil {}
      guard ranges.isComplete else { throw .acknowledgedRange }
    case .crypto(let offset, let data): try checkEnd(offset, data)
    case .newToken(let token): guard !token.isEmpty else { throw .emptyToken }
    case .stream(let content):
      try checkStream(content.id, frame.type)
      try checkEnd(content.offset, content.data)
    case .resetStream(let id, _, _), .stopSending(let id, _), .maxStreamData(let id, _),
      .streamDataBlocked(let id, _):
      try checkStream(id, frame.type)
    case .maxStreams(let count, _), .streamsBlocked(let count, _):
      guard count <= 1 << 60 else { throw .streamCount }
    case .newConnectionID(let sequence, let retirePriorTo, let id, _):
      guard 1...QUICConnectionID.maximumBytes ~= id.count else { throw .connectionIDLength }
      guard retirePriorTo <= sequence else { throw .retirePriorTo }
    case .padding, .ping, .maxData, .dataBlocked, .retireConnectionID, .pathChallenge,
      .pathResponse, .connectionClose, .applicationClose, .handshakeDone, .datagram,
      .acknowledgementFrequency, .immediateAcknowledgement:
      break
    }
  }

  private func checkEnd(_ offset: UInt64, _ data: Range<Int>) throws(QUICViolation) {
    guard UInt64(data.count) <= QUICVarint.maximum - offset else { throw .offset }
  }

  /// A stream of one direction has a sender, which opened it, and a receiver (RFC 9000 §2.1): each may
  /// send what is its own.
  private func checkStream(_ id: UInt64, _ type: QUICFrameType) throws(QUICViolation) {
    guard id & 2 != 0 else { return }
    let isSender = (id & 1 == 0) == isFromClient
    let isForSender = type == .stopSending || type == .maxStreamData
    guard isSender != isForSender else { throw .streamSide(type) }
  }
}
