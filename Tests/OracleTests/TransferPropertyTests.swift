import Testing

@testable import NetSim

/// What holds for every transfer, over thousands of seeds with whatever the network can do.
@Suite struct TransferPropertyTests {
  /// Two thousand in lots, so that one that fails is found soon.
  @Test(arguments: UInt64(0)..<20)
  func everyTransferIsCompleteInOrderAndLeavesNothingBehind(lot: UInt64) {
    for seed in lot * 100 + 1...lot * 100 + 100 {
      let faults = Self.faults(seed: seed)
      #expect(faults.isEmpty, "seed \(seed): \(faults.joined(separator: ", "))")
    }
  }

  /// Everything that can go wrong on a link is drawn here; what links learn to do goes here, too.
  private static func link(_ random: inout RandomStream) -> LinkSettings {
    var link = LinkSettings(
      rate: Bitrate(bitsPerSecond: 200_000 + UInt64(random.next(below: 20_000_000))),
      delay: .microseconds(Int64(random.next(below: 100_000))),
      queue: random.next(below: 2) == 0
        ? .packets(1 + random.next(below: 30)) : .bytes(1600 + UInt64(random.next(below: 40_000))))
    if random.next(below: 3) > 0 {
      link.loss = Probability(partsPerBillion: random.next(below: 150_000_000))
    }
    if random.next(below: 2) == 0 {
      link.jitter = .microseconds(Int64(random.next(below: 50_000)))
    }
    if random.next(below: 2) == 0 {
      link.reordering = Reordering(
        Probability(partsPerBillion: random.next(below: 200_000_000)),
        delay: .microseconds(Int64(1 + random.next(below: 50_000))))
    }
    if random.next(below: 2) == 0 {
      link.duplication = Probability(partsPerBillion: random.next(below: 200_000_000))
    }
    if random.next(below: 3) == 0 { link.discipline = .codel(CoDelSettings()) }
    link.marksECN = random.next(below: 2) == 0
    return link
  }

  private static func scenario(seed: UInt64) -> Scenario {
    var random = RandomStream(seed: seed, purpose: "transfer property test")
    let profile = Profile.allCases[Int(random.next(below: 3))]
    var scenario = Scenario.standard(profile)
    scenario.seed = seed
    scenario.links = [link(&random), link(&random)]
    var transport = TransportSettings.standard(profile)
    let algorithms = CongestionAlgorithm.allCases
    transport.congestion = algorithms[Int(random.next(below: UInt32(algorithms.count)))]
    transport.selectiveAcknowledgements = random.next(below: 3) > 0
    transport.timestamps = random.next(below: 2) == 0
    transport.lossDetection = random.next(below: 2) == 0 ? .rack : .duplicateAcknowledgements
    transport.cubicCountsWholeSegments = random.next(below: 2) == 0
    transport.congestionNotification = random.next(below: 2) == 0 ? .asks : .answers
    transport.initialWindow = 1 + random.next(below: 12)
    transport.acknowledgements.everySegments = 1 + random.next(below: 3)
    // With a loss of 15 % each way a segment fails 15 times in a row once in a billion.
    transport.synRetries = 15
    scenario.clients = [
      ClientSettings(
        path: 0, application: .raw,
        objects: (0..<1 + random.next(below: 2)).map { _ in
          ObjectSettings(ByteCount(Int64(random.next(below: 40_000))))
        },
        requestBytes: ByteCount(1 + Int64(random.next(below: 3000))), transport: transport)
    ]
    return scenario
  }

  private static func faults(seed: UInt64) -> [String] {
    let scenario = scenario(seed: seed)
    var simulator = Simulator(scenario)
    let report = simulator.run()
    var faults: [String] = []
    if report.complete == nil { faults.append("never complete") }
    if report.wasStopped || simulator.queue.count > 0 { faults.append("events are left") }
    if simulator.segments.count > 0 { faults.append("packets are left") }
    for index in simulator.endpoints.indices where simulator.endpoints[index].state != .listen {
      let endpoint = simulator.endpoints[index]
      if endpoint.nextDeadline != .never { faults.append("a timer is left") }
      if !endpoint.scoreboard.isEmpty || !endpoint.isClosed { faults.append("an end is open") }
    }
    faults += books(simulator.log, report)
    var again = Simulator(scenario, level: .totals)
    if again.run().fingerprint != report.fingerprint { faults.append("another run differs") }
    return faults
  }

  private static func segment(_ record: EventRecord, _ log: EventLog) -> Int64 {
    Int64(log.connections[Int(record.connection)].maximumSegmentSize)
  }

  /// Packets sent are packets arrived or lost, deliveries are adjacent, and windows large enough.
  private static func books(_ log: EventLog, _ report: RunReport) -> [String] {
    var faults: [String] = []
    var fronts = [Int64](repeating: 1, count: log.connections.count * 2)
    var received: Int64 = 0
    for record in log.records {
      switch record.kind {
      case .segmentReceived: received += 1
      case .bytesDelivered:
        let index = Int(record.connection) * 2 + Int(record.side.rawValue)
        if record.offset != fronts[index] { faults.append("delivered out of order") }
        fronts[index] += Int64(record.length)
      case .congestionWindow:
        if record.offset < segment(record, log) { faults.append("a window below one segment") }
      case .slowStartThreshold:
        if record.offset < 2 * segment(record, log) {
          faults.append("a threshold below two segments")
        }
      default: break
      }
    }
    let sent = report.connections.reduce(0) { $0 + $1.packets.up + $1.packets.down }
    let lost = report.connections.reduce(0) { $0 + $1.lost.up + $1.lost.down }
    let copies = report.connections.reduce(0) { $0 + $1.duplicated.up + $1.duplicated.down }
    if sent + copies != received + lost { faults.append("packets vanished") }
    return faults
  }
}
