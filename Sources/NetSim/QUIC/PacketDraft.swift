/// A packet that is being written: what it may still hold, and what it holds.
struct PacketDraft {
  let space: PacketSpaceName
  let type: QUICPacketType
  /// Where its header stands in the datagram.
  let place: Int
  let number: Int64
  /// Bytes of the header and the tag of the AEAD.
  let headerBytes: Int64
  /// Bytes that its frames have at least, so that the header can be protected (RFC 9001 §5.4.2).
  let leastBytes: Int64
  /// Bytes that frames may still take.
  var room: Int64
  /// Whether only content counts (the `ideal` profile).
  let countsContentOnly: Bool
  /// Bytes of its frames, and of its padding.
  var bytes: Int64 = 0
  var isEliciting = false
  var isPadded = false
  var isBareProbe = false
  var triesSize = false
  /// Whether it goes to another address than the connection's.
  var isElsewhere = false
  var acknowledges: Int64 = -1

  /// Bytes of the whole packet.
  var total: Int64 { headerBytes + bytes }

  /// Whether it holds nothing.
  var isEmpty: Bool { bytes == 0 && !isEliciting && acknowledges < 0 }

  /// Pads what is too short for the header to be protected.
  mutating func lengthen(_ datagram: inout Datagram) {
    if bytes >= leastBytes { return }
    let missing = leastBytes - bytes
    pad(missing, &datagram)
    room -= missing
  }

  /// Adds so many bytes of padding.
  mutating func pad(_ padding: Int64, _ datagram: inout Datagram) {
    datagram.append(QUICItem(kind: .padding, length: padding))
    bytes += padding
    isPadded = true
  }

  /// Whether `size` bytes of frames fit.
  func fits(_ size: Int64) -> Bool { countsContentOnly || size <= room }

  /// Takes note of a frame of `size` bytes with `content` bytes of content.
  mutating func take(_ size: Int64, content: Int64 = 0) {
    let cost = countsContentOnly ? content : size
    bytes += cost
    room -= cost
  }

  /// How much content fits into a STREAM frame.
  func streamRoom(_ number: UInt32, offset: Int64) -> Int64 {
    if countsContentOnly { return room }
    return Int64(
      QUICFrameSize.streamBytes(
        in: Int(max(room, 0)), id: UInt64(number), offset: UInt64(offset), hasLength: true) ?? -1)
  }

  /// How much content fits into a CRYPTO frame.
  func cryptoRoom(offset: Int64) -> Int64 {
    if countsContentOnly { return room }
    return Int64(
      QUICFrameSize.cryptoBytes(in: Int(max(room, 0)), offset: UInt64(offset)) ?? -1)
  }
}

/// What the packets of a datagram that is being written come to.
struct DatagramDraft {
  var bytes: Int64 = 0
  /// Whether nothing in it counts as under way, and whether one packet is of the handshake's space.
  var isPure = true
  var hasHandshake = false
}

extension QUICItem {
  /// Bytes of the frame (RFC 9000 §19); of ACK those without its ranges.
  @inline(__always)
  var size: Int64 {
    let (stream, offset, length) = (UInt64(stream), UInt64(max(offset, 0)), Int(length))
    let bytes: Int
    switch kind {
    case .padding: bytes = length
    case .ping: bytes = QUICFrameSize.ping
    case .resetStream:
      bytes = QUICFrameSize.resetStream(id: stream, code: UInt64(length), finalSize: offset)
    case .stopSending: bytes = QUICFrameSize.stopSending(id: stream, code: offset)
    case .crypto: bytes = QUICFrameSize.crypto(offset: offset, length: length)
    case .newToken: bytes = QUICFrameSize.newToken(length: length)
    case .stream:
      bytes = QUICFrameSize.stream(id: stream, offset: offset, length: length, hasLength: true)
    case .maxData: bytes = QUICFrameSize.maxData(offset)
    case .maxStreamData: bytes = QUICFrameSize.maxStreamData(id: stream, limit: offset)
    case .maxStreams: bytes = QUICFrameSize.maxStreams(offset)
    case .dataBlocked: bytes = QUICFrameSize.dataBlocked(offset)
    case .streamDataBlocked: bytes = QUICFrameSize.streamDataBlocked(id: stream, limit: offset)
    case .newConnectionID:
      bytes = QUICFrameSize.newConnectionID(sequence: offset, retirePriorTo: 0, length: length)
    case .retireConnectionID: bytes = QUICFrameSize.retireConnectionID(sequence: offset)
    case .pathChallenge, .pathResponse: bytes = QUICFrameSize.path
    case .connectionClose: bytes = QUICFrameSize.applicationClose(code: offset, reason: 0)
    case .handshakeDone: bytes = QUICFrameSize.handshakeDone
    case .datagram: bytes = QUICFrameSize.datagram(length: length, hasLength: true)
    case .acknowledgementFrequency:
      bytes = QUICFrameSize.acknowledgementFrequency(
        sequence: UInt64(order), threshold: offset, delay: UInt64(length), reordering: 1)
    case .acknowledgement, .packet, .ackedRange, .congestionCounts: bytes = 0
    }
    return Int64(bytes)
  }

  /// Bytes of its content, apart from what names it.
  var content: Int64 { kind == .stream || kind == .crypto || kind == .datagram ? length : 0 }
}
