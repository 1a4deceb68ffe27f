import NetSim
import Testing

@Suite struct IPTests {
  @Test("An IPv4 header that was written reads back the same and has a right checksum")
  func version4() throws {
    let header = IPv4Header(
      source: IPAddress(10, 8, 0, 1), destination: IPAddress(10, 8, 0, 2), identification: 0x0C54)
    var bytes: [UInt8] = []
    try header.write(payloadLength: 4, to: &bytes)
    bytes += [1, 2, 3, 4]
    try bytes.withUnsafeBytes { raw in
      let packet = try IPv4Packet(ByteReader(raw))
      #expect(packet.hasValidChecksum)
      #expect(packet.totalLength == 24)
      #expect(packet.source == header.source)
      #expect(packet.destination == header.destination)
      #expect(packet.identification == 0x0C54)
      #expect(packet.transport == IPProtocol.tcp)
      #expect(Array(packet.payload.bytes) == [1, 2, 3, 4])
    }
  }

  @Test("Padding behind the total length is no payload")
  func padding() throws {
    var bytes: [UInt8] = []
    try IPv4Header(source: IPAddress(1, 2, 3, 4), destination: IPAddress(5, 6, 7, 8)).write(
      payloadLength: 1, to: &bytes)
    bytes += [9, 0, 0, 0, 0, 0]
    try bytes.withUnsafeBytes { raw in
      let packet = try IPv4Packet(ByteReader(raw))
      #expect(Array(packet.payload.bytes) == [9])
    }
  }

  @Test("A header length below 20 and a version other than 4 are typed errors")
  func liesInVersion4() {
    var bytes = [UInt8](repeating: 0, count: 20)
    bytes[0] = 0x44
    _ = bytes.withUnsafeBytes { raw in
      #expect(throws: WireError.headerLength(16)) { try IPv4Packet(ByteReader(raw)) }
    }
    bytes[0] = 0x65
    _ = bytes.withUnsafeBytes { raw in
      #expect(throws: WireError.version(6)) { try IPv4Packet(ByteReader(raw)) }
    }
    _ = bytes.prefix(19).withUnsafeBytes { raw in
      #expect(throws: WireError.truncated(need: 20, have: 19)) {
        try IPv4Packet(ByteReader(raw))
      }
    }
  }

  @Test("The payload of an IPv6 packet stands behind hop-by-hop, routing and destination options")
  func extensionHeaders() throws {
    let bytes = try version6(
      next: IPProtocol.hopByHopOptions,
      payload: [43, 0, 1, 4, 0, 0, 0, 0]  // hop-by-hop: 8 bytes, then routing
        + [60, 1] + [UInt8](repeating: 0, count: 14)  // routing: 16 bytes, then options
        + [6, 0, 1, 4, 0, 0, 0, 0]  // destination options: 8 bytes, then TCP
        + [0xAA, 0xBB])
    try bytes.withUnsafeBytes { raw in
      let packet = try IPv6Packet(ByteReader(raw))
      #expect(packet.transport == IPProtocol.tcp)
      #expect(packet.headerLength == 40 + 8 + 16 + 8)
      #expect(Array(packet.payload.bytes) == [0xAA, 0xBB])
    }
  }

  @Test("A fragment header gives the offset and whether more follow")
  func fragment() throws {
    let bytes = try version6(
      next: IPProtocol.fragment, payload: [6, 0, 0x05, 0xA9, 0, 0, 0, 1, 1, 2, 3])
    try bytes.withUnsafeBytes { raw in
      let packet = try IPv6Packet(ByteReader(raw))
      #expect(packet.fragmentOffset == 1448)
      #expect(packet.hasMoreFragments)
    }
  }

  @Test("Extension headers without end and longer than their packet are typed errors")
  func hostileExtensions() throws {
    let endless = try version6(
      next: IPProtocol.hopByHopOptions,
      payload: [UInt8](repeating: 0, count: 8 * 40))
    _ = endless.withUnsafeBytes { raw in
      #expect(throws: WireError.tooManyExtensions) { try IPv6Packet(ByteReader(raw)) }
    }
    let long = try version6(next: IPProtocol.routing, payload: [6, 255, 0, 0, 0, 0, 0, 0])
    _ = long.withUnsafeBytes { raw in
      #expect(throws: WireError.optionLength(2048)) { try IPv6Packet(ByteReader(raw)) }
    }
  }

  @Test("Addresses print as RFC 5952 §4 has them")
  func addressText() {
    func text(_ high: UInt64, _ low: UInt64) -> String {
      String(decoding: IPAddress(version6: high, low).text, as: UTF8.self)
    }
    #expect(text(0x2001_0DB8_0000_0000, 0x0000_0000_0000_0001) == "2001:db8::1")
    #expect(text(0x2001_0DB8_0000_0001, 0x0001_0001_0001_0001) == "2001:db8:0:1:1:1:1:1")
    #expect(text(0x2001_0000_0000_0001, 0x0000_0000_0000_0001) == "2001:0:0:1::1")
    #expect(text(0, 0) == "::")
    #expect(text(0, 1) == "::1")
    #expect(text(0x2001_0DB8_0000_0000, 0) == "2001:db8::")
    #expect(
      String(decoding: IPAddress(10, 8, 0, 2).text(port: 80), as: UTF8.self) == "10.8.0.2:80")
    #expect(
      String(decoding: IPAddress(version6: 0, 1).text(port: 443), as: UTF8.self) == "[::1]:443")
  }

  private func version6(next: UInt8, payload: [UInt8]) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try IPv6Header(
      source: IPAddress(version6: 0xFD00 << 48, 1),
      destination: IPAddress(version6: 0xFD00 << 48, 2),
      transport: next
    ).write(payloadLength: payload.count, to: &bytes)
    return bytes + payload
  }
}
