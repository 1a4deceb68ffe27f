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
  /// Linux "cooked" captures (113).
  case linuxCooked
  /// Linux "cooked" captures, version 2 (276).
  case linuxCooked2

  /// The link type of a capture's header, or nil where it is none of the above.
  init?(number: UInt32) {
    switch number {
    case 0: self = .null
    case 1: self = .ethernet
    case 12, 14, 101, 228, 229: self = .rawIP
    case 108: self = .loop
    case 113: self = .linuxCooked
    case 276: self = .linuxCooked2
    default: return nil
    }
  }

  /// The link types there are, for messages.
  static var known: String {
    "Ethernet (1), raw IP (12, 101, 228, 229), loopback (0, 108) and Linux cooked (113, 276)"
  }

  /// The IP packet within a frame, or nil when the frame carries something else.
  func networkLayer(_ frame: ByteReader) -> ByteReader? {
    switch self {
    case .rawIP: return frame
    case .ethernet: return Self.skipTags(frame, typeAt: 12)
    case .linuxCooked: return Self.skipTags(frame, typeAt: 14)
    case .linuxCooked2:
      guard let type = frame.uint16(at: 0), Self.isIP(type) else { return nil }
      return frame.slice(from: 20)
    case .null:
      guard let family = frame.uint32(at: 0),
        Self.isFamily(family) || Self.isFamily(family.byteSwapped)
      else { return nil }
      return frame.slice(from: 4)
    case .loop:
      guard let family = frame.uint32(at: 0), Self.isFamily(family) else { return nil }
      return frame.slice(from: 4)
    }
  }

  /// Steps over 802.1Q and 802.1ad tags, of which a frame may carry several.
  private static func skipTags(_ frame: ByteReader, typeAt offset: Int) -> ByteReader? {
    var offset = offset
    for _ in 0..<8 {
      guard let type = frame.uint16(at: offset) else { return nil }
      switch type {
      case 0x8100, 0x88A8, 0x9100: offset += 4
      default: return isIP(type) ? frame.slice(from: offset + 2) : nil
      }
    }
    return nil
  }

  private static func isIP(_ etherType: UInt16) -> Bool {
    etherType == 0x0800 || etherType == 0x86DD
  }

  /// AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS.
  private static func isFamily(_ family: UInt32) -> Bool {
    switch family {
    case 2, 10, 24, 28, 30: true
    default: false
    }
  }
}
