import NetSim

/// One option about a client's connection pool, read and within its bounds.
enum PoolSetting {
  case queueLimit(Int?)
  case longestWait(SimDuration?)
  case lifetime(SimDuration?)
  case validation(ProbePolicy?)
  case heartbeat(ProbePolicy?)
  case order(IdleOrder)
  case noticesClosing(Bool)
  case openedAhead(Int)

  /// Changes a pool's policy.
  func apply(to pool: inout PoolPolicy) {
    switch self {
    case .queueLimit(let count): pool.queueLimit = count
    case .longestWait(let time): pool.longestWait = time
    case .lifetime(let time): pool.lifetime = time
    case .validation(let policy): pool.validation = policy
    case .heartbeat(let policy): pool.heartbeat = policy
    case .order(let order): pool.order = order
    case .noticesClosing(let notices): pool.noticesClosing = notices
    case .openedAhead(let count): pool.openedAhead = count
    }
  }
}

/// What pools do, as people write it.
enum PoolText {
  /// The word for nothing of the kind.
  static let off = WordChoice.switchWords.word(for: false)
  /// The shortest time between two heartbeats.
  private static let shortestHeartbeat = SimDuration.milliseconds(1)

  /// How many requests may wait; `unlimited` for any number.
  static func queueLimit(_ text: String) throws(QuantityError) -> Int? {
    if text.lowercased() == Quantity.unlimited { return nil }
    return Int(
      try Quantity.count(text, of: "the number of requests that wait", in: 0...1_000_000))
  }

  /// How long requests may wait; `unlimited` for as long as it takes.
  static func longestWait(_ text: String) throws(QuantityError) -> SimDuration? {
    if text.lowercased() == Quantity.unlimited { return nil }
    let time = try Quantity.duration(text)
    if time == .zero {
      throw QuantityError(reason: "a wait is longer than zero; pool-queue 0 lets no request wait")
    }
    return time
  }

  /// How old connections become; `unlimited` for any age.
  static func lifetime(_ text: String) throws(QuantityError) -> SimDuration? {
    if text.lowercased() == Quantity.unlimited { return nil }
    let time = try Quantity.duration(text)
    if time == .zero {
      throw QuantityError(
        reason: "a lifetime is longer than zero; keep-alive off uses each connection once")
    }
    return time
  }

  /// After how long in the pool a connection is checked, such as `2s` or `2s:500ms`; `off` for never.
  static func validation(_ text: String) throws(QuantityError) -> ProbePolicy? {
    try probe(text, "2s:500ms")
  }

  /// Heartbeats such as `30s`, or `30s:10s` with the time that an answer may take; `off` for none.
  static func heartbeat(_ text: String) throws(QuantityError) -> ProbePolicy? {
    let policy = try probe(text, "30s:10s")
    if let policy, policy.after < shortestHeartbeat {
      throw QuantityError(reason: "heartbeats are 1ms apart or more, such as 30s")
    }
    return policy
  }

  private static func probe(
    _ text: String, _ example: String
  ) throws(QuantityError) -> ProbePolicy? {
    if text.lowercased() == off { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    var policy = ProbePolicy(after: try Quantity.duration(String(parts.first ?? "")))
    if parts.count > 1 { policy.patience = try Quantity.duration(String(parts[1])) }
    if policy.patience == .zero {
      throw QuantityError(reason: "an answer takes longer than zero, such as \(example)")
    }
    return policy
  }

  /// A probe as `validation(_:)` and `heartbeat(_:)` read it.
  static func text(_ policy: ProbePolicy?) -> String {
    guard let policy else { return off }
    return Quantity.text(policy.after) + ":" + Quantity.text(policy.patience)
  }

  /// How many connections are opened ahead of requests.
  static func openedAhead(_ text: String) throws(QuantityError) -> Int {
    Int(try Quantity.count(text, of: "the number of connections", in: 0...10_000))
  }

  /// Bytes of a cookie, its name included; `none` without one.
  static func cookie(_ text: String) throws(QuantityError) -> ByteCount {
    if text == LinkText.none { return .zero }
    let size = try Quantity.size(text)
    // RFC 6265 §6.1 asks for 4,096 bytes a cookie, and 50 of them, at least.
    guard (4...204_800).contains(size.bytes) else {
      throw QuantityError(reason: "a cookie lies between 4 bytes and 200KiB")
    }
    return size
  }

  /// What a policy has that the standard one has not, by the options' names.
  static func changes(_ pool: PoolPolicy) -> [(name: ScenarioOptionName, text: String)] {
    let standard = PoolPolicy()
    let unlimited = Quantity.unlimited
    var texts: [(name: ScenarioOptionName, text: String)] = []
    func add(_ name: ScenarioOptionName, _ isChanged: Bool, _ text: String) {
      if isChanged { texts.append((name, text)) }
    }
    add(
      .poolQueue, pool.queueLimit != standard.queueLimit,
      pool.queueLimit.map { String($0) } ?? unlimited)
    add(
      .poolWait, pool.longestWait != standard.longestWait,
      pool.longestWait.map(Quantity.text) ?? unlimited)
    add(
      .poolLifetime, pool.lifetime != standard.lifetime,
      pool.lifetime.map(Quantity.text) ?? unlimited)
    add(.poolValidate, pool.validation != standard.validation, text(pool.validation))
    add(.heartbeat, pool.heartbeat != standard.heartbeat, text(pool.heartbeat))
    add(
      .poolOrder, pool.order != standard.order, WordChoice.idleOrder.word(for: pool.order))
    add(
      .poolWatch, pool.noticesClosing != standard.noticesClosing,
      WordChoice.switchWords.word(for: pool.noticesClosing))
    add(.poolWarm, pool.openedAhead != standard.openedAhead, String(pool.openedAhead))
    return texts
  }
}
