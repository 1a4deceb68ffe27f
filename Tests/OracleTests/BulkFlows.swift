@testable import NetSim

/// Clients that fetch without end over one link each way, to measure rates.
struct BulkFlows: ~Copyable {
  /// A flow: when it begins, how it is controlled, and its round trip without queues.
  struct Flow {
    var transport: TransportSettings
    var startsAt = SimTime.zero
    var roundTrip = SimDuration.milliseconds(100)
  }

  private var simulator: Simulator

  /// - Parameters:
  ///   - bottleneck: the link that all share towards the clients, with no delay of its own.
  ///   - seed: of what is lost at random.
  init(_ flows: [Flow], bottleneck: LinkSettings, seed: UInt64 = 1) {
    var scenario = Scenario.standard(.rfc)
    scenario.seed = seed
    scenario.links = [bottleneck]
    scenario.paths = []
    scenario.clients = []
    for (index, flow) in flows.enumerated() {
      let access = LinkSettings(rate: .unlimited, delay: flow.roundTrip / 2)
      scenario.links += [access, access]
      scenario.paths.append(PathSettings(up: [index * 2 + 1], down: [0, index * 2 + 2]))
      scenario.clients.append(
        ClientSettings(
          path: index, startsAt: flow.startsAt, application: .raw,
          objects: [ObjectSettings(ByteCount(1 << 50))], requestBytes: ByteCount(1),
          transport: flow.transport))
    }
    simulator = Simulator(scenario, level: .totals)
  }

  /// The `rfc` profile with an acknowledgement for each segment, windows without limit and no
  /// timestamps, so that a segment has 1,460 bytes.
  static func transport(_ congestion: CongestionAlgorithm, sack: Bool = true) -> TransportSettings {
    var settings = TransportSettings.standard(.rfc)
    settings.congestion = congestion
    settings.selectiveAcknowledgements = sack
    settings.timestamps = false
    settings.receiveWindow = ByteCount(1 << 30)
    settings.acknowledgements.everySegments = 1
    return settings
  }

  /// Runs up to a time and returns how many segments each flow had delivered by then.
  mutating func segmentsDelivered(by time: SimDuration) -> [Double] {
    let end = SimTime.zero + time
    while simulator.queue.nextTime <= end { _ = simulator.advance(events: 1) }
    return simulator.connections.indices.map {
      Double(max(simulator.endpoints[$0 * 2].delivered - 1, 0)) / 1460
    }
  }

  /// Runs until the first flow has delivered so many segments, and returns when that was.
  mutating func time(delivering segments: Int64) -> SimTime {
    while simulator.endpoints.isEmpty || simulator.endpoints[0].delivered <= segments * 1460 {
      _ = simulator.advance(events: 1)
    }
    return simulator.now
  }

  /// How often a flow's retransmission timer has run out at the server.
  func timeouts(of flow: Int) -> Int64 { simulator.endpoints[flow * 2 + 1].timeouts }

  /// How many segments a flow has sent again.
  func retransmissions(of flow: Int) -> Int64 {
    simulator.endpoints[flow * 2 + 1].segmentsRetransmitted
  }
}
