/// Draws the instants of `Arrivals`, in order.
struct ArrivalTimes {
  private let arrivals: Arrivals
  private var random: RandomStream
  private var latest: SimDuration
  private var isFirst = true

  /// The arrivals of the `index`-th client.
  init(_ arrivals: Arrivals, seed: UInt64, index: Int) {
    self.arrivals = arrivals
    random = RandomStream(seed: seed, purpose: "arrivals", index: UInt32(index))
    latest = arrivals.from
  }

  /// When the next object is wanted, from the client's start.
  mutating func next() -> SimDuration {
    defer { isFirst = false }
    switch arrivals.gap {
    case .even(let gap): if !isFirst { latest += gap }
    case .poisson(let mean): latest += random.nextExponential(mean: mean)
    }
    return latest
  }
}

extension RandomStream {
  /// A span that is exponentially distributed, rounded down to a nanosecond.
  ///
  /// By von Neumann's method, which needs no logarithm: of uniform numbers drawn until one is not
  /// smaller than the one before, an odd count accepts the first of them as the fraction, and the
  /// number of attempts refused before is the whole part (Comparison and rejection: Forsythe 1972).
  mutating func nextExponential(mean: SimDuration) -> SimDuration {
    var whole: Int64 = 0
    while true {
      let fraction = next()
      var last = fraction
      var isAccepted = true
      while true {
        let number = next()
        if number >= last { break }
        last = number
        isAccepted.toggle()
      }
      if isAccepted {
        let part = UInt64(mean.nanoseconds).multipliedFullWidth(by: fraction).high
        return mean * whole + SimDuration(nanoseconds: Int64(part))
      }
      whole += 1
    }
  }
}
