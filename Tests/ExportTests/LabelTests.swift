import Captures
import NetSim
import Testing
import Timelines

/// Labels of captures against what really happened, over runs with every trouble that links make.
@Suite struct LabelTests {
  private static let seeds = UInt64(1)...20

  private func scores(
    _ trouble: LabelScenario.Trouble, _ vantage: Side, timestamps: Bool
  ) throws -> [LabelTruth.Kind: LabelTruth.Score] {
    var sums: [LabelTruth.Kind: LabelTruth.Score] = [:]
    for seed in Self.seeds {
      let run = ExportedRun(LabelScenario.make(trouble, seed: seed, timestamps: timestamps))
      let capture = try run.readBack(vantage)
      let scores = LabelTruth(run.log).scores(
        capture, vantage, items: run.segments(vantage).map(\.item))
      for (kind, score) in scores {
        sums[kind, default: LabelTruth.Score()] += score
        if kind == .lost, score.wrong > 0 {
          print("labels: seed \(seed) with \(trouble) at the \(vantage): a loss too many")
        }
      }
    }
    return sums
  }

  @Test(
    "Losses are found, and none invented, at either end, with timestamps and without",
    arguments: LabelScenario.Trouble.allCases, [Side.client, .server])
  func losses(trouble: LabelScenario.Trouble, vantage: Side) throws {
    for timestamps in [true, false] {
      let scores = try scores(trouble, vantage, timestamps: timestamps)
      let lost = try #require(scores[.lost])
      #expect(lost.precision >= 0.96, "\(trouble) \(vantage): \(lost)")
      // At the receiver, the last packets of a flight leave no hole when they are lost.
      #expect(lost.recall >= (vantage == .client ? 0.94 : 0.98), "\(trouble) \(vantage): \(lost)")
    }
  }

  @Test(
    "What was sent again for nothing, and what came late, is told from what was lost",
    arguments: [LabelScenario.Trouble.reordering, .everything], [Side.client, .server])
  func needless(trouble: LabelScenario.Trouble, vantage: Side) throws {
    let scores = try scores(trouble, vantage, timestamps: true)
    for kind in [LabelTruth.Kind.needless, .outOfOrder, .fast] {
      let score = try #require(scores[kind])
      #expect(score.precision >= 0.97, "\(trouble) \(vantage) \(kind): \(score)")
      #expect(score.recall >= 0.94, "\(trouble) \(vantage) \(kind): \(score)")
    }
  }

  @Test("Most tail probes are told from time-outs, and few of what is called so is none")
  func tailProbes() throws {
    for vantage in [Side.client, .server] {
      var probes = LabelTruth.Score()
      for trouble in LabelScenario.Trouble.allCases {
        for timestamps in [true, false] {
          let scores = try scores(trouble, vantage, timestamps: timestamps)
          probes += scores[.tailLossProbe] ?? LabelTruth.Score()
        }
      }
      #expect(probes.right >= 5)
      #expect(probes.precision >= 0.9, "\(vantage): \(probes)")
      #expect(probes.recall >= 0.5, "\(vantage): \(probes)")
    }
  }
}
