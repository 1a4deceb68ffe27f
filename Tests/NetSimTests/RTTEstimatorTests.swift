import Testing

@testable import NetSim

/// RFC 6298 §2, by hand.
@Suite struct RTTEstimatorTests {
  private func estimator(floor: RTOFloor, minimum: SimDuration) -> RTTEstimator {
    var settings = TransportSettings.standard(.rfc)
    settings.minimumRTO = minimum
    settings.rtoFloor = floor
    return RTTEstimator(settings)
  }

  @Test func theFirstSampleIsTheEstimateAndHalfOfItTheVariation() {
    var rtt = estimator(floor: .total, minimum: .milliseconds(1))
    #expect(rtt.timeout == .seconds(1))  // §2.1, before any sample
    rtt.sample(.milliseconds(100))
    #expect(rtt.smoothed == .milliseconds(100))
    #expect(rtt.timeout == .milliseconds(300))  // 100 + 4 · 50
  }

  /// RTTVAR = 3/4 · 50 + 1/4 · |100 − 140| = 47.5; SRTT = 7/8 · 100 + 1/8 · 140 = 105.
  @Test func laterSamplesMoveTheEstimateByAnEighthAndTheVariationByAQuarter() {
    var rtt = estimator(floor: .total, minimum: .milliseconds(1))
    rtt.sample(.milliseconds(100))
    rtt.sample(.milliseconds(140))
    #expect(rtt.smoothed == .milliseconds(105))
    #expect(rtt.variation == .microseconds(47_500))
    #expect(rtt.timeout == .milliseconds(295))
    #expect(rtt.minimum == .milliseconds(100))
  }

  @Test func theFloorBoundsTheWholeOrTheVariation() {
    var whole = estimator(floor: .total, minimum: .seconds(1))
    var variance = estimator(floor: .variance, minimum: .milliseconds(200))
    for _ in 0..<100 {
      whole.sample(.milliseconds(50))
      variance.sample(.milliseconds(50))
    }
    #expect(whole.timeout == .seconds(1))
    #expect(variance.timeout == .milliseconds(250))
  }

  /// §5.5: doubled each time, up to a limit; §5.7 and Karn: over once new data is acknowledged.
  @Test func theBackOffDoublesUpToTwoMinutes() {
    var rtt = estimator(floor: .total, minimum: .seconds(1))
    for seconds: Int64 in [2, 4, 8, 16, 32, 64, 120, 120] {
      rtt.backOff()
      #expect(rtt.timeout == .seconds(seconds))
    }
    rtt.endBackoff()
    #expect(rtt.timeout == .seconds(1))
  }

  /// Linux: a larger variation counts at once and is given up by a quarter each round trip; getting
  /// faster hardly counts as variation.
  @Test func theTimeoutFollowsTheLargestVariationAndLetsGoSlowly() {
    var rtt = estimator(floor: .variance, minimum: .milliseconds(200))
    rtt.sample(.milliseconds(200), unacknowledged: 1, next: 10)
    #expect(rtt.timeout == .milliseconds(600))  // 200 + 4 · 100
    // The variation is 75 ms now, but the largest of the round trip was 100.
    rtt.sample(.milliseconds(200), unacknowledged: 5, next: 12)
    #expect(rtt.timeout == .milliseconds(600))
    rtt.sample(.milliseconds(200), unacknowledged: 12, next: 20)
    #expect(rtt.timeout == .milliseconds(600))
    // The largest of this one is 4 · 42.1875 = 168.75 ms, so less than the floor: three quarters of
    // the difference remain.
    rtt.sample(.milliseconds(200), unacknowledged: 21, next: 30)
    #expect(rtt.timeout == .milliseconds(200 + 350))

    var falling = estimator(floor: .variance, minimum: .milliseconds(200))
    falling.sample(.milliseconds(400))
    falling.sample(.milliseconds(100))
    // |error| 300 and variation 200: a quarter of the difference is 25 ms, an eighth of that counts.
    #expect(falling.variation == .microseconds(203_125))
  }
}
