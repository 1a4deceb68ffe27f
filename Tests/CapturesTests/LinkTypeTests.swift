import Captures
import NetSim
import Testing

@Suite struct LinkTypeTests {
  /// An IPv4 SYN from 10.0.0.1:40000 to 10.0.0.2:80.
  private func syn() throws -> [UInt8] {
    var segment: [UInt8] = []
    let source = IPAddress(10, 0, 0, 1)
    let destination = IPAddress(10, 0, 0, 2)
    try TCPHeader(
      sourcePort: 40_000, destinationPort: 80, sequence: SequenceNumber(7), flags: .syn
    ).write(source: source, destination: destination, to: &segment)
    var packet: [UInt8] = []
    try IPv4Header(source: source, destination: destination).write(
      payloadLength: segment.count, to: &packet)
    return packet + segment
  }

  /// The connections of a capture with one frame.
  private func connections(
    _ linkType: UInt32, _ header: [UInt8], _ packet: [UInt8]
  ) throws -> [CapturedConnection] {
    var capture = CaptureBuilder(linkType: linkType)
    capture.add(header + packet, atNs: 0)
    return try capture.read().connections
  }

  @Test("The same SYN is found behind every known link header")
  func everyLinkType() throws {
    let addresses = [UInt8](repeating: 2, count: 12)
    let headers: [(UInt32, [UInt8])] = [
      (1, addresses + [0x08, 0x00]),
      (1, addresses + [0x81, 0x00, 0x00, 0x05, 0x08, 0x00]),
      (1, addresses + [0x88, 0xA8, 0x00, 0x05, 0x81, 0x00, 0x00, 0x06, 0x08, 0x00]),
      (12, []), (14, []), (101, []), (228, []),
      (113, [UInt8](repeating: 0, count: 14) + [0x08, 0x00]),
      (276, [0x08, 0x00] + [UInt8](repeating: 0, count: 18)),
      (0, [2, 0, 0, 0]), (0, [0, 0, 0, 2]), (108, [0, 0, 0, 2]),
    ]
    for (number, header) in headers {
      let found = try connections(number, header, syn())
      #expect(found.count == 1, "link type \(number), \(header.count) bytes")
      #expect(found.first?.client.description == "10.0.0.1:40000")
      #expect(found.first?.server.description == "10.0.0.2:80")
      #expect(found.first?.hasHandshake == true)
    }
  }

  @Test("A frame that carries no IP is counted, not read")
  func noIP() throws {
    var capture = CaptureBuilder(linkType: 1)
    capture.add(
      [UInt8](repeating: 2, count: 12) + [0x08, 0x06] + [UInt8](repeating: 0, count: 28), atNs: 0)
    let analysis = try capture.read()
    #expect(analysis.summary.unread[.notIP] == 1)
    #expect(analysis.connections.isEmpty)
  }

  @Test("TCP over IPv6 is found behind extension headers")
  func version6() throws {
    let source = IPAddress(version6: 0xFD00 << 48, 1)
    let destination = IPAddress(version6: 0xFD00 << 48, 2)
    var segment: [UInt8] = []
    try TCPHeader(
      sourcePort: 50_000, destinationPort: 443, sequence: SequenceNumber(7), flags: .syn
    ).write(source: source, destination: destination, to: &segment)
    let options: [UInt8] = [IPProtocol.tcp, 0, 1, 4, 0, 0, 0, 0]
    var packet: [UInt8] = []
    try IPv6Header(
      source: source, destination: destination, transport: IPProtocol.destinationOptions
    ).write(payloadLength: options.count + segment.count, to: &packet)
    let found = try connections(229, [], packet + options + segment)
    #expect(found.first?.client.description == "[fd00::1]:50000")
    #expect(found.first?.server.description == "[fd00::2]:443")
  }

  @Test("All four forms of pcap give the same packets", arguments: CaptureBuilder.Form.allCases)
  func forms(form: CaptureBuilder.Form) throws {
    var talk = Conversation(CaptureBuilder(form: form))
    try talk.handshakeAtClient()
    let analysis = try talk.capture.read()
    #expect(analysis.summary.packets == 3)
    #expect(analysis.summary.startUnixNs == 1_700_000_000_000_000_000)
    #expect(analysis.summary.duration == .microseconds(40_100))
    #expect(analysis.connections[0].handshakeRTT == .milliseconds(40))
  }
}
