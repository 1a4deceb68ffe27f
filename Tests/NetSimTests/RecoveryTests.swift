import Testing

@testable import NetSim

/// Losses and what repairs them. Segments are of 1,448 bytes; RTT is 100 ms and rates unlimited.
@Suite struct RecoveryTests {
  /// A pair with an open connection on which the server will lose the transmissions that `lost`
  /// names: (segment of data from 1, transmission from 1).
  private func pair(
    _ settings: TransportSettings = .prompt, losing lost: [(segment: Int64, time: Int)],
    serverSequence: UInt32 = 5000
  ) -> EndpointPair {
    var pair = EndpointPair(settings, serverSequence: serverSequence)
    var seen: [Int64: Int] = [:]
    let payload: Int64 = settings.timestamps ? 1448 : 1460
    pair.loses = { sent in
      guard sent.side == .server, sent.segment.payloadBytes > 0 else { return false }
      let segment = (sent.start - 1) / payload + 1
      seen[segment, default: 0] += 1
      return lost.contains { $0.segment == segment && $0.time == seen[segment] }
    }
    pair.open()
    pair.run(milliseconds: 100)
    return pair
  }

  /// How many milliseconds after `start` segments were sent.
  private func times(_ sent: [EndpointPair.Sent], since start: SimTime) -> [Int64] {
    sent.map { ($0.time - start).nanoseconds / 1_000_000 }
  }

  @Test func aLossInTheMiddleOfAFlightIsRepairedInARoundTripWithoutATimer() {
    var pair = pair(losing: [(2, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)  // ten segments: one initial window
    pair.run(milliseconds: 149)
    let repeated = pair.data(.server).filter { $0.segment.retransmission == .fast }
    #expect(repeated.map(\.start) == [1449])
    #expect((repeated[0].time - start) == .milliseconds(100))
    #expect(pair.client.delivered == 1449)
    pair.run(milliseconds: 1)
    #expect(pair.client.delivered == 14_481)
    #expect(pair.server.timeouts == 0)
  }

  /// RFC 2018 §4: the first block holds the segment that caused the acknowledgement.
  @Test func sackBlocksReportTheMostRecentFirst() {
    var pair = pair(losing: [(2, 1), (4, 1), (6, 1)])
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 50)
    let acknowledgements = pair.sent.filter { $0.side == .client && $0.segment.sackCount > 0 }
    let last = acknowledgements.last!.segment
    #expect(last.acknowledgement == SequenceNumber(5000 + 1449))
    let blocks = (0..<Int(last.sackCount)).map { last.sackBlocks[$0] }
    func block(_ first: UInt32, _ end: UInt32) -> Segment.Block {
      Segment.Block(
        start: SequenceNumber(5001 + (first - 1) * 1448), end: SequenceNumber(5001 + end * 1448))
    }
    #expect(blocks == [block(7, 10), block(5, 5), block(3, 3)])
  }

  /// RFC 8985 §7: two round trips and a little after the last acknowledgement the tail is probed;
  /// its SACK shows the other loss.
  @Test func aLossAtTheTailIsProbedAndRepairedWithoutATimeout() {
    var pair = pair(losing: [(9, 1), (10, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 2000)
    let repeated = pair.data(.server).filter { $0.segment.retransmission != nil }
    #expect(repeated.map(\.segment.retransmission) == [.tailLossProbe, .fast])
    #expect(repeated.map(\.start) == [13_033, 11_585])
    // The eighth is acknowledged after 100 ms; the probe goes 202 ms later, and its answer comes a
    // round trip after that.
    #expect(times(repeated, since: start) == [302, 402])
    #expect(pair.server.timeouts == 0)
    #expect(pair.client.delivered == 14_481)
  }

  /// RFC 8985 §7.4.2: a loss that only the probe repaired lowers the window once more is
  /// acknowledged.
  @Test func aRepairByTheProbeAloneLowersTheWindow() {
    var pair = pair(losing: [(10, 1)])
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 600)
    #expect(pair.client.delivered == 14_481)
    #expect(pair.server.timeouts == 0)
    let before = pair.server.congestion.window
    _ = pair.server.write(1448)
    pair.run(milliseconds: 200)
    #expect(pair.server.congestion.window < before)
  }

  /// RFC 8985 §6: a segment sent again that is lost again is found without the timer.
  @Test func aLostRetransmissionIsFoundByWhatWasSentAfterIt() {
    var pair = pair(losing: [(2, 1), (2, 2)])
    let start = pair.now
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 2000)
    let repeated = pair.data(.server).filter {
      $0.start == 1449 && $0.segment.retransmission != nil
    }
    #expect(times(repeated, since: start) == [100, 200])
    #expect(pair.server.timeouts == 0)
    #expect(pair.client.delivered == 100_001)
  }

  @Test func withoutRACKALossAtTheTailWaitsForTheTimer() {
    var settings = TransportSettings.prompt
    settings.lossDetection = .duplicateAcknowledgements
    var pair = pair(settings, losing: [(10, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 2000)
    let repeated = pair.data(.server).filter { $0.segment.retransmission != nil }
    #expect(repeated.map(\.segment.retransmission) == [.timeout])
    // The acknowledgement of the ninth arrives after 100 ms and restarts the timer. Linux's rule:
    // the smoothed round trip, 100 ms, and at least 200 ms for its variation.
    #expect((repeated[0].time - start) == .milliseconds(400))
    #expect(pair.client.delivered == 14_481)
  }

  /// RFC 6298 §2.4: at least a second in all.
  @Test func byTheRFCTheTimerWaitsASecondAtLeast() {
    var settings = TransportSettings.standard(.rfc)
    settings.acknowledgements = AcknowledgementPolicy(
      everySegments: 1, delay: .zero, quickSegments: 0)
    var pair = pair(settings, losing: [(10, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 2000)
    let repeated = pair.data(.server).filter { $0.segment.retransmission != nil }
    #expect(times(repeated, since: start) == [1100])
  }

  @Test func repeatedTimeoutsDoubleTheWait() {
    var pair = pair(losing: [(1, 1), (1, 2), (1, 3)])
    let start = pair.now
    _ = pair.server.write(1000)
    pair.run(milliseconds: 5000)
    let times = pair.data(.server).map { ($0.time - start).nanoseconds / 1_000_000 }
    // The handshake gave a round trip of 100 ms: a probe in place of the first time-out after 300 ms,
    // the time-out 300 ms after the probe, and the next after 600.
    #expect(times == [0, 300, 600, 1200])
    #expect(pair.client.delivered == 1001)
  }

  @Test func aRetransmittedSegmentGivesARoundTripOnlyByItsTimestamp() {
    for timestamps in [false, true] {
      var settings = TransportSettings.prompt
      settings.timestamps = timestamps
      var pair = pair(settings, losing: [(1, 1)])
      _ = pair.server.write(1000)
      pair.run(milliseconds: 1000)
      let samples = pair.log.records.filter { $0.kind == .roundTripSample && $0.side == .server }
      // The handshake's alone (Karn's rule), unless the echo of a timestamp tells which of the two
      // sendings was answered (RFC 7323 §4).
      #expect(samples.map(\.offset) == (timestamps ? [100_000_000, 100_000_000] : [100_000_000]))
    }
  }

  /// RFC 6298 §5 and Karn's rule: on a link so slow that the first time-out comes too early, the
  /// backed-off time-out stays until a round trip was measured; then nothing is repeated any more.
  @Test(arguments: [true, false])
  func aSlowLinkDoesNotKeepRunningIntoTheTimer(timestamps: Bool) {
    var scenario = ScenarioRunTests.download(100_000, rate: Bitrate(bitsPerSecond: 32_000))
    scenario.clients[0].transport.timestamps = timestamps
    let report = ScenarioRunTests.run(scenario)
    #expect(report.connections[0].lost.down == 0)
    #expect(report.connections[0].timeouts <= 5)
    #expect(report.connections[0].retransmitted <= 20)
    // 106 kB with headers at 32 kb/s take 26 s, and the needless repetitions a few more.
    #expect(report.complete! < SimTime.zero + .seconds(35))
  }

  @Test func aTimeoutStartsAgainFromOneSegment() {
    var settings = TransportSettings.prompt
    settings.lossDetection = .duplicateAcknowledgements
    var pair = pair(settings, losing: (1...10).map { ($0, 1) })
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 399)
    let again = pair.data(.server).filter { $0.segment.retransmission == .timeout }
    #expect(again.count == 1)
    #expect(pair.server.congestion.window == 1)
    #expect(pair.server.congestion.slowStartThreshold == 7)  // 10 · 0.7, CUBIC
    pair.run(milliseconds: 1000)
    #expect(pair.client.delivered == 14_481)
    #expect(pair.server.segmentsRetransmitted == 10)
  }

  @Test func withoutSACKThreeDuplicatesShowTheLoss() {
    var settings = TransportSettings.standard(.rfc)
    settings.selectiveAcknowledgements = false
    var pair = pair(settings, losing: [(2, 1), (5, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 400)
    let repeated = pair.data(.server).filter { $0.segment.retransmission == .fast }
    // RFC 6582: the partial acknowledgement of the first repair shows the second hole.
    #expect(repeated.map(\.start) == [1449, 1 + 4 * 1448])
    #expect(
      times(repeated, since: start) == [100, 200])
    #expect(pair.server.timeouts == 0)
    #expect(pair.client.delivered == 14_481)
  }

  @Test func bytesAreCountedAcrossTheWrapOfTheSequenceNumber() {
    var pair = pair(losing: [(3, 1)], serverSequence: 0xFFFF_F000)  // wraps within segment 3
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 1000)
    #expect(pair.client.delivered == 100_001)
    #expect(pair.server.timeouts == 0)
    #expect(pair.server.segmentsRetransmitted == 1)
  }

  @Test func aRepetitionOfWhatArrivedIsSpuriousAndReportedAsDuplicate() {
    var settings = TransportSettings.prompt
    settings.acknowledgements = AcknowledgementPolicy(
      everySegments: 1, delay: .zero, quickSegments: 0)
    var pair = EndpointPair(settings)
    pair.open()
    pair.run(milliseconds: 100)
    pair.loses = { $0.side == .client }  // every acknowledgement, for a while
    _ = pair.server.write(1000)
    pair.run(milliseconds: 310)
    pair.loses = { _ in false }
    pair.run(milliseconds: 1000)
    // The timer runs out after 300 ms, and the answer to the repetition gets through.
    #expect(pair.server.segmentsRetransmitted == 1)
    #expect(pair.client.segmentsSpurious == 1)
    // RFC 2883 §4: the duplicate span is the first block, below the acknowledgement.
    let report = pair.sent.last { $0.side == .client && $0.segment.sackCount > 0 }!.segment
    #expect(report.sackBlocks[0].start == SequenceNumber(5001))
    #expect(report.sackBlocks[0].end == SequenceNumber(6001))
    #expect(report.acknowledgement == SequenceNumber(6001))
  }

  /// RFC 5681 §3.2: what is only SACKed shows that something is missing; the window waits.
  @Test func theWindowDoesNotGrowWhileSomethingIsMissing() {
    var pair = pair(losing: [(1, 1)])
    let start = pair.now
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 150)
    let windows = pair.log.records.filter {
      $0.kind == .congestionWindow && $0.side == .server && $0.time > start
    }
    #expect(!windows.isEmpty)
    #expect(windows.allSatisfy { $0.offset <= 14_480 })
  }

  /// RFC 8985 §6.2 step 2: the blocks of one acknowledgement stand in the order of their age, the
  /// most recent first; that is no sign of a path that reorders.
  @Test func blocksOfOneAcknowledgementAreNoReordering() {
    var pair = pair(losing: [(2, 1), (4, 1), (6, 1)])
    // Only the last of the acknowledgements gets through, with three blocks.
    let loses = pair.loses
    var count = 0
    pair.loses = { sent in
      if sent.side == .client && sent.segment.sackCount > 0 {
        count += 1
        return count < 6
      }
      return loses(sent)
    }
    _ = pair.server.write(14_480)
    pair.run(milliseconds: 100)
    #expect(pair.server.scoreboard.sackedCount == 6)
    #expect(!pair.server.rack.sawReordering)
  }

  /// RFC 6675 §5: a segment that is sent during a recovery and lost is a loss of its own, even where it
  /// was found before that recovery ended: the window falls once more.
  @Test func aLossDuringRecoveryLowersTheWindowAgain() {
    var pair = pair(losing: [(2, 1), (2, 2), (16, 1)])
    _ = pair.server.write(100_000)
    pair.run(milliseconds: 2000)
    #expect(pair.server.timeouts == 0)
    #expect(pair.client.delivered == 100_001)
    let records = pair.log.records.filter { $0.side == .server }
    let phases = records.filter { $0.kind == .congestionPhase }.map(\.detail)
    let thresholds = records.filter { $0.kind == .slowStartThreshold }.map { $0.offset / 1448 }
    #expect(phases.filter { $0 == CongestionPhase.recovery.rawValue }.count == 2)
    #expect(thresholds == [7, 4])  // CUBIC: 10 · 0.7 and 7 · 0.7
  }
}
