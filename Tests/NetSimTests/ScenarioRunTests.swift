import Testing

@testable import NetSim

/// Whole runs, by numbers that can be checked by hand.
@Suite struct ScenarioRunTests {
  static func download(
    _ bytes: Int64, profile: Profile = .linux, rate: Bitrate = .megabits(20),
    rtt: SimDuration = .milliseconds(50), queue: QueueLimit = .packets(200),
    initialWindow: UInt32 = 10, congestion: CongestionAlgorithm = .reno
  ) -> Scenario {
    var scenario = Scenario.standard(profile)
    let link = LinkSettings(
      rate: rate, delay: rtt / 2, queue: queue, acknowledgementsAreFree: profile == .ideal)
    scenario.links = [link, link]
    var transport = TransportSettings.standard(profile)
    transport.congestion = congestion
    transport.initialWindow = initialWindow
    scenario.clients = [
      ClientSettings(
        path: 0, application: .raw, objects: [ObjectSettings(ByteCount(bytes))],
        requestBytes: ByteCount(15),
        transport: transport)
    ]
    return scenario
  }

  static func run(_ scenario: Scenario, level: EventLog.Level = .everything) -> RunReport {
    var simulator = Simulator(scenario, level: level)
    return simulator.run()
  }

  /// 60-byte SYN and SYN-ACK: 24 µs each at 20 Mb/s, and 50 ms of way.
  @Test func aConnectionIsEstablishedAfterARoundTripAndTwoSerialisations() {
    let report = Self.run(Self.download(200_000))
    #expect(report.connections[0].established == SimTime(nanoseconds: 50_048_000))
  }

  /// CURRICULUM: 1,000,000 bytes take 7 rounds at an initial window of 10, 8 at 3 and 10 at 1,
  /// after one round trip for the handshake.
  @Test(arguments: [(10, 7), (3, 8), (1, 10)] as [(UInt32, Int64)])
  func slowStartTakesWholeRounds(initialWindow: UInt32, rounds: Int64) {
    let report = Self.run(
      Self.download(
        1_000_000, profile: .ideal, rate: .unlimited, queue: .unlimited,
        initialWindow: initialWindow))
    #expect(report.complete == SimTime.zero + .milliseconds(50) * (1 + rounds))
  }

  @Test func eachRoundSendsTwiceTheSegmentsOfTheOneBefore() {
    let scenario = Self.download(
      1_000_000, profile: .ideal, rate: .unlimited, queue: .unlimited)
    var simulator = Simulator(scenario)
    _ = simulator.run()
    var rounds: [Int64: Int] = [:]
    for record in simulator.log.records
    where record.kind == .segmentSent && record.side == .server && record.length > 0 {
      rounds[record.time.nanoseconds, default: 0] += 1
    }
    // 685 segments of 1,460 bytes in all: 630 in six rounds, and the last 55.
    #expect(rounds.sorted { $0.key < $1.key }.map(\.value) == [10, 20, 40, 80, 160, 320, 55])
  }

  /// The most that fits n rounds is 14,600 · (2ⁿ − 1) bytes.
  @Test(
    arguments: [(14_600, 1), (14_601, 2), (43_800, 2), (43_801, 3), (102_200, 3), (102_201, 4)]
      as [(Int64, Int64)])
  func anObjectTakesOneRoundMoreWhenOneByteDoesNotFit(bytes: Int64, rounds: Int64) {
    let report = Self.run(
      Self.download(bytes, profile: .ideal, rate: .unlimited, queue: .unlimited))
    #expect(report.complete == SimTime.zero + .milliseconds(50) * (1 + rounds))
  }

  @Test(arguments: EventLog.Level.allCases)
  func theFingerprintIsTheSameAtEveryLevel(level: EventLog.Level) {
    let scenario = RandomScenario.make(seed: 11)
    #expect(
      Self.run(scenario, level: level).fingerprint == Self.run(scenario).fingerprint)
  }

  @Test func aRunInStepsIsTheSameRun() {
    let scenario = RandomScenario.make(seed: 12)
    var simulator = Simulator(scenario)
    var steps = 0
    while simulator.advance(events: 10) { steps += 1 }
    #expect(steps > 5)
    #expect(simulator.progress.events > 50)
    #expect(simulator.run().fingerprint == Self.run(scenario).fingerprint)
  }

  @Test func theExpectedPacketsAreThoseOfTheObjects() {
    // 14,600 bytes are ten segments, and each object counts one for its end.
    #expect(Self.download(14_600).expectedDataPackets == 11)
  }

  @Test func anotherSeedGivesAnotherRun() {
    var scenario = Self.download(500_000)
    scenario.links[1].loss = Probability(partsPerBillion: 20_000_000)
    let first = Self.run(scenario)
    scenario.seed = 2
    #expect(Self.run(scenario).fingerprint != first.fingerprint)
    scenario.seed = 1
    #expect(Self.run(scenario).fingerprint == first.fingerprint)
  }

  @Test func twoDownloadsShareABottleneckAndBothEnd() {
    var scenario = Self.download(1_000_000)
    scenario.clients.append(scenario.clients[0])
    let report = Self.run(scenario)
    #expect(report.connections.count == 2)
    // Twice the bytes over the same link: never faster than the link.
    let atLeast = Int64(2_000_000 * 8) * 1_000_000_000 / 20_000_000
    #expect(report.complete!.nanoseconds > atLeast)
    #expect(report.requests.allSatisfy { $0.time(.queue) > .zero })
  }

  @Test func hopsAddTheirDelaysAndSerialisations() {
    var scenario = Self.download(1)
    let fast = LinkSettings(rate: .megabits(20), delay: .milliseconds(10))
    let slow = LinkSettings(rate: .megabits(10), delay: .milliseconds(15))
    scenario.links = [fast, slow, slow, fast]
    scenario.paths = [PathSettings(up: [0, 1], down: [2, 3])]
    let report = Self.run(scenario)
    // Each SYN of 60 bytes: 24 µs and 48 µs; two ways of 25 ms.
    #expect(report.connections[0].established == SimTime(nanoseconds: 50_144_000))
  }

  @Test func aKeptConnectionSavesTheHandshakes() {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].objects = Array(repeating: ObjectSettings(ByteCount(1000)), count: 5)
    scenario.clients[0].start = .inSeries
    // RTT 40 ms: one for the handshake and five for the requests.
    #expect(Self.run(scenario).complete == SimTime.zero + .milliseconds(240))
    scenario.clients[0].keepAlive = false
    let report = Self.run(scenario)
    #expect(report.complete == SimTime.zero + .milliseconds(400))
    #expect(report.connections.count == 5)
  }

  @Test func theServersThinkTimeIsChargedToTheServer() {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].objects = [
      ObjectSettings(ByteCount(1000)), ObjectSettings(ByteCount(1000)),
    ]
    scenario.clients[0].serverTimes = [.milliseconds(100), .milliseconds(7)]
    let report = Self.run(scenario)
    #expect(report.requests.map { $0.time(.server) } == [.milliseconds(100), .milliseconds(7)])
    #expect(report.requests[0].time(.handshake) == .milliseconds(40))
    #expect(report.requests[0].time(.propagation) == .milliseconds(40))
    // The second waits for the only connection: 40 ms until it is open, then until it is free.
    #expect(report.requests[1].time(.handshake) == .milliseconds(40))
    #expect(report.requests[1].time(.pool) == .milliseconds(140))
    #expect(report.complete == SimTime.zero + .milliseconds(227))
  }

  /// The repetition waits in the sender's full queue like everything else, but what the request
  /// waits for is the hole.
  @Test func theQueueingOfARepairIsChargedToTheGap() {
    var scenario = Self.download(600_000)
    scenario.links[1].drops = [DropRule(ordinal: 200, minimumPayload: 100)]
    let report = Self.run(scenario)
    #expect(report.connections[0].retransmitted == 1)
    #expect(report.requests[0].time(.transportGap) > .milliseconds(70))
    #expect(report.requests[0].time(.queue) < .milliseconds(1))
  }

  @Test func aPathThatLosesEverythingFailsInTheEnd() {
    var scenario = Self.download(1000)
    scenario.links[0].loss = Probability(partsPerBillion: 1_000_000_000)
    let report = Self.run(scenario)
    #expect(report.complete == nil)
    #expect(report.connections[0].failed)
    #expect(report.requests[0].failed != nil)
    #expect(report.requests[0].time(.handshake) == report.requests[0].failed! - .zero)
  }

  /// One byte a round trip: the handshake, 15 bytes of request and 10 of response, where the last of
  /// the one and the first of the other share a round trip.
  @Test func aWindowOfOneByteMovesOneByteARoundTrip() {
    var scenario = Self.download(10, profile: .ideal, rate: .unlimited, queue: .unlimited)
    scenario.clients[0].transport.receiveWindow = ByteCount(1)
    let report = Self.run(scenario)
    #expect(report.complete == SimTime.zero + .milliseconds(50) * 25)
    #expect(report.requests[0].time(.receiveWindow) > .milliseconds(400))
  }

  @Test func aDroppedPacketIsRepairedAndChargedToTheGap() {
    var scenario = Self.download(60_000)
    scenario.links[1].drops = [DropRule(ordinal: 14, minimumPayload: 100)]
    let report = Self.run(scenario)
    #expect(report.connections[0].lost.down == 1)
    #expect(report.connections[0].retransmitted == 1)
    #expect(report.connections[0].timeouts == 0)
    // Repaired by acknowledgements: the hole lasts about a round trip.
    let gap = report.requests[0].time(.transportGap)
    #expect(gap > .milliseconds(40) && gap < .milliseconds(60))
  }
}
