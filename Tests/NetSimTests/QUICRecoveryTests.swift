import Testing

@testable import NetSim

/// RFC 9002 by its own numbers.
@Suite struct QUICRecoveryTests {
  // MARK: The round-trip time (§5)

  @Test func theFirstSampleIsTakenWhole() {
    var roundTrip = QUICRoundTrip()
    #expect(roundTrip.probeTimeout == .milliseconds(999))
    _ = roundTrip.sample(.milliseconds(100), delay: .milliseconds(60), mostDelay: nil, at: .zero)
    #expect(roundTrip.smoothed == .milliseconds(100))
    #expect(roundTrip.variation == .milliseconds(50))
    #expect(roundTrip.probeTimeout == .milliseconds(300))
    #expect(roundTrip.lossDelay == .microseconds(112_500))
  }

  /// The peer's delay counts up to what it said it would wait, and never below the least round trip.
  @Test func thePeersDelayIsTakenOff() {
    var roundTrip = QUICRoundTrip()
    let most = SimDuration.milliseconds(25)
    _ = roundTrip.sample(.milliseconds(100), delay: .zero, mostDelay: most, at: .zero)
    _ = roundTrip.sample(.milliseconds(140), delay: .milliseconds(40), mostDelay: most, at: .zero)
    #expect(roundTrip.smoothed == .microseconds(101_875))  // 7/8 · 100 + 1/8 · (140 − 25)
    #expect(roundTrip.variation == .microseconds(41_250))  // 3/4 · 50 + 1/4 · 15
    _ = roundTrip.sample(.milliseconds(110), delay: .milliseconds(20), mostDelay: most, at: .zero)
    #expect(roundTrip.latest == .milliseconds(110))
    #expect(roundTrip.smoothed == SimDuration(nanoseconds: 102_890_625))  // 110 − 20 is below 100
    #expect(roundTrip.lossDelay == .microseconds(123_750))  // 9/8 of the latest
  }

  /// Before the handshake is confirmed a delay that would go below the least round trip spoils the
  /// sample (§5.3).
  @Test func aDelayBeforeTheKeysAreKnownIsNotBelieved() {
    var roundTrip = QUICRoundTrip()
    _ = roundTrip.sample(.milliseconds(100), delay: .zero, mostDelay: nil, at: .zero)
    let isTaken = roundTrip.sample(
      .milliseconds(120), delay: .milliseconds(40), mostDelay: nil, at: .zero)
    #expect(!isTaken)
    #expect(roundTrip.smoothed == .milliseconds(100))
  }

  /// Nothing is shorter than kGranularity (§6.1.2, §6.2.1).
  @Test func aMillisecondIsTheLeast() {
    var roundTrip = QUICRoundTrip()
    for _ in 0..<60 {
      _ = roundTrip.sample(.microseconds(100), delay: .zero, mostDelay: nil, at: .zero)
    }
    #expect(roundTrip.probeTimeout >= .microseconds(1_100))
    #expect(roundTrip.probeTimeout < .microseconds(1_101))
    #expect(roundTrip.lossDelay == .milliseconds(1))
  }

  // MARK: Probes (§6.2)

  @Test func theFirstProbesComeAfter999MillisecondsAndTwiceAsLateEachTime() {
    let pair = QUICPair()
    pair.loses = { _ in true }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(until: .zero + .seconds(16))
    #expect(pair.sent(by: .client).map(\.milliseconds) == [0, 999, 2997, 6993, 14985])
    #expect(pair.sent(by: .client).allSatisfy { $0.bytes == 1200 && $0.packets == [.initial] })
  }

  /// An open pair whose server has sent `packets` 1-RTT packets at once that nobody gets; returns the
  /// first one's number.
  private func flight(of packets: Int64) -> (QUICPair, Int64) {
    let pair = QUICPair()
    pair.open()
    pair.run(milliseconds: 1000)
    pair.loses = { $0.side == .server }
    let first = pair.server[.application].nextNumber
    _ = pair.server.write(packets * 1000, on: 3, isLast: false)
    for _ in 0..<packets { pair.pump() }
    #expect(pair.server[.application].nextNumber >= first + packets)
    return (pair, first)
  }

  private func lost(_ pair: QUICPair) -> [Int64] {
    pair.log.records.filter { $0.kind == .quicPacketLost && $0.side == .server }.map(\.offset)
  }

  /// kPacketThreshold (§6.1.1).
  @Test func threeLaterPacketsMakeOneLost() {
    let (pair, first) = flight(of: 6)
    pair.run(milliseconds: 10)
    pair.acknowledge(first + 2...first + 2, to: .server, as: 1000)
    #expect(lost(pair) == [])
    pair.acknowledge(first + 3...first + 3, to: .server, as: 1001)
    #expect(lost(pair) == [first])
    pair.acknowledge(first + 4...first + 4, to: .server, as: 1002)
    #expect(lost(pair) == [first, first + 1])
  }

  /// kTimeThreshold: 9/8 of the round trip, of the latest where that is more (§6.1.2).
  @Test func aPacketIsLostAnEighthOfARoundTripAfterALaterOne() {
    let (pair, first) = flight(of: 6)
    let sentAt = pair.now
    pair.run(milliseconds: 160)
    pair.acknowledge(first + 1...first + 1, to: .server, as: 1000)
    #expect(lost(pair) == [])
    #expect(pair.server.nextDeadline == sentAt + .milliseconds(180))
    pair.run(milliseconds: 20)
    #expect(lost(pair) == [first])
  }

  /// Only the largest packet gives a sample, and only when it is new (§5.1).
  @Test func anOlderPacketGivesNoSample() {
    let (pair, first) = flight(of: 4)
    func samples(_ pair: QUICPair) -> Int {
      pair.log.records.count { $0.kind == .roundTripSample && $0.side == .server }
    }
    let before = samples(pair)
    pair.run(milliseconds: 100)
    pair.acknowledge(first + 1...first + 1, to: .server, as: 1000)
    #expect(samples(pair) == before + 1)
    pair.acknowledge(first...first + 1, to: .server, as: 1001)
    #expect(samples(pair) == before + 1)
  }

  /// 1-RTT packets wait for the peer's delay too, a probe time-out sends two packets, and an
  /// acknowledgement ends the back-off (§6.2.1, §6.2.4).
  @Test func aTailIsProbedByTwoPackets() {
    let (pair, first) = flight(of: 1)
    let sentAt = pair.now
    let timeout = pair.server.roundTrip.probeTimeout + .milliseconds(25)
    let count = pair.sent(by: .server).count
    #expect(pair.server.nextDeadline == sentAt + timeout)
    pair.run(until: sentAt + timeout)
    let probes = pair.sent(by: .server).dropFirst(count)
    #expect(probes.count == 2)
    #expect(probes.first?.frames(.stream).isEmpty == false)
    #expect(pair.server.nextDeadline == sentAt + timeout + timeout * 2)
    pair.run(milliseconds: 50)
    pair.acknowledge(first...first, to: .server, as: 1000)
    #expect(pair.server.timeoutsInARow == 0)
  }

  /// A server whose credit is used up arms no timer; the client, which has nothing under way, asks for
  /// more with a packet of the handshake (§6.2.2.1).
  @Test func theClientGetsAServerGoingThatMayNotSend() {
    let pair = QUICPair(tls: TLSSettings(.full13, certificate: ByteCount(6000), tickets: 0))
    pair.loses = {
      ($0.side == .server && (2...3).contains($0.ordinal))
        || ($0.side == .client && $0.ordinal == 2)
    }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(milliseconds: 100)
    #expect(pair.sent(by: .server).map(\.bytes) == [1200, 1200, 1200])
    #expect(pair.server.creditLeft == 0)
    #expect(pair.server.lossDeadline == .never)
    #expect(pair.sent(by: .client).map(\.milliseconds) == [0, 100])
    #expect(pair.client.lossDeadline == .zero + .milliseconds(400))
    pair.run(milliseconds: 300)
    #expect(pair.sent(by: .client).last?.packets == [.handshake])
    #expect(pair.sent(by: .client).last?.isEliciting == true)
    pair.run(milliseconds: 2000)
    #expect(pair.client.isConfirmed && pair.server.isConfirmed)
  }

  /// Confirmed keys leave nothing to wait for (§6.4).
  @Test func discardedKeysStopTheirTimers() {
    let pair = QUICPair()
    pair.open()
    pair.run(milliseconds: 1000)
    #expect(pair.client.isConfirmed && pair.server.isConfirmed)
    #expect(pair.client.lossDeadline == .never && pair.server.lossDeadline == .never)
    #expect(pair.client.bytesInFlight == 0 && pair.server.bytesInFlight == 0)
  }

  // MARK: Persistent congestion (§7.6)

  /// The example of §7.6.3, but that the last acknowledgement takes as long as the first: so the probe
  /// time-out stays at the two seconds that the example takes it to have. Packet `arrives` arrives after
  /// all, and the ninth acknowledges it.
  private func example(upTo last: Int = 6, arrives: Int64? = nil) -> QUICPair {
    var estimate = QUICRoundTrip()
    func sample(_ estimate: inout QUICRoundTrip) {
      _ = estimate.sample(.milliseconds(1200), delay: .zero, mostDelay: nil, at: .zero)
    }
    for _ in 0..<5 { sample(&estimate) }
    let before = estimate
    sample(&estimate)
    var policy = QUICPolicy.standard(.rfc)
    policy.client.mostDelay = .seconds(2) - estimate.probeTimeout
    policy.server.sendsTwoProbes = false
    let pair = QUICPair(policy)
    pair.open()
    pair.run(until: .zero + .seconds(10))
    pair.server.roundTrip = before
    pair.loses = { $0.side == .server }
    let start = pair.now
    let first = pair.server[.application].nextNumber
    for second in 0...last {
      pair.run(until: start + .seconds(Int64(second)))
      _ = pair.server.write(100, on: 3, isLast: false)
      pair.pump()
      if second == 1 {
        pair.run(until: start + .milliseconds(1200))
        pair.acknowledge(first...first, to: .server, as: 1000)
      }
    }
    pair.run(until: start + .milliseconds(Int64(last) * 1000 + 7200))
    let ninth = first + Int64(last) + 2
    #expect(pair.server[.application].nextNumber == ninth + 1)
    if let arrives {
      let number = first + arrives - 1
      pair.acknowledge(number...number, to: .server, as: 1001)
    }
    pair.acknowledge(ninth...ninth, to: .server, as: 1002)
    return pair
  }

  @Test func theExampleEstablishesPersistentCongestion() {
    let pair = example()
    let times = pair.sent(by: .server).suffix(9).map { $0.milliseconds - 10_000 }
    #expect(times == [0, 1000, 2000, 3000, 4000, 5000, 6000, 8000, 12_000])
    #expect(lost(pair).count == 7)
    #expect(pair.server.congestion.window == 2400)
  }

  /// Packets 2 to 7 are lost, the period is 6 − 1 = 5.
  @Test func aShorterPeriodDoesNot() {
    let pair = example(upTo: 4)
    #expect(lost(pair).count == 5)
    #expect(pair.server.congestion.window > 2400)
  }

  @Test func aPacketThatArrivedBetweenDoesNot() {
    let pair = example(arrives: 5)
    #expect(lost(pair).count == 6)
    #expect(pair.server.congestion.window > 2400)
  }

  // MARK: The window (§7)

  private func settings(_ algorithm: CongestionAlgorithm) -> TransportSettings {
    var settings = TransportSettings.standard(.rfc)
    settings.congestion = algorithm
    settings.initialWindow = 10
    settings.hyStart = .none
    return settings
  }

  private func packet(_ bytes: UInt32, at time: Int64 = 0) -> SentPacket {
    SentPacket(
      fate: .open, isEliciting: true, isInFlight: true, bytes: bytes, datagram: 0, frameCount: 0,
      sentAt: .zero + .milliseconds(time))
  }

  @Test func slowStartGrowsByWhatIsAcknowledgedWhereTheWindowIsUsed() {
    var congestion = QUICCongestion(settings(.reno), policy: QUICEndPolicy(), seed: 1)
    #expect(congestion.window == 12_000)
    let now = SimTime.zero + .milliseconds(100)
    func acknowledge(_ bytes: UInt32, isUsed: Bool = true) {
      congestion.acknowledged(
        packet(bytes), number: 0, isUsed: isUsed, smoothed: .milliseconds(100), at: now)
    }
    acknowledge(1200)
    #expect(congestion.window == 13_200)
    acknowledge(600)
    acknowledge(600)
    #expect(congestion.window == 14_400)
    acknowledge(1200, isUsed: false)
    #expect(congestion.window == 14_400)
  }

  /// One reduction for everything that was sent before it (§7.3.2); Reno halves, CUBIC keeps 7/10.
  @Test(arguments: [(CongestionAlgorithm.reno, Int64(6000)), (.cubic, 8400)])
  func aLossReducesTheWindowOnce(algorithm: CongestionAlgorithm, window: Int64) {
    var congestion = QUICCongestion(settings(algorithm), policy: QUICEndPolicy(), seed: 1)
    let now = SimTime.zero + .milliseconds(100)
    let isFirst = congestion.lost(sentAt: .zero + .milliseconds(1), at: now)
    let isAnother = congestion.lost(sentAt: .zero + .milliseconds(2), at: now + .milliseconds(1))
    #expect(isFirst && !isAnother)
    #expect(congestion.window == window)
    let isNew = congestion.lost(sentAt: now + .milliseconds(1), at: now + .milliseconds(100))
    #expect(isNew)
  }

  /// The least window is two datagrams (§7.2).
  @Test func theWindowNeverShrinksBelowTwoDatagrams() {
    var congestion = QUICCongestion(settings(.reno), policy: QUICEndPolicy(), seed: 1)
    for second in Int64(1)...10 {
      _ = congestion.lost(
        sentAt: .zero + .milliseconds(second * 1000), at: .zero + .milliseconds(second * 1000 + 9))
    }
    #expect(congestion.window == 2400)
  }
}
