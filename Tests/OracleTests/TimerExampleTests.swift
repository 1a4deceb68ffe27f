import Testing

@testable import NetSim

/// RFC 6298's rules and RFC 3042's, by example.
@Suite struct TimerExampleTests {
  /// §2.3 in real numbers, beside the integers.
  @Test(arguments: UInt64(1)...50)
  func theTimeoutIsThatOfTheFormulas(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "round trips")
    var settings = TransportSettings.standard(.rfc)
    settings.minimumRTO = .milliseconds(1)
    var rtt = RTTEstimator(settings)
    var smoothed = 0.0
    var variation = 0.0
    for count in 0..<200 {
      let sample = Int64(1_000_000 + random.next(below: 500_000_000))
      rtt.sample(SimDuration(nanoseconds: sample))
      let value = Double(sample)
      if count == 0 {
        smoothed = value
        variation = value / 2
      } else {
        variation = 0.75 * variation + 0.25 * abs(smoothed - value)
        smoothed = 0.875 * smoothed + 0.125 * value
      }
      // Each step rounds by less than a nanosecond, and forgets by an eighth.
      #expect(
        abs(Double(rtt.timeout.nanoseconds) - (smoothed + 4 * variation)) < 50, "seed \(seed)")
    }
  }

  /// §5.7: a SYN-ACK that had to go out again leaves three seconds for the first data, as nothing was
  /// measured (§3).
  @Test func afterALostHandshakeDataWaitsForThreeSeconds() {
    var sender = ScriptedSender(
      ScriptedSender.settings(initialWindow: 10), roundTrip: .milliseconds(1500))
    let start = sender.now
    _ = sender.write(segments: 1)
    let sent = sender.wait(.seconds(10))
    #expect(sent.map { $0.time - start } == [.seconds(3), .seconds(9)])
  }

  @Test func afterAHandshakeInTimeDataWaitsForASecond() {
    var sender = ScriptedSender(ScriptedSender.settings(initialWindow: 10))
    let start = sender.now
    _ = sender.write(segments: 1)
    let sent = sender.wait(.seconds(8))
    // §2.2: 100 + 4 · 50 ms, and at least a second; §5.5: doubled.
    #expect(sent.map { $0.time - start } == [.seconds(1), .seconds(3), .seconds(7)])
  }

  /// §5.3: an acknowledgement of new data restarts the timer, a duplicate does not.
  @Test func onlyNewDataRestartsTheTimer() {
    var sender = ScriptedSender(ScriptedSender.settings(initialWindow: 4))
    _ = sender.write(segments: 4)
    #expect(sender.wait(.milliseconds(500)).isEmpty)
    _ = sender.acknowledge(upTo: 1)
    let restarted = sender.now
    #expect(sender.wait(.milliseconds(300)).isEmpty)
    _ = sender.acknowledge(upTo: 1, sacking: [2...2])
    // The sample of 500 ms: SRTT 150, RTTVAR 137.5; the floor of a second holds.
    #expect(sender.wait(.seconds(2)).first.map { $0.time - restarted } == .seconds(1))
  }

  /// RFC 3042 §2: of a window of three two duplicates come; each sends a new segment, whose duplicates
  /// make up the three that show the loss. The window stays as it is.
  @Test(arguments: [true, false])
  func limitedTransmitFindsALossThatTooFewSegmentsFollow(sack: Bool) {
    var settings = ScriptedSender.settings(initialWindow: 3)
    settings.selectiveAcknowledgements = sack
    var sender = ScriptedSender(settings)
    #expect(sender.write(segments: 100).count == 3)
    var sent: [[Int]] = []
    for last in 1...3 {
      let segments = sender.acknowledge(upTo: 0, sacking: sack ? [1...last] : [])
      sent.append(segments.map { sender.number(of: $0) })
      if last < 3 { #expect(sender.endpoint.congestion.window == 3) }
    }
    #expect(sent == [[3], [4], [0]])
    #expect(sender.endpoint.timeouts == 0)
  }

  /// RFC 3042 §2: only where the peer's window allows it.
  @Test func limitedTransmitKeepsToThePeersWindow() {
    var sender = ScriptedSender(ScriptedSender.settings(initialWindow: 3))
    _ = sender.write(segments: 100)
    sender.endpoint.peerWindowEnd = sender.endpoint.sendNext
    #expect(sender.acknowledgeShut(sacking: 1...1).isEmpty)
    #expect(sender.acknowledgeShut(sacking: 1...2).isEmpty)
  }

  /// RFC 6582 §3.2 step 5: a partial acknowledgement takes the segments out that it acknowledges; the
  /// duplicates of those beyond the next hole still count as having left the network.
  @Test func aPartialAcknowledgementKeepsTheDuplicatesBeyondTheNextHole() {
    var settings = ScriptedSender.settings(initialWindow: 20)
    settings.selectiveAcknowledgements = false
    var sender = ScriptedSender(settings)
    _ = sender.write(segments: 100)
    var new = 0
    for duplicate in 0..<18 {  // of 20 segments the first and the tenth are lost
      let sent = sender.acknowledge(upTo: 0)
      new += sent.count - (duplicate == 2 ? 1 : 0)
    }
    let sent = sender.acknowledge(upTo: 9)
    #expect(sent.contains { sender.number(of: $0) == 9 })
    new += sent.count - 1
    // What is in the network: the tenth again, and what was new.
    #expect(Int(sender.endpoint.pipe) == new + 1)
  }
}

extension ScriptedSender {
  /// A duplicate acknowledgement whose window ends where the last one did.
  fileprivate mutating func acknowledgeShut(sacking block: ClosedRange<Int>) -> [Segment] {
    let end = endpoint.peerWindowEnd
    let window = UInt16((end - endpoint.sendUnacknowledged) >> Int64(endpoint.peerWindowShift))
    return acknowledge(upTo: 0, sacking: [block], window: window)
  }
}
