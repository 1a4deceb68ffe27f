import NetSim

/// Queue disciplines as people write them: `droptail`, `red` or `red:5,15,10%,1/512`, `codel` or
/// `codel:5ms,100ms`.
enum DisciplineText {
  /// The disciplines by name.
  static let words = ["droptail", "red", "codel"]
  /// The weights that RED takes are 1/1 to 1 in this.
  private static let leastWeight: UInt64 = 1 << 16

  /// The discipline that `text` names, with its parameters if there are any.
  static func parse(_ text: String) throws(QuantityError) -> QueueDiscipline {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map { $0.lowercased() } ?? ""
    let values =
      parts.count > 1
      ? parts[1].split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmed) }
      : []
    switch name {
    case "droptail" where parts.count == 1: return .dropTail
    case "droptail":
      throw QuantityError(reason: "droptail has no parameters; --queue is its length")
    case "red": return .red(try red(values))
    case "codel": return .codel(try codel(values))
    default:
      let choice = Wording.alternatives(words)
      let near = Wording.nearest(name, among: words).map { "did you mean \($0)? It" } ?? "it"
      throw QuantityError(reason: "\(near) takes \(choice)")
    }
  }

  /// The discipline as `parse(_:)` reads it, with every parameter.
  static func text(_ discipline: QueueDiscipline) -> String {
    switch discipline {
    case .dropTail: "droptail"
    case .red(let red):
      "red:\(red.minimum),\(red.maximum),\(Quantity.text(red.maximumProbability)),"
        + "1/\(UInt64(1) << UInt64(red.weightShift))"
    case .codel(let codel):
      "codel:\(Quantity.text(codel.target)),\(Quantity.text(codel.interval))"
    }
  }

  private static func red(_ values: [String]) throws(QuantityError) -> REDSettings {
    guard values.isEmpty || (2...4).contains(values.count) else {
      throw QuantityError(
        reason: "RED takes the least and the greatest average in packets, the probability at the "
          + "greatest and the weight of a packet, such as red:5,15,10%,1/512")
    }
    let standard = REDSettings()
    if values.isEmpty { return standard }
    let minimum = try Quantity.count(values[0], of: "RED's least average", in: 0...65_534)
    let maximum = try Quantity.count(values[1], of: "RED's greatest average", in: 1...65_535)
    if minimum >= maximum {
      throw QuantityError(reason: "RED's greatest average is more than its least, such as red:5,15")
    }
    return REDSettings(
      minimum: UInt32(minimum), maximum: UInt32(maximum),
      maximumProbability: values.count > 2
        ? try Quantity.probability(values[2]) : standard.maximumProbability,
      weightShift: values.count > 3 ? try weight(values[3]) : standard.weightShift)
  }

  /// The power of a weight such as `1/512`.
  private static func weight(_ text: String) throws(QuantityError) -> UInt8 {
    if text.hasPrefix("1/"), let divisor = UInt64(text.dropFirst(2)),
      divisor > 0, divisor <= leastWeight, divisor & (divisor - 1) == 0
    {
      return UInt8(divisor.trailingZeroBitCount)
    }
    throw QuantityError(
      reason: "RED's weight is one in a power of two up to \(leastWeight), such as 1/512")
  }

  private static func codel(_ values: [String]) throws(QuantityError) -> CoDelSettings {
    guard values.isEmpty || values.count == 2 else {
      throw QuantityError(
        reason: "CoDel takes the target and the interval, such as codel:5ms,100ms")
    }
    if values.isEmpty { return CoDelSettings() }
    let settings = CoDelSettings(
      target: try Quantity.duration(values[0]), interval: try Quantity.duration(values[1]))
    let longest = CoDelSettings.longestInterval
    if settings.target == .zero || settings.interval < settings.target
      || settings.interval > longest
    {
      throw QuantityError(
        reason: "CoDel's target is more than zero, its interval no less and at most "
          + Quantity.text(longest))
    }
    return settings
  }
}
