import NetSim

/// What links can do beside rate, delay and drop-tail queue, as people write it: read and written
/// without any rounding, like `Quantity`.
enum LinkText {
  /// The word for nothing of the kind.
  static let none = "none"
  /// What stands before losses in bursts.
  static let burst = "burst:"
  /// What stands before an outage in which packets wait.
  static let hold = "hold:"
  /// By how much a packet is late where nothing is said.
  static let reorderingDelay = SimDuration.milliseconds(5)
  /// The most spans or steps of a link.
  private static let maximumCount = 1_000

  // MARK: Losses

  /// Bursts such as `burst:1%,30%` or, with losses in each state, `burst:1%,30%,90%,0.1%`.
  static func bursts(_ text: String) throws(QuantityError) -> BurstLoss {
    let parts = items(String(text.dropFirst(burst.count)))
    guard (2...4).contains(parts.count) else {
      throw QuantityError(
        reason:
          "bursts are the probabilities to enter one, to leave it and, if not all is lost in it, "
          + "of a loss in it and outside of it, such as burst:1%,30%,90%,0.1%")
    }
    var chances: [Probability] = []
    for part in parts { chances.append(try Quantity.probability(part)) }
    var bursts = BurstLoss(entry: chances[0], exit: chances[1])
    if chances.count > 2 { bursts.lossInBad = chances[2] }
    if chances.count > 3 { bursts.lossInGood = chances[3] }
    return bursts
  }

  /// The losses of a link as `--loss` takes them.
  static func losses(_ link: LinkSettings) -> String {
    guard let bursts = link.bursts else { return Quantity.text(link.loss) }
    let chances = [bursts.entry, bursts.exit, bursts.lossInBad, bursts.lossInGood]
    return burst + chances.map { Quantity.text($0) }.joined(separator: ",")
  }

  // MARK: Chance

  /// A jitter such as `5ms`; `none` for none.
  static func jitter(_ text: String) throws(QuantityError) -> SimDuration {
    if text == none { return .zero }
    let jitter = try Quantity.duration(text)
    if jitter > LinkSettings.longestJitter {
      throw QuantityError(
        reason: "a jitter is at most \(Quantity.text(LinkSettings.longestJitter))")
    }
    return jitter
  }

  /// Reordering such as `1%` or `1%:5ms`; `none` for none.
  static func reordering(_ text: String) throws(QuantityError) -> Reordering? {
    if text == none { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let probability = try Quantity.probability(String(parts.first ?? ""))
    let delay = parts.count > 1 ? try Quantity.duration(String(parts[1])) : reorderingDelay
    if delay == .zero {
      throw QuantityError(reason: "a late packet is late by more than zero, such as 1%:5ms")
    }
    return probability == .zero ? nil : Reordering(probability, delay: delay)
  }

  /// Reordering as `reordering(_:)` reads it.
  static func text(_ reordering: Reordering?) -> String {
    guard let reordering else { return none }
    return Quantity.text(reordering.probability) + ":" + Quantity.text(reordering.delay)
  }

  /// A probability of a copy such as `0.1%`; `none` for none.
  static func duplication(_ text: String) throws(QuantityError) -> Probability {
    text == none ? .zero : try Quantity.probability(text)
  }

  // MARK: Times

  /// How long a middlebox remembers a connection, such as `60s`; `none` where there is none.
  static func stateLimit(_ text: String) throws(QuantityError) -> SimDuration? {
    text == none ? nil : try Quantity.duration(text)
  }

  /// A limit as `stateLimit(_:)` reads it.
  static func text(_ stateLimit: SimDuration?) -> String { stateLimit.map(Quantity.text) ?? none }

  /// Times such as `2s,5s`, each later than the one before; `none` for none.
  static func times(_ text: String) throws(QuantityError) -> [SimTime] {
    if text == none { return [] }
    var times: [SimTime] = []
    for item in try countedItems(text) {
      let time = SimTime.zero + (try Quantity.duration(String(item)))
      if let last = times.last, time <= last {
        throw QuantityError(reason: "each time is later than the one before, such as 2s,5s")
      }
      times.append(time)
    }
    return times
  }

  /// Times as `times(_:)` reads them.
  static func text(_ times: [SimTime]) -> String {
    times.isEmpty ? none : times.map { Quantity.text($0 - .zero) }.joined(separator: ",")
  }

  /// Outages such as `2s-3s,hold:5s-6s`; `none` for none.
  static func outages(_ text: String) throws(QuantityError) -> [Outage] {
    if text == none { return [] }
    var outages: [Outage] = []
    for item in try countedItems(text) {
      let holds = item.hasPrefix(hold)
      let span = holds ? item.dropFirst(hold.count) : Substring(item)
      let ends = span.split(separator: "-", omittingEmptySubsequences: false)
      guard ends.count == 2 else {
        throw QuantityError(
          reason: "an outage lasts from one time to another, such as 2s-3s, or hold:2s-3s where "
            + "packets wait")
      }
      let from = try Quantity.duration(String(ends[0]))
      let to = try Quantity.duration(String(ends[1]))
      if from >= to { throw QuantityError(reason: "an outage ends after it begins") }
      outages.append(Outage(from: .zero + from, to: .zero + to, holds: holds))
    }
    return outages
  }

  /// Outages as `outages(_:)` reads them.
  static func text(_ outages: [Outage]) -> String {
    if outages.isEmpty { return none }
    let texts = outages.map { outage in
      (outage.holds ? hold : "") + Quantity.text(outage.from - .zero) + "-"
        + Quantity.text(outage.to - .zero)
    }
    return texts.joined(separator: ",")
  }

  /// Changes of the rate such as `5s:1Mbps,8s:10Mbps`; `none` for none.
  static func rateSteps(_ text: String) throws(QuantityError) -> [RateStep] {
    if text == none { return [] }
    var steps: [RateStep] = []
    for item in try countedItems(text) {
      let parts = item.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw QuantityError(reason: "a step is a time and the rate from then on, such as 5s:1Mbps")
      }
      let time = SimTime.zero + (try Quantity.duration(String(parts[0])))
      if let last = steps.last, last.time >= time {
        throw QuantityError(
          reason: "steps stand in the order of their times, each later than the last")
      }
      steps.append(RateStep(time, try Quantity.rate(String(parts[1]))))
    }
    return steps
  }

  /// Changes of the rate as `rateSteps(_:)` reads them.
  static func text(_ steps: [RateStep]) -> String {
    if steps.isEmpty { return none }
    let texts = steps.map { Quantity.text($0.time - .zero) + ":" + Quantity.text($0.rate) }
    return texts.joined(separator: ",")
  }

  private static func items(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
  }

  private static func countedItems(_ text: String) throws(QuantityError) -> [String] {
    let all = items(text)
    if all.count > maximumCount {
      throw QuantityError(reason: "a link has at most \(maximumCount) of them")
    }
    return all
  }
}
