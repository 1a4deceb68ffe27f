import Captures
import NetSim
import Testing

/// A run, written as a capture and read back, is the run.
@Suite struct RoundTripTests {
  /// Four data packets lost in the middle: both ends' captures show exactly these.
  @Test(arguments: [Side.client, .server])
  func theLossesOfADownloadAreFoundAgain(vantage: Side) throws {
    let run = try ExportedRun([
      ("objects", "200kB"), ("response-head", "joined"), ("drop", "down:data:20,40,41,60"),
    ])
    let capture = try run.readBack(vantage)
    let connection = try #require(capture.connections.first)
    #expect(capture.problem == nil)
    #expect(capture.connections.count == 1)
    #expect(connection.vantage == vantage)
    // The first packet of data is the 250-byte head with 1,198 bytes of the body.
    #expect(connection.lost.map(\.sequence) == [19, 39, 40, 58].map { 1 + $0 * 1448 })
    #expect(connection.lost.allSatisfy { $0.length == 1448 && $0.kind == .fast })
    #expect(connection.retransmissions == DirectionCounts(up: 0, down: 4))
    #expect(connection.spuriousRetransmissions == DirectionCounts(up: 0, down: 0))
    #expect(connection.possiblyLost.isEmpty)
    // 40 ms of way and 48 µs for each 60-byte packet at 10 Mb/s; to the server, 41.6 for the
    // 52-byte acknowledgement.
    #expect(connection.handshakeRTT?.nanoseconds == (vantage == .client ? 40_096_000 : 40_089_600))
  }

  /// The request stands in the SYN, after its number (RFC 7413).
  @Test func aFastOpenIsExportedWithItsRequest() throws {
    let run = try ExportedRun([("fast-open", "on"), ("objects", "20kB")])
    let capture = try run.readBack(.server)
    #expect(capture.problem == nil)
    #expect(capture.requests.map(\.targetText) == ["/o00.bin"])
    #expect(capture.connections[0].retransmissions == DirectionCounts(up: 0, down: 0))
  }

  /// Every request of runs with many connections and losses has the times it had in the run, to
  /// the nanosecond.
  @Test(arguments: UInt64(1)...24)
  func requestsHaveTheTimesOfTheRun(seed: UInt64) throws {
    let run = ExportedRun(Self.page(seed: seed))
    let capture = try run.readBack(.client)
    #expect(capture.problem == nil)
    let own = run.report.requests.sorted {
      ($0.sent ?? .never, $0.connection ?? 0) < ($1.sent ?? .never, $1.connection ?? 0)
    }
    let read = capture.requests.sorted { ($0.sent, $0.connection) < ($1.sent, $1.connection) }
    #expect(read.map(\.sent) == own.map(\.sent), "seed \(seed)")
    #expect(read.map(\.firstByte) == own.map(\.firstByte), "seed \(seed)")
    #expect(read.map(\.complete) == own.map(\.complete), "seed \(seed)")
    #expect(
      read.map(\.targetText)
        == own.map { String(decoding: run.log.requests[Int($0.request)].target, as: UTF8.self) })
    #expect(read.map(\.bodyBytes) == own.map { run.log.requests[Int($0.request)].bodyBytes })
    #expect(read.allSatisfy { $0.status == 200 })
  }

  /// Each packet is there with its time, ends, flags, positions and window.
  @Test(arguments: UInt64(1)...24, [Side.client, .server])
  func segmentsAreTheRunsOwn(seed: UInt64, vantage: Side) throws {
    let run = ExportedRun(Self.page(seed: seed))
    let capture = try run.readBack(vantage)
    let own = run.segments(vantage)
    #expect(capture.summary.packets == Int64(own.count))
    #expect(capture.summary.unread[.malformed] == 0)
    // The reader counts time from the file's first packet, and infers packets it has not got.
    let start = try #require(own.first).time
    let read = capture.log.records.filter {
      ($0.kind == .segmentSent || $0.kind == .segmentReceived) && $0.side == vantage
        && $0.item <= own.count
    }
    #expect(read.map(\.time) == own.map { SimTime.zero + ($0.time - start) }, "seed \(seed)")
    #expect(read.map(\.kind) == own.map(\.kind), "seed \(seed)")
    #expect(read.map(\.offset) == own.map(\.offset), "seed \(seed)")
    #expect(read.map(\.length) == own.map(\.length), "seed \(seed)")
    #expect(read.map(\.detail) == own.map(\.detail), "seed \(seed)")
  }

  /// Acknowledgements, scaled windows and SACK blocks are those of the run, in order.
  @Test(arguments: UInt64(1)...24, [Side.client, .server])
  func acknowledgementsAreTheRunsOwn(seed: UInt64, vantage: Side) throws {
    let run = ExportedRun(Self.page(seed: seed))
    func fields(_ log: EventLog) -> [[Int64]] {
      log.records.filter {
        ($0.kind == .segmentAcknowledgement || $0.kind == .segmentSACK) && $0.side == vantage
      }.map { [Int64($0.kind.rawValue), $0.offset, Int64($0.length), Int64($0.detail)] }
    }
    #expect(try fields(run.readBack(vantage).log) == fields(run.log), "seed \(seed)")
  }

  @Test(arguments: ["19B", "60B", "79B", "83B", "90B", "300B", "3000B"])
  func aRequestIsAsLongAsTheScenarioSays(size: String) throws {
    let run = try ExportedRun([("objects", "3x4kB"), ("request", size)])
    let capture = try run.readBack(.client)
    let bytes = run.log.requests[0].requestBytes
    #expect(capture.connections[0].payloadBytes.up == 3 * bytes)
    if size == "19B" { return }  // shorter than any request for these objects
    #expect(capture.requests.map(\.requestBytes) == [bytes, bytes, bytes])
    #expect(capture.requests.map(\.targetText) == ["/o00.bin", "/o01.bin", "/o02.bin"])
  }

  /// Two clients with addresses of their own, over links of their own and one that both share.
  @Test func severalHostsKeepTheirAddresses() throws {
    var scenario = Scenario.standard(.linux)
    scenario.links += [scenario.links[0], scenario.links[1]]
    scenario.paths = [
      PathSettings(up: [0], down: [1]), PathSettings(up: [2, 0], down: [1, 3]),
    ]
    scenario.clients.append(scenario.clients[0])
    scenario.clients[1].origins = [1]
    let run = ExportedRun(scenario)
    let capture = try run.readBack(.server)
    #expect(
      capture.connections.map { String(decoding: $0.client.address.text, as: UTF8.self) }
        == ["10.0.0.1", "10.0.0.2"])
    #expect(capture.requests.count == 2)
    let blocks = try run.withFile(.server) { try PcapngBlocks(path: $0) }
    #expect(blocks.interfaceCount == 1)
    // A router stands between the second client's two links.
    for (host, hops) in [(1, 64), (2, 63)] as [(UInt8, UInt8)] {
      let packets = blocks.packets.filter { $0.bytes[12...15] == [10, 0, 0, host] }
      #expect(Set(packets.map { $0.bytes[8] }) == [hops])
    }
  }

  /// A page over one to six lossy connections, different for each seed.
  static func page(seed: UInt64) -> Scenario {
    var scenario = Scenario.standard(Profile.allCases[Int(seed % 3)])
    scenario.seed = seed
    scenario.clients[0].objects = (0..<Int64(1 + seed % 9)).map {
      ObjectSettings(ByteCount(($0 % 7) * 19_000 + 1))
    }
    scenario.clients[0].connections = Int(1 + seed % 6)
    scenario.clients[0].keepAlive = seed % 4 != 0
    for link in scenario.links.indices {
      scenario.links[link].loss = Probability(partsPerBillion: UInt32(seed % 5) * 10_000_000)
    }
    return scenario
  }
}
