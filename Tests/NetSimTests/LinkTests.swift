import Testing

@testable import NetSim

/// The link's model, exactly as the measured reference has it: a packet waits while earlier ones
/// are serialised, and arrives the delay after its last bit left.
@Suite struct LinkTests {
  private func packet(_ number: UInt32, bytes: UInt32 = 1500, payload: UInt32 = 1448) -> Packet {
    Packet(
      number: number, connection: 0, body: 0, ipBytes: bytes, payloadBytes: payload, hop: 0,
      sender: .server, isPureAcknowledgement: payload == 0)
  }

  private func link(
    _ queue: QueueLimit = .unlimited, drops: [DropRule] = [], freeAcknowledgements: Bool = false
  ) -> Link {
    Link(
      LinkSettings(
        rate: .megabits(12), delay: .milliseconds(5), queue: queue, drops: drops,
        acknowledgementsAreFree: freeAcknowledgements),
      index: 0, seed: 1)
  }

  /// The arrival times, in µs, of packets that all enter at time zero.
  private func arrivals(_ link: inout Link, _ packets: [Packet]) -> [Int64] {
    var log = EventLog()
    for packet in packets { _ = link.enter(packet, at: .zero, log: &log) }
    var times: [Int64] = []
    while link.nextArrival != .never {
      times.append(link.nextArrival.nanoseconds / 1000)
      _ = link.takeArrival(log: &log)
    }
    return times
  }

  private func enter(
    _ link: inout Link, _ packet: Packet, at time: SimTime, _ log: inout EventLog
  ) -> Bool {
    link.enter(packet, at: time, log: &log)
  }

  @Test func packetsAreSerialisedOneAfterTheOther() {
    // 1,500 bytes are 12,000 bits: 1 ms at 12 Mb/s.
    var link = link()
    #expect(arrivals(&link, [packet(1), packet(2), packet(3)]) == [6000, 7000, 8000])
  }

  /// 12,000 bits at 7 Mb/s take 1,714,285 5/7 ns: a busy link carries the fraction on.
  @Test func aBusyLinkCarriesFractionsOfANanosecondOn() {
    var link = Link(
      LinkSettings(rate: .megabits(7), delay: .zero), index: 0, seed: 1)
    var log = EventLog()
    for number: UInt32 in 1...7 { _ = link.enter(packet(number), at: .zero, log: &log) }
    var times: [Int64] = []
    while link.nextArrival != .never {
      times.append(link.nextArrival.nanoseconds)
      _ = link.takeArrival(log: &log)
    }
    #expect(times.prefix(3) == [1_714_285, 3_428_571, 5_142_857])
    #expect(times.last == 12_000_000)
  }

  @Test func aFullQueueDropsTheTail() {
    var link = link(.packets(2))
    var log = EventLog()
    #expect(enter(&link, packet(1), at: .zero, &log))
    #expect(enter(&link, packet(2), at: .zero, &log))
    #expect(!enter(&link, packet(3), at: .zero, &log))
    // The packet in service counts until its last bit has left, at 1 ms.
    #expect(!enter(&link, packet(4), at: SimTime(nanoseconds: 999_999), &log))
    #expect(enter(&link, packet(5), at: SimTime(nanoseconds: 1_000_000), &log))
    let drops = log.records.filter { $0.kind == .packetDropped }
    #expect(drops.map(\.item) == [3, 4])
    #expect(drops.allSatisfy { $0.detail == DropReason.queueFull.rawValue })
  }

  @Test func aQueueInBytesCountsBytes() {
    var link = link(.bytes(3000))
    var log = EventLog()
    #expect(enter(&link, packet(1), at: .zero, &log))
    #expect(enter(&link, packet(2, bytes: 1400), at: .zero, &log))
    #expect(!enter(&link, packet(3, bytes: 101), at: .zero, &log))
    #expect(enter(&link, packet(4, bytes: 100), at: .zero, &log))
  }

  @Test func chosenPacketsAreLostByTheirCount() {
    var link = link(drops: [DropRule(ordinal: 2), DropRule(ordinal: 2, minimumPayload: 100)])
    var log = EventLog()
    let small = packet(1, bytes: 52, payload: 0)
    #expect(enter(&link, small, at: .zero, &log))  // all: 1st
    #expect(!enter(&link, packet(2), at: .zero, &log))  // all: 2nd; data: 1st
    #expect(!enter(&link, packet(3), at: .zero, &log))  // data: 2nd
    #expect(enter(&link, packet(4), at: .zero, &log))
    #expect(
      log.records.filter { $0.kind == .packetDropped }.map(\.detail)
        == [DropReason.dropList.rawValue, DropReason.dropList.rawValue])
  }

  @Test func aLostPacketTakesNoTimeOnTheLink() {
    var link = link(drops: [DropRule(ordinal: 1)])
    #expect(arrivals(&link, [packet(1), packet(2)]) == [6000])
  }

  @Test func acknowledgementsCanBeFree() {
    var link = link(freeAcknowledgements: true)
    #expect(
      arrivals(
        &link, [packet(1, bytes: 40, payload: 0), packet(2), packet(3, bytes: 40, payload: 0)])
        == [5000, 6000, 6000])
  }
}
