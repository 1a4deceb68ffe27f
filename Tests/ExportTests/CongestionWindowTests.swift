import Captures
import NetSim
import Testing

/// What captures tell of windows and paces against what their senders did.
@Suite struct CongestionWindowTests {
  private static let seeds = UInt64(1)...20

  /// The largest window of the server that was used by four fifths.
  private func largestWindow(_ log: EventLog) -> Int64 {
    log.records.filter {
      $0.kind == .congestionWindow && $0.side == .server && $0.connection == 0
        && Int64($0.length) * 5 >= $0.offset * 4
    }.map(\.offset).max() ?? 0
  }

  @Test(
    "In half of the captures the largest window is told within a fifth, at either end",
    arguments: [Side.client, .server])
  func largest(vantage: Side) throws {
    var ratios: [Double] = []
    for seed in Self.seeds {
      let run = ExportedRun(LabelScenario.make(.loss, seed: seed))
      let truth = largestWindow(run.log)
      let found = try run.readBack(vantage).connections[0].congestionWindows.server
      guard truth > 0, let found else { continue }
      ratios.append(Double(found.largest) / Double(truth))
      #expect(found.largest < truth * 3 / 2, "seed \(seed): \(found) of \(truth)")
    }
    #expect(ratios.count >= 18)
    let near = ratios.filter { abs($0 - 1) <= 0.2 }
    #expect(near.count * 2 > ratios.count, "\(ratios)")
  }

  /// Where acknowledgements let out less than the pacer would, its clock is not seen.
  @Test("A sender that paces is told from one that does not")
  func pacing() throws {
    for paces in [true, false] {
      var right = 0
      var told = 0
      for seed in Self.seeds {
        var scenario = LabelScenario.make(.loss, seed: seed)
        scenario.clients[0].transport.usesPacing = paces
        let found = try ExportedRun(scenario).readBack(.server).connections[0].pacing
        guard let found else { continue }
        told += 1
        if found.isPaced == paces { right += 1 }
      }
      #expect(told >= 15)
      #expect(right * 10 >= told * (paces ? 5 : 9), "paces \(paces): \(right) of \(told)")
    }
  }
}
