/// Writes the frames of one packet, and only what is legal there (RFC 9000 §12.4, §19). What is not is
/// refused with the error that the receiver would find; then nothing is written.
public struct QUICFrameWriter: Sendable {
  private let rules: QUICFrameRules
  private var hasLast = false

  /// A writer of what a client or a server sends in a packet of a type.
  public init(in packetType: QUICPacketType, isFromClient: Bool) {
    rules = QUICFrameRules(packetType: packetType, isFromClient: isFromClient)
  }

  /// Appends a frame, integers in their shortest encoding. `source` has the bytes that its ranges
  /// name. Nothing may be written behind a frame that is its packet's last (`QUICFrame.isLast`).
  public mutating func append(
    _ frame: QUICFrame, from source: ByteReader, to bytes: inout [UInt8]
  ) throws(QUICError) {
    try begin(frame.type, at: bytes.count)
    do throws(QUICViolation) { try rules.check(frame, in: source) } catch {
      throw QUICError(error, at: bytes.count)
    }
    hasLast = frame.isLast
    if case .padding(let count) = frame {
      bytes += repeatElement(0, count: count)
    } else {
      bytes.append(quicVarint: frame.typeNumber)
      frame.append(from: source, to: &bytes)
    }
  }

  /// Appends ACK of ranges of packet numbers from the highest down, at least one, with a number missing
  /// between each two. `delay` is scaled by the sender's ack_delay_exponent.
  public mutating func append(
    acknowledging ranges: some Collection<ClosedRange<UInt64>>, delay: UInt64,
    ecn: QUICECNCounts? = nil, to bytes: inout [UInt8]
  ) throws(QUICError) {
    try begin(.acknowledgement, at: bytes.count)
    guard let first = ranges.first else { preconditionFailure("an ACK of nothing") }
    bytes.append(quicVarint: ecn == nil ? 2 : 3)
    bytes.append(quicVarint: first.upperBound)
    bytes.append(quicVarint: delay)
    bytes.append(quicVarint: UInt64(ranges.count - 1))
    bytes.append(quicVarint: first.upperBound - first.lowerBound)
    var smallest = first.lowerBound
    for range in ranges.dropFirst() {
      bytes.append(quicVarint: smallest - range.upperBound - 2)
      bytes.append(quicVarint: range.upperBound - range.lowerBound)
      smallest = range.lowerBound
    }
    ecn?.append(to: &bytes)
  }

  private func begin(_ type: QUICFrameType, at offset: Int) throws(QUICError) {
    precondition(!hasLast, "a frame behind its packet's last")
    do throws(QUICViolation) { try rules.check(type) } catch {
      throw QUICError(error, at: offset)
    }
  }
}

extension QUICFrame {
  /// Appends what stands behind the type (RFC 9000 §19).
  fileprivate func append(from source: ByteReader, to bytes: inout [UInt8]) {
    switch self {
    case .padding, .ping, .handshakeDone, .immediateAcknowledgement: break
    case .acknowledgement(let frame): frame.append(from: source, to: &bytes)
    case .resetStream(let id, let code, let finalSize):
      bytes.append(quicVarints: id, code, finalSize)
    case .stopSending(let id, let code): bytes.append(quicVarints: id, code)
    case .crypto(let offset, let data):
      bytes.append(quicVarint: offset)
      bytes.append(counted: data, of: source)
    case .newToken(let token): bytes.append(counted: token, of: source)
    case .stream(let content): content.append(from: source, to: &bytes)
    case .maxData(let value), .dataBlocked(let value), .maxStreams(let value, _),
      .streamsBlocked(let value, _), .retireConnectionID(let value):
      bytes.append(quicVarint: value)
    case .maxStreamData(let id, let limit), .streamDataBlocked(let id, let limit):
      bytes.append(quicVarints: id, limit)
    case .newConnectionID(let sequence, let retirePriorTo, let id, let resetToken):
      precondition(resetToken.count == 16, "a stateless reset token has 16 bytes")
      bytes.append(quicVarints: sequence, retirePriorTo)
      bytes.append(UInt8(id.count))
      bytes.append(id, of: source)
      bytes.append(resetToken, of: source)
    case .pathChallenge(let word), .pathResponse(let word):
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: word >> 32))
      bytes.append(bigEndian: UInt32(truncatingIfNeeded: word))
    case .connectionClose(let code, let frameType, let reason):
      bytes.append(quicVarints: code.rawValue, frameType)
      bytes.append(counted: reason, of: source)
    case .applicationClose(let code, let reason):
      bytes.append(quicVarint: code)
      bytes.append(counted: reason, of: source)
    case .datagram(let data, let hasLength):
      if hasLength { bytes.append(quicVarint: UInt64(data.count)) }
      bytes.append(data, of: source)
    case .acknowledgementFrequency(let sequence, let threshold, let delay, let reordering):
      bytes.append(quicVarints: sequence, threshold, delay)
      bytes.append(quicVarint: reordering)
    }
  }
}

extension QUICAcknowledgement {
  fileprivate func append(from source: ByteReader, to bytes: inout [UInt8]) {
    bytes.append(quicVarints: largest, delay)
    bytes.append(quicVarints: UInt64(rangeCount), firstRange)
    bytes.append(rangeBytes, of: source)
    ecn?.append(to: &bytes)
  }
}

extension QUICStreamContent {
  fileprivate func append(from source: ByteReader, to bytes: inout [UInt8]) {
    bytes.append(quicVarint: id)
    if offset > 0 { bytes.append(quicVarint: offset) }
    if hasLength { bytes.append(quicVarint: UInt64(data.count)) }
    bytes.append(data, of: source)
  }
}

extension QUICECNCounts {
  fileprivate func append(to bytes: inout [UInt8]) { bytes.append(quicVarints: ect0, ect1, ce) }
}

extension [UInt8] {
  fileprivate mutating func append(quicVarints first: UInt64, _ second: UInt64) {
    append(quicVarint: first)
    append(quicVarint: second)
  }

  fileprivate mutating func append(
    quicVarints first: UInt64, _ second: UInt64, _ third: UInt64
  ) {
    append(quicVarints: first, second)
    append(quicVarint: third)
  }

  /// Appends bytes of `source`, where they must be.
  fileprivate mutating func append(_ range: Range<Int>, of source: ByteReader) {
    self += source.bytes[range]
  }

  /// Appends bytes of `source` behind their number.
  fileprivate mutating func append(counted range: Range<Int>, of source: ByteReader) {
    append(quicVarint: UInt64(range.count))
    append(range, of: source)
  }
}
