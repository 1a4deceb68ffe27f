import Captures
import NetSim
import TestSupport
import Testing

@Suite struct PcapngTests {
  private let ethernet = [UInt8](repeating: 2, count: 12) + [0x08, 0x00]

  /// The clients of the connections of a file, and what else it says.
  private func read(_ file: PcapngBuilder, filter: String? = nil) throws -> CaptureAnalysis {
    try CaptureBuilder.read(file.bytes, CaptureOptions(filter: filter))
  }

  @Test("Sections of both byte orders and interfaces of several link types are read in one file")
  func sectionsAndInterfaces() throws {
    var file = PcapngBuilder(isLittle: true)
    file.interface(101)
    file.interface(1)
    file.enhanced(try Packets.syn(port: 1), ticks: 5_000_000)
    file.enhanced(ethernet + (try Packets.syn(port: 2)), ticks: 6_000_000, interface: 1)
    file.isLittle = false
    file.section()
    file.interface(1, resolution: 9)
    file.enhanced(ethernet + (try Packets.syn(port: 3)), ticks: 7_000_000_000)
    let analysis = try read(file)
    #expect(analysis.problems.isEmpty)
    #expect(analysis.connections.map(\.client.port) == [1, 2, 3])
    #expect(analysis.summary.startUnixNs == 5_000_000_000)
    #expect(analysis.connections.map(\.first.nanoseconds) == [0, 1_000_000_000, 2_000_000_000])
  }

  @Test(
    "Times count in the unit and from the second that their interface tells",
    arguments: [
      (nil, nil, 1_500_000, 1_500_000_000), (6, nil, 1_500_000, 1_500_000_000),
      (0, nil, 3, 3_000_000_000), (3, nil, 1_500, 1_500_000_000),
      (9, nil, 1_500_000_001, 1_500_000_001), (12, nil, 1_500_000_001_999, 1_500_000_001),
      (0x80, nil, 3, 3_000_000_000), (0x8A, nil, 1_536, 1_500_000_000),
      (0xA0, nil, 0x1_8000_0000, 1_500_000_000), (0xBF, nil, 0x4000_0000_0000_0000, 500_000_000),
      (0xC0, nil, 0x4000_0000_0000_0000, 250_000_000), (0xFF, nil, .max, 0),
      (100, nil, .max, 0), (29, nil, .max, 0), (9, 10, 1_500_000_000, 11_500_000_000),
      (9, -1, 1_500_000_000, 500_000_000), (9, -2, 1_500_000_000, 0),
      // Beyond the range of classic pcap, times are those of its end.
      (0, nil, .max, 4_294_967_295_999_999_999), (9, .max, 1, 4_294_967_295_999_999_999),
      (9, .min, 1, 0),
    ] as [(UInt8?, Int64?, UInt64, Int64)])
  func times(resolution: UInt8?, offset: Int64?, ticks: UInt64, unixNs: Int64) throws {
    for isLittle in [true, false] {
      var file = PcapngBuilder(isLittle: isLittle)
      file.interface(101, resolution: resolution, offset: offset)
      file.enhanced(try Packets.syn(), ticks: ticks)
      #expect(try read(file).summary.startUnixNs == unixNs)
    }
  }

  @Test("Packets stand in enhanced, simple and obsolete blocks")
  func kindsOfPackets() throws {
    for isLittle in [true, false] {
      var file = PcapngBuilder(isLittle: isLittle)
      file.interface(101)
      file.interface(1, resolution: 9)
      file.enhanced(try Packets.syn(port: 1), ticks: 5_000_000)
      file.simple(try Packets.syn(port: 2))
      file.obsolete(ethernet + (try Packets.syn(port: 3)), ticks: 6_000_000_000, interface: 1)
      let analysis = try read(file)
      #expect(analysis.connections.map(\.client.port) == [1, 2, 3])
      #expect(analysis.summary.untimedPackets == 1)
      // A packet without a time has that of the packet before.
      #expect(analysis.connections.map(\.first.nanoseconds) == [0, 0, 1_000_000_000])
    }
  }

  @Test("A capture that begins with simple packets begins with the first time it tells")
  func simpleFirst() throws {
    var file = PcapngBuilder()
    file.interface(101)
    file.simple(try Packets.syn(port: 1))
    file.interface(101)
    file.enhanced(try Packets.syn(port: 2), ticks: 5_000_000, interface: 1)
    file.enhanced(try Packets.syn(port: 3), ticks: 6_000_000)
    let analysis = try read(file)
    #expect(analysis.problems.isEmpty)
    #expect(analysis.summary.startUnixNs == 5_000_000_000)
    #expect(analysis.summary.duration == .milliseconds(1_000))
    #expect(analysis.summary.backwardSteps == 0)
    #expect(analysis.connections.map(\.first.nanoseconds) == [0, 0, 1_000_000_000])
  }

  @Test("The snapshot length of the first interface bounds a simple packet")
  func simpleSnapshot() throws {
    var file = PcapngBuilder()
    file.interface(101, snapshot: 30)
    file.simple(Array(try Packets.syn().prefix(30)) + [9, 9], original: 40)
    let analysis = try read(file)
    #expect(analysis.summary.bytes == 40)
    #expect(analysis.summary.cutPackets == 1)
    #expect(analysis.summary.unread[.cutHeaders] == 1)
  }

  @Test("Secrets are kept; names, statistics, custom and unknown blocks are passed over")
  func otherBlocks() throws {
    var file = PcapngBuilder()
    file.interface(101)
    let keys = Array("CLIENT_RANDOM 00 11\n".utf8)
    file.block(10, file.field(CaptureSecrets.tlsKeyLog) + file.field(UInt32(keys.count)) + keys)
    for type in [4, 5, 0xBAD, 0x4000_0BAD, 7, 0x7FFF_FFFF] as [UInt32] {
      file.block(type, [1, 2, 3, 4, 5])
    }
    // Larger than what is looked into.
    file.block(0x1234, [UInt8](repeating: 7, count: 20_000_000))
    file.enhanced(try Packets.syn(), ticks: 1)
    let analysis = try read(file)
    #expect(analysis.problems.isEmpty)
    #expect(analysis.connections.count == 1)
    #expect(analysis.secrets == [CaptureSecrets(kind: 0x544C_534B, bytes: keys)])
  }

  @Test("A packet of an unknown interface or link type is counted, and the rest is read")
  func unknownInterface() throws {
    var file = PcapngBuilder()
    file.enhanced(try Packets.syn(port: 1), ticks: 1)
    file.interface(147)
    file.enhanced(try Packets.syn(port: 2), ticks: 1)
    file.interface(101)
    file.enhanced(try Packets.syn(port: 3), ticks: 2, interface: 1)
    file.enhanced(try Packets.syn(port: 4), ticks: 2, interface: 2)
    let analysis = try read(file)
    #expect(analysis.problems.isEmpty)
    #expect(analysis.summary.packets == 4)
    #expect(analysis.summary.unread[.unknownLink] == 3)
    #expect(analysis.connections.map(\.client.port) == [3])
  }

  @Test("Lengths that lie end the reading, and what stood before is analysed")
  func lyingLengths() throws {
    var whole = PcapngBuilder()
    whole.interface(101)
    whole.enhanced(try Packets.syn(), ticks: 1)
    let packet = try Packets.syn(port: 2)
    let lies: [(String, (inout PcapngBuilder) -> Void)] = [
      ("8 bytes", { $0.block(6, packet, length: 8) }),
      ("33 bytes", { $0.block(6, packet, length: 33) }),
      ("4294967292 bytes", { $0.block(6, packet, length: 0xFFFF_FFFC) }),
      ("ends within a block", { $0.block(4, packet, length: 0xFFFF_FFFC) }),
      ("at its end", { $0.block(6, packet, secondLength: 40) }),
      ("at its end", { $0.block(4, packet, secondLength: 40) }),
      ("its block has fewer", { $0.enhanced(packet, ticks: 1, captured: 41) }),
      ("its block has fewer", { $0.enhanced(packet, ticks: 1, captured: .max) }),
      ("only 12 bytes", { $0.block(6, []) }), ("only 12 bytes", { $0.block(3, []) }),
      ("only 16 bytes", { $0.block(1, [1, 0, 0, 0]) }),
      ("longer than its block", { $0.block(1, [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 9, 0]) }),
      ("secrets", { $0.block(10, [1, 0, 0, 0, 9, 0, 0, 0]) }),
      ("byte order", { $0.block(0x0A0D_0D0A, [UInt8](repeating: 1, count: 16)) }),
    ]
    for (words, lie) in lies {
      var file = whole
      let place = Int64(file.bytes.count)
      lie(&file)
      file.enhanced(packet, ticks: 2)
      let analysis = try read(file)
      #expect(analysis.summary.packets == 1, "\(words)")
      let problem = try #require(analysis.problem, "\(words)")
      #expect(problem.description.contains(words), "\(words): \(problem)")
      #expect(problem.packet == 2)
      #expect((problem.byteOffset ?? 0) - place <= 8)
    }
  }

  @Test("A file cut at any byte gives every packet that is whole, and says where it ends")
  func cutAnywhere() throws {
    for isLittle in [true, false] {
      var file = PcapngBuilder(isLittle: isLittle)
      file.interface(101, resolution: 9, offset: 0)
      var ends: [Int] = [file.bytes.count]
      for port in UInt16(1)...3 {
        file.enhanced(try Packets.syn(port: port), ticks: UInt64(port))
        ends.append(file.bytes.count)
      }
      for length in 12..<file.bytes.count {
        let analysis = try CaptureBuilder.read(Array(file.bytes.prefix(length)))
        #expect(
          analysis.summary.packets == ends.filter { $0 <= length }.count - 1
            + (length < ends[0] ? 1 : 0))
        let isAtEnd = ends.contains(length) || length == 28
        #expect((analysis.problem == nil) == isAtEnd, "cut at \(length)")
        #expect(isAtEnd || analysis.problem?.kind == .truncated, "cut at \(length)")
      }
    }
  }

  @Test("Any byte set to 00, 7f or ff gives an error or an answer, and never a crash")
  func flippedBytes() throws {
    var file = PcapngBuilder()
    file.interface(1, resolution: 0x8A, offset: 3)
    file.enhanced(ethernet + (try Packets.syn()), ticks: 1)
    file.simple(ethernet + (try Packets.syn()))
    file.obsolete(ethernet + (try Packets.syn()), ticks: 9)
    for place in file.bytes.indices {
      for value in [0x00, 0x7F, 0xFF] as [UInt8] {
        var damaged = file.bytes
        damaged[place] = value
        _ = try? CaptureBuilder.read(damaged)
      }
    }
  }

  @Test("A filter is compiled for each link type")
  func filter() throws {
    var file = PcapngBuilder()
    file.interface(101)
    file.interface(1)
    for port in [80, 443] as [UInt16] {
      file.enhanced(try Packets.syn(port: port), ticks: 1)
      file.enhanced(ethernet + (try Packets.syn(port: port)), ticks: 1, interface: 1)
    }
    let analysis = try read(file, filter: "src port 443")
    #expect(analysis.summary.packets == 2)
    #expect(analysis.summary.tcpPackets == 2)
    #expect(throws: CaptureError.self) { try self.read(file, filter: "port and") }
    #expect(throws: CaptureError.self) { try self.read(PcapngBuilder(), filter: "port and") }
  }
}
