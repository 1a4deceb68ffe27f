import NetSim
import Testing
import Timelines

/// The bytes of a file, held against draft-ietf-opsawg-pcapng by hand; the checksums were computed
/// with another program.
@Suite struct PcapngExportTests {
  /// A client's SYN at 1.5 s, and five bytes of the server's that the network loses.
  private static func log() -> EventLog {
    var log = EventLog()
    log.connections = [
      ConnectionDescription(
        clientName: Array("10.0.0.1:49152".utf8), serverName: Array("10.1.0.1:80".utf8))
    ]
    var options = TCPOptions()
    options.maximumSegmentSize = 1460
    options.permitsSACK = true
    options.timestamps = TCPTimestamps(value: 16, echo: 0)
    options.windowScale = 7
    log.recordHeader(
      SegmentHeader(
        sequence: SequenceNumber(0x0102_0304), acknowledgement: SequenceNumber(0),
        window: 65_535, options: options))
    log.recordHeader(
      SegmentHeader(
        sequence: SequenceNumber(0xA000_0001), acknowledgement: SequenceNumber(0x0102_0305),
        window: 1_024, options: TCPOptions()))
    let time = SimTime(nanoseconds: 1_500_000_000)
    log.record(
      EventRecord(
        time: time, kind: .segmentSent, connection: 0, side: .client, item: 1,
        detail: TCPFlags.syn.rawValue))
    log.requests = [RequestDescription(requestBytes: 15, bodyBytes: 5)]
    log.recordMilestone(
      EventRecord(
        time: time, kind: .responseSent, connection: 0, side: .server, offset: 1, length: 5))
    log.record(
      EventRecord(
        time: time, kind: .segmentSent, connection: 0, side: .server, item: 2, offset: 1,
        length: 5, detail: TCPFlags([.psh, .ack]).rawValue))
    log.record(
      EventRecord(
        time: time, kind: .packetDropped, connection: 0, place: 1, item: 2, length: 45,
        detail: DropReason.queueFull.rawValue))
    return log
  }

  /// The bytes of hexadecimal digits; what stands behind `#` is a comment.
  private static func bytes(_ text: String) -> [UInt8] {
    let digits = text.split(separator: "\n").flatMap { line in
      line.prefix { $0 != "#" }.filter { $0 != " " }
    }
    return stride(from: 0, to: digits.count, by: 2).compactMap {
      UInt8(String(digits[$0...$0 + 1]), radix: 16)
    }
  }

  @Test func aFileIsASectionAnInterfaceAndItsPackets() throws {
    let file = try PcapngExport(Self.log(), vantage: .client).bytes
    let comment = Array("A simulated run as its client saw it, fingerprint 6e657473696d3031".utf8)
    let section =
      Self.bytes("0a0d0d0a 74000000 4d3c2b1a 0100 0000 ffffffffffffffff  0100 4200") + comment
      + Self.bytes(
        """
        0000                    # the comment's 66 bytes are padded to 68
        0400 0600 4e657453696d 0000  # shb_userappl: NetSim
        0000 0000 74000000      # the end of the options, the length again
        """)
    #expect(Array(file.prefix(116)) == section)
    let interface = Self.bytes(
      """
      01000000 38000000 6500 0000 00000400  # raw IP, at most 262,144 bytes
      0200 0600 636c69656e74 0000           # if_name: client
      0400 0800 0a000001 ffff0000           # if_IPv4addr
      0900 0100 09 000000                   # if_tsresol: 10⁻⁹
      0000 0000 38000000
      """)
    #expect(Array(file[116..<172]) == interface)
    let packet = Self.bytes(
      """
      06000000 74000000 00000000 52728618 002f6247  # 1,767,225,601,500,000,000 ns
      3c000000 3c000000
      4500003c 9e374000 40068882 0a000001 0a010001  # IPv4: DF, 64 hops, TCP
      c0000050 01020304 00000000 a002ffff 6f970000  # SYN
      020405b4 0402080a 00000010 00000000 01030307  # MSS, SACK permitted, timestamps, shift 7
      0200 0400 02000000                            # epb_flags: outbound
      0500 0800 0100000000000000                    # epb_packetid
      0000 0000 74000000
      """)
    #expect(Array(file[172...]) == packet)
  }

  @Test func aPacketThatIsLostStandsWhereItWasSentWithTheReason() throws {
    let file = try PcapngExport(Self.log(), vantage: .server).bytes
    let packet = Self.bytes(
      """
      06000000 90000000 00000000 52728618 002f6247
      2d000000 2d000000
      4500002d 3c6e4000 4006ea5a 0a010001 0a000001
      0050c000 a0000001 01020305 50180400 9d070000
      3031323334 000000                             # the pattern's first bytes, padded
      0100 2200                                     # opt_comment of 34 bytes
      6c6f7374206f6e206c696e6b20313a207468          # lost on link 1: th
      652071756575652077617320 66756c6c 0000        # e queue was full
      0200 0400 02000000 0500 0800 0200000000000000
      0000 0000 90000000
      """)
    #expect(Array(file.suffix(packet.count)) == packet)
  }

  @Test func theChunksJoinedAreTheFile() throws {
    let run = SampleRun.run(SampleRun.download(drops: [12, 40]))
    let export = try PcapngExport(run.log, vantage: .client)
    var chunks: [[UInt8]] = []
    export.write { (chunk: [UInt8]) in chunks.append(chunk) }
    #expect(chunks.count > 1)
    #expect(chunks.allSatisfy { $0.count < 70_000 })
    #expect(Array(chunks.joined()) == export.bytes)
  }

  private struct DiskFull: Error {}

  @Test func theErrorOfTheSinkEndsTheWriting() throws {
    let export = try PcapngExport(Self.log(), vantage: .client)
    #expect(throws: DiskFull.self) {
      try export.write { (_: [UInt8]) throws(DiskFull) in throw DiskFull() }
    }
  }

  @Test func aLogOfLessThanEverythingIsRefused() {
    for level in [EventLog.Level.totals, .requests] {
      var simulator = Simulator(SampleRun.download(), level: level)
      _ = simulator.run()
      #expect(throws: PcapngExportError.incompleteLog) {
        try PcapngExport(simulator.log, vantage: .client)
      }
    }
  }

  @Test func aLogWithoutHeadersIsRefused() {
    var log = EventLog()
    log.connections = [
      ConnectionDescription(
        clientName: Array("10.0.0.1:49152".utf8), serverName: Array("10.1.0.1:80".utf8))
    ]
    log.record(EventRecord(time: .zero, kind: .segmentSent, connection: 0, side: .client, item: 1))
    #expect(throws: PcapngExportError.incompleteLog) {
      try PcapngExport(log, vantage: .client)
    }
  }

  @Test(arguments: ["", "10.0.0.1", "10.0.0:80", "10.0.0.256:80", "[::1]:80", "10.0.0.1:65536"])
  func aConnectionWithoutIPv4AddressesIsRefused(name: String) {
    var log = EventLog()
    log.connections = [
      ConnectionDescription(clientName: Array("10.0.0.1:1".utf8), serverName: Array(name.utf8))
    ]
    #expect(throws: PcapngExportError.noAddress(connection: 0)) {
      try PcapngExport(log, vantage: .client)
    }
  }
}
