import Testing

@testable import NetSim

/// RFC 7661 §4, in segments.
@Suite struct WindowValidationTests {
  /// Rounds of 100 ms in which `counts` segments are acknowledged, each by an acknowledgement inside
  /// it; those that end a round acknowledge nothing new. The window is 20.
  private func rounds(_ counts: [UInt32], window: UInt32 = 20) -> WindowValidation {
    var validation = WindowValidation()
    for (index, count) in counts.enumerated() {
      let end = Int64(index) * 10
      for (segments, position) in [(0, end), (count, end + 5)] as [(UInt32, Int64)] {
        validation.acknowledged(
          segments, unacknowledged: position, next: end + 10, window: window,
          roundTrip: .milliseconds(100), at: .zero + .milliseconds(100 * Int64(index)))
      }
    }
    let end = Int64(counts.count)
    validation.acknowledged(
      0, unacknowledged: end * 10, next: end * 10 + 10, window: window,
      roundTrip: .milliseconds(100), at: .zero + .milliseconds(100 * end))
    return validation
  }

  @Test func withoutASampleTheWindowIsValidated() {
    let validation = rounds([])
    #expect(validation.pipeAcknowledged == nil)
    #expect(validation.isValidated)
  }

  /// What ends a round was under way when the next began, and counts in both: so that a window that
  /// doubles is always validated.
  @Test func slowStartIsValidated() {
    var validation = WindowValidation()
    var window: UInt32 = 10
    var position: Int64 = 1
    var next: Int64 = 11
    for _ in 0..<200 {
      position += 2
      validation.acknowledged(
        2, unacknowledged: position, next: next, window: window, roundTrip: .milliseconds(100),
        at: .zero + .milliseconds(position))
      #expect(validation.isValidated)
      window += 2
      next = position + Int64(window)
    }
    #expect(validation.pipeAcknowledged != nil)
  }

  @Test func aWindowIsValidatedWhileHalfOfItIsUsed() {
    #expect(rounds([10]).isValidated)
    #expect(!rounds([9]).isValidated)
    #expect(rounds([9, 10]).isValidated)
  }

  /// pipeACK is the most of the last second: the round of ten at 100 ms counts until 1,100 ms.
  @Test func theMostOfTheLastSecondCounts() {
    let tenRounds = [UInt32](repeating: 3, count: 10)
    #expect(rounds([10] + tenRounds).pipeAcknowledged == 10)
    #expect(rounds([10] + tenRounds + [3]).pipeAcknowledged == 3)
  }

  /// max(pipeACK, FlightSize) halved while losses are repaired; less what was sent again when they
  /// are: (8 − 2) / 2.
  @Test func aLossCountsForWhatWasUsed() {
    var validation = rounds([8])
    let used = validation.lossFound(outstanding: 6, retransmitted: 5)
    #expect(used == 8)
    let left = validation.recovered(retransmitted: 7)
    #expect(left == 3)
    #expect(validation.pipeAcknowledged == nil && validation.isValidated)
    var validated = rounds([10])
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
    var validation = rounds([60], window: 82)
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

  /// A pause of ten seconds leaves the window as it was, where the rule before it would have halved
  /// it for each time-out.
  @Test func aPauseKeepsTheWindow() {
    var congestion = CongestionController(.standard(.rfc))
    congestion.acknowledged(8, at: .zero)
    congestion.endIdleTime(.seconds(10), halvings: 0)
    #expect(congestion.window == 18)
    congestion.endIdleTime(.seconds(10), timeout: .seconds(1))
    #expect(congestion.window == 10)
  }
}
