import Testing

@testable import NetSim

@Suite struct CongestionTests {
  private func controller(
    _ algorithm: CongestionAlgorithm, window: UInt32 = 10
  )
    -> CongestionController
  {
    var settings = TransportSettings.prompt
    settings.congestion = algorithm
    settings.initialWindow = window
    return CongestionController(settings)
  }

  @Test func slowStartDoublesTheWindowEachRoundTrip() {
    var congestion = controller(.reno)
    for expected: UInt32 in [20, 40, 80] {
      congestion.acknowledged(congestion.window, at: .zero)
      #expect(congestion.window == expected)
    }
  }

  /// RFC 5681 §3.1, equation 4; RFC 9438 §4.6 with β = 0.7.
  @Test func aLossAtFortySegmentsLeavesTwentyToRenoAndTwentyEightToCUBIC() {
    var reno = controller(.reno, window: 40)
    reno.congestionEvent()
    #expect(reno.slowStartThreshold == 20)
    var cubic = controller(.cubic, window: 40)
    cubic.congestionEvent()
    #expect(cubic.slowStartThreshold == 28)
  }

  @Test func theThresholdIsTwoSegmentsAtLeast() {
    for algorithm in [CongestionAlgorithm.reno, .cubic] {
      var congestion = controller(algorithm, window: 1)
      congestion.timeout(isRepeated: false, pipe: 0, at: .zero, next: 1)
      #expect(congestion.slowStartThreshold == 2)
      #expect(congestion.window == 1)
    }
  }

  @Test func renoGrowsByOneSegmentEachRoundTrip() {
    var congestion = controller(.reno, window: 40)
    congestion.congestionEvent()
    congestion.reduce(to: 20)
    for expected: UInt32 in [21, 22, 23] {
      congestion.acknowledged(congestion.window, at: .zero)
      #expect(congestion.window == expected)
    }
  }

  /// RFC 9438 §4.2: after a reduction from W_max the window is back at W_max after
  /// K = ∛(W_max·(1 − β)/C) seconds: ∛(1000·0.3/0.4) = 9.086 s.
  @Test func cubicIsBackAtItsMaximumAfterK() {
    var congestion = controller(.cubic, window: 1000)
    congestion.congestionEvent()
    congestion.reduce(to: congestion.slowStartThreshold)
    #expect(congestion.window == 700)
    let roundTrip = SimDuration.milliseconds(100)
    var now = SimTime.zero
    var atK: UInt32 = 0
    for _ in 0..<120 {
      // An acknowledgement for every second segment, spread over the round trip.
      let acknowledgements = max(congestion.window / 2, 1)
      for step in 1...acknowledgements {
        let time =
          now
          + SimDuration(
            nanoseconds: roundTrip.nanoseconds * Int64(step) / Int64(acknowledgements))
        congestion.acknowledged(2, at: time)
      }
      now = now + roundTrip
      if atK == 0 && now.nanoseconds >= 9_086_000_000 { atK = congestion.window }
    }
    #expect((980...1010).contains(atK))
    #expect(congestion.window > 1000)
  }

  private func measure(
    _ now: Int64, isPaced: Bool = false, allowance: SimDuration = .zero
  ) -> HyStart.Measure {
    HyStart.Measure(
      minimum: .zero, window: 0, time: SimTime.zero + .milliseconds(now), unacknowledged: 1,
      next: 60_000, isPaced: isPaced, allowance: allowance)
  }

  /// A round whose least round trip is more than an eighth above the least of all ends slow start,
  /// after eight samples.
  @Test func aGrowingQueueEndsSlowStart() {
    var congestion = controller(.cubic, window: 40)
    let first = HyStart.Measure(
      minimum: .zero, window: 0, time: .zero, unacknowledged: 0, next: 1, isPaced: false,
      allowance: .zero)
    let firstEnded = congestion.sampled(.milliseconds(80), first)
    #expect(!firstEnded)
    for sample in 1...9 {
      let ended = congestion.sampled(.milliseconds(91), measure(100 + Int64(sample) * 3))
      #expect(ended == (sample == 9))
    }
    #expect(congestion.slowStartThreshold == 40)
    #expect(!congestion.isInSlowStart)
  }

  /// Acknowledgements at most 2 ms apart for more than half the least round trip end it, too; for
  /// more than the whole and an allowance where the sender paces.
  @Test(arguments: [(false, Int64(0), Int64(41)), (true, 0, 81), (true, 1, 82)])
  func aLongTrainOfAcknowledgementsEndsSlowStart(
    isPaced: Bool, allowance: Int64, expected: Int64
  ) {
    var congestion = controller(.cubic, window: 40)
    var ended: Int64?
    for millisecond in Int64(0)...100 where ended == nil {
      let measure = measure(
        100 + millisecond, isPaced: isPaced, allowance: .milliseconds(allowance))
      if congestion.sampled(.milliseconds(80), measure) { ended = millisecond }
    }
    #expect(ended == expected)
    var reno = controller(.reno, window: 40)
    let renoEnded = reno.sampled(.milliseconds(160), measure(0))
    #expect(!renoEnded)
  }

  /// RFC 9438 §4.2: the first half of the way back is steep, the second flat. K = 4.217 s; one second
  /// before it the window is C below its maximum, three seconds before 27·C.
  @Test func cubicApproachesItsMaximumMoreAndMoreSlowly() {
    var cubic = CUBIC()
    let threshold = cubic.threshold(window: 100)
    #expect(threshold == 70)
    var window: UInt32 = 70
    var reached: [UInt32] = []
    var counted: UInt32 = 0
    for millisecond in Int64(0)...4217 {
      let perStep = cubic.segmentsPerStep(
        window: window, acknowledged: 1, at: SimTime.zero + .milliseconds(millisecond))
      counted += 1
      if counted >= perStep {
        counted = 0
        window += 1
      }
      if millisecond == 1217 || millisecond == 3217 { reached.append(window) }
    }
    #expect((88...90).contains(reached[0]))
    #expect((98...100).contains(reached[1]))
  }

  /// A time-out makes CUBIC forget its maximum: it grows by a twentieth a round trip at least.
  @Test func cubicForgetsItsMaximumAfterATimeout() {
    var congestion = controller(.cubic, window: 100)
    congestion.congestionEvent()
    congestion.timeout(isRepeated: true, pipe: 99, at: .zero, next: 1)
    #expect(congestion.window == 100)
    congestion.acknowledged(100, at: .zero)
    #expect(congestion.window == 105)
  }

  @Test func cubeRootsAreExact() {
    for root: UInt64 in [0, 1, 2, 9, 10, 100, 1291, 2_642_245] {
      let cube = root * root * root
      #expect(CUBIC.cubeRoot(cube) == root)
      if root > 1 { #expect(CUBIC.cubeRoot(cube - 1) == root - 1) }
    }
    #expect(CUBIC.cubeRoot(.max) == 2_642_245)
  }

  /// RFC 6937 §3.1, the example of a single loss with a window of 20 segments and a threshold of
  /// 10: the first acknowledgement sends the retransmission, then one segment for every other one.
  @Test func proportionalReductionSendsOneSegmentForTwoDelivered() {
    var reduction = ProportionalRateReduction(priorWindow: 20)
    var pipe: UInt32 = 16  // 20 less one lost and three delivered
    var sent = 0
    for round in 0..<12 {
      let window = reduction.window(
        delivered: round == 0 ? 3 : 1, pipe: pipe, threshold: 10, isClean: false)
      while pipe < window {
        pipe += 1
        reduction.sent()
        sent += 1
      }
      pipe -= 1  // the next acknowledgement takes one out
    }
    // 3 + 11 delivered, half of them (rounded up) sent.
    #expect(sent == 7)
  }

  @Test func anUnusedWindowDoesNotGrow() {
    var use = WindowUse()
    use.sent(outstanding: 3, isLimited: false, unacknowledged: 0, next: 3)
    #expect(!use.allowsGrowth(window: 10, inSlowStart: true))
    #expect(use.allowsGrowth(window: 5, inSlowStart: true))
    use.sent(outstanding: 10, isLimited: true, unacknowledged: 3, next: 13)
    #expect(use.allowsGrowth(window: 10, inSlowStart: false))
  }
}
