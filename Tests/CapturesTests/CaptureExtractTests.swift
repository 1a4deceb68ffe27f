import Captures
import Foundation
import NetSim
import Testing

/// Packets of captures, written as captures again.
@Suite struct CaptureExtractTests {
  /// A block of a little-endian pcapng file.
  private struct Block {
    var type: UInt32
    var body: [UInt8]

    func field(_ offset: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(body[offset + $1]) << UInt32(8 * $1) }
    }

    /// Of an Enhanced Packet Block: its time in nanoseconds, and its packet.
    var time: UInt64 { UInt64(field(4)) << 32 | UInt64(field(8)) }
    var packet: [UInt8] { Array(body[20..<20 + Int(field(12))]) }
  }

  private func blocks(_ bytes: [UInt8]) -> [Block] {
    var blocks: [Block] = []
    var place = 0
    while place < bytes.count {
      let head = Block(type: 0, body: Array(bytes[place..<place + 8]))
      let length = Int(head.field(4))
      blocks.append(
        Block(type: head.field(0), body: Array(bytes[place + 8..<place + length - 4])))
      place += length
    }
    return blocks
  }

  private func extract(
    _ path: String, _ selection: CaptureExtract.Selection = CaptureExtract.Selection()
  ) throws -> [UInt8] {
    var extract = try CaptureExtract(path: path, selection)
    var bytes: [UInt8] = []
    extract.write { bytes += $0 }
    #expect(extract.problem == nil)
    #expect(blocks(bytes).count { $0.type == 6 } == Int(extract.packets))
    return bytes
  }

  /// Runs `body` with the path of a file.
  private func with(_ file: [UInt8], _ body: (String) throws -> Void) throws {
    let path = try CaptureBuilder.write(file)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
  }

  @Test func aWholeCaptureStaysAsItIs() throws {
    let all = try Traces.read("h1-keepalive-drops")
    try with(extract(Traces.path("h1-keepalive-drops"))) { path in
      let again = try CaptureAnalysis.read(path: path)
      #expect(again.summary.startUnixNs == all.summary.startUnixNs)
      #expect(again.summary.bytes == all.summary.bytes)
      #expect(again.log.records == all.log.records)
    }
  }

  /// Two sections, of which the second has another link type, and two interfaces of one link type.
  @Test func interfacesTimesSecretsAndBytesStay() throws {
    let ethernet = [UInt8](repeating: 2, count: 12) + [0x08, 0x00]
    let secret = Array("CLIENT_RANDOM".utf8)
    let packets = [
      try Packets.syn(port: 1), try Packets.syn(port: 2), ethernet + (try Packets.syn(port: 3)),
    ]
    var file = PcapngBuilder()
    file.interface(101, resolution: 9)
    file.interface(101)
    file.enhanced(packets[0], ticks: 5_000_000_001)
    file.block(
      10, file.field(UInt32(0x544C_534B)) + file.field(UInt32(secret.count)) + secret)
    file.enhanced(packets[1], ticks: 6_000_000, interface: 1)
    file.isLittle = false
    file.section()
    file.interface(1)
    file.enhanced(packets[2], ticks: 7_000_000)
    try with(file.bytes) { path in
      let found = blocks(try extract(path))
      #expect(found.map(\.type) == [0x0A0D_0D0A, 10, 1, 6, 1, 6, 1, 6])
      #expect(Array(found[1].body[8..<8 + secret.count]) == secret)
      #expect(found.filter { $0.type == 1 }.map { $0.field(0) } == [101, 101, 1])
      let kept = found.filter { $0.type == 6 }
      #expect(kept.map { $0.field(0) } == [0, 1, 2])
      #expect(kept.map(\.time) == [5_000_000_001, 6_000_000_000, 7_000_000_000])
      #expect(kept.map(\.packet) == packets)
    }
  }

  /// Simple Packet Blocks have no times; an Enhanced one has to have one.
  @Test func packetsWithoutATimeTakeThatOfTheirNeighbour() throws {
    var file = PcapngBuilder()
    file.interface(101)
    file.simple(try Packets.syn(port: 1))
    file.enhanced(try Packets.syn(port: 2), ticks: 1_340_954_905_000_000)
    file.simple(try Packets.syn(port: 3))
    file.enhanced(try Packets.syn(port: 4), ticks: 1_340_954_905_000_002)
    try with(file.bytes) { path in
      let kept = blocks(try extract(path)).filter { $0.type == 6 }
      #expect(
        kept.map(\.time)
          == [0, 0, 0, 2_000].map { 1_340_954_905_000_000_000 + $0 })
    }
  }

  /// What tshark counts for the same: `tcp.stream == 2`, and `ip.addr == 10.8.0.2` between 0.1 and
  /// 0.3 s.
  @Test func whatIsSelectedIsTaken() throws {
    func count(_ name: String, _ selection: CaptureExtract.Selection) throws -> Int {
      blocks(try extract(Traces.path(name), selection)).count { $0.type == 6 }
    }
    #expect(try count("h1-six-clean", .init(connections: [2])) == 23)
    #expect(try count("h1-six-clean", .init(connections: [0, 2, 4])) == 192)
    let bounds = CaptureExtract.Selection(
      hosts: [IPAddress(10, 8, 0, 2)], from: SimTime(nanoseconds: 100_000_000),
      to: SimTime(nanoseconds: 300_000_000))
    #expect(try count("h3-drops", bounds) == 100)
    #expect(try count("h3-drops", .init(hosts: [IPAddress(10, 8, 0, 3)])) == 0)
    #expect(try count("h3-drops", .init(filter: "icmp")) == 5)
  }

  @Test func aCutPacketKeepsItsLength() throws {
    var capture = CaptureBuilder()
    let packet = try Packets.syn()
    capture.add(Array(packet[..<30]), atNs: 1, wire: packet.count)
    try with(capture.bytes) { path in
      let kept = blocks(try extract(path)).filter { $0.type == 6 }
      #expect(kept.map { $0.field(12) } == [30])
      #expect(kept.map { $0.field(16) } == [UInt32(packet.count)])
    }
  }

  @Test func capturesAreKnownByTheirFirstBytes() throws {
    #expect(CaptureExtract.isCapture(Traces.path("sse")))
    #expect(!CaptureExtract.isCapture(Traces.folder + "/captures.json"))
    #expect(!CaptureExtract.isCapture(Traces.folder + "/nothing"))
    #expect(!CaptureExtract.isCapture("-"))
    try with(PcapngBuilder().bytes) { #expect(CaptureExtract.isCapture($0)) }
    try with([0x1F, 0x8B, 8, 0]) { #expect(CaptureExtract.isCapture($0)) }
    try with([0x28, 0xB5, 0x2F, 0xFD, 0, 0, 0, 0]) { #expect(CaptureExtract.isCapture($0)) }
    try with([]) { #expect(!CaptureExtract.isCapture($0)) }
  }
}
