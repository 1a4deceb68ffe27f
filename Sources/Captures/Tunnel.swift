import NetSim

/// The headers of tunnels: what an IP packet carries that has an IP packet in it again.
enum Tunnel {
  /// VXLAN's port (RFC 7348 §8).
  static let vxlanPort: UInt16 = 4_789

  /// What a packet of an IP protocol carries that is a tunnel; nil where it is none.
  static func payload(_ transport: UInt8, _ bytes: ByteReader) -> LinkPayload? {
    switch transport {
    // RFC 2003, RFC 4213 §3: the inner packet follows at once.
    case IPProtocol.ipv4, IPProtocol.ipv6: return .ip(bytes)
    case IPProtocol.gre: return gre(bytes)
    case IPProtocol.mpls:
      var walk = LinkWalk(bytes)
      return walk.mpls()
    default: return nil
    }
  }

  /// GRE (RFC 2784 §2, RFC 2890 §2): a checksum, a key and a sequence number of four bytes each,
  /// where flags say so. Version 1 is PPTP's (RFC 2637 §4.1).
  private static func gre(_ bytes: ByteReader) -> LinkPayload {
    guard let flags = bytes.uint16(at: 0), let type = bytes.uint16(at: 2) else { return .short }
    var length = 4
    let optional: [UInt16]
    switch flags & 7 {
    case 0: optional = [0x8000, 0x2000, 0x1000]
    case 1: optional = [0x2000, 0x1000, 0x0080]
    default: return .unread(.malformed)
    }
    // RFC 2784 §2.3: RFC 1701's routing is of no use any more.
    if flags & 7 == 0, flags & 0x4000 != 0 { return .unread(.malformed) }
    for flag in optional where flags & flag != 0 { length += 4 }
    // PPTP's acknowledgements carry nothing.
    if flags & 7 == 1, flags & 0x1000 == 0 { return .unread(.notIP) }
    // ERSPAN has a header of its own before the frame, none in its first version (its draft §4).
    if type == 0x88BE, flags & 0x1000 != 0 { length += 8 }
    if type == 0x22EB {
      guard let last = bytes.byte(at: length + 11) else { return .short }
      length += last & 1 == 0 ? 12 : 20
    }
    guard bytes.count >= length else { return .short }
    var walk = LinkWalk(bytes.slice(from: length))
    return type == 0x88BE || type == 0x22EB ? walk.ethernet() : walk.payload(type)
  }

  /// The Ethernet frame in a datagram to VXLAN's port; nil where its header is not VXLAN's (RFC 7348
  /// §5: the flag I is set; what is reserved is ignored).
  static func vxlan(_ datagram: ByteReader) -> LinkPayload? {
    guard datagram.count >= 8, let flags = datagram.byte(at: 0), flags & 0x08 != 0 else {
      return nil
    }
    return LinkType.ethernet.payload(of: datagram.slice(from: 8))
  }
}
