import NetSim
import Testing
import Timelines

/// The exported packets, byte by byte.
@Suite struct PacketTests {
  /// The IP length is what the links serialised, so that the header's options are those that the
  /// simulator counted; checksums are right; DF is set; identifications count by one for each host.
  @Test(arguments: UInt64(1)...12, [false, true])
  func headersAreWhole(seed: UInt64, duplicates: Bool) throws {
    var scenario = RoundTripTests.page(seed: seed)
    if duplicates {
      for index in scenario.links.indices {
        scenario.links[index].duplication = Probability(partsPerBillion: 200_000_000)
        scenario.links[index].discipline = .codel(CoDelSettings())
      }
    }
    let run = ExportedRun(scenario)
    var sizes: [UInt32: UInt32] = [:]
    for record in run.log.records
    where record.kind == .packetEnqueued || record.kind == .packetDropped {
      sizes[record.item] = record.length
    }
    for vantage in [Side.client, .server] {
      let blocks = try PcapngBlocks(PcapngExport(run.log, vantage: vantage).bytes)
      let own = run.segments(vantage)
      #expect(blocks.packets.map(\.number) == own.map { UInt64($0.item) })
      var last: [[UInt8]: UInt16] = [:]
      for (packet, record) in zip(blocks.packets, own) {
        let place: Comment = "seed \(seed), packet \(record.item)"
        #expect(packet.bytes.count == Int(try #require(sizes[record.item])), place)
        try packet.bytes.withUnsafeBytes { bytes in
          let ip = try IPv4Packet(ByteReader(bytes))
          #expect(ip.hasValidChecksum, place)
          #expect(bytes[6] == 0x40, place)
          let segment = try TCPSegment(ip.payload)
          #expect(segment.hasValidChecksum(source: ip.source, destination: ip.destination), place)
          guard record.kind == .segmentSent else { return }
          let ends = Array(bytes[12..<24])
          if let before = last[ends] { #expect(ip.identification == before &+ 1, place) }
          last[ends] = ip.identification
        }
      }
    }
  }

  /// What the client gets is the head and then 64 letters over and over, whatever was lost.
  @Test func theStreamIsHeadAndPattern() throws {
    let run = try ExportedRun([("objects", "50000,70"), ("drop", "down:data:3,9,10")])
    let blocks = try PcapngBlocks(PcapngExport(run.log, vantage: .client).bytes)
    var stream = [UInt8](repeating: 0, count: 0)
    for (packet, record) in zip(blocks.packets, run.segments(.client))
    where record.kind == .segmentReceived && record.length > 0 {
      let end = Int(record.offset - 1) + Int(record.length)
      if stream.count < end { stream += [UInt8](repeating: 0, count: end - stream.count) }
      stream.replaceSubrange(
        Int(record.offset - 1)..<end, with: packet.bytes.suffix(Int(record.length)))
    }
    let text = String(decoding: stream, as: UTF8.self)
    let line = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n"
    let parts = text.components("\r\n\r\n")
    #expect(parts.count == 3)
    #expect(parts[0].hasPrefix("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\n"))
    #expect(parts[0].contains("Content-Length: 50000\r\n"))
    #expect(parts[1].hasPrefix(String(repeating: line, count: 781) + line.prefix(16) + "HTTP/1.1"))
    #expect(parts[1].contains("Content-Length: 70\r\n"))
    #expect(parts[2] == line + line.prefix(6))
  }
}

extension String {
  /// The parts between a separator.
  fileprivate func components(_ separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }

  /// RFC 3168: data leaves as ECT(0), and what a queue has marked arrives as CE.
  @Test func marksAreInTheHeaders() throws {
    var scenario = Scenario.standard(.linux)
    scenario.links[1].discipline = .codel(CoDelSettings())
    scenario.links[1].marksECN = true
    scenario.clients[0].objects = [ObjectSettings(ByteCount(2_000_000))]
    scenario.clients[0].transport.congestionNotification = .asks
    let run = ExportedRun(scenario)
    let marked = run.log.records.count { $0.kind == .packetMarked }
    #expect(marked > 0)
    func count(_ codepoint: UInt8, at vantage: Side) throws -> Int {
      try PcapngBlocks(PcapngExport(run.log, vantage: vantage).bytes).packets
        .count { $0.bytes[1] == codepoint }
    }
    #expect(try count(3, at: .client) == marked)
    #expect(try count(3, at: .server) == 0)
    #expect(try count(2, at: .server) - count(2, at: .client) == marked)
  }
}
