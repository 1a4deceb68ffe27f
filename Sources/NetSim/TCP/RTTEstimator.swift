/// The smoothed round-trip time and the retransmission time-out (RFC 6298).
///
/// The arithmetic is that of implementations: integers, with the gains 1/8 and 1/4 as shifts.
struct RTTEstimator {
  private(set) var smoothed: SimDuration?
  private(set) var variation = SimDuration.zero
  private(set) var minimum: SimDuration?
  /// The largest of four variations in this round trip, and what the time-out allows for them; counts
  /// where the floor is that of the variation.
  private var peak = SimDuration.zero
  private var bound = SimDuration.zero
  private var roundEnd: Int64 = 0
  private let minimumRTO: SimDuration
  private var initialRTO: SimDuration
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

  /// Takes a round trip into the minimum alone.
  @inline(__always)
  mutating func noteMinimum(_ roundTrip: SimDuration) {
    minimum = min(minimum ?? roundTrip, roundTrip)
  }

  /// Takes a measurement of a segment that was sent once only (Karn's rule, RFC 6298 §3), made when
  /// `unacknowledged` was the oldest position and `next` the next to send.
  mutating func sample(_ roundTrip: SimDuration, unacknowledged: Int64 = 0, next: Int64 = 0) {
    noteMinimum(roundTrip)
    guard let smoothed else {
      self.smoothed = roundTrip  // RFC 6298 §2.2
      variation = roundTrip / 2
      peak = max(variation * 4, minimumRTO)
      bound = peak
      roundEnd = next
      return
    }
    let error = roundTrip - smoothed
    let magnitude = error < .zero ? .zero - error : error
    var change = (magnitude - variation) / 4  // RFC 6298 §2.3: β = 1/4, α = 1/8
    // Linux: what is faster than it was is no reason to wait longer.
    if floor == .variance && error < .zero && change > .zero { change = change / 8 }
    variation += change
    self.smoothed = smoothed + error / 8
    boundVariation(unacknowledged: unacknowledged, next: next)
  }

  /// Linux: the time-out follows the largest variation of a round trip at once, and a smaller one by
  /// a quarter each round trip.
  private mutating func boundVariation(unacknowledged: Int64, next: Int64) {
    peak = max(peak, variation * 4)
    bound = max(bound, peak)
    guard unacknowledged > roundEnd else { return }
    bound += (min(peak, bound) - bound) / 4
    roundEnd = next
    peak = minimumRTO
  }

  /// The time-out that is in force, with its back-off.
  @inline(__always)
  var timeout: SimDuration {
    // A base is at most 2³⁷ ns here, so sixteen doublings stay far below 2⁶³.
    let base = min(baseTimeout, Self.maximumRTO)
    return min(base * (1 << Int64(min(backoff, 16))), Self.maximumRTO)
  }

  @inline(__always)
  private var baseTimeout: SimDuration {
    guard let smoothed else { return max(initialRTO, minimumRTO) }
    switch floor {
    case .total: return max(smoothed + variation * 4, minimumRTO)  // RFC 6298 §2.3, §2.4
    case .variance: return smoothed + max(bound, minimumRTO)
    }
  }

  /// The handshake's timer ran out and left no measurement: the time-out begins again with three
  /// seconds (RFC 6298 §5.7).
  mutating func fallBack() {
    guard smoothed == nil else { return }
    initialRTO = max(initialRTO, .seconds(3))
    backoff = 0
  }

  /// Doubles the time-out (RFC 6298 §5.5).
  mutating func backOff() { backoff += 1 }

  /// New data was acknowledged: the back-off is over.
  mutating func endBackoff() { backoff = 0 }
}
