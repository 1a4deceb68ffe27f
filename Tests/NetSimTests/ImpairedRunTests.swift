import Testing

@testable import NetSim

/// Whole runs over links with everything switched on.
@Suite struct ImpairedRunTests {
  @Test(arguments: UInt64(1)...200)
  func everyByteArrivesOnceAndTheBooksBalance(seed: UInt64) {
    RunChecks.everything(RandomScenario.impaired(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...20)
  func theSameSeedGivesTheSameRunAtEveryLevel(seed: UInt64) {
    let scenario = RandomScenario.impaired(seed: seed)
    var fingerprints: [UInt64] = []
    for level in EventLog.Level.allCases + [.everything] {
      var simulator = Simulator(scenario, level: level)
      fingerprints.append(simulator.run().fingerprint.value)
    }
    #expect(Set(fingerprints).count == 1)
  }

  private func scenario(_ change: (inout LinkSettings) -> Void) -> Scenario {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(1_000_000))]
    change(&scenario.links[1])
    return scenario
  }

  /// A queue that decides on leaving, and finds nothing to decide, is a drop-tail queue.
  @Test func codelWithoutDropsIsDropTail() {
    var fingerprints: [Fingerprint] = []
    let patient = CoDelSettings(target: .seconds(4), interval: .seconds(4))
    for discipline in [QueueDiscipline.dropTail, .codel(patient)] {
      var simulator = Simulator(
        scenario {
          $0.discipline = discipline
          $0.rate = .megabits(7)
        })
      fingerprints.append(simulator.run().fingerprint)
    }
    #expect(fingerprints[0] == fingerprints[1])
  }

  /// CoDel keeps the waits that drop-tail lets grow to the queue's length.
  @Test func codelKeepsTheQueueShort() {
    func longestWaits(_ discipline: QueueDiscipline) -> Int64 {
      var simulator = Simulator(
        scenario {
          $0.discipline = discipline
          $0.rate = .megabits(5)
          $0.queue = .packets(1000)
        })
      _ = simulator.run()
      let log = simulator.log
      let waits = log.records.filter {
        ($0.kind == .packetEnqueued || $0.kind == .packetDequeued) && $0.place == 1
          && $0.offset >= 0 && $0.time > .zero + .milliseconds(600)
      }
      return waits.map(\.offset).reduce(0, +) / Int64(max(1, waits.count))
    }
    let (tail, codel) = (longestWaits(.dropTail), longestWaits(.codel(CoDelSettings())))
    #expect(codel * 2 < tail, "\(codel) \(tail)")
  }

  @Test func copiesReachTheApplicationOnce() {
    var simulator = Simulator(
      scenario { $0.duplication = Probability(partsPerBillion: 500_000_000) })
    let report = simulator.run()
    #expect(report.complete != nil)
    let totals = report.connections[0]
    #expect(totals.duplicated.down > 200 && totals.duplicated.up == 0)
    #expect(totals.spurious == 0)
    let copies = simulator.log.records.filter { $0.kind == .packetDuplicated }
    #expect(copies.count == Int(totals.duplicated.down))
    RunChecks.conservation(simulator.log, report, 0)
    RunChecks.deliveries(simulator.log, 0)
    RunChecks.causes(report, 0)
    #expect(simulator.log.segmentHeaders.count == Int(simulator.packetsSent))
  }

  /// A link that loses everything for a while delays the transfer and does not end it.
  @Test(arguments: [false, true])
  func transfersSurviveAnOutage(holds: Bool) {
    let outage = Outage(
      from: .zero + .milliseconds(300), to: .zero + .milliseconds(1_300), holds: holds)
    var simulator = Simulator(scenario { $0.outages = [outage] })
    let complete = simulator.run().complete
    #expect(complete.map { $0 > .zero + .milliseconds(1_800) } == true)
    let reasons = simulator.log.records.filter { $0.kind == .packetDropped }.map(\.detail)
    #expect(reasons.contains(DropReason.outage.rawValue) == !holds)
  }
}
