import NetSim

/// What a frame turned out to be.
enum FrameKind {
  case tcp
  /// `looksLikeQUIC` by its first five bytes.
  case udp(looksLikeQUIC: Bool)
  /// A part of a packet of which others are still to come.
  case fragment
  case unread(UnreadReason)
}

/// Reads frames down to TCP and UDP: through the headers of their link, through tunnels, and out of
/// fragments.
struct FrameReader: ~Copyable {
  /// IP packets within each other that are followed.
  private static let depthLimit = 8

  /// What was read last: all of it when the frame is TCP; ends, payload and the fields of IP also when
  /// it is UDP.
  private(set) var segment = CapturedSegment()

  private let fragments = FragmentTable()
  /// Bytes of the frame that the capture left out.
  private var missing = 0
  private var unixNs: Int64 = 0
  /// IP headers of this frame that were read.
  private var depth = 0
  private var isTunnelled = false
  private var tunnelled: Int64 = 0

  /// Reads a frame's headers. The segment's bytes are the frame's, or belong to this reader until the
  /// next frame.
  mutating func read(_ frame: CapturedFrame, startNs: Int64) -> FrameKind {
    guard let linkType = frame.linkType else { return .unread(.unknownLink) }
    segment.number = frame.number
    segment.timeNs = frame.unixNs &- startNs
    unixNs = frame.unixNs
    missing = frame.wireLength - frame.bytes.count
    depth = 0
    isTunnelled = false
    return read(linkType.payload(of: frame.bytes))
  }

  /// Adds up what became of the fragments.
  func countFragments(in summary: inout CaptureSummary) {
    let counts = fragments.counts
    summary.fragments = counts.taken
    summary.joinedFragments = counts.joined
    summary.unread[.incompleteFragments] += counts.incomplete
    summary.unread[.overlappingFragments] += counts.overlapping
    summary.tunnelledPackets = tunnelled
  }

  private mutating func read(_ payload: LinkPayload) -> FrameKind {
    switch payload {
    case .ip(let packet): return readNetwork(packet)
    case .unread(let reason): return .unread(reason)
    case .short: return .unread(cutOr(.malformed))
    }
  }

  /// The reason for headers that end too early.
  private func cutOr(_ reason: UnreadReason) -> UnreadReason {
    missing > 0 ? .cutHeaders : reason
  }

  @inline(__always)
  private mutating func readNetwork(_ packet: ByteReader) -> FrameKind {
    depth += 1
    guard depth <= Self.depthLimit else { return .unread(.tooDeep) }
    do {
      switch packet.byte(at: 0).map({ $0 >> 4 }) {
      case 4: return try read(try IPv4Packet(packet, missing: missing))
      case 6: return try read(try IPv6Packet(packet, missing: missing))
      case nil: return .unread(cutOr(.malformed))
      default: return .unread(.notIP)
      }
    } catch {
      if case .truncated = error { return .unread(cutOr(.malformed)) }
      return .unread(.malformed)
    }
  }

  @inline(__always)
  private mutating func read(_ packet: IPv4Packet) throws(WireError) -> FrameKind {
    if packet.isFragment { return take(IPFragment(packet)) }
    segment.ends.source = packet.source
    segment.ends.destination = packet.destination
    segment.identification = packet.identification
    segment.packetLength = packet.totalLength
    return try readTransport(packet.transport, packet.payload, length: packet.payloadLength)
  }

  private mutating func read(_ packet: IPv6Packet) throws(WireError) -> FrameKind {
    if packet.isFragment { return take(IPFragment(packet)) }
    segment.ends.source = packet.source
    segment.ends.destination = packet.destination
    segment.identification = nil
    segment.packetLength = packet.totalLength
    return try readTransport(packet.transport, packet.payload, length: packet.payloadLength)
  }

  private mutating func take(_ fragment: IPFragment?) -> FrameKind {
    guard let fragment else { return .unread(.malformed) }
    switch fragments.take(fragment, atNs: unixNs) {
    case .waiting, .contradiction: return .fragment
    case .whole(let packet, let missing):
      self.missing = missing
      return readNetwork(packet)
    }
  }

  private mutating func readTransport(
    _ transport: UInt8, _ bytes: ByteReader, length: Int
  ) throws(WireError) -> FrameKind {
    switch transport {
    case IPProtocol.tcp:
      try segment.read(try TCPSegment(bytes), length: length)
      return .tcp
    case IPProtocol.udp:
      guard let source = bytes.uint16(at: 0), let destination = bytes.uint16(at: 2) else {
        return .unread(cutOr(.malformed))
      }
      segment.ends.sourcePort = source
      segment.ends.destinationPort = destination
      let content = bytes.slice(from: 8)
      segment.payload = content
      segment.payloadLength = max(0, length - 8)
      if destination == Tunnel.vxlanPort, let inner = Tunnel.vxlan(content) {
        return readTunnel(inner)
      }
      return .udp(looksLikeQUIC: Self.isQUICLongHeader(content))
    default:
      if let inner = Tunnel.payload(transport, bytes) { return readTunnel(inner) }
      return .unread(.otherTransport)
    }
  }

  private mutating func readTunnel(_ inner: LinkPayload) -> FrameKind {
    if !isTunnelled { tunnelled += 1 }
    isTunnelled = true
    return read(inner)
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
