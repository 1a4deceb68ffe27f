import Testing

@testable import NetSim

/// RFC 3168: a mark is answered as a loss is, without one.
@Suite struct NotificationTests {
  private func established(_ policy: NotificationPolicy) -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.congestionNotification = policy
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  @Test func whoDoesNotAskIsNotMarked() {
    var pair = established(.never)
    _ = pair.server.write(20_000)
    pair.run(milliseconds: 500)
    #expect(pair.sent.allSatisfy { $0.segment.codepoint == .notCapable })
  }

  @Test func theReceiverEchoesAMarkUntilItIsHeeded() {
    var pair = established(.asks)
    let start = pair.now
    pair.marks = { $0.side == .server && $0.time == start && $0.start == 1 }
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 2000)
    let echoes = pair.sent.filter { $0.side == .client && $0.segment.flags.contains(.ece) }
      .filter { !$0.segment.flags.contains(.syn) }
    let answer = pair.data(.server).first { $0.segment.flags.contains(.cwr) }
    #expect(!echoes.isEmpty)
    #expect(answer != nil)
    let heeded = (answer?.time ?? .zero) + .milliseconds(50)
    #expect(echoes.allSatisfy { $0.time <= heeded })
    #expect(pair.server.segmentsRetransmitted == 0)
    #expect(pair.client.delivered == 100_001)
  }

  @Test func theWindowIsLoweredOnceInARoundTrip() {
    var pair = established(.asks)
    let start = pair.now
    pair.marks = { $0.side == .server && $0.time == start }  // all ten of the first flight
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 199)
    #expect(pair.server.congestion.slowStartThreshold == 7)  // CUBIC's 0.7, once
    pair.run(milliseconds: 2000)
    let marked = pair.data(.server).filter { $0.segment.flags.contains(.cwr) }
    #expect(marked.count == 1)
  }
}
