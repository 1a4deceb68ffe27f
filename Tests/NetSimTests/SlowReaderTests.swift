import Testing

@testable import NetSim

/// RFC 9293 §3.8.6: an application that reads slowly, and a sender in front of a closed window.
@Suite struct SlowReaderTests {
  /// A pair whose client offers 10,000 bytes and reads at the given rate.
  private func pair(
    bytesPerSecond: Int64, _ change: (inout TransportSettings) -> Void = { _ in }
  ) -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.receiveWindow = ByteCount(10_000)
    settings.initialReceiveWindow = settings.receiveWindow
    change(&settings)
    var pair = EndpointPair(settings)
    pair.client.receiveBuffer.reader = ApplicationReader(bytesPerSecond: bytesPerSecond)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  /// What the client offered, with the position that it ends at.
  private func offers(_ pair: EndpointPair) -> [(window: Int64, edge: Int64)] {
    pair.sent.filter { $0.side == .client && !$0.segment.flags.contains(.syn) }.map {
      let front = $0.segment.acknowledgement.offset(from: SequenceNumber(5000), near: 0)
      return (Int64($0.segment.window), front + Int64($0.segment.window))
    }
  }

  @Test func theWindowClosesToZeroAndItsEdgeNeverMovesBack() {
    var pair = pair(bytesPerSecond: 1)
    _ = pair.server.write(30_000)
    pair.run(milliseconds: 2000)
    #expect(pair.client.delivered == 10_001)
    #expect(offers(pair).last?.window == 0)
    let edges = offers(pair).map(\.edge)
    #expect(edges == edges.sorted())
    #expect(pair.server.limit == .receiveWindow)
  }

  @Test func theSenderProbesAClosedWindowEverMoreRarely() {
    var pair = pair(bytesPerSecond: 1) { $0.probesWithoutData = false }
    _ = pair.server.write(30_000)
    pair.run(milliseconds: 550)
    let count = pair.sent.count
    pair.run(milliseconds: 10_000)
    let probes = pair.sent.dropFirst(count).filter { $0.side == .server }
    let times = probes.map { $0.time.nanoseconds / 1_000_000 }
    let waits = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(probes.allSatisfy { $0.segment.payloadBytes == 1 && $0.start == 10_001 })
    #expect(waits.count >= 3)
    for (earlier, later) in zip(waits, waits.dropFirst()) { #expect(later == 2 * earlier) }
    // Each is answered, whatever the peer can take.
    #expect(pair.sent.dropFirst(count).count { $0.side == .client } == probes.count)
    #expect(!pair.server.hasFailed)
  }

  @Test func asOnLinuxProbesCarryNothing() {
    var pair = pair(bytesPerSecond: 1) { $0.probesWithoutData = true }
    _ = pair.server.write(30_000)
    pair.run(milliseconds: 550)
    let count = pair.sent.count
    pair.run(milliseconds: 3000)
    let probes = pair.sent.dropFirst(count).filter { $0.side == .server }
    #expect(!probes.isEmpty)
    #expect(probes.allSatisfy { $0.segment.payloadBytes == 0 && $0.start == 10_000 })
    #expect(pair.sent.dropFirst(count).count { $0.side == .client } == probes.count)
  }

  @Test func probesThatNobodyAnswersEndTheConnection() {
    var pair = pair(bytesPerSecond: 1) { $0.dataRetries = 4 }
    _ = pair.server.write(30_000)
    pair.run(milliseconds: 300)
    pair.loses = { _ in true }
    pair.run(milliseconds: 60_000)
    #expect(pair.server.hasFailed)
  }

  @Test func aProbeThatFindsRoomIsDelivered() {
    var pair = pair(bytesPerSecond: 20_000) { $0.probesWithoutData = false }
    _ = pair.server.write(15_000)
    pair.run(milliseconds: 300)
    // Every window update gets lost, so that only the probe can bring the news.
    let begin = pair.now
    pair.loses = { $0.side == .client && $0.time < begin + .milliseconds(200) }
    pair.run(milliseconds: 3000)
    #expect(pair.client.delivered == 15_001)
    #expect(pair.server.sendUnacknowledged == 15_001)
  }

  /// RFC 9293 §3.8.6.2.2: no window of a few bytes, and no small segments into it.
  @Test(arguments: [false, true])
  func noSillyWindowIsOffered(likeLinux: Bool) {
    var pair = pair(bytesPerSecond: 10_000) { $0.receivePolicy.needsSixteenth = likeLinux }
    _ = pair.server.write(60_000)
    pair.run(milliseconds: 6000)
    let sizes = pair.data(.server).map(\.segment.payloadBytes)
    #expect(pair.client.delivered == 60_001)
    #expect(sizes.count < 60)  // 42 full ones would do
    let edges = offers(pair).map(\.edge)
    #expect(edges == edges.sorted())
  }

  @Test func aReaderKeepsItsRateToTheByte() {
    var reader = ApplicationReader(bytesPerSecond: 3)
    for second in 1...1000 {
      reader.read(
        until: SimTime(nanoseconds: Int64(second) * 100_000_000), delivered: 1_000_000)
    }
    #expect(reader.position == 1 + 300)
    #expect(reader.duration(of: 1) == SimDuration(nanoseconds: 333_333_334))
  }

  @Test func aSlowClientIsDoneWhenItHasRead() throws {
    var scenario = Scenario.standard(.linux)
    scenario.clients[0].readRate = ByteCount(100_000)
    scenario.clients[0].transport.receivePolicy.initialBuffer = ByteCount(80 << 10)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(1_000_000))]
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let complete = try #require(report.complete)
    #expect(complete > SimTime.zero + .seconds(10))
    #expect(complete < SimTime.zero + .milliseconds(10_200))
    let intervals = report.requests[0].intervals
    func time(_ cause: Cause) -> Int64 {
      intervals.filter { $0.cause == cause }.reduce(0) { $0 + ($1.end - $1.start).nanoseconds }
    }
    #expect(time(.receiveWindow) > 5_000_000_000)
    #expect(time(.unknown) == 0)
  }
}
