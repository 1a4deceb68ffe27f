import Testing

@testable import NetSim

/// The examples of RFC 6937 §3.1: a flight of 20 segments, of which the first or the first 15 are lost,
/// limited transmit and recovery by RFC 6675.
///
/// The figure of one loss does not fit the sentence above it, which sets ssthresh to 10: its own rows
/// have 11 (RFC 6675's window is 11, and "s" fills pipe from 10 to 11), half of the 22 segments that are
/// outstanding after limited transmit, and RecoverFS is 22. The row `pipe` also has one 18 too many,
/// from the fifth acknowledgement on; the row of rate halving, which sends the same up to there, has it
/// right. What is sent is what counts, and that is held exactly.
@Suite struct RateReductionTests {
  /// One acknowledgement: pipe once it was taken, and what was sent.
  private typealias Step = (pipe: UInt32, sent: String)

  /// What the machine does with each acknowledgement of a segment that has arrived.
  private func trace(_ settings: TransportSettings, arrived: [Int]) -> [Step] {
    var sender = ScriptedSender(settings)
    let flight = sender.write(segments: 1000)
    #expect(flight.count == 20)
    var steps: [Step] = []
    for last in arrived {
      var pipe = sender.endpoint.scoreboard.pipe
      let before = sender.endpoint.scoreboard.count
      sender.now = sender.now + .milliseconds(1)
      let sent =
        settings.selectiveAcknowledgements
        ? sender.acknowledge(upTo: 0, sacking: [arrived[0]...last])
        : sender.acknowledge(upTo: 0)
      let new = UInt32(sender.endpoint.scoreboard.count - before)
      let repeated = UInt32(sent.count) - new
      pipe = sender.endpoint.pipe - new - repeated
      steps.append((pipe, describe(new: new, repeated: repeated)))
    }
    return steps
  }

  private func describe(new: UInt32, repeated: UInt32) -> String {
    let parts = [(new, "N"), (repeated, "R")].filter { $0.0 > 0 }
    return parts.isEmpty ? "-" : parts.map { ($0.0 > 1 ? "\($0.0)" : "") + $0.1 }.joined()
  }

  private func row(_ steps: [Step]) -> String { steps.map(\.sent).joined(separator: " ") }

  /// What `ProportionalRateReduction` itself allows after the first two duplicates, which limited
  /// transmit answers; `lost` segments are known as lost with the third.
  private func algorithm(
    acknowledgements: Int, lost: UInt32, threshold: UInt32, isClean: Bool
  ) -> [Step] {
    var steps: [Step] = [(19, "N"), (19, "N")]
    var reduction = ProportionalRateReduction(priorWindow: 22)
    var pipe: UInt32 = 20 - lost
    var toRepeat = lost
    for _ in 2..<acknowledgements {
      pipe -= 1
      let before = pipe
      let window = reduction.window(
        delivered: 1, pipe: pipe, threshold: threshold, isClean: isClean)
      let repeated = min(window - pipe, toRepeat)
      let new = window - pipe - repeated
      toRepeat -= repeated
      for _ in 0..<new + repeated { reduction.sent() }
      pipe = window
      steps.append((before, describe(new: new, repeated: repeated)))
    }
    return steps
  }

  @Test func oneLossIsAnsweredAsRFC6937Draws() throws {
    let published = try ReferenceVectors.load().rateReduction.oneLoss
    let steps = algorithm(
      acknowledgements: published.ack.count, lost: 1, threshold: 11, isClean: false)
    #expect(row(steps) == published.prr.sent)
    var pipe = published.prr.pipe
    pipe.remove(at: 4)  // the 18 too many
    #expect(steps.map(\.pipe) == pipe + [10])
  }

  @Test func fifteenLossesAreAnsweredAsRFC6937DrawsWithEitherBound() throws {
    let published = try ReferenceVectors.load().rateReduction.manyLosses
    for (isClean, trace) in [(false, published.conservative), (true, published.slowStart)] {
      let steps = algorithm(
        acknowledgements: published.ack.count, lost: 15, threshold: 10, isClean: isClean)
      #expect(row(steps) == trace.sent)
      #expect(steps.map(\.pipe) == trace.pipe)
    }
  }

  /// Duplicate acknowledgements alone do not let the sender speed up: the conservative bound, as the
  /// RFC's successor (RFC 9937) has it.
  @Test func theMachineRepairsFifteenLossesAsRFC6937DrawsForTheConservativeBound() throws {
    let published = try ReferenceVectors.load().rateReduction.manyLosses
    let steps = trace(
      ScriptedSender.settings(initialWindow: 20), arrived: published.ack)
    #expect(row(steps) == published.conservative.sent)
    #expect(steps.map(\.pipe) == published.conservative.pipe)
  }

  /// With the ssthresh of the text, 10, and RecoverFS as RFC 9937 counts it, 20 (what was SACKed before
  /// does not count), every other acknowledgement sends a segment until pipe is 10.
  @Test func theMachineRepairsOneLossWithASegmentForTwoDelivered() throws {
    let published = try ReferenceVectors.load().rateReduction.oneLoss
    let steps = trace(ScriptedSender.settings(initialWindow: 20), arrived: published.ack)
    #expect(row(steps) == "N N R - N - N - N - N - N - N - N - -")
    #expect(row(steps).prefix(31) == published.prr.sent.prefix(31))
    let pipes: [UInt32] = [
      19, 19, 18, 18, 17, 17, 16, 16, 15, 15, 14, 14, 13, 13, 12, 12, 11, 11, 10,
    ]
    #expect(steps.map(\.pipe) == pipes)
  }

  /// Where SACK is off a duplicate stands for a segment delivered (RFC 6937 §2), and the same is sent.
  @Test func theMachineRepairsOneLossInTheSameWayWithoutSACK() {
    var settings = ScriptedSender.settings(initialWindow: 20)
    settings.selectiveAcknowledgements = false
    let steps = trace(settings, arrived: Array(1...19))
    #expect(row(steps) == "N N R - N - N - N - N - N - N - N - -")
  }
}
