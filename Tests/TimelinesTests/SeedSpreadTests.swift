import NetSim
import Testing
import Timelines

@Suite struct SeedSpreadTests {
  private func spread(_ milliseconds: [Int64?], _ name: String = "http1") -> SeedSpread {
    SeedSpread(name, times: milliseconds.map { $0.map { SimTime.zero + .milliseconds($0) } })
  }

  private func rank(_ spread: SeedSpread, _ percent: Int) -> Int64? {
    spread.percentile(percent).map { $0.nanoseconds / 1_000_000 }
  }

  /// The example that texts on the nearest rank use: 15, 20, 35, 40, 50.
  @Test func percentilesAreOfNearestRank() {
    let five = spread([35, 20, 15, 50, 40])
    #expect([5, 30, 40, 50, 95, 100].map { rank(five, $0) } == [15, 20, 20, 35, 50, 50])
    #expect(five.mean == .zero + .milliseconds(32))
    let hundred = spread((1...100).reversed().map { Int64($0) })
    #expect([5, 50, 95].map { rank(hundred, $0) } == [5, 50, 95])
    #expect(rank(spread([7]), 5) == 7 && rank(spread([7]), 95) == 7)
  }

  @Test func whatIsNotCompleteIsTheLongest() {
    let four = spread([nil, 10, 30, 20])
    #expect([25, 50, 75].map { rank(four, $0) } == [10, 20, 30])
    #expect(four.percentile(95) == nil && four.mean == nil && four.failures == 1)
  }

  @Test func winsAreOfTheSameSeed() {
    let first = spread([10, 20, 30, nil, nil])
    let second = spread([9, 20, 31, 5, nil], "http3")
    #expect(second.wins(over: first) == 2 && first.wins(over: second) == 1)
  }

  /// Differences of -1, -8 and -3: that of the third seed, which is the ninth counted from 7.
  @Test func theTypicalSeedHasTheMedianDifference() {
    let comparison = SeedComparison(
      [spread([100, 100, 50]), spread([99, 92, 47], "http3")], from: 7)
    #expect(comparison.typicalSeed == 9)
    #expect(SeedComparison([spread([3, 1, 2])], from: 1).typicalSeed == 3)
  }

  @Test func rendersATable() {
    let text = SeedComparison(
      [spread([100, 100, nil]), spread([99, 101, 47], "http3")], from: 7
    ).render(TextStyle(width: 60, isASCII: true, usesColour: false))
    #expect(
      text.hasPrefix(
        """
         how long each took, ms, over seeds 7 to 9
                                  http1       http3
         5th percentile         100.000      47.000
         median                 100.000      99.000
         95th percentile             no     101.000
         mean                        no      82.333
         not complete                 1           0
         sooner than first                   66.7 %

        """), "\(text)")
  }
}
