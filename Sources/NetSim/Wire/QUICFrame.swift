/// What a STREAM frame carries (RFC 9000 §19.8).
public struct QUICStreamContent: Equatable, Sendable {
  /// The stream.
  public var id: UInt64
  /// Where the first byte stands in the stream.
  public var offset: UInt64
  /// The data, as a range of the bytes that the frame stands in.
  public var data: Range<Int>
  /// Whether the stream ends behind the data.
  public var isFinal: Bool
  /// Whether the frame tells its length. One that does not is its packet's last.
  public var hasLength: Bool

  /// Data of a stream.
  @inlinable public init(
    id: UInt64, offset: UInt64, data: Range<Int>, isFinal: Bool, hasLength: Bool
  ) {
    self.id = id
    self.offset = offset
    self.data = data
    self.isFinal = isFinal
    self.hasLength = hasLength
  }

  fileprivate var size: Int {
    QUICFrameSize.stream(id: id, offset: offset, length: data.count, hasLength: hasLength)
  }
}

/// A frame (RFC 9000 §19). What has bytes of its own names them as a range of the bytes that the frame
/// was read from, or is written from; nothing is copied.
public enum QUICFrame: Equatable, Sendable {
  /// So many bytes of nothing; on the wire each is a frame.
  case padding(count: Int)
  /// Asks for an acknowledgement.
  case ping
  /// Packets that have come.
  case acknowledgement(QUICAcknowledgement)
  /// The sender of the stream gives up on it; `finalSize` is where the data it has sent ends.
  case resetStream(id: UInt64, code: UInt64, finalSize: UInt64)
  /// The receiver of the stream wants no more of it.
  case stopSending(id: UInt64, code: UInt64)
  /// A piece of the TLS messages.
  case crypto(offset: UInt64, data: Range<Int>)
  /// A token for the client's next connection.
  case newToken(Range<Int>)
  /// A piece of a stream.
  case stream(QUICStreamContent)
  /// How many bytes of all streams together may be sent.
  case maxData(UInt64)
  /// How many bytes of a stream may be sent.
  case maxStreamData(id: UInt64, limit: UInt64)
  /// How many streams the peer may open.
  case maxStreams(UInt64, isUnidirectional: Bool)
  /// The sender waits for a higher limit than this of all streams together.
  case dataBlocked(UInt64)
  /// The sender waits for a higher limit than this of the stream.
  case streamDataBlocked(id: UInt64, limit: UInt64)
  /// The sender waits for a higher limit than this of the number of streams.
  case streamsBlocked(UInt64, isUnidirectional: Bool)
  /// One more connection ID, with its stateless reset token of 16 bytes.
  case newConnectionID(
    sequence: UInt64, retirePriorTo: UInt64, id: Range<Int>, resetToken: Range<Int>)
  /// A connection ID that is not used any more.
  case retireConnectionID(sequence: UInt64)
  /// Eight bytes to be sent back.
  case pathChallenge(UInt64)
  /// The eight bytes of a PATH_CHALLENGE.
  case pathResponse(UInt64)
  /// The connection ends. `frameType` is the number of the type that is to blame, or 0.
  case connectionClose(code: QUICErrorCode, frameType: UInt64, reason: Range<Int>)
  /// The connection ends because the application says so.
  case applicationClose(code: UInt64, reason: Range<Int>)
  /// The server has the handshake confirmed.
  case handshakeDone
  /// Data that is not sent again. A frame that does not tell its length is its packet's last.
  case datagram(Range<Int>, hasLength: Bool)
  /// How the peer is to acknowledge: after more than `threshold` ack-eliciting packets, after `delay`
  /// microseconds, and when one is `reordering` late.
  case acknowledgementFrequency(
    sequence: UInt64, threshold: UInt64, delay: UInt64, reordering: UInt64)
  /// Asks for an acknowledgement at once.
  case immediateAcknowledgement

  /// The frame's type.
  public var type: QUICFrameType {
    switch self {
    case .padding: .padding
    case .ping: .ping
    case .acknowledgement: .acknowledgement
    case .resetStream: .resetStream
    case .stopSending: .stopSending
    case .crypto: .crypto
    case .newToken: .newToken
    case .stream: .stream
    case .maxData: .maxData
    case .maxStreamData: .maxStreamData
    case .maxStreams: .maxStreams
    case .dataBlocked: .dataBlocked
    case .streamDataBlocked: .streamDataBlocked
    case .streamsBlocked: .streamsBlocked
    case .newConnectionID: .newConnectionID
    case .retireConnectionID: .retireConnectionID
    case .pathChallenge: .pathChallenge
    case .pathResponse: .pathResponse
    case .connectionClose: .connectionClose
    case .applicationClose: .applicationClose
    case .handshakeDone: .handshakeDone
    case .datagram: .datagram
    case .acknowledgementFrequency: .acknowledgementFrequency
    case .immediateAcknowledgement: .immediateAcknowledgement
    }
  }

  /// The number of its type, with the flags (RFC 9000 §12.4).
  public var typeNumber: UInt64 { UInt64(type.rawValue) | flags }

  private var flags: UInt64 {
    switch self {
    case .acknowledgement(let frame): frame.ecn == nil ? 0 : 1
    // RFC 9000 §19.8: OFF, LEN, FIN.
    case .stream(let content):
      (content.offset > 0 ? 4 : 0) | (content.hasLength ? 2 : 0) | (content.isFinal ? 1 : 0)
    case .maxStreams(_, let isUnidirectional), .streamsBlocked(_, let isUnidirectional):
      isUnidirectional ? 1 : 0
    case .datagram(_, let hasLength): hasLength ? 1 : 0
    case .padding, .ping, .resetStream, .stopSending, .crypto, .newToken, .maxData, .maxStreamData,
      .dataBlocked, .streamDataBlocked, .newConnectionID, .retireConnectionID, .pathChallenge,
      .pathResponse, .connectionClose, .applicationClose, .handshakeDone,
      .acknowledgementFrequency, .immediateAcknowledgement:
      0
    }
  }

  /// Whether nothing can stand behind it in its packet.
  public var isLast: Bool {
    if case .stream(let content) = self { return !content.hasLength }
    if case .datagram(_, let hasLength) = self { return !hasLength }
    return false
  }

  /// Bytes of the frame with its type, integers in their shortest encoding. Of ACK, the ranges beside
  /// the first count as they stand in the bytes that it was read from.
  public var size: Int {
    switch self {
    case .padding(let count): count
    case .ping: QUICFrameSize.ping
    case .handshakeDone: QUICFrameSize.handshakeDone
    case .immediateAcknowledgement: QUICFrameSize.immediateAcknowledgement
    case .pathChallenge, .pathResponse: QUICFrameSize.path
    case .acknowledgement(let frame): frame.size
    case .resetStream(let id, let code, let finalSize):
      QUICFrameSize.resetStream(id: id, code: code, finalSize: finalSize)
    case .stopSending(let id, let code): QUICFrameSize.stopSending(id: id, code: code)
    case .crypto(let offset, let data): QUICFrameSize.crypto(offset: offset, length: data.count)
    case .newToken(let token): QUICFrameSize.newToken(length: token.count)
    case .stream(let content): content.size
    case .maxData(let limit): QUICFrameSize.maxData(limit)
    case .maxStreamData(let id, let limit): QUICFrameSize.maxStreamData(id: id, limit: limit)
    case .maxStreams(let count, _): QUICFrameSize.maxStreams(count)
    case .dataBlocked(let limit): QUICFrameSize.dataBlocked(limit)
    case .streamDataBlocked(let id, let limit):
      QUICFrameSize.streamDataBlocked(id: id, limit: limit)
    case .streamsBlocked(let count, _): QUICFrameSize.streamsBlocked(count)
    case .newConnectionID(let sequence, let retirePriorTo, let id, _):
      QUICFrameSize.newConnectionID(
        sequence: sequence, retirePriorTo: retirePriorTo, length: id.count)
    case .retireConnectionID(let sequence): QUICFrameSize.retireConnectionID(sequence: sequence)
    case .connectionClose(let code, let frameType, let reason):
      QUICFrameSize.connectionClose(
        code: code.rawValue, frameType: frameType, reason: reason.count)
    case .applicationClose(let code, let reason):
      QUICFrameSize.applicationClose(code: code, reason: reason.count)
    case .datagram(let data, let hasLength):
      QUICFrameSize.datagram(length: data.count, hasLength: hasLength)
    case .acknowledgementFrequency(let sequence, let threshold, let delay, let reordering):
      QUICFrameSize.acknowledgementFrequency(
        sequence: sequence, threshold: threshold, delay: delay, reordering: reordering)
    }
  }
}
