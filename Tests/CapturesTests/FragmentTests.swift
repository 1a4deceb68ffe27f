import Captures
import Foundation
import NetSim
import TestSupport
import Testing

@Suite struct FragmentTests {
  private func read(_ packets: [[UInt8]], everyNs: Int64 = 1_000) throws -> CaptureSummary {
    var capture = CaptureBuilder()
    for (index, packet) in packets.enumerated() {
      capture.add(packet, atNs: Int64(index) * everyNs)
    }
    let summary = try capture.read().summary
    let read = summary.tcpPackets + summary.udpPackets + summary.quicPackets
    #expect(read + summary.unread.total + summary.joinedFragments == summary.packets)
    return summary
  }

  /// A datagram of 120 bytes in an IPv4 packet, and in an IPv6 one.
  private func whole() throws -> (version4: [UInt8], version6: [UInt8]) {
    let datagram = Packets.datagram(Array(0..<112), to: 53)
    return (
      try Packets.version4(datagram, transport: 17, identification: 9),
      try Packets.version6(datagram, transport: 17)
    )
  }

  @Test("Three fragments in any order are one packet, also when one comes twice")
  func anyOrder() throws {
    let (version4, version6) = try whole()
    let ranges = [0..<48, 48..<96, 96..<120]
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [0, 2, 0, 1], [1, 1, 2, 0]] {
      for fragments in [
        order.map { Packets.fragment4(version4, ranges[$0]) },
        order.map { Packets.fragment6(version6, ranges[$0]) },
      ] {
        let summary = try read(fragments)
        #expect(summary.udpPackets == 1, "\(order)")
        #expect(summary.fragments == Int64(order.count))
        #expect(summary.joinedFragments == Int64(order.count) - 1)
      }
    }
  }

  @Test("A packet of which a fragment is missing, or comes after a minute, is counted as such")
  func incomplete() throws {
    let (version4, version6) = try whole()
    let first = Packets.fragment4(version4, 0..<48)
    let last = Packets.fragment4(version4, 48..<120)
    #expect(try read([first]).unread[.incompleteFragments] == 1)
    #expect(
      try read([last, Packets.fragment6(version6, 0..<48)]).unread[.incompleteFragments] == 2)
    #expect(try read([first, last], everyNs: 59_000_000_000).udpPackets == 1)
    #expect(try read([first, last], everyNs: 61_000_000_000).unread[.incompleteFragments] == 2)
    // Another identification is another packet.
    #expect(
      try read([
        Packets.fragment6(version6, 0..<48, id: 1), Packets.fragment6(version6, 48..<120, id: 2),
      ]).unread[.incompleteFragments] == 2)
  }

  /// RFC 5722 §4: a packet with overlapping fragments is dropped, with those still to come.
  @Test("Fragments that overlap or say different things spoil their packet")
  func overlaps() throws {
    let (version4, version6) = try whole()
    for ranges in [
      [0..<48, 40..<120], [48..<96, 0..<56], [0..<96, 48..<72], [48..<120, 0..<112],
    ] {
      for fragments in [
        ranges.map { Packets.fragment4(version4, $0) },
        ranges.map { Packets.fragment6(version6, $0) },
      ] {
        let summary = try read(fragments + [fragments[0]])
        #expect(summary.unread[.overlappingFragments] == 3, "\(ranges)")
        #expect(summary.udpPackets == 0)
      }
    }
    var other = Packets.fragment4(version4, 0..<48)
    other[40] ^= 1
    let contradicting = try read([
      Packets.fragment4(version4, 0..<48), other, Packets.fragment4(version4, 48..<120),
    ])
    #expect(contradicting.unread[.overlappingFragments] == 3)
    // Two ends: the last fragment is not where another one ends.
    let twoEnds = try read([
      Packets.fragment4(version4, 96..<120),
      Packets.fragment4(Array(version4.dropLast(40)), 48..<80),
    ])
    #expect(twoEnds.unread[.overlappingFragments] == 2)
  }

  @Test("Fragments of impossible sizes are malformed")
  func impossible() throws {
    let (version4, _) = try whole()
    let odd = Packets.fragment4(version4, 0..<47)
    var far = Packets.fragment4(version4, 48..<120)
    far.replaceSubrange(6..<8, with: [0x1F, 0xFF])  // 65,528 and 72 bytes: the ping of death
    let empty = Packets.fragment4(version4, 48..<48)
    #expect(try read([odd, far, empty]).unread[.malformed] == 3)
  }

  @Test("Packets that wait for fragments take bounded memory")
  func bounded() throws {
    let (version4, _) = try whole()
    var packets: [[UInt8]] = []
    for identification in 0..<10_000 {
      var fragment = Packets.fragment4(version4, 0..<48)
      fragment.replaceSubrange(
        4..<6, with: [UInt8(identification >> 8), UInt8(identification & 0xFF)])
      packets.append(fragment)
    }
    // The first has been given up, the last still waits.
    var first = Packets.fragment4(version4, 48..<120)
    first.replaceSubrange(4..<6, with: [0, 0])
    var last = first
    last.replaceSubrange(4..<6, with: [UInt8(9_999 >> 8), UInt8(9_999 & 0xFF)])
    let summary = try read(packets + [first, last])
    #expect(summary.udpPackets == 1)
    #expect(summary.unread[.incompleteFragments] == 10_000)
  }

  @Test("A real capture whose packets are fragmented at random reads as it did, over 20 seeds")
  func fragmentedTrace() throws {
    let whole = try Traces.read("h1-keepalive-drops")
    for seed in UInt64(1)...20 {
      var random = SeededGenerator(seed: seed)
      let bytes = try ClassicCapture("h1-keepalive-drops").bytes { record in
        let packet = Array(record[16...])
        guard packet.count > 100 else { return [record] }
        var ranges: [Range<Int>] = []
        var place = 0
        while place < packet.count - 20 {
          let end = min(place + 8 * Int.random(in: 1...120, using: &random), packet.count - 20)
          ranges.append(place..<end)
          place = end
        }
        return ranges.shuffled(using: &random).map {
          let fragment = Packets.fragment4(packet, $0)
          let length = withUnsafeBytes(of: UInt32(fragment.count).littleEndian) { Array($0) }
          return Array(record[..<8]) + length + length + fragment
        }
      }
      let analysis = try CaptureBuilder.read(bytes)
      #expect(analysis.summary.tcpPackets == 224, "seed \(seed)")
      #expect(analysis.summary.unread.total == 0, "seed \(seed)")
      #expect(analysis.summary.joinedFragments == analysis.summary.packets - 224, "seed \(seed)")
      #expect(analysis.connections[0].lost.map(\.length) == whole.connections[0].lost.map(\.length))
      #expect(analysis.requests.map(\.complete) == whole.requests.map(\.complete), "seed \(seed)")
    }
  }

  @Test("Fragments that the snapshot length cut are joined up to the first missing byte")
  func cutFragments() throws {
    let segment = Array((try Packets.syn())[20...])
    var packet = try Packets.version4(
      segment + [UInt8](repeating: 1, count: 480), transport: 6, identification: 3)
    packet[33] = 0x10  // an acknowledgement, not a SYN
    var capture = CaptureBuilder()
    for range in [0..<256, 256..<500] {
      let fragment = Packets.fragment4(packet, range)
      capture.add(Array(fragment.prefix(100)), atNs: 0, wire: fragment.count)
    }
    let analysis = try capture.read()
    #expect(analysis.connections.map(\.payloadBytes.up) == [480])
    #expect(analysis.summary.cutPackets == 2)
  }
}
