import NetSim
import Testing

@testable import Timelines

/// What a connection sent over time, drawn for a terminal.
@Suite struct SequencePlotTests {
  private func plot(
    _ scenario: Scenario, _ style: TextStyle, vantage: Side = .server
  ) throws -> String {
    let log = SampleRun.run(scenario).log
    return try #require(SequencePlot(log, connection: 0, vantage: vantage)).render(style)
  }

  @Test func aDownloadWithLossesIsDrawn() throws {
    let scenario = SampleRun.download(drops: [20, 40, 41])
    try GoldenFile.expect(plot(scenario, TextStyle()), is: "sequence-plot")
    try GoldenFile.expect(
      plot(scenario, TextStyle(width: 60, isASCII: true), vantage: .client),
      is: "sequence-plot-ascii")
  }

  @Test(arguments: [60, 61, 80, 100, 140])
  func noLineIsWiderThanThePage(_ width: Int) throws {
    for isASCII in [false, true] {
      for vantage in [Side.client, .server] {
        let text = try plot(
          SampleRun.download(drops: [30]), TextStyle(width: width, isASCII: isASCII),
          vantage: vantage)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
        if isASCII { #expect(text.utf8.allSatisfy { $0 < 0x80 }) }
      }
    }
  }

  /// Letters tell what was lost and what was sent again; colour only adds to them.
  @Test func colourIsNeverTheOnlySign() throws {
    let scenario = SampleRun.download(drops: [20, 40])
    let plain = try plot(scenario, TextStyle())
    var painted = try plot(scenario, TextStyle(usesColour: true))
    #expect(painted.contains("\u{1B}[31mR\u{1B}[0m"))
    for code in ["31", "32", "33", "36", "0", "2"] {
      painted = painted.replacing("\u{1B}[\(code)m", with: "")
    }
    #expect(painted == plain)
    #expect(plain.contains("R sent again (2)"))
    #expect(plain.contains("✗ lost (2)"))
  }

  @Test func theDirectionCanBeChosen() throws {
    let log = SampleRun.run(SampleRun.page()).log
    let up = try #require(
      SequencePlot(log, connection: 0, vantage: .client, sender: .client)
    ).render(TextStyle())
    let down = try #require(SequencePlot(log, connection: 0, vantage: .client)).render(TextStyle())
    #expect(up.contains("seen at the sender"))
    #expect(down.contains("seen at the receiver"))
    #expect(down.contains("lost (1)"))
    #expect(!up.contains("lost"))
  }

  @Test func aConnectionWithoutPacketsHasNoPlot() {
    let empty = SampleRun.run(SampleRun.download()).log.cut(after: SimTime(nanoseconds: -1))
    #expect(SequencePlot(empty, connection: 0, vantage: .client) == nil)
  }

  /// The lowest bar is the floor alone; of the seven above it the fourth is the first that reaches a half.
  @Test func theBarsStandForTheirValues() {
    let line = Sparkline(values: [nil, 0, 1, 50, 99, 100])
    #expect(line.line(from: 0, TextStyle()) == " ▁▂▅██")
    #expect(line.line(from: 0, TextStyle(isASCII: true)) == " _.=##")
    #expect(line.line(from: 0, ceiling: 200, TextStyle()) == " ▁▂▃▅▅")
    #expect(line.range == 0...100)
    #expect(Sparkline(values: [7, 7]).line(from: 7, TextStyle()) == "▁▁")
    #expect(Sparkline(values: []).range == nil)
  }

  /// At the receiver, what is in flight is what arrives within a round trip: where no queue grows, as much
  /// as the sender has sent and not got acknowledged, give or take a segment.
  @Test func bothEndsTellTheSameInFlight() throws {
    let log = SampleRun.run(SampleRun.download(profile: .ideal, bytes: 400_000)).log
    let most = [Side.client, .server].map { vantage -> Int64 in
      let rows = PacketRows(log) { _ in vantage }.rows
      let scale = LaneScale(from: .zero, to: rows.last?.time ?? .zero, columns: 60)
      let flight = FlightEstimate(
        rows, of: .server, seenBy: vantage, roundTrip: .milliseconds(50))
      return flight.most(scale).compactMap { $0 }.max() ?? 0
    }
    #expect(abs(most[0] - most[1]) <= 1_460, "\(most)")
  }
}
