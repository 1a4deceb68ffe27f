import Testing

@testable import NetSim

@Suite struct BBRTests {
  /// 2/ln 2 = 2.885, in 1/256 rounded up; and the inverse, rounded down.
  @Test func theGainsOfStartUpAndDrainAreInverse() {
    #expect(BBR.highGain == 739)
    #expect(BBR.drainGain == 88)
  }

  private static func started() -> BBR {
    var bbr = BBR(seed: 1)
    bbr.begin(
      roundTrip: .milliseconds(50), minimumRTT: .milliseconds(50), window: 10, payload: 1448,
      at: .zero)
    return bbr
  }

  /// 10 · 1448 bytes in 50 ms are 289,600 bytes per second; times 739/256, less a hundredth, and cut
  /// off at each step.
  @Test func theFirstPaceIsTheInitialWindowInARoundTripTimesTheGain() {
    #expect(Self.started().rate == 827_524)
  }

  /// An acknowledgement that ends round `round`, at 1,000 segments per second.
  private static func sample(
    round: Int64, pipe: UInt32, phase: CongestionPhase = .slowStart, isLimited: Bool = false
  ) -> DeliverySample {
    DeliverySample(
      time: .zero + .milliseconds(50) * round, acknowledged: 2, lost: 0, priorPipe: pipe + 2,
      pipe: pipe, delivered: round * 50, priorDelivered: round * 50 - 50,
      interval: .milliseconds(50), isLimited: isLimited, roundTrip: .milliseconds(50),
      isDelayed: false, phase: phase, opens: .zero, payload: 1448)
  }

  /// The first round shows the bandwidth; the third after it that shows no more ends start-up. 50
  /// segments fill the path, and 6 more are room for three bursts of two.
  @Test func startUpEndsAfterThreeRoundsWithoutGrowth() {
    var bbr = Self.started()
    var window: UInt32 = 10
    for round: Int64 in 1...3 {
      bbr.take(Self.sample(round: round, pipe: 150), window: &window)
      #expect(bbr.mode == .startup)
    }
    bbr.take(Self.sample(round: 4, pipe: 150), window: &window)
    #expect(bbr.mode == .drain)
    #expect(bbr.pacingGain == 88)
    #expect(bbr.threshold == 56)
    bbr.take(Self.sample(round: 5, pipe: 57), window: &window)
    #expect(bbr.mode == .drain)
    bbr.take(Self.sample(round: 6, pipe: 56), window: &window)
    #expect(bbr.mode == .probeBandwidth)
  }

  @Test func roundsThatTheApplicationLimitsDoNotEndStartUp() {
    var bbr = Self.started()
    var window: UInt32 = 10
    for round: Int64 in 1...10 {
      bbr.take(Self.sample(round: round, pipe: 40, isLimited: true), window: &window)
    }
    #expect(bbr.mode == .startup)
  }

  /// Packet conservation: as many go out as arrive; afterwards the window is what it was.
  @Test func theWindowIsSavedInRecoveryAndRestoredAfterIt() {
    var bbr = Self.started()
    var window: UInt32 = 40
    bbr.saveWindow(window)
    bbr.take(Self.sample(round: 1, pipe: 20, phase: .recovery), window: &window)
    #expect(window == 22)
    bbr.take(Self.sample(round: 2, pipe: 30, phase: .congestionAvoidance), window: &window)
    #expect(window >= 40)
  }

  /// Ten seconds after the least round trip was measured the window is four segments, for 200 ms and
  /// a round trip at least.
  @Test func theRoundTripIsProbedAfterTenSeconds() throws {
    let scenario = ScenarioRunTests.download(
      14_000_000, rate: .megabits(10), rtt: .milliseconds(40), queue: .packets(100),
      congestion: .bbr)
    var simulator = Simulator(scenario)
    _ = simulator.run()
    let windows = simulator.log.records.filter {
      $0.kind == .congestionWindow && $0.side == .server
    }
    let first = try #require(windows.firstIndex { $0.offset == 4 * 1448 })
    let begins = windows[first].time
    #expect(begins > .zero + .seconds(10) && begins < .zero + .milliseconds(10_500))
    let next = try #require(windows[first...].first { $0.offset > 4 * 1448 })
    #expect(next.time - begins > .milliseconds(200))
    #expect(next.time - begins < .milliseconds(400))
  }

  /// A handshake that took three SYNs leaves BBR one segment like the others (RFC 5681 §3.1), and
  /// the model begins with that.
  @Test func aHandshakeThatLostSegmentsLeavesOneSegment() {
    var scenario = ScenarioRunTests.download(20_000, congestion: .bbr)
    // SYN-ACKs, two of which are lost.
    scenario.links[1].drops = [DropRule(ordinal: 1), DropRule(ordinal: 2)]
    var simulator = Simulator(scenario)
    _ = simulator.run()
    let first = simulator.log.records.first {
      $0.kind == .congestionWindow && $0.side == .server
    }
    #expect(first?.offset == 1448)
  }

  /// A value counts for ten rounds; of those after it the best takes its place.
  @Test func theLargestValueOfTenRoundsCounts() {
    var maximum = WindowedMaximum(span: 10)
    maximum.take(10, round: 1)
    maximum.take(6, round: 5)
    maximum.take(4, round: 11)
    #expect(maximum.value == 10)
    maximum.take(5, round: 12)
    #expect(maximum.value == 6)
    maximum.take(1, round: 16)
    #expect(maximum.value == 5)
    maximum.take(7, round: 17)
    #expect(maximum.value == 7)
  }

  /// Ten segments in a burst, delivered together a round trip later: ten in 50 ms, whatever the burst
  /// took. Of the next ten the sending took longer than the acknowledging.
  @Test func aDeliveryTakesAsLongAsSendingOrAcknowledgingWhicheverIsLonger() {
    var rate = DeliveryRate()
    rate.begin()
    #expect(rate.isLimited)
    let first = rate.sent(at: .zero, nothingOutstanding: true)
    #expect(first.delivered == 1 && first.isLimited)
    var choice = DeliveryRate.Choice()
    choice.delivered(
      Scoreboard.Entry(start: 1, end: 1449, sentAt: .zero, sending: 1), first)
    let interval = rate.acknowledged(10, choice, at: .zero + .milliseconds(50))
    #expect(interval == .milliseconds(50))
    #expect(rate.delivered == 11 && !rate.isLimited)
    let later = SimTime.zero + .milliseconds(130)
    let second = rate.sent(at: later, nothingOutstanding: false)
    choice = DeliveryRate.Choice()
    choice.delivered(
      Scoreboard.Entry(start: 1449, end: 2897, sentAt: later, sending: 2), second)
    let longer = rate.acknowledged(10, choice, at: .zero + .milliseconds(150))
    #expect(longer == .milliseconds(130))
  }

  /// What was sent while nothing more was to be had is known by it when it is delivered.
  @Test func aPauseOfTheApplicationMarksWhatIsSentUntilItIsDelivered() {
    var rate = DeliveryRate()
    rate.begin()
    _ = rate.acknowledged(1, DeliveryRate.Choice(), at: .zero)
    rate.limit(pipe: 3)
    _ = rate.acknowledged(3, DeliveryRate.Choice(), at: .zero)
    #expect(rate.isLimited)
    _ = rate.acknowledged(1, DeliveryRate.Choice(), at: .zero)
    #expect(!rate.isLimited)
  }
}
