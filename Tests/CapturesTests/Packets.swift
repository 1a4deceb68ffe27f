import NetSim

/// Packets for tests, and what they may be wrapped in.
enum Packets {
  /// An IPv4 SYN from 10.0.0.1 to 10.0.0.2:80.
  static func syn(port: UInt16 = 40_000) throws -> [UInt8] {
    let source = IPAddress(10, 0, 0, 1)
    let destination = IPAddress(10, 0, 0, 2)
    var segment: [UInt8] = []
    try TCPHeader(
      sourcePort: port, destinationPort: 80, sequence: SequenceNumber(7), flags: .syn
    ).write(source: source, destination: destination, to: &segment)
    return try version4(segment, transport: IPProtocol.tcp)
  }

  /// An IPv6 SYN from fd00::1 to fd00::2:80.
  static func syn6(port: UInt16 = 40_000) throws -> [UInt8] {
    let source = IPAddress(version6: 0xFD00 << 48, 1)
    let destination = IPAddress(version6: 0xFD00 << 48, 2)
    var segment: [UInt8] = []
    try TCPHeader(
      sourcePort: port, destinationPort: 80, sequence: SequenceNumber(7), flags: .syn
    ).write(source: source, destination: destination, to: &segment)
    return try version6(segment, transport: IPProtocol.tcp)
  }

  /// An IPv4 packet from 10.0.0.1 to 10.0.0.2.
  static func version4(
    _ payload: [UInt8], transport: UInt8, identification: UInt16 = 0
  ) throws -> [UInt8] {
    var packet: [UInt8] = []
    try IPv4Header(
      source: IPAddress(10, 0, 0, 1), destination: IPAddress(10, 0, 0, 2), transport: transport,
      identification: identification
    ).write(payloadLength: payload.count, to: &packet)
    return packet + payload
  }

  /// An IPv6 packet from fd00::1 to fd00::2.
  static func version6(_ payload: [UInt8], transport: UInt8) throws -> [UInt8] {
    var packet: [UInt8] = []
    try IPv6Header(
      source: IPAddress(version6: 0xFD00 << 48, 1),
      destination: IPAddress(version6: 0xFD00 << 48, 2),
      transport: transport
    ).write(payloadLength: payload.count, to: &packet)
    return packet + payload
  }

  /// A datagram to a port.
  static func datagram(_ content: [UInt8], to port: UInt16) -> [UInt8] {
    let length = UInt16(content.count + 8)
    return [
      0x30, 0x39, UInt8(port >> 8), UInt8(port & 0xFF), UInt8(length >> 8), UInt8(length & 0xFF), 0,
      0,
    ]
      + content
  }

  /// The fragment of an IPv4 packet without options that has the payload's bytes of `range`.
  static func fragment4(_ packet: [UInt8], _ range: Range<Int>) -> [UInt8] {
    let payload = packet[20...]
    let isLast = range.upperBound == payload.count
    let place = UInt16(range.lowerBound / 8) | (isLast ? 0 : 0x2000)
    var header = Array(packet[..<20])
    let total = UInt16(20 + range.count)
    header.replaceSubrange(2..<4, with: [UInt8(total >> 8), UInt8(total & 0xFF)])
    header.replaceSubrange(6..<8, with: [UInt8(place >> 8), UInt8(place & 0xFF)])
    return header + payload[(20 + range.lowerBound)..<(20 + range.upperBound)]
  }

  /// The same of an IPv6 packet without extension headers.
  static func fragment6(_ packet: [UInt8], _ range: Range<Int>, id: UInt8 = 1) -> [UInt8] {
    let payload = packet[40...]
    let isLast = range.upperBound == payload.count
    let place = UInt16(range.lowerBound) | (isLast ? 0 : 1)
    var header = Array(packet[..<40])
    let total = UInt16(8 + range.count)
    header.replaceSubrange(4..<6, with: [UInt8(total >> 8), UInt8(total & 0xFF)])
    header[6] = IPProtocol.fragment
    return header + [packet[6], 0, UInt8(place >> 8), UInt8(place & 0xFF), 0, 0, 0, id]
      + payload[(40 + range.lowerBound)..<(40 + range.upperBound)]
  }
}
