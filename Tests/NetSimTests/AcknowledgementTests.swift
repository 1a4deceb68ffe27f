import Testing

@testable import NetSim

/// When a receiver acknowledges (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
@Suite struct AcknowledgementTests {
  private func pair(_ policy: AcknowledgementPolicy) -> EndpointPair {
    var settings = TransportSettings.prompt
    settings.acknowledgements = policy
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  /// When the client sent acknowledgements since `start`, in ms.
  private func times(_ pair: EndpointPair, since start: SimTime) -> [Int64] {
    pair.sent.filter { $0.side == .client && $0.time >= start }
      .map { ($0.time - start).nanoseconds / 1_000_000 }
  }

  @Test func everySecondSegmentIsAcknowledgedAtOnce() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(4 * 1448)
    pair.run(milliseconds: 200)
    #expect(times(pair, since: start) == [50, 50])
  }

  @Test func aSegmentAloneIsAcknowledgedAfterTheDelay() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(3 * 1448)
    pair.run(milliseconds: 200)
    #expect(times(pair, since: start) == [50, 90])
  }

  @Test func quickAcknowledgementsComeFirst() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 3))
    let start = pair.now
    _ = pair.server.write(6 * 1448)
    pair.run(milliseconds: 200)
    // Three at once, then the fifth's with the fourth, and the sixth alone after the delay.
    #expect(times(pair, since: start) == [50, 50, 50, 50, 90])
  }

  @Test func anAcknowledgementRidesOnDataThatGoesTheSameWay() {
    var pair = pair(
      AcknowledgementPolicy(everySegments: 2, delay: .milliseconds(40), quickSegments: 0))
    let start = pair.now
    _ = pair.server.write(1448)
    pair.run(milliseconds: 60)
    _ = pair.client.write(100)
    pair.run(milliseconds: 100)
    let sent = pair.sent.filter { $0.side == .client && $0.time >= start }
    #expect(sent.count == 1)
    #expect(sent[0].segment.payloadBytes == 100)
    #expect(sent[0].segment.acknowledgement == SequenceNumber(5001 + 1448))
  }
}
