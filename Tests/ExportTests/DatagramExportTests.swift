import NetSim
import Testing
import Timelines

/// QUIC as packets of UDP: the headers that anybody can read are those that the run counted.
@Suite struct DatagramExportTests {
  /// Pages over HTTP/3, different for each seed.
  static func scenario(_ seed: UInt64) -> Scenario {
    var scenario = Scenario.standard(seed % 4 == 0 ? .ideal : seed % 2 == 0 ? .rfc : .linux)
    scenario.seed = seed
    let modes: [TLSMode] = [.full13, .retry13, .earlyData13]
    scenario.clients[0].application = .http3
    scenario.clients[0].tls = TLSSettings(modes[Int(seed % 3)])
    scenario.clients[0].quic.retries = seed % 5 < 2
    scenario.clients[0].quic.hasToken = seed % 5 == 4
    scenario.clients[0].quic.negotiatesVersion = seed % 7 == 0
    scenario.clients[0].objects = Array(
      repeating: ObjectSettings(ByteCount(20_000)), count: Int(1 + seed % 6))
    for index in scenario.links.indices {
      scenario.links[index].loss = Probability(partsPerBillion: 30_000_000)
      scenario.links[index].duplication = Probability(
        partsPerBillion: seed % 6 == 0 ? 100_000_000 : 0)
    }
    return scenario
  }

  /// The datagrams that a side sees, in order: what it sent, and what reached it.
  private func seen(_ run: ExportedRun, _ vantage: Side) throws -> [PcapngBlocks.Packet] {
    try PcapngBlocks(PcapngExport(run.log, vantage: vantage).bytes).packets
  }

  @Test(arguments: UInt64(1)...20, [Side.client, .server])
  func packetsHaveTheirHeadersAndLengths(seed: UInt64, vantage: Side) throws {
    let run = ExportedRun(Self.scenario(seed))
    var sizes: [UInt64: Int] = [:]
    var types: [UInt64: [UInt8]] = [:]
    for record in run.log.records {
      if record.kind == .packetEnqueued { sizes[UInt64(record.item)] = Int(record.length) }
      if record.kind == .quicPacketSent {
        types[UInt64(record.item), default: []].append(record.detail)
      }
    }
    let policy = try #require(run.log.connections[0].quic)
    for packet in try seen(run, vantage) {
      let place: Comment = "seed \(seed), packet \(packet.number)"
      if !policy.client.carriesSegments, let size = sizes[packet.number] {
        #expect(packet.bytes.count == size, place)
      }
      try packet.bytes.withUnsafeBytes { bytes in
        let ip = try IPv4Packet(ByteReader(bytes))
        #expect(ip.hasValidChecksum && ip.transport == IPProtocol.udp, place)
        let toServer = bytes[20] != 1 || bytes[21] != 0xBB
        let end = policy[toServer ? .server : .client]
        let payload = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[28...]))
        var reader = QUICPacketReader(payload, shortIDBytes: Int(end.connectionIDBytes))
        var found: [UInt8] = []
        while let read = try reader.next() { found.append(read.type.rawValue) }
        // Copies have no records of their own; an unknown version hides the type.
        if let expected = types[packet.number],
          !found.contains(QUICPacketType.otherVersion.rawValue)
        {
          #expect(found == expected, place)
        }
      }
    }
  }

  /// RFC 9000 §7.2, figures 5 and 7: a client makes up where its first packets go, takes what a Retry
  /// names, and then what the server's first packet does.
  @Test func aClientAddressesItsPacketsAsItWasTold() throws {
    var scenario = Self.scenario(1)
    for index in scenario.links.indices {
      scenario.links[index].loss = Probability(partsPerBillion: 0)
    }
    let run = ExportedRun(scenario)
    var destinations: [[UInt8]] = []
    var sources: [[UInt8]] = []
    for packet in try seen(run, .client) {
      try packet.bytes.withUnsafeBytes { bytes in
        let toServer = bytes[20] != 1 || bytes[21] != 0xBB
        let payload = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[28...]))
        var reader = QUICPacketReader(payload, shortIDBytes: toServer ? 18 : 17)
        guard let first = try reader.next() else { return }
        func identity(_ range: Range<Int>) -> [UInt8] { range.map { payload.bytes[$0] } }
        if toServer && destinations.last != identity(first.destination) {
          destinations.append(identity(first.destination))
        } else if !toServer && first.type != .oneRTT && sources.last != identity(first.source) {
          sources.append(identity(first.source))
        }
      }
    }
    // The Retry's, and the server's own.
    #expect(sources.count == 2)
    #expect(destinations.count == 3)
    #expect(Array(destinations.dropFirst()) == sources)
    #expect(destinations.allSatisfy { $0.count == 18 })
  }

  @Test func commentsSayWhatKeysHide() throws {
    var scenario = Self.scenario(1)
    for index in scenario.links.indices {
      scenario.links[index].loss = Probability(partsPerBillion: 0)
    }
    scenario.links[0].drops = [DropRule(ordinal: 1)]
    let run = ExportedRun(scenario)
    let text = String(
      decoding: try PcapngExport(run.log, vantage: .client).bytes, as: UTF8.self)
    #expect(
      text.contains(
        "Initial 0 CRYPTO 0…344 + padding, 1,200 B; lost on link 0: on the scenario's list"))
    #expect(
      text.contains(
        "Initial 1 CRYPTO 0…344 + padding, 1,200 B; has again what 0 had; "
          + "a probe: the probe time-out ran out"))
    #expect(text.contains("HTTP 200, 20,000 B"))
  }
}

/// What Wireshark's dissectors say of QUIC's datagrams; skipped where tshark is missing.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct StrangerDatagramTests {
  @Test(arguments: UInt64(1)...8, [Side.client, .server])
  func nothingIsMalformedAndEverythingIsQUIC(seed: UInt64, vantage: Side) throws {
    let run = ExportedRun(DatagramExportTests.scenario(seed))
    let frames = try run.withFile(vantage) { try Tshark.frames($0) }
    #expect(!frames.isEmpty, "seed \(seed)")
    #expect(frames.allSatisfy { $0[.malformed].isEmpty }, "seed \(seed)")
    #expect(
      frames.allSatisfy { $0[.ipChecksum] == "1" && $0[.udpChecksum] == "1" }, "seed \(seed)")
    #expect(frames.allSatisfy { $0[.protocols] == "raw:ip:udp:quic" }, "seed \(seed)")
    // Types of long headers: 0 is Initial, 3 Retry (RFC 9000 §17.2).
    let types = frames.flatMap { $0[.longType].split(separator: ",") }
    #expect(types.contains("0"), "seed \(seed)")
    #expect(types.contains("3") == (seed % 5 < 2), "seed \(seed)")
  }
}
