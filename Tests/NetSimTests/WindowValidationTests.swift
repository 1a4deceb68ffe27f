import Testing

@testable import NetSim

/// RFC 7661 §4, in segments.
@Suite struct WindowValidationTests {
  /// Rounds of 100 ms in which `counts` segments are acknowledged; the window is 20.
  private func rounds(_ counts: [UInt32], window: UInt32 = 20) -> WindowValidation {
    var validation = WindowValidation()
    var position: Int64 = 1
    for (index, count) in counts.enumerated() {
      validation.acknowledged(
        count, unacknowledged: position, next: position + 1, window: window,
        roundTrip: .milliseconds(100), at: .zero + .milliseconds(100 * Int64(index)))
      position += 1
    }
    return validation
  }

  /// The first acknowledgement only begins a round.
  @Test func withoutASampleTheWindowIsValidated() {
    let validation = rounds([1])
    #expect(validation.pipeAcknowledged == nil)
    #expect(validation.isValidated)
  }

  @Test func aWindowIsValidatedWhileHalfOfItIsUsed() {
    #expect(rounds([1, 10]).isValidated)
    #expect(!rounds([1, 9]).isValidated)
    #expect(rounds([1, 9, 10]).isValidated)
  }

  /// pipeACK is the most of the last second: the round of ten at 100 ms counts until 1,100 ms.
  @Test func theMostOfTheLastSecondCounts() {
    let tenRounds = [UInt32](repeating: 3, count: 10)
    #expect(rounds([1, 10] + tenRounds).pipeAcknowledged == 10)
    #expect(rounds([1, 10] + tenRounds + [3]).pipeAcknowledged == 3)
  }

  /// max(pipeACK, FlightSize) halved while losses are repaired; less what was sent again when they
  /// are: (8 − 2) / 2.
  @Test func aLossCountsForWhatWasUsed() {
    var validation = rounds([1, 8])
    let used = validation.lossFound(outstanding: 6, retransmitted: 5)
    #expect(used == 8)
    let left = validation.recovered(retransmitted: 7)
    #expect(left == 3)
    #expect(validation.pipeAcknowledged == nil && validation.isValidated)
    var validated = rounds([1, 10])
    #expect(validated.lossFound(outstanding: 6, retransmitted: 0) == nil)
    #expect(validated.recovered(retransmitted: 1) == nil)
  }

  /// A window that was not used for five minutes is halved, for ten minutes twice.
  @Test func theWindowIsHalvedForEachFiveMinutesWithoutUse() {
    var settings = TransportSettings.standard(.rfc)
    settings.initialWindow = 10
    var congestion = CongestionController(settings)
    for _ in 0..<9 { congestion.acknowledged(8, at: .zero) }
    #expect(congestion.window == 82)
    var validation = rounds([1, 60], window: 82)
    let last = SimTime.zero + .milliseconds(100)
    let early = validation.endPause(
      window: 82, roundTrip: .milliseconds(100), since: last, at: last + .seconds(299))
    #expect(early == 0 && !validation.isValidated)
    let later = validation.endPause(
      window: 82, roundTrip: .milliseconds(100), since: last, at: last + .seconds(601))
    #expect(later == 2)
    congestion.endIdleTime(.seconds(601), halvings: later)
    #expect(congestion.window == 20)
  }

  /// In `rfc` a pause of ten seconds leaves the window as it was: the second object of 100 segments
  /// goes out at once, where RFC 5681's restart would take rounds.
  @Test func aPauseKeepsTheWindow() {
    var congestion = CongestionController(.standard(.rfc))
    congestion.acknowledged(8, at: .zero)
    congestion.endIdleTime(.seconds(10), halvings: 0)
    #expect(congestion.window == 18)
    congestion.endIdleTime(.seconds(10), timeout: .seconds(1))
    #expect(congestion.window == 10)
  }
}
