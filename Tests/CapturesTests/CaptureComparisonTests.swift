import Captures
import Foundation
import NetSim
import TestSupport
import Testing

/// Two captures of one run set against each other.
@Suite struct CaptureComparisonTests {
  private func compare(_ name: String) throws -> CaptureComparison {
    try CaptureComparison.read(Traces.path(name), Traces.path(name + "-server"))
  }

  /// `captures.json` has what the link really lost, from the link's own log, in its order.
  @Test(arguments: ["h1-keepalive-drops", "h2-drops", "h3-drops"])
  func exactlyWhatTheLinkLostIsFound(_ name: String) throws {
    let comparison = try compare(name)
    let truth = try #require(try Traces.truth().first { $0.file == name + ".pcap" })
    #expect(comparison.forth.lost.isEmpty)
    #expect(comparison.back.lost.map(\.payloadBytes) == truth.lostPackets.map(\.payload))
    for way in [comparison.forth, comparison.back] {
      #expect(way.sent == way.arrived + Int64(way.lost.count))
      #expect(way.outside == 0)
      #expect(way.unsent == 0)
      #expect(way.duplicated == 0)
      #expect(way.reordered == 0)
    }
  }

  /// The order of the files changes who is A, and nothing else.
  @Test func theOtherOrderGivesTheSameTheOtherWay() throws {
    let one = try compare("h1-keepalive-drops")
    let other = try CaptureComparison.read(
      Traces.path("h1-keepalive-drops-server"), Traces.path("h1-keepalive-drops"))
    #expect(other.forth.lost == one.back.lost)
    #expect(other.forth.delay == one.back.delay)
    #expect(other.back.queueing == one.forth.queueing)
    #expect(other.clocks?.offset == one.clocks.map { SimDuration.zero - $0.offset })
  }

  /// The numbers and positions that tshark gives to the segments whose identification, sequence number
  /// and length only the server's file has.
  @Test func lostPacketsHaveTheirNumbersAndPlaces() throws {
    let lost = try compare("h1-keepalive-drops").back.lost
    #expect(lost.map(\.number) == [28, 66, 68, 150])
    #expect(lost.map(\.sequence) == [12_483, 47_134, 48_582, 114_208])
    #expect(lost.map(\.packetBytes) == [1500, 1500, 1500, 294])
    #expect(lost.allSatisfy { $0.isTCP && $0.source.description == "10.8.0.2:80" })
  }

  /// Both captures were made on one machine, and each direction of the link takes 20 ms.
  @Test(arguments: ["h1-keepalive-drops", "h2-drops", "h3-drops"])
  func theClocksAgreeAndTheLinkTakes20Milliseconds(_ name: String) throws {
    let comparison = try compare(name)
    let clocks = try #require(comparison.clocks)
    #expect(abs(Traces.ms(clocks.offset)) < 0.5)
    #expect(abs(Traces.ms(clocks.uncertainty) - 20) < 1)
    #expect(clocks.skewPPB == nil)
    for way in [comparison.forth, comparison.back] {
      #expect(abs(Traces.ms(try #require(way.delay).minimum) - 20) < 1)
      #expect(way.queueing?.minimum == .zero)
    }
  }

  @Test func aFileAndItselfPairWithoutDelay() throws {
    let path = Traces.path("h3-drops")
    let comparison = try CaptureComparison.read(path, path)
    // All but five packets of ICMP.
    #expect(comparison.first.packets == 233)
    #expect(comparison.pairs == 228)
    #expect(comparison.forth.lost.isEmpty && comparison.back.lost.isEmpty)
    #expect(comparison.forth.delay?.maximum == .zero)
    #expect(comparison.back.delay?.maximum == .zero)
    #expect(comparison.clocks?.offset == .zero)
  }

  @Test func capturesWithoutACommonPacketAreRefused() throws {
    #expect {
      try CaptureComparison.read(Traces.path("h1-keepalive-drops"), Traces.path("sse"))
    } throws: { error in
      (error as? CaptureError)?.kind == .nothingInCommon
    }
  }

  // MARK: Made captures

  /// A packet of a made run: UDP from 10.0.0.1:12345 to port 4433 of 10.0.0.2, or TCP of a
  /// conversation.
  private struct Sent {
    var packet: [UInt8]
    var atNs: Int64
  }

  private func files(
    _ first: [Sent], _ second: [Sent], _ body: (String, String) throws -> Void
  ) throws {
    let paths = try [first, second].map { packets in
      var capture = CaptureBuilder()
      for sent in packets.sorted(by: { $0.atNs < $1.atNs }) {
        capture.add(sent.packet, atNs: sent.atNs)
      }
      return try CaptureBuilder.write(capture.bytes)
    }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    try body(paths[0], paths[1])
  }

  private func datagram(
    _ content: [UInt8], identification: UInt16, isBack: Bool = false
  ) throws
    -> [UInt8]
  {
    let udp = Packets.datagram(content, to: 4_433)
    var packet = try Packets.version4(
      isBack ? Array(udp[2..<4] + udp[0..<2] + udp[4...]) : udp, transport: IPProtocol.udp,
      identification: identification)
    if isBack {
      let addresses = Array(packet[12..<20])
      packet.replaceSubrange(12..<20, with: addresses[4...] + addresses[..<4])
    }
    return packet
  }

  /// Runs with losses, copies and late packets, in which some payloads are alike and identifications
  /// zero: what the comparison says is what was made.
  @Test(arguments: UInt64(1)...40)
  func madeRunsAreFoundAsTheyWereMade(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let aheadNs = Int64.random(in: -3_000_000_000...3_000_000_000, using: &random)
    let hasIdentification = Bool.random(using: &random)
    var first: [Sent] = []
    var second: [Sent] = []
    var lost: [Int64] = []
    var copies: Int64 = 0
    for number in 0..<200 {
      let atNs = Int64(number) * 1_000_000
      let isBack = number % 3 == 0
      // Every tenth is like the one before it of its kind, as keep-alives are.
      let content: [UInt8] =
        number % 10 == 9
        ? [7, isBack ? 1 : 0] : [UInt8(number), UInt8(seed), isBack ? 1 : 0]
      let packet = try datagram(
        content, identification: hasIdentification ? UInt16(number + 1) : 0, isBack: isBack)
      // The first and the last ones arrive, so that both captures run all the time.
      let isLost = number > 5 && number < 190 && Int.random(in: 0..<10, using: &random) == 0
      let delayNs = 20_000_000 + Int64.random(in: 0..<400_000, using: &random)
      // The second clock is ahead.
      let sent = Sent(packet: packet, atNs: 10_000_000_000 + atNs + (isBack ? aheadNs : 0))
      let arrived = Sent(
        packet: packet, atNs: 10_000_000_000 + atNs + delayNs + (isBack ? 0 : aheadNs))
      if isBack { second.append(sent) } else { first.append(sent) }
      if isLost {
        lost.append(atNs)
        continue
      }
      if isBack { first.append(arrived) } else { second.append(arrived) }
      if number % 10 != 9, Int.random(in: 0..<20, using: &random) == 0 {
        copies += 1
        let copy = Sent(packet: packet, atNs: arrived.atNs + 50_000)
        if isBack { first.append(copy) } else { second.append(copy) }
      }
    }
    try files(first, second) { one, other in
      let comparison = try CaptureComparison.read(one, other)
      let comment = Comment(rawValue: "seed \(seed)")
      let clocks = try #require(comparison.clocks, comment)
      #expect(abs(clocks.offset.nanoseconds - aheadNs) < 400_000, comment)
      let startNs = first.map(\.atNs).min() ?? 0
      let backStartNs = (second.map(\.atNs).min() ?? 0) - aheadNs
      let found =
        comparison.forth.lost.map { $0.sent.nanoseconds + startNs - 10_000_000_000 }
        + comparison.back.lost.map { $0.sent.nanoseconds + backStartNs - 10_000_000_000 }
      #expect(found.sorted() == lost, comment)
      #expect(comparison.forth.duplicated + comparison.back.duplicated == copies, comment)
      #expect(comparison.forth.unsent + comparison.back.unsent == 0, comment)
      #expect(comparison.forth.reordered + comparison.back.reordered == 0, comment)
    }
  }

  /// 50 ppm over a minute are 3 ms, more than a queue of up to 1 ms hides.
  @Test func aClockThatRunsFasterIsFound() throws {
    var random = SeededGenerator(seed: 3)
    var first: [Sent] = []
    var second: [Sent] = []
    for number in 0..<1_200 {
      let atNs = Int64(number) * 50_000_000
      let packet = try datagram(
        [UInt8(number & 255), UInt8(number >> 8)], identification: UInt16(number),
        isBack: number % 2 == 1)
      let delayNs = 20_000_000 + Int64.random(in: 0..<1_000_000, using: &random)
      let (firstNs, secondNs) = number % 2 == 1 ? (atNs + delayNs, atNs) : (atNs, atNs + delayNs)
      first.append(Sent(packet: packet, atNs: firstNs))
      second.append(Sent(packet: packet, atNs: secondNs + secondNs / 20_000))
    }
    try files(first, second) { one, other in
      let clocks = try #require(try CaptureComparison.read(one, other).clocks)
      #expect(clocks.isSkewTakenOut)
      #expect(abs(try #require(clocks.skewPPB) - 50_000) < 3_000)
    }
  }

  /// Packet 3 of five is overtaken by the two behind it: it alone is late (RFC 4737 §3).
  @Test func aPacketThatIsOvertakenIsReordered() throws {
    let packets = try (0..<5).map { try datagram([UInt8($0)], identification: UInt16($0 + 1)) }
    let arrivals: [Int64] = [20, 21, 26, 23, 24]
    let first = (0..<5).map { Sent(packet: packets[$0], atNs: Int64($0) * 1_000_000) }
    let second = (0..<5).map { Sent(packet: packets[$0], atNs: arrivals[$0] * 1_000_000) }
    try files(first, second) { one, other in
      let comparison = try CaptureComparison.read(one, other)
      #expect(comparison.forth.reordered == 1)
      #expect(comparison.clocks == nil)
      #expect(comparison.forth.delay == nil)
      // 20, 20, 24, 20, 20 ms.
      #expect(Traces.ms(comparison.forth.queueing?.maximum) == 4)
      #expect(Traces.ms(comparison.forth.queueing?.median) == 0)
    }
  }

  /// What was sent before the other capture began, or after it ended, is not lost.
  @Test func packetsOutsideTheOtherCaptureAreNotLost() throws {
    let packets = try (0..<9).map { try datagram([UInt8($0)], identification: UInt16($0 + 1)) }
    let first = (0..<9).map { Sent(packet: packets[$0], atNs: Int64($0) * 1_000_000) }
    let second = [3, 5].map { Sent(packet: packets[$0], atNs: Int64($0) * 1_000_000) }
    try files(first, second) { one, other in
      let comparison = try CaptureComparison.read(one, other)
      #expect(comparison.forth.lost.map(\.number) == [5])
      #expect(comparison.forth.outside == 6)
      #expect(comparison.forth.arrived == 2)
    }
  }

  /// A NAT puts its own address and port for the client's.
  @Test func conversationsBehindANATAreFound() throws {
    let packets = try (0..<8).map { try datagram([UInt8($0), 9], identification: UInt16($0 + 1)) }
    let first = (0..<8).map { Sent(packet: packets[$0], atNs: Int64($0) * 1_000_000) }
    let second = (0..<8).filter { $0 != 4 }.map { number in
      var packet = packets[number]
      packet.replaceSubrange(12..<16, with: [192, 0, 2, 1])
      packet[20] = 0x50
      return Sent(packet: packet, atNs: Int64(number) * 1_000_000 + 5_000_000)
    }
    try files(first, second) { one, other in
      let comparison = try CaptureComparison.read(one, other)
      #expect(comparison.translated == 1)
      #expect(comparison.forth.lost.map(\.number) == [5])
    }
  }

  @Test func aFileThatIsCutIsComparedUpToThere() throws {
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: Traces.path("h1-keepalive-drops-server"))))
    let path = try CaptureBuilder.write(Array(bytes[..<(bytes.count / 2)]))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let comparison = try CaptureComparison.read(Traces.path("h1-keepalive-drops"), path)
    #expect(comparison.problems.count == 1)
    #expect(comparison.forth.lost.isEmpty)
    #expect(comparison.back.lost.map(\.number) == [28, 66, 68])
  }

  /// A network card cuts 4,344 bytes into three segments, of which the second is lost and sent again; at
  /// the receiver, a card joins two segments.
  @Test func segmentsThatCardsCutAndJoinAreFound() throws {
    var sender = Conversation()
    try sender.send(.server, ms: 0, seq: 1, length: 4_344, identification: 1)
    try sender.send(.server, ms: 60, seq: 1_449, length: 1_448, identification: 4)
    try sender.send(.server, ms: 80, seq: 4_345, length: 1_000, identification: 5)
    try sender.send(.server, ms: 80.1, seq: 5_345, length: 1_000, identification: 6)
    try sender.send(.server, ms: 90, seq: 6_345, length: 10, identification: 7)
    var receiver = Conversation()
    try receiver.send(.server, ms: 20, seq: 1, length: 1_448, identification: 1)
    try receiver.send(.server, ms: 22, seq: 2_897, length: 1_448, identification: 3)
    try receiver.send(.server, ms: 80, seq: 1_449, length: 1_448, identification: 4)
    try receiver.send(.server, ms: 101, seq: 4_345, length: 2_000, identification: 5)
    try receiver.send(.server, ms: 110, seq: 6_345, length: 10, identification: 7)
    let paths = try [sender, receiver].map { try CaptureBuilder.write($0.capture.bytes) }
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    let way = try CaptureComparison.read(paths[0], paths[1]).forth
    #expect(way.sent == 5)
    #expect(way.arrived == 2)
    #expect(way.recut == 3)
    #expect(way.unsent == 0)
    #expect(way.lost.map(\.sequence) == [1_449])
    #expect(way.lost.map(\.payloadBytes) == [1_448])
    #expect(way.lost.map(\.packetBytes) == [1_488])
  }
}
