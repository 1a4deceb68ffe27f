import Captures
import NetSim
import Testing

@Suite struct TunnelTests {
  private func read(_ linkType: UInt32, _ frames: [UInt8]...) throws -> CaptureAnalysis {
    var capture = CaptureBuilder(linkType: linkType)
    for frame in frames { capture.add(frame, atNs: 0) }
    return try capture.read()
  }

  private let addresses = [UInt8](repeating: 2, count: 12)
  /// A data frame of 802.11 to the access point, in the clear.
  private let wireless: [UInt8] =
    [0x08, 0x01, 0, 0] + [UInt8](repeating: 2, count: 18) + [0x10, 0]
  private let snap: [UInt8] = [0xAA, 0xAA, 3, 0, 0, 0, 8, 0]

  @Test("The same SYN is found behind every link header that is known")
  func links() throws {
    var quality = wireless + [0, 0]
    quality[0] = 0x88
    var orderedQuality = quality + [0, 0, 0, 0]
    orderedQuality[1] = 0x81
    var fourAddresses = wireless + [UInt8](repeating: 2, count: 6)
    fourAddresses[1] = 0x03
    let headers: [(UInt32, [UInt8])] = [
      // MPLS: one label, two labels, a pseudowire with its control word.
      (1, addresses + [0x88, 0x47, 0, 0x01, 0x01, 64]),
      (1, addresses + [0x88, 0x48, 0, 0x01, 0, 64, 0, 0x02, 0x01, 64]),
      (1, addresses + [0x88, 0x47, 0, 0x01, 0x01, 64, 0, 0, 0, 0] + addresses + [8, 0]),
      (219, [0, 0x01, 0x01, 64]),
      // PPPoE, with PPP's number in two bytes and in one.
      (1, addresses + [0x88, 0x64, 0x11, 0, 0, 1, 0, 42, 0, 0x21]),
      (1, addresses + [0x81, 0, 0, 7, 0x88, 0x64, 0x11, 0, 0, 1, 0, 41, 0x21]),
      (51, [0x11, 0, 0, 1, 0, 42, 0, 0x21]),
      (9, [0, 0x21]), (9, [0xFF, 3, 0, 0x21]), (50, [0xFF, 3, 0x21]), (104, [0x0F, 0, 8, 0]),
      (1, addresses + [0, 48] + snap), (1, addresses + [0x91, 0, 0, 5, 0x88, 0xA8, 0, 6, 8, 0]),
      (105, wireless + snap), (105, quality + snap), (105, orderedQuality + snap),
      (105, fourAddresses + snap),
      // radiotap: no fields; a time and flags that tell of padding behind 26 bytes.
      (127, [0, 0, 8, 0, 0, 0, 0, 0] + wireless + snap),
      (
        127,
        [0, 0, 17, 0, 3, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + [0x20] + quality + [0, 0]
          + snap
      ),
      (127, [0, 0, 12, 0, 0, 0, 0, 0x80, 0, 0, 0, 0] + wireless + snap),
      (119, [0x44, 0, 0, 0, 144, 0, 0, 0] + [UInt8](repeating: 0, count: 136) + wireless + snap),
      (
        119,
        [0x80, 0x21, 0x10, 0x01, 0, 0, 0, 64] + [UInt8](repeating: 0, count: 56) + wireless + snap
      ),
      (228, []), (1 | 0x2400_0000, addresses + [8, 0]),
    ]
    for (number, header) in headers {
      let analysis = try read(number, header + (try Packets.syn()))
      #expect(
        analysis.connections.map(\.client.description) == ["10.0.0.1:40000"],
        "link type \(number), \(header)")
      #expect(analysis.summary.unread.total == 0)
    }
    let version6 = try read(229, try Packets.syn6())
    #expect(version6.connections.map(\.client.description) == ["[fd00::1]:40000"])
  }

  @Test("The same SYN is found within every tunnel that is known")
  func tunnels() throws {
    let inner = try Packets.syn()
    let frame = addresses + [8, 0] + inner
    let vxlan: [UInt8] = [8, 0, 0, 0, 0, 0, 5, 0]
    let outers: [[UInt8]] = [
      try Packets.version4(inner, transport: 4), try Packets.version6(inner, transport: 4),
      try Packets.version4([0, 0, 8, 0] + inner, transport: 47),
      // GRE with checksum, key and sequence number.
      try Packets.version4(
        [0xB0, 0, 8, 0] + [UInt8](repeating: 1, count: 12) + inner, transport: 47),
      try Packets.version4([0x20, 0, 0x65, 0x58, 0, 0, 0, 9] + frame, transport: 47),
      // PPTP's GRE, with key, sequence number and acknowledgement.
      try Packets.version4(
        [0x30, 0x81, 0x88, 0x0B] + [UInt8](repeating: 0, count: 12) + [0xFF, 3, 0, 0x21] + inner,
        transport: 47),
      // ERSPAN without a header, and with one.
      try Packets.version4([0, 0, 0x88, 0xBE] + frame, transport: 47),
      try Packets.version4(
        [0x10, 0, 0x88, 0xBE] + [UInt8](repeating: 0, count: 12) + frame, transport: 47),
      try Packets.version4([0, 0x01, 0x01, 64] + inner, transport: 137),
      try Packets.version4(Packets.datagram(vxlan + frame, to: 4_789), transport: 17),
      try Packets.version6(Packets.datagram(vxlan + frame, to: 4_789), transport: 17),
      // What is reserved in VXLAN's header is ignored.
      try Packets.version4(
        Packets.datagram([0x88, 0, 0, 7, 0, 0, 5, 1] + frame, to: 4_789), transport: 17),
    ]
    for outer in outers {
      let analysis = try read(101, outer)
      #expect(analysis.connections.map(\.client.description) == ["10.0.0.1:40000"], "\(outer)")
      #expect(analysis.summary.tunnelledPackets == 1)
    }
    let sixInFour = try read(101, try Packets.version4(try Packets.syn6(), transport: 41))
    #expect(sixInFour.connections.map(\.client.description) == ["[fd00::1]:40000"])
    // What only looks like VXLAN by its port is a datagram.
    let other = try read(
      101,
      try Packets.version4(Packets.datagram([1, 2, 3, 4, 5, 6, 7, 8], to: 4_789), transport: 17))
    #expect(other.summary.udpPackets == 1)
  }

  @Test("Headers within headers are followed eight deep, tags sixteen, and not further")
  func depth() throws {
    var packet = try Packets.syn()
    for depth in 1...10 {
      let analysis = try read(101, packet)
      #expect(analysis.summary.tcpPackets == (depth <= 8 ? 1 : 0), "\(depth) IP headers")
      #expect(analysis.summary.unread[.tooDeep] == (depth <= 8 ? 0 : 1))
      packet = try Packets.version4(packet, transport: 4)
    }
    let tags =
      [UInt8](repeating: 0x81, count: 0) + (0..<40).flatMap { _ in [0x81, 0, 0, 1] as [UInt8] }
    let deep = try read(1, addresses + tags + [8, 0] + (try Packets.syn()))
    #expect(deep.summary.unread[.tooDeep] == 1)
  }

  @Test("Each frame that is not read has its reason")
  func reasons() throws {
    var encrypted = wireless + snap
    encrypted[1] |= 0x40
    var part = wireless + snap
    part[22] = 1
    var bundle = wireless + [0x80, 0] + snap
    bundle[0] = 0x88
    let frames: [(UInt32, [UInt8], UnreadReason)] = [
      (1, addresses + [0x08, 0x06] + [UInt8](repeating: 0, count: 28), .notIP),
      (1, addresses + [0x88, 0x63] + [UInt8](repeating: 0, count: 28), .notIP),
      (1, addresses + [8], .malformed), (1, [], .malformed),
      (1, addresses + [8, 0], .malformed),
      (101, [0x45, 0], .malformed), (101, [0x50], .notIP),
      (101, try Packets.version4([8, 0, 0, 0], transport: 1), .otherTransport),
      (101, try Packets.version4([0, 0], transport: 47), .malformed),
      (101, try Packets.version4([0, 2, 8, 0], transport: 47), .malformed),
      (101, try Packets.version4([1, 2, 3], transport: 6), .malformed),
      (105, encrypted + (try Packets.syn()), .protectedWireless),
      (105, [0x80, 0] + [UInt8](repeating: 0, count: 40), .wirelessControl),
      (105, [0x48, 1] + [UInt8](repeating: 0, count: 22), .wirelessControl),
      (105, part, .wirelessParts), (105, bundle, .wirelessParts), (105, [8, 1, 0], .malformed),
    ]
    for (number, frame, reason) in frames {
      let summary = try read(number, frame).summary
      #expect(summary.unread[reason] == 1, "\(frame): \(reason)")
      #expect(summary.unread.total == 1)
    }
  }

  @Test("Headers that the snapshot length cut are told from headers that lie")
  func cutHeaders() throws {
    let packet = try Packets.syn()
    for length in 0..<40 {
      var capture = CaptureBuilder()
      capture.add(Array(packet.prefix(length)), atNs: 0, wire: packet.count)
      let summary = try capture.read().summary
      #expect(summary.unread[.cutHeaders] == 1, "cut at \(length)")
      #expect(summary.cutPackets == 1)
    }
  }

  @Test("A total length of 0 stands for all that was on the wire, also where the capture cut it")
  func offloadedLength() throws {
    var packet = try Packets.version4(
      Array((try Packets.syn())[20...]) + [UInt8](repeating: 1, count: 500), transport: 6)
    packet.replaceSubrange(2..<4, with: [0, 0])
    packet[33] = 0x10
    var capture = CaptureBuilder()
    capture.add(Array(packet.prefix(100)), atNs: 0, wire: packet.count)
    #expect(try capture.read().connections.map(\.payloadBytes.up) == [500])
  }
}
