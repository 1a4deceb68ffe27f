@testable import NetSim

/// What suites of runs over QUIC share: a scenario, and what they read of its run.
protocol QUICRuns {}

extension QUICRuns {
  /// Objects of these sizes at once over HTTP/3; the round trip in milliseconds.
  func scenario(
    _ sizes: [Int64], _ profile: Profile = .rfc, roundTrip: Int64 = 100,
    rate: Bitrate = .unlimited, queue: QueueLimit = .unlimited,
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(profile)
    for index in scenario.links.indices {
      scenario.links[index].delay = .microseconds(roundTrip * 500)
      scenario.links[index].rate = rate
      scenario.links[index].queue = queue
    }
    scenario.clients[0].application = .http3
    scenario.clients[0].tls = TLSSettings(.full13, tickets: 0)
    scenario.clients[0].start = .together
    scenario.clients[0].objects = sizes.map { ObjectSettings(ByteCount($0)) }
    change(&scenario.clients[0])
    return scenario
  }

  func run(_ scenario: Scenario) -> (report: RunReport, log: EventLog) {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    return (report, simulator.log)
  }

  func milliseconds(_ time: SimTime?) -> Double? {
    time.map { Double($0.nanoseconds) / 1e6 }
  }

  /// The datagrams that a side sent, as text: their size, and their packets with their frames.
  func datagrams(_ log: EventLog, of side: Side) -> [String] {
    var texts: [String] = []
    var bytes: [UInt32] = []
    var latest: UInt32 = 0
    for record in log.records where record.side == side {
      if record.kind == .quicPacketSent {
        if record.item != latest {
          latest = record.item
          texts.append("")
          bytes.append(0)
        }
        bytes[bytes.count - 1] += record.length
        let type = QUICPacketType(rawValue: record.detail).map { "\($0)" } ?? "?"
        texts[texts.count - 1] += " \(type) \(record.offset):"
      } else if record.kind == .quicFrame, record.detail != 3 {
        let kind = QUICItem.Kind(rawValue: record.detail & 0x7F).map { "\($0)" } ?? "?"
        let isSized = record.detail & 0x7F == 6
        texts[texts.count - 1] += isSized ? " \(kind)(\(record.length))" : " \(kind)"
      }
    }
    return zip(bytes, texts).map { "\($0)\($1)" }
  }
}
