/// The smoothed round-trip time and the retransmission time-out (RFC 6298).
///
/// The arithmetic is that of implementations: integers, with the gains 1/8 and 1/4 as shifts.
struct RTTEstimator {
  private(set) var smoothed: SimDuration?
  private(set) var variation = SimDuration.zero
  private(set) var minimum: SimDuration?
  private(set) var latest = SimDuration.zero
  private let minimumRTO: SimDuration
  private let initialRTO: SimDuration
  private let floor: RTOFloor
  /// How often the time-out was doubled since the last acknowledgement of new data.
  private(set) var backoff: UInt32 = 0

  /// No time-out is longer (RFC 6298 §2.5 allows 60 s or more; Linux has 120 s).
  static var maximumRTO: SimDuration { .seconds(120) }

  init(_ settings: TransportSettings) {
    minimumRTO = settings.minimumRTO
    initialRTO = settings.initialRTO
    floor = settings.rtoFloor
  }

  /// Takes a measurement of a segment that was sent once only (Karn's rule, RFC 6298 §3).
  mutating func sample(_ roundTrip: SimDuration) {
    latest = roundTrip
    minimum = min(minimum ?? roundTrip, roundTrip)
    guard let smoothed else {
      self.smoothed = roundTrip  // RFC 6298 §2.2
      variation = roundTrip / 2
      return
    }
    let error = roundTrip - smoothed
    let magnitude = error < .zero ? .zero - error : error
    variation += (magnitude - variation) / 4  // RFC 6298 §2.3: β = 1/4, α = 1/8
    self.smoothed = smoothed + error / 8
  }

  /// The time-out that is in force, with its back-off.
  var timeout: SimDuration {
    // A base is at most 2³⁷ ns here, so sixteen doublings stay far below 2⁶³.
    let base = min(baseTimeout, Self.maximumRTO)
    return min(base * (1 << Int64(min(backoff, 16))), Self.maximumRTO)
  }

  private var baseTimeout: SimDuration {
    guard let smoothed else { return max(initialRTO, minimumRTO) }
    switch floor {
    case .total: return max(smoothed + variation * 4, minimumRTO)  // RFC 6298 §2.3, §2.4
    case .variance: return smoothed + max(variation * 4, minimumRTO)
    }
  }

  /// Doubles the time-out (RFC 6298 §5.5).
  mutating func backOff() { backoff += 1 }

  /// New data was acknowledged: the back-off is over.
  mutating func endBackoff() { backoff = 0 }
}
