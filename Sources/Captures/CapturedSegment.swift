import NetSim

/// The two ends of a packet, in the direction in which it travelled.
struct PacketEnds: Equatable {
  var source: IPAddress
  var destination: IPAddress
  var sourcePort: UInt16
  var destinationPort: UInt16

  /// The same ends, the other way.
  var reversed: PacketEnds {
    PacketEnds(
      source: destination, destination: source, sourcePort: destinationPort,
      destinationPort: sourcePort)
  }
}

/// A TCP segment out of a frame, with all that the analysis asks of it.
struct CapturedSegment {
  var number: UInt32
  /// Nanoseconds since the capture's first packet.
  var timeNs: Int64
  var ends: PacketEnds
  var sequence: SequenceNumber
  var acknowledgement: SequenceNumber
  var flags: TCPFlags
  /// As in the header, not scaled.
  var window: UInt16
  var options: TCPOptions
  /// The IPv4 identification; nil over IPv6, which has none.
  var identification: UInt16?
  /// Bytes of the IP packet on the wire.
  var packetLength: Int
  /// Bytes of the payload on the wire.
  var payloadLength: Int
  /// The payload that was captured: at most `payloadLength`.
  var payload: ByteReader
}

/// What a frame turned out to be.
enum FrameKind {
  case tcp
  /// `looksLikeQUIC` by its first five bytes.
  case udp(looksLikeQUIC: Bool)
  /// A part of a fragmented packet.
  case fragment
  /// IP, but neither TCP nor UDP.
  case otherTransport
  /// No IP at all.
  case notIP
  /// A header that lies, or is cut before its end.
  case malformed
}

extension CapturedSegment {
  /// A place to read segments into: copying one costs more than reading it.
  init() {
    let none = IPAddress(version4: 0)
    self.init(
      number: 0, timeNs: 0,
      ends: PacketEnds(source: none, destination: none, sourcePort: 0, destinationPort: 0),
      sequence: SequenceNumber(0), acknowledgement: SequenceNumber(0), flags: TCPFlags(),
      window: 0, options: TCPOptions(), packetLength: 0, payloadLength: 0,
      payload: ByteReader(UnsafeRawBufferPointer(start: nil, count: 0)))
  }

  /// Reads a frame's headers. All fields count when the frame is TCP, the ends also when it is UDP.
  mutating func read(_ frame: CapturedFrame, linkType: LinkType, startNs: Int64) -> FrameKind {
    guard let network = linkType.networkLayer(frame.bytes) else { return .notIP }
    number = frame.number
    timeNs = frame.unixNs &- startNs
    do {
      switch network.byte(at: 0).map({ $0 >> 4 }) {
      case 4: return try read(try IPv4Packet(network))
      case 6: return try read(try IPv6Packet(network))
      default: return .notIP
      }
    } catch {
      return .malformed
    }
  }

  private mutating func read(_ packet: IPv4Packet) throws(WireError) -> FrameKind {
    if packet.isFragment { return .fragment }
    ends.source = packet.source
    ends.destination = packet.destination
    identification = packet.identification
    packetLength = packet.totalLength
    return try readTransport(packet.transport, packet.payload, length: packet.payloadLength)
  }

  private mutating func read(_ packet: IPv6Packet) throws(WireError) -> FrameKind {
    if packet.fragmentOffset > 0 || packet.hasMoreFragments { return .fragment }
    ends.source = packet.source
    ends.destination = packet.destination
    identification = nil
    packetLength = packet.totalLength
    return try readTransport(packet.transport, packet.payload, length: packet.payloadLength)
  }

  private mutating func readTransport(
    _ transport: UInt8, _ bytes: ByteReader, length: Int
  ) throws(WireError) -> FrameKind {
    switch transport {
    case IPProtocol.tcp:
      try readSegment(try TCPSegment(bytes), length: length)
      return .tcp
    case IPProtocol.udp:
      guard let source = bytes.uint16(at: 0), let destination = bytes.uint16(at: 2) else {
        return .malformed
      }
      ends.sourcePort = source
      ends.destinationPort = destination
      return .udp(looksLikeQUIC: Self.isQUICLongHeader(bytes.slice(from: 8)))
    default: return .otherTransport
    }
  }

  private mutating func readSegment(_ segment: TCPSegment, length: Int) throws(WireError) {
    guard length >= segment.headerLength else {
      throw .headerLength(UInt32(segment.headerLength))
    }
    ends.sourcePort = segment.sourcePort
    ends.destinationPort = segment.destinationPort
    sequence = segment.sequence
    acknowledgement = segment.acknowledgement
    flags = segment.flags
    window = segment.window
    var isMalformed = false
    options = segment.options(isMalformed: &isMalformed)
    payloadLength = length - segment.headerLength
    payload = segment.payload
  }

  /// Whether a datagram begins as QUIC's long header does (RFC 9000 §17.2): the two high bits set,
  /// then version 1 (RFC 9000 §15) or 2 (RFC 9369 §3.1).
  private static func isQUICLongHeader(_ datagram: ByteReader) -> Bool {
    guard let first = datagram.byte(at: 0), first & 0xC0 == 0xC0,
      let version = datagram.uint32(at: 1)
    else { return false }
    return version == 1 || version == 0x6B33_43CF
  }
}
