import Testing

@testable import NetSim

/// BBR beside CUBIC over one bottleneck, as published: BBR takes more than half of it where the queue
/// is shallow, CUBIC where it is deep (Hock, Bless and Zitterbart 2017; Ware et al. 2019).
@Suite struct SharedQueueTests {
  /// When the one under BBR and the one under CUBIC have their 20 MB each, over 10 Mb/s and 40 ms,
  /// which 33 packets of 1,500 bytes fill.
  private func complete(queue: UInt32) throws -> (bbr: SimTime, cubic: SimTime) {
    var scenario = Scenario.standard(.linux)
    scenario.links = [1000, queue].map {
      LinkSettings(rate: .megabits(10), delay: .milliseconds(20), queue: .packets($0))
    }
    scenario.clients = [CongestionAlgorithm.bbr, .cubic].map { algorithm in
      var transport = TransportSettings.standard(.linux)
      transport.congestion = algorithm
      return ClientSettings(
        path: 0, application: .raw, objects: [ObjectSettings(ByteCount(20_000_000))],
        requestBytes: ByteCount(15), transport: transport)
    }
    var simulator = Simulator(scenario, level: .requests)
    let requests = simulator.run().requests
    try #require(requests.count == 2)
    return (try #require(requests[0].complete), try #require(requests[1].complete))
  }

  @Test func bbrTakesMoreThanHalfOfAShallowQueue() throws {
    let complete = try complete(queue: 33)
    #expect(complete.bbr + .seconds(5) < complete.cubic)
  }

  @Test func cubicTakesMoreThanHalfOfADeepQueue() throws {
    let complete = try complete(queue: 8 * 33)
    #expect(complete.cubic + .seconds(5) < complete.bbr)
  }
}
