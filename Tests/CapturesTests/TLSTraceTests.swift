import Captures
import Foundation
import NetSim
import Testing

@Suite struct TLSTraceTests {
  /// One direction of the only connection of a capture, put in order.
  private func stream(_ name: String, fromPort443: Bool) throws -> [UInt8] {
    let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Traces.path(name))))
    var segments: [(start: Int64, bytes: [UInt8])] = []
    var initial = SequenceNumber(0)
    var place = 24
    while place < file.count {
      let length = file[(place + 8)..<(place + 12)].reversed().reduce(0) { $0 << 8 | Int($1) }
      try file[(place + 16)..<(place + 16 + length)].withUnsafeBytes { raw in
        let packet = try IPv4Packet(ByteReader(raw))
        let segment = try TCPSegment(packet.payload)
        guard (segment.sourcePort == 443) == fromPort443 else { return }
        if segment.flags.contains(.syn) { initial = segment.sequence.advanced(by: 1) }
        let start = segment.sequence.offset(from: initial, near: 100_000)
        segments.append((start, [UInt8](segment.payload.bytes)))
      }
      place += 16 + length
    }
    var stream: [UInt8] = []
    for segment in segments.sorted(by: { $0.start < $1.start }) {
      let known = stream.count - Int(segment.start)
      if known >= 0, known < segment.bytes.count { stream += segment.bytes[known...] }
    }
    return stream
  }

  private func events(_ bytes: [UInt8]) throws -> [TLSEvent] {
    var reader = TLSReader(offset: 1)
    reader.agree(on: .tls12)
    var events: [TLSEvent] = []
    try bytes.withUnsafeBytes { raw in
      var position = 0
      while let event = try reader.next(raw, &position) { events.append(event) }
    }
    #expect(reader.isBetweenRecords)
    return events
  }

  /// What another dissector of protocols says of the same capture: how many records each direction
  /// has, the sum of their lengths, and the first ones' types and lengths.
  @Test(
    "Every record of the captures is read",
    arguments: [
      (
        "h1-tls12-clean", (12, 1_019), (19, 176_281),
        [[22, 194], [22, 37], [20, 1], [22, 40], [23, 103]],
        [[22, 108], [22, 825], [22, 300], [22, 4], [20, 1], [22, 40], [23, 12_266]]
      ),
      (
        "h1-tls13-clean", (11, 1_273), (21, 176_832),
        [[22, 512], [20, 1], [23, 69], [23, 96]],
        [[22, 122], [20, 1], [23, 38], [23, 845], [23, 281], [23, 69], [23, 282]]
      ),
      (
        "h2-clean", (12, 982), (22, 176_215),
        [[22, 512], [20, 1], [23, 69], [23, 81], [23, 59]],
        [[22, 122], [20, 1], [23, 32], [23, 845], [23, 281], [23, 69]]
      ),
      (
        "h2-drops", (12, 982), (22, 176_215), [[22, 512], [20, 1], [23, 69]],
        [[22, 122], [20, 1]]
      ),
    ] as [(String, (Int, Int), (Int, Int), [[Int]], [[Int]])])
  func records(
    _ name: String, up: (Int, Int), down: (Int, Int), firstUp: [[Int]], firstDown: [[Int]]
  ) throws {
    for (side, count, first) in [(Side.client, up, firstUp), (.server, down, firstDown)] {
      let events = try events(stream(name, fromPort443: side == .server))
      let records = events.compactMap { if case .record(let record) = $0 { record } else { nil } }
      #expect(records.count == count.0)
      #expect(records.reduce(0) { $0 + Int($1.length) } == count.1)
      #expect(
        records.prefix(first.count).map { [Int($0.contentType.rawValue), Int($0.length)] } == first)
    }
  }

  @Test("The handshake messages of TLS 1.2 are in the log, with their places")
  func messages12() throws {
    let log = try Traces.read("h1-tls12-clean").log
    let messages = log.records.filter { $0.kind == .tlsMessage }
    func rows(_ side: Side) -> [[Int64]] {
      messages.filter { $0.side == side }.map { [$0.offset, Int64($0.length)] }
    }
    func kinds(_ side: Side) -> [TLSMessage.Kind?] {
      messages.filter { $0.side == side }.map { TLSMessage.Kind(rawValue: $0.detail) }
    }
    #expect(kinds(.client) == [.clientHello, .clientKeyExchange, .changeCipherSpec, .finished])
    #expect(rows(.client) == [[1, 199], [200, 42], [242, 6], [248, 45]])
    #expect(
      kinds(.server) == [
        .serverHello, .certificate, .serverKeyExchange, .serverHelloDone, .changeCipherSpec,
        .finished,
      ])
    #expect(
      rows(.server) == [
        [1, 113], [114, 830], [944, 305], [1_249, 9], [1_258, 6], [1_264, 45],
      ])
  }

  @Test("Of TLS 1.3 the log has the hellos and what is certain", arguments: ["h1-tls13-clean"])
  func messages13(_ name: String) throws {
    let log = try Traces.read(name).log
    let messages = log.records.filter { $0.kind == .tlsMessage }
    #expect(
      messages.map { TLSMessage.Kind(rawValue: $0.detail) } == [
        .clientHello, .serverHello, .changeCipherSpec, .changeCipherSpec,
      ])
    #expect(messages.map(\.offset) == [1, 1, 128, 518])
    #expect(messages.map(\.side) == [.client, .server, .server, .client])
  }

  /// curl's own `time_appconnect` of each capture: 127.3, 86.7, 86.5 and 89.3 ms.
  @Test(
    "Version, protocol and the end of the handshake are known",
    arguments: [
      ("h1-tls12-clean", "1.2", "http/1.1", ["http/1.1"], 127.322),
      ("h1-tls13-clean", "1.3", nil, ["http/1.1"], 86.686),
      ("h2-clean", "1.3", nil, ["h2", "http/1.1"], 86.493),
      ("h2-drops", "1.3", nil, ["h2", "http/1.1"], 89.342),
    ] as [(String, String, String?, [String], Double)])
  func summary(
    _ name: String, version: String, alpn: String?, offered: [String], appconnect: Double
  ) throws {
    let connection = try #require(try Traces.read(name).connections.first)
    let tls = try #require(connection.tls)
    #expect(tls.version?.name == version)
    #expect(tls.applicationProtocolText == alpn)
    #expect(tls.offeredProtocolTexts == offered)
    #expect(tls.serverNameText == nil)
    #expect(tls.isResumed == false)
    #expect(!tls.wasRetried)
    #expect(!tls.offersEarlyData)
    #expect(tls.alert == nil)
    #expect(connection.applicationProblem == nil)
    let secured = try #require(tls.secured)
    #expect(abs(Double(secured.nanoseconds) / 1e6 - appconnect) < 1)
  }

  /// As long as some record begins with a segment: in HTTP/2 behind the requests none does.
  @Test("A capture that begins within the connection still shows that it is TLS")
  func midConnection() throws {
    for (name, places) in [
      ("h1-tls12-clean", [12, 25, 40]), ("h1-tls13-clean", [12, 25, 40]), ("h2-drops", [12]),
    ] {
      let capture = try ClassicCapture(name)
      for first in places {
        let analysis = try CaptureBuilder.read(capture.bytes(from: first))
        let connection = try #require(analysis.connections.first)
        #expect(connection.protocolKind == .tls, "\(name) from \(first)")
        #expect(connection.tls?.version == nil)
        #expect(connection.tls?.secured == nil)
        #expect(connection.applicationProblem == nil)
        #expect(!analysis.log.records.contains { $0.kind == .tlsMessage })
      }
    }
  }
}
