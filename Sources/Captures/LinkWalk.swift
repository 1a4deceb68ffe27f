import NetSim

/// A walk along the headers of a frame's link, down to its IP packet. Each step ends with what it
/// found, or goes on behind its own header.
struct LinkWalk {
  /// More headers than this are an attack, not a frame.
  private static let stepLimit = 16

  private let frame: ByteReader
  /// Where the next header begins.
  private var offset = 0
  private var steps = 0

  init(_ frame: ByteReader) { self.frame = frame }

  /// Whether an Ethernet type is that of IPv4 or IPv6.
  static func isIP(_ type: UInt16) -> Bool { type == 0x0800 || type == 0x86DD }

  // MARK: Ethernet types

  /// Ethernet: two addresses and a type.
  mutating func ethernet() -> LinkPayload { etherType(at: 12, headerEnd: 14) }

  /// A header that ends at `end` and has an Ethernet type at `place`.
  mutating func etherType(at place: Int, headerEnd end: Int) -> LinkPayload {
    guard let type = frame.uint16(at: offset + place) else { return .short }
    offset += end
    return payload(type)
  }

  /// What an Ethernet type announces.
  mutating func payload(_ type: UInt16) -> LinkPayload {
    steps += 1
    guard steps <= Self.stepLimit else { return .unread(.tooDeep) }
    switch type {
    case 0x0800, 0x86DD: return .ip(frame.slice(from: offset))
    // 802.1Q, 802.1ad and what came before it: two bytes of tag, then the next type.
    case 0x8100, 0x88A8, 0x9100: return etherType(at: 2, headerEnd: 4)
    case 0x8847, 0x8848: return mpls()
    case 0x8864: return pppoe()
    case 0x880B: return ppp()
    case 0x6558: return ethernet()
    case ...1500: return logicalLink()
    default: return .unread(.notIP)
    }
  }

  /// LLC (802.2), of which SNAP announces an Ethernet type; 06 is IP's own number (RFC 1042).
  private mutating func logicalLink() -> LinkPayload {
    guard let points = frame.uint16(at: offset), let control = frame.byte(at: offset + 2) else {
      return .short
    }
    if points == 0x0606, control == 3 { return .ip(frame.slice(from: offset + 3)) }
    guard points == 0xAAAA, control == 3 else { return .unread(.notIP) }
    guard let organization = frame.uint32(at: offset + 2) else { return .short }
    // RFC 1042's zeros, or 802.1H's for what bridges translate.
    guard organization & 0xFF_FFFF == 0 || organization & 0xFF_FFFF == 0xF8 else {
      return .unread(.notIP)
    }
    return etherType(at: 6, headerEnd: 8)
  }

  /// MPLS labels (RFC 3032 §2.1). What they carry is not announced: it is IP by its first four bits,
  /// or Ethernet behind a control word, which begins with zeros (RFC 4385 §3, RFC 4448 §4.6).
  mutating func mpls() -> LinkPayload {
    var isBottom = false
    while !isBottom {
      steps += 1
      guard steps <= Self.stepLimit else { return .unread(.tooDeep) }
      guard let label = frame.uint32(at: offset) else { return .short }
      isBottom = label & 0x100 != 0
      offset += 4
    }
    guard let first = frame.byte(at: offset) else { return .short }
    switch first >> 4 {
    case 4, 6: return .ip(frame.slice(from: offset))
    case 0:
      offset += 4
      return ethernet()
    default: return .unread(.notIP)
    }
  }

  // MARK: PPP

  /// A session of PPPoE (RFC 2516 §4): six bytes, then PPP without HDLC's framing.
  mutating func pppoe() -> LinkPayload {
    guard let head = frame.uint16(at: offset), frame.byte(at: offset + 5) != nil else {
      return .short
    }
    guard head == 0x1100 else { return .unread(.notIP) }
    offset += 6
    return pppProtocol()
  }

  /// PPP, perhaps in HDLC's framing (RFC 1662 §3.1).
  mutating func ppp() -> LinkPayload {
    if frame.uint16(at: offset) == 0xFF03 { offset += 2 }
    return pppProtocol()
  }

  /// PPP's protocol number (RFC 1661 §2), of which a zero at the front may be left out.
  private mutating func pppProtocol() -> LinkPayload {
    guard let first = frame.byte(at: offset) else { return .short }
    var number = UInt16(first)
    if first & 1 == 0 {
      guard let second = frame.byte(at: offset + 1) else { return .short }
      number = number << 8 | UInt16(second)
      offset += 1
    }
    offset += 1
    switch number {
    case 0x21, 0x57: return .ip(frame.slice(from: offset))
    case 0x281, 0x283: return mpls()
    default: return .unread(.notIP)
    }
  }

  // MARK: Loopback

  /// An address family in four bytes, in network order or in that of any host.
  mutating func loopback(inAnyOrder: Bool) -> LinkPayload {
    guard let family = frame.uint32(at: offset) else { return .short }
    guard Self.isFamily(family) || inAnyOrder && Self.isFamily(family.byteSwapped) else {
      return .unread(.notIP)
    }
    return .ip(frame.slice(from: offset + 4))
  }

  /// AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24, 28 or 30 on the BSDs and macOS.
  private static func isFamily(_ family: UInt32) -> Bool {
    switch family {
    case 2, 10, 24, 28, 30: true
    default: false
    }
  }

  // MARK: 802.11

  /// radiotap's header, whose fields tell whether the 802.11 header is padded.
  mutating func radiotap() -> LinkPayload {
    guard let length = littleEndian(at: 2), var present = littleEndian32(at: 4) else {
      return .short
    }
    // The first of the masks tells of the antenna's first fields, all of them are passed over.
    let hasTime = present & 1 != 0
    let hasFlags = present & 2 != 0
    var place = 8
    while present & 0x8000_0000 != 0 {
      guard place < Int(length), let next = littleEndian32(at: place) else { return .short }
      present = next
      place += 4
    }
    if hasTime { place = (place + 7) & ~7 + 8 }
    let isPadded = hasFlags && place < Int(length) && (frame.byte(at: place) ?? 0) & 0x20 != 0
    guard length >= 8 else { return .unread(.malformed) }
    offset = Int(length)
    return wireless(isPadded: isPadded)
  }

  /// The Prism header: its length stands in the byte order of the host, at 4. AVS's header, which
  /// comes under the same number, has it in network order.
  mutating func prism() -> LinkPayload {
    guard let code = frame.uint32(at: 0), let length = frame.uint32(at: 4) else { return .short }
    let isAVS = code & 0xFFFF_F000 == 0x8021_1000
    let bytes = isAVS ? length : min(length, length.byteSwapped)
    guard bytes >= 8, bytes <= 4_096 else { return .unread(.malformed) }
    offset = Int(bytes)
    return wireless(isPadded: false)
  }

  /// A frame of 802.11 (§9.2): a data frame in the clear goes on with LLC.
  mutating func wireless(isPadded: Bool) -> LinkPayload {
    guard let kind = frame.byte(at: offset), let flags = frame.byte(at: offset + 1) else {
      return .short
    }
    // Version 0, type 2 is data; the bit 0x40 of the subtype stands for none of it.
    guard kind & 0x03 == 0 else { return .unread(.malformed) }
    guard kind & 0x0C == 0x08, kind & 0x40 == 0 else { return .unread(.wirelessControl) }
    guard flags & 0x40 == 0 else { return .unread(.protectedWireless) }
    guard let sequence = littleEndian(at: offset + 22) else { return .short }
    guard flags & 0x04 == 0, sequence & 0x0F == 0 else { return .unread(.wirelessParts) }
    var length = flags & 0x03 == 0x03 ? 30 : 24
    if kind & 0x80 != 0 {
      guard let quality = frame.byte(at: offset + length) else { return .short }
      // A-MSDU: several frames in one.
      guard quality & 0x80 == 0 else { return .unread(.wirelessParts) }
      length += flags & 0x80 == 0 ? 2 : 6
    }
    if isPadded { length = (length + 3) & ~3 }
    offset += length
    return logicalLink()
  }

  private func littleEndian(at offset: Int) -> UInt16? { frame.uint16(at: offset)?.byteSwapped }

  private func littleEndian32(at offset: Int) -> UInt32? { frame.uint32(at: offset)?.byteSwapped }
}
