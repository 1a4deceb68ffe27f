import Testing

@testable import NetSim

/// BBR over QUIC: what its model makes of a path.
@Suite struct QUICBBRTests: QUICRuns {
  private func goodput(
    _ algorithm: CongestionAlgorithm, loss parts: UInt32 = 0, queue: UInt32 = 25
  ) throws -> Double {
    var page = scenario(
      [10 << 20], .rfc, roundTrip: 30, rate: .megabits(10), queue: .packets(queue)
    ) { $0.transport.congestion = algorithm }
    page.links[1].loss = Probability(partsPerBillion: parts)
    var simulator = Simulator(page, level: .requests)
    let time = try #require(milliseconds(simulator.run().complete))
    return Double(10 << 20) * 8 / 1000 / time
  }

  @Test func itFillsThePath() throws {
    #expect(try goodput(.bbr) > 9)
  }

  /// Random losses are no congestion to it.
  @Test func itDoesNotMindRandomLosses() throws {
    #expect(try goodput(.bbr, loss: 20_000_000) > 8.5)
    #expect(try goodput(.cubic, loss: 20_000_000) < 6)
  }

  /// It leaves a large queue empty that CUBIC fills: the round trip stays near 30 ms.
  @Test func itKeepsTheQueueShort() {
    var medians: [Int64] = []
    for algorithm in [CongestionAlgorithm.bbr, .cubic] {
      let page = scenario(
        [10 << 20], .rfc, roundTrip: 30, rate: .megabits(10), queue: .packets(200)
      ) { $0.transport.congestion = algorithm }
      let samples = run(page).log.records.filter {
        $0.kind == .roundTripSample && $0.side == .server
      }.map(\.offset).sorted()
      medians.append(samples[samples.count / 2] / 1_000_000)
    }
    #expect(medians[0] < 60)
    #expect(medians[1] > 100)
  }
}
