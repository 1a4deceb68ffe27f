import Foundation
import Testing

@testable import NetSim

/// Two flows through one bottleneck of 2 Mb/s.
@Suite struct FairnessTests {
  /// Jain's index of two rates: one when they are equal, a half when one has everything.
  private func jain(_ rates: [Double]) -> Double {
    let sum = rates.reduce(0, +)
    return sum * sum / (Double(rates.count) * rates.reduce(0) { $0 + $1 * $1 })
  }

  /// What each flow has of 60 s, the first 10 s left out; the second begins up to 2 s after the first.
  private func rates(
    _ congestion: CongestionAlgorithm, roundTrips: [Int64], queue: UInt32, seed: UInt64
  ) -> [Double] {
    var random = RandomStream(seed: seed, purpose: "start offsets")
    var settings = BulkFlows.transport(congestion)
    settings.minimumRTO = .milliseconds(200)
    let flows = roundTrips.enumerated().map { index, roundTrip in
      BulkFlows.Flow(
        transport: settings,
        startsAt: index == 0 ? .zero : .zero + .milliseconds(Int64(random.next(below: 2000))),
        roundTrip: .milliseconds(roundTrip))
    }
    var bulk = BulkFlows(
      flows,
      bottleneck: LinkSettings(rate: .megabits(2), delay: .zero, queue: .packets(queue)))
    let early = bulk.segmentsDelivered(by: .seconds(10))
    let late = bulk.segmentsDelivered(by: .seconds(70))
    return zip(late, early).map { ($0 - $1) / 60 }
  }

  @Test(arguments: [CongestionAlgorithm.reno, .cubic])
  func flowsWithEqualRoundTripsShareEqually(congestion: CongestionAlgorithm) {
    for seed in UInt64(1)...3 {
      let rates = rates(congestion, roundTrips: [40, 40], queue: 20, seed: seed)
      let index = jain(rates)
      print(
        String(
          format: "%@, equal round trips, seed %d: Jain %.4f", "\(congestion)", Int(seed), index))
      #expect(index > 0.95, "seed \(seed): \(rates)")
      // 2 Mb/s of packets of 1,500 bytes are 167 a second.
      #expect(rates.reduce(0, +) > 0.9 * 167, "seed \(seed): \(rates)")
    }
  }

  /// Lakshman and Madhow 1997: through a drop-tail queue Reno's rate goes with RTT^-a, 1 ≤ a ≤ 2,
  /// the queue's own delay included: 10 packets of 6 ms make some 70 and 250 ms of 20 and 200, so that
  /// the ratio is 3.6 or more, and at most its square. CUBIC's windows grow with time and not with round
  /// trips, but for its Reno-friendly part: it favours the shorter one less.
  @Test func theShorterRoundTripHasMoreByTheKnownMeasure() {
    var ratios: [Double] = []
    for congestion in [CongestionAlgorithm.reno, .cubic] {
      var ratio = 0.0
      for seed in UInt64(1)...3 {
        let rates = rates(congestion, roundTrips: [20, 200], queue: 10, seed: seed)
        ratio += rates[0] / rates[1] / 3
      }
      print(String(format: "%@, 20 and 200 ms: %.2f to 1", "\(congestion)", ratio))
      ratios.append(ratio)
    }
    #expect(ratios[0] > 2 && ratios[0] < 16)
    #expect(ratios[1] > 1.2 && ratios[1] < ratios[0])
  }
}
