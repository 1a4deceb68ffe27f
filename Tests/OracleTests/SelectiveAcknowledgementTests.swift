import Testing

@testable import NetSim

/// The examples of RFC 2018 §7 and RFC 2883 §4, byte for byte.
@Suite struct SelectiveAcknowledgementTests {
  private typealias Acknowledgement = ScriptedReceiver.Acknowledgement

  /// A segment that arrives, and what the RFC has the receiver answer.
  private typealias Step = (bytes: Range<UInt32>, number: Int64, blocks: [Range<Int64>])

  private func check(first: UInt32, _ steps: [Step], mostBlocks: Int = 4) {
    var receiver = ScriptedReceiver(first: first, mostBlocks: mostBlocks)
    for step in steps {
      let answer = receiver.arrive(step.bytes)
      #expect(
        answer == Acknowledgement(number: step.number, blocks: step.blocks), "\(step.bytes)")
    }
  }

  /// RFC 2018 §7, case 1.
  @Test func segmentsInOrderAreAcknowledgedWithoutSACK() {
    check(
      first: 5000,
      [
        (5000..<5500, 5500, []), (5500..<6000, 6000, []), (6000..<6500, 6500, []),
        (6500..<7000, 7000, []),
      ])
  }

  /// RFC 2018 §7, case 2: the first of eight segments is lost.
  @Test func sevenSegmentsBehindAHoleAreOneBlockThatGrows() {
    check(
      first: 5000,
      stride(from: UInt32(5500), to: 9000, by: 500).map {
        ($0..<$0 + 500, 5000, [5500..<Int64($0) + 500])
      })
  }

  /// RFC 2018 §7, case 3: the 2nd, 4th, 6th and 8th are lost, then the 4th arrives late, then the 2nd.
  @Test func eachHoleStartsABlockAndTheOneThatChangedStandsFirst() {
    check(
      first: 5000,
      [
        (5000..<5500, 5500, []),
        (6000..<6500, 5500, [6000..<6500]),
        (7000..<7500, 5500, [7000..<7500, 6000..<6500]),
        (8000..<8500, 5500, [8000..<8500, 7000..<7500, 6000..<6500]),
        (6500..<7000, 5500, [6000..<7500, 8000..<8500]),
        (5500..<6000, 7500, [8000..<8500]),
      ])
  }

  /// RFC 2883 §4.1.1.
  @Test func aDuplicateBelowTheAcknowledgementIsReportedOnce() {
    check(
      first: 3000,
      [
        (3000..<3500, 3500, []), (3500..<4000, 4000, []), (3000..<3500, 4000, [3000..<3500]),
        (4000..<4500, 4500, []),
      ])
  }

  /// RFC 2883 §4.1.2.
  @Test func aDuplicateIsReportedBeforeWhatWaitsBehindAHole() {
    check(
      first: 3000,
      [
        (3000..<3500, 3500, []), (3500..<4000, 4000, []),
        (4500..<5000, 4000, [4500..<5000]), (3000..<3500, 4000, [3000..<3500, 4500..<5000]),
      ])
  }

  /// RFC 2883 §4.1.3.
  @Test func aDuplicateBehindAHoleIsReportedWithTheBlockThatHasIt() {
    check(
      first: 3500,
      [
        (3500..<4000, 4000, []), (4500..<5000, 4000, [4500..<5000]),
        (5000..<5500, 4000, [4500..<5500]),
        (5000..<5500, 4000, [5000..<5500, 4500..<5500]),
      ])
  }

  /// RFC 2883 §4.2.1.
  @Test func thePartOfASegmentThatHadArrivedIsReported() {
    check(
      first: 500,
      [
        (500..<1000, 1000, []), (2000..<2500, 1000, [2000..<2500]),
        (1000..<1500, 1500, [2000..<2500]), (1000..<2000, 2500, [1000..<1500]),
      ])
  }

  /// RFC 2883 §4.2.2.
  @Test func ofTwoPartsThatHadArrivedTheFirstIsReported() {
    check(
      first: 500,
      [
        (500..<1000, 1000, []), (3000..<3500, 1000, [3000..<3500]),
        (1000..<1500, 1500, [3000..<3500]),
        (2000..<2500, 1500, [2000..<2500, 3000..<3500]),
        (1000..<2500, 2500, [1000..<1500, 3000..<3500]),
      ])
  }

  /// RFC 2883 §4.2.3. The figure has 2000–2499 arrive, which it says was dropped and which would touch
  /// the block before; its own text speaks of two parts that do not, so 2500–2999 is meant.
  @Test func theFirstOfTwoPartsBehindAHoleIsReportedWithTheBlockThatGrew() {
    check(
      first: 500,
      [
        (500..<1000, 1000, []), (3500..<4000, 1000, [3500..<4000]),
        (1500..<2000, 1000, [1500..<2000, 3500..<4000]),
        (2500..<3000, 1000, [2500..<3000, 1500..<2000, 3500..<4000]),
        (1500..<3000, 1000, [1500..<2000, 1500..<3000, 3500..<4000]),
      ])
  }

  /// RFC 2018 §3: beside timestamps three blocks fit.
  @Test func threeBlocksFitBesideTimestamps() {
    var receiver = ScriptedReceiver(first: 1000, mostBlocks: 3)
    var answer: ScriptedReceiver.Acknowledgement?
    for start: UInt32 in [2000, 3000, 4000, 5000, 6000] {
      answer = receiver.arrive(start..<start + 500)
    }
    #expect(answer?.blocks == [6000..<6500, 5000..<5500, 4000..<4500])
  }
}
