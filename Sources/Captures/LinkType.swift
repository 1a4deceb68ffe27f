import NetSim

/// The header that a capture's packets begin with (tcpdump.org's registry of link types).
public enum LinkType: Equatable, Sendable {
  /// Ethernet, with any VLAN tags (1).
  case ethernet
  /// IPv4 or IPv6 at once (12 and 14 by their platform's number, 101, 228, 229).
  case rawIP
  /// BSD loopback, the address family in the capturing host's byte order (0).
  case null
  /// OpenBSD loopback, the address family in network order (108).
  case loop
  /// PPP, with or without HDLC's framing (9, 50).
  case ppp
  /// PPPoE without the Ethernet header before it (51).
  case pppoe
  /// Cisco's HDLC, which has an Ethernet type behind its address (104).
  case ciscoHDLC
  /// Linux "cooked" captures (113).
  case linuxCooked
  /// Linux "cooked" captures, version 2 (276).
  case linuxCooked2
  /// 802.11 (105).
  case wireless
  /// 802.11 behind a radiotap header (127).
  case radiotap
  /// 802.11 behind a Prism header (119).
  case prism
  /// MPLS (219).
  case mpls

  /// The link type of a capture's header, or nil where it is none of the above.
  init?(number: UInt32) {
    switch number {
    case 0: self = .null
    case 1: self = .ethernet
    case 9, 50: self = .ppp
    case 12, 14, 101, 228, 229: self = .rawIP
    case 51: self = .pppoe
    case 104: self = .ciscoHDLC
    case 105: self = .wireless
    case 108: self = .loop
    case 113: self = .linuxCooked
    case 119: self = .prism
    case 127: self = .radiotap
    case 219: self = .mpls
    case 276: self = .linuxCooked2
    default: return nil
    }
  }

  /// The link types there are, for messages.
  static var known: String {
    "Ethernet (1), raw IP (12, 101, 228, 229), loopback (0, 108), Linux cooked (113, 276), "
      + "PPP (9, 50, 51), Cisco HDLC (104), MPLS (219) and 802.11 (105, 119, 127)"
  }

  /// What a frame carries.
  func payload(of frame: ByteReader) -> LinkPayload {
    switch self {
    case .rawIP: return .ip(frame)
    case .ethernet:
      // What nearly every frame is.
      if let type = frame.uint16(at: 12), LinkWalk.isIP(type) { return .ip(frame.slice(from: 14)) }
      return walk(frame) { $0.ethernet() }
    case .linuxCooked: return walk(frame) { $0.etherType(at: 14, headerEnd: 16) }
    case .linuxCooked2: return walk(frame) { $0.etherType(at: 0, headerEnd: 20) }
    case .null: return walk(frame) { $0.loopback(inAnyOrder: true) }
    case .loop: return walk(frame) { $0.loopback(inAnyOrder: false) }
    case .ppp: return walk(frame) { $0.ppp() }
    case .pppoe: return walk(frame) { $0.pppoe() }
    case .ciscoHDLC: return walk(frame) { $0.etherType(at: 2, headerEnd: 4) }
    case .wireless: return walk(frame) { $0.wireless(isPadded: false) }
    case .radiotap: return walk(frame) { $0.radiotap() }
    case .prism: return walk(frame) { $0.prism() }
    case .mpls: return walk(frame) { $0.mpls() }
    }
  }

  private func walk(_ frame: ByteReader, _ steps: (inout LinkWalk) -> LinkPayload) -> LinkPayload {
    var walk = LinkWalk(frame)
    return steps(&walk)
  }
}

/// What stands behind the headers of a frame's link.
enum LinkPayload {
  /// An IP packet, with what may follow it.
  case ip(ByteReader)
  /// Something that is not read.
  case unread(UnreadReason)
  /// Nothing: the frame ends before.
  case short
}
