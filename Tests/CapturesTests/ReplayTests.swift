import Captures
import NetSim
import Testing

/// Captures of real programs over a link of 10 Mb/s, RTT 40 ms: what a replay estimates is held
/// against the link as it was, and its page time against the captured one.
@Suite struct ReplayTests {
  @Test(
    arguments: [
      ("h1-close-clean", []), ("h1-keepalive-clean", []), ("h1-six-clean", []),
      ("h1-pipelining", []), ("h1-keepalive-drops", [12_483, 47_134, 48_582, 114_208]),
      ("h1-keepalive-drops-server", [12_483, 47_134, 48_582, 114_208]),
    ] as [(String, [Int64])])
  func comesCloseToTheCapture(name: String, lost: [Int64]) throws {
    let captured = try CapturedScenario(Traces.read(name))
    #expect(Self.isNear(captured.link.roundTrip, .milliseconds(40), percent: 2))
    let rate = try #require(captured.link.down)
    #expect((9_500_000...10_500_000).contains(rate.bitsPerSecond), "\(rate.bitsPerSecond)")
    #expect(
      captured.scenario.links[1].drops == lost.map { DropRule.sequence($0, connection: 0) })
    #expect(captured.scenario.links[0].drops.isEmpty)
    var simulator = Simulator(captured.scenario)
    let complete = try #require(simulator.run().complete)
    #expect(
      Self.isNear(complete - .zero, captured.pageTime, percent: 5),
      "\(name): \(complete) against \(captured.pageTime)")
  }

  @Test func losesTheSamePackets() throws {
    let captured = try CapturedScenario(Traces.read("h1-keepalive-drops"))
    var simulator = Simulator(captured.scenario)
    let report = simulator.run()
    #expect(report.connections.map(\.lost.down) == [4])
    #expect(report.connections.map(\.retransmitted) == [4])
  }

  @Test func findsThePage() throws {
    let captured = try CapturedScenario(Traces.read("h1-six-clean"))
    let client = captured.scenario.clients[0]
    #expect(
      client.objects.map(\.bytes.bytes) == [12_000, 3_000, 8_000, 30_000, 60_000, 15_000, 45_000])
    #expect(client.objects.map(\.after) == [nil, nil, nil, nil, nil, nil, 0])
    #expect(client.connections == 6 && client.keepAlive && client.writesHeadAlone)
    #expect(client.application == .http11)
    #expect(client.transport.maximumSegmentSize == 1_460 && client.transport.timestamps)
    #expect(captured.requests.map { $0.map(\.index) } == [[0, 1, 2, 3, 4, 5, 6]])
    #expect(captured.leftOut.isEmpty)
  }

  @Test func seesHowConnectionsAreUsed() throws {
    let closing = try CapturedScenario(Traces.read("h1-close-clean")).scenario.clients[0]
    #expect(!closing.keepAlive && closing.connections == 1)
    #expect(closing.objects.map(\.after) == [nil, 0, 1, 2, 3, 4, 5])
    let pipelined = try CapturedScenario(Traces.read("h1-pipelining")).scenario.clients[0]
    #expect(pipelined.application == .http11Pipelined)
    #expect(pipelined.objects.map(\.after) == [nil, nil, nil, nil])
  }

  @Test(arguments: [
    ("sse", "none of its 2 requests is complete, so nothing to replay"),
    (
      "grpc",
      "no HTTP/1 request in the clear, so nothing to replay; its connections are h2"
    ),
    (
      "h1-tls13-clean",
      "no HTTP/1 request in the clear, so nothing to replay; its connections are tls"
    ),
    ("h3-clean", "no TCP connection but QUIC, which is encrypted, so nothing to replay"),
  ])
  func saysWhyThereIsNothingToReplay(name: String, reason: String) throws {
    let analysis = try Traces.read(name)
    #expect(throws: ReplayError(explanation: reason)) { try CapturedScenario(analysis) }
  }

  @Test func refusesPacketsThatWereCapturedAtTwoPlaces() throws {
    let trace = try ClassicCapture("h1-keepalive-clean")
    let analysis = try CaptureBuilder.read(trace.bytes { [$0, $0] })
    #expect(analysis.connections[0].isCapturedTwice)
    let reason = "its packets were captured at two places; replay one of the captures alone"
    #expect(throws: ReplayError(explanation: reason)) { try CapturedScenario(analysis) }
  }

  @Test func saysThatAConnectionWasOpenBefore() throws {
    let trace = try ClassicCapture("h1-keepalive-clean")
    let later = try CaptureBuilder.read(trace.bytes(from: 60))
    #expect(try CapturedScenario(later).openBefore == 1)
    #expect(try CapturedScenario(Traces.read("h1-keepalive-clean")).openBefore == 0)
  }

  /// The client's window is 502 without the scale of its SYN, by which it is 64,256: too few bytes for
  /// a segment, if it were taken as it stands.
  @Test func aWindowOfUnknownScaleHoldsNobody() throws {
    let trace = try ClassicCapture("h1-keepalive-clean")
    let later = try CaptureBuilder.read(trace.bytes(from: 60))
    let paths = later.connections.map {
      PathEstimate(minimumRTT: $0.minimumRTT, bottleneck: $0.bottleneckDown)
    }
    let causes = BlockedTime.reports(of: later.log, estimates: paths).flatMap {
      $0.intervals.map(\.cause)
    }
    #expect(!causes.contains(.receiveWindow))
    #expect(causes.contains(.unknown))
  }

  @Test func namesTheSnapshotLength() throws {
    let cut = try CaptureBuilder.read(
      ClassicCapture("h1-keepalive-clean").bytes { [Array($0.prefix(16 + 60))] })
    let reason =
      "no whole request, so nothing to replay: 138 packets are cut by the capture's snapshot length"
    #expect(throws: ReplayError(explanation: reason)) { try CapturedScenario(cut) }
  }

  private static func isNear(_ value: SimDuration, _ truth: SimDuration, percent: Int64) -> Bool {
    abs(value.nanoseconds - truth.nanoseconds) * 100 <= truth.nanoseconds * percent
  }
}
