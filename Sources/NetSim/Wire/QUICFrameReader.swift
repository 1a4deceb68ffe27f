/// Finds the frames of a packet's payload whose protection is removed (RFC 9000 §12.4, §19).
///
/// Frames name their bytes as ranges of the payload; the reader must not outlive its memory. After an
/// error it stays in error.
public struct QUICFrameReader {
  /// The payload.
  public let reader: ByteReader
  /// Where the next frame begins.
  public private(set) var offset = 0

  private let rules: QUICFrameRules
  private var failure: QUICError?

  /// A reader of what a client or a server sends in a packet of a type.
  public init(_ payload: ByteReader, in packetType: QUICPacketType, isFromClient: Bool) {
    reader = payload
    rules = QUICFrameRules(packetType: packetType, isFromClient: isFromClient)
  }

  /// The next frame; nil at the end of the payload. PADDING is one frame, as long as it goes on.
  public mutating func next() throws(QUICError) -> QUICFrame? {
    if let failure { throw failure }
    if offset == reader.count, offset > 0 { return nil }
    var parser = QUICFrameParser(reader: reader, offset: offset)
    do throws(QUICViolation) {
      guard reader.count > 0 else { throw .noFrames }
      let frame = try parser.frame(rules)
      try rules.check(frame, in: reader)
      offset = parser.offset
      return frame
    } catch {
      let error = QUICError(error, at: offset)
      failure = error
      throw error
    }
  }
}

/// Reads the fields of one frame, one after another.
private struct QUICFrameParser {
  let reader: ByteReader
  var offset: Int

  mutating func frame(_ rules: QUICFrameRules) throws(QUICViolation) -> QUICFrame {
    let start = offset
    let number = try value()
    guard let type = QUICFrameType(number: number) else { throw .unknownFrame(number) }
    guard offset - start == QUICVarint.size(number) else { throw .frameTypeSize }
    try rules.check(type)
    switch type {
    case .padding: return padding()
    case .ping: return .ping
    case .acknowledgement: return try acknowledgement(hasECN: number & 1 != 0)
    case .crypto: return .crypto(offset: try value(), data: try counted())
    case .stream: return try stream(number)
    case .datagram:
      let hasLength = number & 1 != 0
      return .datagram(hasLength ? try counted() : rest(), hasLength: hasLength)
    case .resetStream, .stopSending, .maxData, .maxStreamData, .maxStreams, .dataBlocked,
      .streamDataBlocked, .streamsBlocked:
      return try control(type, number)
    case .newToken, .newConnectionID, .retireConnectionID, .pathChallenge, .pathResponse,
      .connectionClose, .applicationClose, .handshakeDone, .immediateAcknowledgement,
      .acknowledgementFrequency:
      return try connection(type)
    }
  }

  // MARK: Fields

  private mutating func value() throws(QUICViolation) -> UInt64 {
    guard let value = reader.quicVarint(at: &offset) else { throw .frameTruncated }
    return value
  }

  private mutating func bytes(_ count: UInt64) throws(QUICViolation) -> Range<Int> {
    guard count <= UInt64(reader.count - offset) else { throw .frameTruncated }
    let start = offset
    offset += Int(count)
    return start..<offset
  }

  private mutating func counted() throws(QUICViolation) -> Range<Int> { try bytes(try value()) }

  private mutating func rest() -> Range<Int> {
    let start = offset
    offset = reader.count
    return start..<offset
  }

  private mutating func word() throws(QUICViolation) -> UInt64 {
    let range = try bytes(8)
    var word: UInt64 = 0
    for place in range { word = word << 8 | UInt64(reader.bytes[place]) }
    return word
  }

  // MARK: Frames

  private mutating func padding() -> QUICFrame {
    let start = offset - 1
    while reader.byte(at: offset) == 0 { offset += 1 }
    return .padding(count: offset - start)
  }

  private mutating func acknowledgement(hasECN: Bool) throws(QUICViolation) -> QUICFrame {
    let largest = try value()
    let delay = try value()
    let count = try value()
    let firstRange = try value()
    // Each range takes two bytes at least.
    guard count <= UInt64(reader.count - offset) / 2 else { throw .frameTruncated }
    let start = offset
    for _ in 0..<2 * count { _ = try value() }
    let end = offset
    var ecn: QUICECNCounts?
    if hasECN { ecn = QUICECNCounts(ect0: try value(), ect1: try value(), ce: try value()) }
    return .acknowledgement(
      QUICAcknowledgement(
        largest: largest, delay: delay, firstRange: firstRange, rangeCount: Int(count),
        rangeBytes: start..<end, ecn: ecn))
  }

  private mutating func stream(_ number: UInt64) throws(QUICViolation) -> QUICFrame {
    let id = try value()
    let position = number & 4 != 0 ? try value() : 0
    let hasLength = number & 2 != 0
    return .stream(
      QUICStreamContent(
        id: id, offset: position, data: hasLength ? try counted() : rest(),
        isFinal: number & 1 != 0, hasLength: hasLength))
  }

  /// Frames that tell of streams and their limits.
  private mutating func control(
    _ type: QUICFrameType, _ number: UInt64
  ) throws(QUICViolation) -> QUICFrame {
    let first = try value()
    switch type {
    case .resetStream:
      return .resetStream(id: first, code: try value(), finalSize: try value())
    case .stopSending: return .stopSending(id: first, code: try value())
    case .maxData: return .maxData(first)
    case .maxStreamData: return .maxStreamData(id: first, limit: try value())
    case .maxStreams: return .maxStreams(first, isUnidirectional: number & 1 != 0)
    case .dataBlocked: return .dataBlocked(first)
    case .streamDataBlocked: return .streamDataBlocked(id: first, limit: try value())
    default: return .streamsBlocked(first, isUnidirectional: number & 1 != 0)
    }
  }

  /// Frames that tell of the connection.
  private mutating func connection(_ type: QUICFrameType) throws(QUICViolation) -> QUICFrame {
    switch type {
    case .newToken: return .newToken(try counted())
    case .newConnectionID: return try newConnectionID()
    case .retireConnectionID: return .retireConnectionID(sequence: try value())
    case .pathChallenge: return .pathChallenge(try word())
    case .pathResponse: return .pathResponse(try word())
    case .connectionClose:
      return .connectionClose(
        code: QUICErrorCode(rawValue: try value()), frameType: try value(), reason: try counted())
    case .applicationClose: return .applicationClose(code: try value(), reason: try counted())
    case .handshakeDone: return .handshakeDone
    case .immediateAcknowledgement: return .immediateAcknowledgement
    default:
      return .acknowledgementFrequency(
        sequence: try value(), threshold: try value(), delay: try value(),
        reordering: try value())
    }
  }

  private mutating func newConnectionID() throws(QUICViolation) -> QUICFrame {
    let sequence = try value()
    let retirePriorTo = try value()
    guard let length = reader.byte(at: offset) else { throw .frameTruncated }
    offset += 1
    // A length that is wrong is told before the bytes that it asks for are missing.
    guard 1...QUICConnectionID.maximumBytes ~= Int(length) else { throw .connectionIDLength }
    return .newConnectionID(
      sequence: sequence, retirePriorTo: retirePriorTo, id: try bytes(UInt64(length)),
      resetToken: try bytes(16))
  }
}
