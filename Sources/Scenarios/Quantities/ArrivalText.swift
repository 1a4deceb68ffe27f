import NetSim

/// When objects become wanted, as people write it: `every:10ms`, `poisson:100/s` or `poisson:10ms`
/// (the mean gap), each with `,from:1s` if they do not begin at the client's start.
enum ArrivalText {
  /// The word for none.
  static let none = "none"
  private static let every = "every:"
  private static let poisson = "poisson:"
  private static let from = "from:"
  /// The longest gap; 100,000 of them still fit the clock.
  private static let longestGap = SimDuration.seconds(3_600)

  /// The arrivals that `text` describes; nil for `none`.
  static func parse(_ text: String) throws(QuantityError) -> Arrivals? {
    if text == none { return nil }
    let parts = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    var arrivals = Arrivals(try gap(parts.first?.trimmed ?? ""))
    if parts.count > 1 {
      let start = parts[1].trimmed
      guard start.hasPrefix(from) else { throw shapeError }
      arrivals.from = try Quantity.duration(String(start.dropFirst(from.count)))
    }
    return arrivals
  }

  /// Arrivals as `parse(_:)` reads them.
  static func text(_ arrivals: Arrivals) -> String {
    let start = arrivals.from == .zero ? "" : "," + from + Quantity.text(arrivals.from)
    switch arrivals.gap {
    case .even(let gap): return every + Quantity.text(gap) + start
    case .poisson(let mean): return poisson + Quantity.text(mean) + start
    }
  }

  private static func gap(_ text: Substring) throws(QuantityError) -> Arrivals.Gap {
    if text.hasPrefix(every) {
      return .even(try bounded(try Quantity.duration(String(text.dropFirst(every.count)))))
    }
    guard text.hasPrefix(poisson) else { throw shapeError }
    let mean = text.dropFirst(poisson.count)
    let gap =
      mean.hasSuffix("/s")
      ? try gap(ofRate: mean.dropLast(2)) : try Quantity.duration(String(mean))
    if gap == .zero {
      throw QuantityError(reason: "the mean gap is longer than zero, such as poisson:100/s")
    }
    return .poisson(mean: try bounded(gap))
  }

  private static func bounded(_ gap: SimDuration) throws(QuantityError) -> SimDuration {
    if gap > longestGap {
      throw QuantityError(reason: "a gap is at most \(Quantity.text(longestGap))")
    }
    return gap
  }

  /// The mean gap at so many a second, to the nanosecond.
  private static func gap(ofRate digits: Substring) throws(QuantityError) -> SimDuration {
    // Counted in millionths of one a second.
    guard let number = try? DecimalNumber(digits.trimmed),
      case .exact(let rate) = number.times(1_000_000), rate > 0, rate <= 1_000_000_000_000_000
    else {
      throw QuantityError(
        reason: "a rate of arrivals is a number up to 1000000000 with at most six decimals, "
          + "such as poisson:100/s")
    }
    return SimDuration(nanoseconds: Int64(1_000_000_000_000_000 / rate))
  }

  private static var shapeError: QuantityError {
    QuantityError(
      reason: "arrivals are every:10ms or poisson:100/s, and may have a beginning: "
        + "every:10ms,from:1s")
  }
}
