import NetSim

/// Who asks by PING whether the other is there, and what an end puts up with, as people write it.
extension StreamText {
  /// The word for PINGs that go out while no stream is open, too.
  private static let idle = "idle"
  /// How long an answer may take where nothing is said: what gRPC and hyper wait.
  private static let patience = SimDuration.seconds(20)
  /// The shortest time between two PINGs.
  private static let shortestInterval = SimDuration.milliseconds(1)

  // MARK: PING

  /// PINGs such as `30s`, `30s:10s` with the time that an answer may take, or `30s:10s:idle` where they
  /// go out while no stream is open, too; `off` for none.
  static func pings(_ text: String) throws(QuantityError) -> KeepAlivePings? {
    if text.lowercased() == PoolText.off { return nil }
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let isIdle = parts.count > 1 && parts.last?.lowercased() == idle
    if isIdle { parts.removeLast() }
    guard parts.count <= 2 else {
      throw QuantityError(
        reason:
          "a time and how long the answer may take are wanted, such as 30s:10s or 30s:10s:idle")
    }
    var pings = KeepAlivePings(
      interval: try Quantity.duration(parts[0]), timeout: patience, whileIdle: isIdle)
    if parts.count > 1 { pings.timeout = try Quantity.duration(parts[1]) }
    if pings.interval < shortestInterval {
      throw QuantityError(reason: "PINGs are 1ms apart or more, such as 30s")
    }
    if pings.timeout == .zero {
      throw QuantityError(reason: "an answer takes longer than zero, such as 30s:10s")
    }
    return pings
  }

  /// PINGs as `pings(_:)` reads them.
  static func text(_ pings: KeepAlivePings?) -> String {
    guard let pings else { return PoolText.off }
    return Quantity.text(pings.interval) + ":" + Quantity.text(pings.timeout)
      + (pings.whileIdle ? ":" + idle : "")
  }

  /// How often the other end may ask: the least time between two PINGs, and how many sooner ones are
  /// forgiven, such as `300s:2`; `unlimited` for as often as it likes.
  static func pingLimit(_ text: String) throws(QuantityError) -> PingLimit? {
    if text.lowercased() == Quantity.unlimited { return nil }
    let parts = try pair(text, "a time and how many sooner PINGs are forgiven", "300s:2")
    return PingLimit(
      leastInterval: try Quantity.duration(parts.0),
      mostStrikes: Int(
        try Quantity.count(parts.1, of: "the number of PINGs that are forgiven", in: 0...1_000_000))
    )
  }

  /// A limit as `pingLimit(_:)` reads it.
  static func text(_ limit: PingLimit?) -> String {
    guard let limit else { return Quantity.unlimited }
    return Quantity.text(limit.leastInterval) + ":" + String(limit.mostStrikes)
  }

  // MARK: Floods

  /// How many at once, and how many a second in the long run, such as `1000:33`; `unlimited` for any
  /// number.
  static func floodLimit(
    _ text: String, of subject: String
  ) throws(QuantityError) -> FloodLimit? {
    if text.lowercased() == Quantity.unlimited { return nil }
    let parts = try pair(text, "how many at once and how many a second", "1000:33")
    let range: ClosedRange<UInt64> = 0...1_000_000_000
    return FloodLimit(
      burst: Int(try Quantity.count(parts.0, of: "the number of \(subject) at once", in: range)),
      perSecond: Int(
        try Quantity.count(parts.1, of: "the number of \(subject) a second", in: range)))
  }

  /// A limit as `floodLimit(_:of:)` reads it.
  static func text(_ limit: FloodLimit?) -> String {
    limit.map { "\($0.burst):\($0.perSecond)" } ?? Quantity.unlimited
  }

  private static func pair(
    _ text: String, _ wanted: String, _ example: String
  ) throws(QuantityError) -> (String, String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw QuantityError(reason: "\(wanted) are wanted, such as \(example), or unlimited")
    }
    return (parts[0], parts[1])
  }

  // MARK: Fields

  /// The most that an end takes of fields.
  static func fieldBytes(_ text: String, _ subject: String) throws(QuantityError) -> Int {
    let size = try Quantity.size(text)
    guard (1...16_777_216).contains(size.bytes) else {
      throw QuantityError(reason: "\(subject) has between 1 byte and 16MiB")
    }
    return Int(size.bytes)
  }
}

extension WordChoice where Value == HTTP2Ending {
  static var ending: Self { WordChoice(words: [("once", .once), ("twice", .twice)]) }
}
