import Testing

@testable import NetSim

/// RFC 9406 §4.2, with the constants of §4.3.
@Suite struct HyStartPlusPlusTests {
  /// A round of eight samples; `number` counts from 0, and each ends at ten times its successor's.
  private func round(
    _ number: Int64, _ milliseconds: Int64, _ hyStart: inout HyStartPlusPlus
  ) -> Bool {
    var ends = false
    for index: Int64 in 0..<8 {
      let ended = hyStart.sample(
        .milliseconds(milliseconds), unacknowledged: number * 10 + index,
        next: (number + 1) * 10)
      ends = ends || ended
    }
    return ends
  }

  /// An eighth of 40 ms is 5 ms: 44 ms are no sign, and then 50 ms are one, above 44 + 5.5. The round
  /// that began it and four more are five, and the next acknowledgement ends slow start.
  @Test func aRoundThatTakesAnEighthLongerBeginsTheConservativeSlowStart() {
    var hyStart = HyStartPlusPlus(isPaced: false)
    _ = round(0, 40, &hyStart)
    _ = round(1, 44, &hyStart)
    #expect(!hyStart.isConservative)
    _ = round(2, 50, &hyStart)
    #expect(hyStart.isConservative)
    for number: Int64 in 3...6 {
      let ended = round(number, 50, &hyStart)
      #expect(!ended)
    }
    let ended = hyStart.sample(.milliseconds(50), unacknowledged: 70, next: 80)
    #expect(ended)
  }

  /// The threshold is 4 ms at least and 16 ms at most.
  @Test(arguments: [(10, 13, false), (10, 14, true), (400, 415, false), (400, 416, true)])
  func theThresholdHasBounds(before: Int64, after: Int64, isSign: Bool) {
    var hyStart = HyStartPlusPlus(isPaced: false)
    _ = round(0, before, &hyStart)
    _ = round(1, after, &hyStart)
    #expect(hyStart.isConservative == isSign)
  }

  @Test func aRoundTripThatFallsBackResumesSlowStart() {
    var hyStart = HyStartPlusPlus(isPaced: false)
    _ = round(0, 40, &hyStart)
    _ = round(1, 50, &hyStart)
    #expect(hyStart.isConservative)
    _ = round(2, 49, &hyStart)
    #expect(!hyStart.isConservative)
  }

  /// At most eight segments for an acknowledgement, unless paced; a quarter of that while it is
  /// conservative.
  @Test func growthIsBoundedAndThenAQuarter() {
    var hyStart = HyStartPlusPlus(isPaced: false)
    #expect(hyStart.growth(20) == 8)
    var paced = HyStartPlusPlus(isPaced: true)
    #expect(paced.growth(20) == 20)
    _ = round(0, 40, &hyStart)
    _ = round(1, 50, &hyStart)
    #expect((0..<4).map { _ in hyStart.growth(2) } == [0, 1, 0, 1])
    #expect(hyStart.growth(20) == 2)
  }

  /// Only the first slow start: a loss is the end of it.
  @Test func aLossEndsIt() {
    var settings = TransportSettings.standard(.rfc)
    settings.initialWindow = 40
    var congestion = CongestionController(settings)
    congestion.acknowledged(20, at: .zero)
    #expect(congestion.window == 48)
    congestion.congestionEvent()
    congestion.reduce(to: 10)
    congestion.acknowledged(20, at: .zero)
    #expect(congestion.window == 30)
  }

  /// A queue of 100 packets overflows by less when slow start slows down before.
  @Test func aDownloadLosesLessThanHalfOfWhatItLosesWithoutIt() {
    func losses(_ variant: HyStartVariant) -> Int {
      var scenario = ScenarioRunTests.download(
        2_000_000, profile: .rfc, rate: .megabits(10), rtt: .milliseconds(40),
        queue: .packets(100), congestion: .cubic)
      scenario.clients[0].transport.hyStart = variant
      var simulator = Simulator(scenario)
      _ = simulator.run()
      return simulator.log.records.count { $0.kind == .segmentDeclaredLost }
    }
    #expect(losses(.plusPlus) * 2 < losses(.none))
  }
}
