@testable import NetSim

/// A link by itself, driven as the simulator drives it.
struct LinkDriver: ~Copyable {
  /// A packet that reached the far end.
  struct Arrival {
    var number: UInt32
    /// Nanoseconds.
    var time: Int64
    var ecn: CongestionCodepoint
  }

  var link: Link
  var log = EventLog()
  private(set) var arrivals: [Arrival] = []
  private(set) var dropped: [UInt32] = []

  /// A link of 12 Mb/s (1 ms for 1,500 bytes) and 5 ms with something changed.
  init(seed: UInt64 = 1, _ change: (inout LinkSettings) -> Void = { _ in }) {
    var settings = LinkSettings(rate: .megabits(12), delay: .milliseconds(5))
    change(&settings)
    link = Link(settings, index: 0, seed: seed)
  }

  static func packet(
    _ number: UInt32, bytes: UInt32 = 1500, ecn: CongestionCodepoint = .notCapable
  ) -> Packet {
    Packet(
      number: number, connection: 0, body: 0, ipBytes: bytes, payloadBytes: bytes - 52, hop: 0,
      sender: .server, isPureAcknowledgement: false, ecn: ecn)
  }

  /// Lets packets `numbers` enter at a time in nanoseconds, after what happens before it.
  mutating func enter(
    _ numbers: ClosedRange<UInt32>, at nanoseconds: Int64 = 0,
    ecn: CongestionCodepoint = .notCapable
  ) {
    let now = SimTime(nanoseconds: nanoseconds)
    run(until: now)
    for number in numbers {
      if !link.enter(Self.packet(number, ecn: ecn), at: now, log: &log) { dropped.append(number) }
      settle(now)
    }
  }

  /// Lets everything happen up to, not including, a time.
  mutating func run(until end: SimTime = .never) {
    while link.nextEvent < end {
      let now = link.nextEvent
      if link.nextArrival == now {
        let packet = link.takeArrival(log: &log)
        arrivals.append(
          Arrival(number: packet.number, time: now.nanoseconds, ecn: packet.ecn))
      }
      settle(now)
    }
  }

  private mutating func settle(_ now: SimTime) {
    guard link.decidesOnLeaving else { return }
    link.serve(at: now, log: &log)
    while let packet = link.takeDropped(at: now, log: &log) { dropped.append(packet.number) }
  }

  /// The arrivals in microseconds.
  var microseconds: [Int64] { arrivals.map { $0.time / 1000 } }

  /// The reasons of all drops, in their order.
  var reasons: [DropReason?] {
    log.records.filter { $0.kind == .packetDropped }.map { DropReason(rawValue: $0.detail) }
  }
}
