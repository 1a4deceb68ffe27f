import Foundation
import Testing

@testable import NetSim

/// NewReno's rate under random loss against the published laws.
///
/// The models lose whole ends of rounds (Padhye et al., *Modeling TCP Throughput*, 1998, §II) and the
/// link loses each packet by itself, so that p here is the share of lost packets and there that of
/// rounds' first losses.
@Suite struct LossLawTests {
  /// Segments a second by Padhye et al. 1998, equation 28, with an acknowledgement for each segment.
  ///
  /// - Parameter timeoutShare: the share of losses that end in a time-out, where it is known.
  static func padhye(
    _ p: Double, roundTrip: Double, timeout: Double, timeoutShare: Double? = nil
  ) -> Double {
    let window = 1 + (8 * (1 - p) / (3 * p) + 1).squareRoot()  // (2 + b) / 3b is 1
    let survives = 1 - p
    let modelled = min(
      1,
      (1 - pow(survives, 3)) * (1 + pow(survives, 3) * (1 - pow(survives, window - 3)))
        / (1 - pow(survives, window)))
    let q = timeoutShare ?? modelled
    let backOff = (0...5).reduce(1.0) { $0 + pow(2, Double($1)) * pow(p, Double($1 + 1)) }
    return ((1 - p) / p + window + q / (1 - p))
      / (roundTrip * (window / 2 + 1) + q * timeout * backOff / (1 - p))
  }

  /// Segments a second by Mathis et al. 1997 with C = √(3/2).
  static func mathis(_ p: Double, roundTrip: Double) -> Double {
    (1.5 / p).squareRoot() / roundTrip
  }

  /// One flow for 300 s after a warm-up of 20 s.
  private struct Measurement {
    /// Segments a second.
    var rate: Double
    /// Time-outs a second.
    var timeouts: Double

    init(_ p: Double, seed: UInt64, minimumRTO: SimDuration) {
      var settings = BulkFlows.transport(.reno)
      settings.minimumRTO = minimumRTO
      let link = LinkSettings(
        rate: .unlimited, delay: .zero, loss: Probability(partsPerBillion: UInt32(p * 1e9)))
      var flows = BulkFlows([BulkFlows.Flow(transport: settings)], bottleneck: link, seed: seed)
      let before = flows.segmentsDelivered(by: .seconds(20))[0]
      let early = flows.timeouts(of: 0)
      rate = (flows.segmentsDelivered(by: .seconds(320))[0] - before) / 300
      timeouts = Double(flows.timeouts(of: 0) - early) / 300
    }
  }

  private func report(
    _ p: Double, _ measured: Measurement, _ name: String, _ law: Double
  ) -> Double {
    let off = measured.rate / law - 1
    print(
      String(
        format: "NewReno, p = %.1f%%: window %.1f, %@ %.1f (%+.1f%%), %.3f time-outs a second",
        p * 100, measured.rate / 10, name, law / 10, off * 100, measured.timeouts))
    return abs(off)
  }

  /// Padhye et al. measured time-outs of a few round trips; so here, 200 ms at least.
  @Test(arguments: [0.001, 0.003, 0.01, 0.03, 0.05])
  func renosRateUnderRandomLossIsThatOfPadhyesModel(p: Double) {
    let measured = Measurement(p, seed: 1, minimumRTO: .milliseconds(200))
    let law = Self.padhye(p, roundTrip: 0.1, timeout: 0.2)
    #expect(report(p, measured, "PFTK", law) < 0.15)
    if p < 0.005 {
      #expect(report(p, measured, "Mathis", Self.mathis(p, roundTrip: 0.1)) < 0.15)
    }
  }

  /// With RFC 6298's floor of a second the model's time-outs weigh five times as much, and it has far
  /// more of them: a loss takes the rest of its round with it there, and Reno without SACK or limited
  /// transmit waits for the timer where fewer than three segments follow. Where the share of losses
  /// that end in a time-out is the measured one and not the model's, the model holds.
  @Test(arguments: [0.01, 0.03, 0.05])
  func withASecondsTimeoutThePadhyesModelHoldsForTheTimeoutsThatThereWere(p: Double) {
    let measured = Measurement(p, seed: 1, minimumRTO: .seconds(1))
    let share = measured.timeouts / (measured.rate * p)
    let law = Self.padhye(p, roundTrip: 0.1, timeout: 1, timeoutShare: share)
    let original = Self.padhye(p, roundTrip: 0.1, timeout: 1)
    #expect(report(p, measured, "PFTK with these time-outs", law) < 0.15)
    _ = report(p, measured, "PFTK", original)
    #expect(measured.rate > original)
  }
}
