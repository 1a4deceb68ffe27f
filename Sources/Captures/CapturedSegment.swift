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
enum DecodedFrame {
  case tcp(CapturedSegment)
  /// A datagram; `looksLikeQUIC` by its first five bytes.
  case udp(ends: PacketEnds, packetLength: Int, looksLikeQUIC: Bool)
  /// A part of a fragmented packet.
  case fragment
  /// IP, but neither TCP nor UDP.
  case otherTransport
  /// No IP at all.
  case notIP
  /// A header that lies, or is cut before its end.
  case malformed

  /// Reads a frame's headers.
  init(_ frame: CapturedFrame, linkType: LinkType, startNs: Int64) {
    guard let network = linkType.networkLayer(frame.bytes) else {
      self = .notIP
      return
    }
    do {
      switch network.byte(at: 0).map({ $0 >> 4 }) {
      case 4: self = try Self.version4(try IPv4Packet(network), frame, startNs)
      case 6: self = try Self.version6(try IPv6Packet(network), frame, startNs)
      default: self = .notIP
      }
    } catch {
      self = .malformed
    }
  }

  private static func version4(
    _ packet: IPv4Packet, _ frame: CapturedFrame, _ startNs: Int64
  ) throws(WireError) -> DecodedFrame {
    if packet.fragmentOffset > 0 || packet.hasMoreFragments { return .fragment }
    let parts = TransportParts(
      transport: packet.transport, source: packet.source, destination: packet.destination,
      identification: packet.identification, packetLength: packet.totalLength,
      payloadLength: packet.payloadLength, payload: packet.payload)
    return try parts.decode(frame, startNs)
  }

  private static func version6(
    _ packet: IPv6Packet, _ frame: CapturedFrame, _ startNs: Int64
  ) throws(WireError) -> DecodedFrame {
    if packet.fragmentOffset > 0 || packet.hasMoreFragments { return .fragment }
    let parts = TransportParts(
      transport: packet.transport, source: packet.source, destination: packet.destination,
      identification: nil, packetLength: packet.totalLength,
      payloadLength: packet.payloadLength, payload: packet.payload)
    return try parts.decode(frame, startNs)
  }
}

/// What both versions of IP say about their payload.
private struct TransportParts {
  var transport: UInt8
  var source: IPAddress
  var destination: IPAddress
  var identification: UInt16?
  var packetLength: Int
  var payloadLength: Int
  var payload: ByteReader

  func decode(_ frame: CapturedFrame, _ startNs: Int64) throws(WireError) -> DecodedFrame {
    switch transport {
    case IPProtocol.tcp: return .tcp(try segment(frame, startNs))
    case IPProtocol.udp:
      guard let sourcePort = payload.uint16(at: 0), let destinationPort = payload.uint16(at: 2)
      else { return .malformed }
      return .udp(
        ends: ends(sourcePort, destinationPort), packetLength: packetLength,
        looksLikeQUIC: Self.isQUICLongHeader(payload.slice(from: 8)))
    default: return .otherTransport
    }
  }

  /// Whether a datagram begins as QUIC's long header does (RFC 9000 §17.2): the two high bits set,
  /// then version 1 (RFC 9000 §15) or 2 (RFC 9369 §3.1).
  private static func isQUICLongHeader(_ datagram: ByteReader) -> Bool {
    guard let first = datagram.byte(at: 0), first & 0xC0 == 0xC0,
      let version = datagram.uint32(at: 1)
    else { return false }
    return version == 1 || version == 0x6B33_43CF
  }

  private func ends(_ sourcePort: UInt16, _ destinationPort: UInt16) -> PacketEnds {
    PacketEnds(
      source: source, destination: destination, sourcePort: sourcePort,
      destinationPort: destinationPort)
  }

  private func segment(
    _ frame: CapturedFrame, _ startNs: Int64
  ) throws(WireError) -> CapturedSegment {
    let segment = try TCPSegment(payload)
    guard payloadLength >= segment.headerLength else {
      throw .headerLength(UInt32(segment.headerLength))
    }
    var isMalformed = false
    return CapturedSegment(
      number: frame.number, timeNs: frame.unixNs &- startNs,
      ends: ends(segment.sourcePort, segment.destinationPort), sequence: segment.sequence,
      acknowledgement: segment.acknowledgement, flags: segment.flags, window: segment.window,
      options: segment.options(isMalformed: &isMalformed), identification: identification,
      packetLength: packetLength, payloadLength: payloadLength - segment.headerLength,
      payload: segment.payload)
  }
}
