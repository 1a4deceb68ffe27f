import Testing

@testable import NetSim

/// What implementations of QUIC are put to by their interop runner: 15 ms each way, 10 Mb/s and 25
/// packets, but where a test says otherwise.
@Suite struct QUICTransferTests: QUICRuns {
  private func runner(
    _ sizes: [Int64], _ profile: Profile, _ change: (inout Scenario) -> Void = { _ in }
  ) -> Scenario {
    var scenario = scenario(
      sizes, profile, roundTrip: 30, rate: .megabits(10), queue: .packets(25))
    change(&scenario)
    return scenario
  }

  private func report(_ scenario: Scenario) -> RunReport {
    var simulator = Simulator(scenario, level: .requests)
    return simulator.run()
  }

  private func lose(_ parts: UInt32, _ scenario: inout Scenario) {
    for index in scenario.links.indices {
      scenario.links[index].loss = Probability(partsPerBillion: parts)
    }
  }

  /// Of 10 Mb/s packets of 1,228 bytes leave 9.4 for the content of streams.
  @Test(arguments: [Profile.linux, .rfc])
  func tenMebibytesFillTheLink(profile: Profile) throws {
    let report = report(runner([10 << 20], profile))
    let time = try #require(milliseconds(report.complete))
    let megabits = Double(10 << 20) * 8 / 1000 / time
    #expect(megabits > 9.3)
  }

  @Test(arguments: [Profile.linux, .rfc], UInt64(1)...5)
  func twoMebibytesGetThroughALossOfTwoPercent(profile: Profile, seed: UInt64) {
    let report = report(
      runner([2 << 20], profile) {
        lose(20_000_000, &$0)
        $0.seed = seed
      }
    )
    #expect(report.complete != nil, "seed \(seed)")
  }

  @Test(arguments: [Profile.linux, .rfc])
  func fiftyHandshakesSurviveALossOfThirtyPercent(profile: Profile) {
    for seed in UInt64(1)...50 {
      let report = report(
        runner([1024], profile) {
          lose(300_000_000, &$0)
          $0.seed = seed
        }
      )
      #expect(report.complete != nil, "seed \(seed)")
    }
  }

  /// Nothing passes for two seconds after every five.
  @Test(arguments: [Profile.linux, .rfc])
  func aTransferGoesOnAfterABlackHole(profile: Profile) throws {
    let report = report(
      runner([10 << 20], profile) {
        for index in $0.links.indices {
          $0.links[index].outages = (0..<3).map {
            let start = SimTime.zero + .seconds(5 + 7 * Int64($0))
            return Outage(from: start, to: start + .seconds(2))
          }
        }
      }
    )
    let time = try #require(milliseconds(report.complete))
    #expect(time < 14_000)
    #expect(report.connections.count == 1)
  }

  /// 1.5 s: the first probe leaves before any answer can come.
  @Test(arguments: [Profile.linux, .rfc])
  func aLongRoundTripIsNoLoss(profile: Profile) throws {
    var long = scenario([1 << 20], profile, roundTrip: 1500, rate: .megabits(10))
    long.links[1].queue = .packets(1000)
    let report = report(long)
    #expect(report.complete != nil)
    #expect(report.connections.count == 1)
  }

  /// A hundred streams at once, which the server lets the client open as others are over.
  @Test(arguments: [Profile.linux, .rfc])
  func nineteenHundredAndNinetyNineSmallObjects(profile: Profile) {
    let (report, log) = run(runner(Array(repeating: 32, count: 1999), profile))
    #expect(report.complete != nil)
    #expect(report.connections.count == 1)
    #expect(log.records.contains { $0.kind == .quicFrame && $0.detail == 0x12 })
  }
}
