import NetSim

/// One option about QUIC connections, read and within its bounds.
enum QUICSetting {
  case streamAware(Bool)
  case retry(Bool)
  case addressToken(Bool)
  case versionNegotiation(Bool)
  case datagramSize(UInt32)
  case probeSizes([UInt32])
  case idleTimeout(SimDuration)
  case acknowledgementThreshold(Int)
  case connectionIDBytes(UInt32)
  case streamsPerPacket(Int)
  case burst(UInt32)
  case timeoutProbes(Int)
  case cryptoBuffer(Int64)
  case keepAlive(SimDuration?)
  case asksForAnswers(AnswerRequest?)
  case leastDelay(SimDuration?)
  case movesAt(SimDuration?)
  case forbidsMoves(Bool)
  case roundTripAfterMoving(SimDuration)
  case rateAfterMoving(Bitrate)
  case learnsFromResponses(Bool)
  case race(SimDuration?)

  /// Reads the value of an option; nil where the option is about something else.
  init?(_ name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    switch name {
    case .streamAware: self = .streamAware(try WordChoice.switchWords.parse(text))
    case .retry: self = .retry(try WordChoice.switchWords.parse(text))
    case .addressToken: self = .addressToken(try WordChoice.switchWords.parse(text))
    case .versionNegotiation: self = .versionNegotiation(try WordChoice.switchWords.parse(text))
    case .maxDatagramSize: self = .datagramSize(try QUICText.datagramSize(text))
    case .pmtudProbes: self = .probeSizes(try QUICText.probeSizes(text))
    case .idleTimeout: self = .idleTimeout(try QUICText.idleTimeout(text))
    case .ackThreshold:
      self = .acknowledgementThreshold(
        Int(try Quantity.count(text, of: "the number of packets", in: 1...1_000)))
    case .connectionIDLength:
      self = .connectionIDBytes(
        UInt32(
          try Quantity.count(text, of: "the bytes of a connection ID (RFC 9000 §17.2)", in: 0...20))
      )
    case .streamsPerPacket:
      self = .streamsPerPacket(
        Int(try Quantity.count(text, of: "the number of streams", in: 1...1_000)))
    case .pacingBurst:
      self = .burst(
        UInt32(try Quantity.count(text, of: "the number of datagrams", in: 1...10_000)))
    case .ptoProbes:
      self = .timeoutProbes(
        Int(try Quantity.count(text, of: "the number of probes (RFC 9002 §6.2.4)", in: 1...2)))
    case .cryptoBuffer: self = .cryptoBuffer(try QUICText.cryptoBuffer(text))
    case .quicKeepalive: self = .keepAlive(try QUICText.interval(text))
    case .ackFrequency: self = .asksForAnswers(try QUICText.answerRequest(text))
    case .minAckDelay: self = .leastDelay(try QUICText.time(text))
    case .migrateAt: self = .movesAt(try QUICText.time(text))
    case .forbidMigration: self = .forbidsMoves(try WordChoice.switchWords.parse(text))
    case .migrateRTT: self = .roundTripAfterMoving(try Quantity.duration(text))
    case .migrateRate: self = .rateAfterMoving(try Quantity.rate(text))
    case .altSvc: self = .learnsFromResponses(try WordChoice.switchWords.parse(text))
    case .raceTCP: self = .race(try QUICText.time(text))
    default: return nil
    }
  }

  /// Changes what the given ends do, the connection as a whole, or the path that it goes on over.
  func apply(to parts: inout ScenarioParts, at ends: ScenarioSetting.Ends) {
    switch self {
    case .roundTripAfterMoving(let time): parts.roundTripAfterMoving = time
    case .rateAfterMoving(let rate): parts.rateAfterMoving = rate
    default: apply(to: &parts.client.quic, at: ends)
    }
  }

  private func apply(to policy: inout QUICPolicy, at ends: ScenarioSetting.Ends) {
    switch self {
    case .streamAware(let isOn): policy.isStreamAware = isOn
    case .retry(let isOn): policy.retries = isOn
    case .addressToken(let isOn): policy.hasToken = isOn
    case .versionNegotiation(let isOn): policy.negotiatesVersion = isOn
    case .roundTripAfterMoving, .rateAfterMoving: break
    case .movesAt(let time): policy.movesAt = time
    case .forbidsMoves(let isOn): policy.forbidsMoves = isOn
    case .learnsFromResponses(let isOn): policy.discovery.isKnown = !isOn
    case .race(let delay): policy.discovery.raceDelay = delay
    case .datagramSize, .probeSizes, .idleTimeout, .acknowledgementThreshold, .connectionIDBytes,
      .streamsPerPacket, .burst, .timeoutProbes, .cryptoBuffer, .keepAlive, .asksForAnswers,
      .leastDelay:
      policy.change(ends) { apply(to: &$0) }
    }
  }

  private func apply(to end: inout QUICEndPolicy) {
    switch self {
    case .datagramSize(let bytes):
      end.datagramSize = bytes
      // In `ideal` packets then carry no longer what TCP's segments do.
      end.carriesSegments = false
    case .probeSizes(let sizes): end.triedSizes = sizes
    case .idleTimeout(let time): end.idleTimeout = time
    case .acknowledgementThreshold(let count): end.answersEvery = count
    case .connectionIDBytes(let bytes): end.connectionIDBytes = bytes
    case .streamsPerPacket(let count): end.streamsPerPacket = count
    case .burst(let datagrams): end.burst = datagrams
    case .timeoutProbes(let count): end.sendsTwoProbes = count == 2
    case .cryptoBuffer(let bytes): end.cryptoBuffer = bytes
    case .keepAlive(let interval): end.keepAlive = interval
    case .asksForAnswers(let request): end.asksForAnswers = request
    case .leastDelay(let delay): end.leastDelay = delay
    case .streamAware, .retry, .addressToken, .versionNegotiation, .movesAt, .forbidsMoves,
      .roundTripAfterMoving, .rateAfterMoving,
      .learnsFromResponses, .race:
      break
    }
  }
}

extension QUICPolicy {
  /// Changes one end or both.
  mutating func change(_ ends: ScenarioSetting.Ends, _ change: (inout QUICEndPolicy) -> Void) {
    if ends != .server { change(&client) }
    if ends != .client { change(&server) }
  }
}

/// What QUIC does, as people write it.
enum QUICText {
  /// The word for no probes of the path's MTU.
  private static let off = WordChoice.switchWords.word(for: false)
  /// A window that never holds anybody, and a limit of streams that nobody reaches.
  static let unlimitedWindow: Int64 = 1 << 50
  static let unlimitedStreams = QUICEndPolicy.unlimitedStreams
  /// Bytes of UDP payload that every path carries, and that IPv4 has room for.
  private static let datagramSizes: ClosedRange<Int64> = 1_200...65_507

  /// The UDP payload of datagrams: no less than every path must carry (RFC 9000 §14).
  static func datagramSize(_ text: String) throws(QuantityError) -> UInt32 {
    let size = try Quantity.size(text)
    if size.bytes < datagramSizes.lowerBound {
      throw QuantityError(
        reason: "a datagram has at least 1200 bytes of UDP payload (RFC 9000 §14)")
    }
    if size.bytes > datagramSizes.upperBound {
      throw QuantityError(
        reason: "a datagram has at most 65507 bytes of UDP payload: 65535 with the headers of UDP "
          + "and IPv4")
    }
    return UInt32(size.bytes)
  }

  /// Sizes that are tried one after the other, such as `1350,1406,1452`; `off` for none.
  static func probeSizes(_ text: String) throws(QuantityError) -> [UInt32] {
    if text.lowercased() == off { return [] }
    var sizes: [UInt32] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      let size = try datagramSize(String(item.trimmed))
      if let last = sizes.last, size <= last {
        throw QuantityError(reason: "each size is larger than the one before, such as 1406,1444")
      }
      sizes.append(size)
    }
    return sizes
  }

  /// Sizes as `probeSizes(_:)` reads them.
  static func text(_ sizes: [UInt32]) -> String {
    sizes.isEmpty ? off : sizes.map { String($0) }.joined(separator: ",")
  }

  /// How long nothing may come; `unlimited` for any time, which takes no time-out to be announced
  /// (RFC 9000 §18.2).
  static func idleTimeout(_ text: String) throws(QuantityError) -> SimDuration {
    if text.lowercased() == Quantity.unlimited { return unlimitedTime }
    let time = try Quantity.duration(text)
    guard time > .zero, time <= unlimitedTime else {
      throw QuantityError(reason: "an idle time-out is longer than zero, such as 30s, or unlimited")
    }
    return time
  }

  /// A time that no run reaches.
  static let unlimitedTime = SimDuration.seconds(1_000_000_000)

  /// When something happens, or after how long; `off` for never.
  static func time(_ text: String) throws(QuantityError) -> SimDuration? {
    text.lowercased() == off ? nil : try Quantity.duration(text)
  }

  /// How long a connection may be silent; `off` for ever.
  static func interval(_ text: String) throws(QuantityError) -> SimDuration? {
    let interval = try time(text)
    if let interval, interval < .milliseconds(1) {
      throw QuantityError(reason: "PINGs are 1ms or more apart, such as 15s, or off")
    }
    return interval
  }

  /// How seldom answers are wanted, such as `10,25ms`; `off` for as the peer likes.
  static func answerRequest(_ text: String) throws(QuantityError) -> AnswerRequest? {
    if text.lowercased() == off { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2 else {
      throw QuantityError(
        reason: "a number of packets and a delay are wanted, such as 10,25ms, or off")
    }
    let packets = try Quantity.count(
      String(parts[0].trimmed), of: "the number of packets", in: 1...1_000)
    let delay = try Quantity.duration(String(parts[1].trimmed))
    if delay < .microseconds(1) || delay >= .milliseconds(16_384) {
      throw QuantityError(
        reason: "an acknowledgement waits between 1us and 16s (RFC 9000 §18.2), such as 25ms")
    }
    return AnswerRequest(packets: Int(packets), delay: delay)
  }

  /// Bytes of the handshake that an end keeps for later (RFC 9000 §7.5).
  static func cryptoBuffer(_ text: String) throws(QuantityError) -> Int64 {
    let size = try Quantity.size(text)
    guard (4_096...16_777_216).contains(size.bytes) else {
      throw QuantityError(
        reason: "a buffer of CRYPTO frames has between 4096 bytes (RFC 9000 §7.5) and 16MiB")
    }
    return size.bytes
  }

  // MARK: Descriptions

  /// What few connections do: it is written only where one does it.
  static func moves(
    _ client: ClientSettings, in scenario: Scenario
  ) -> [(name: ScenarioOptionName, text: String)] {
    var moves: [(name: ScenarioOptionName, text: String)] = []
    if let time = client.quic.movesAt { moves.append((.migrateAt, Quantity.text(time))) }
    if let path = client.pathAfterMoving.map({ scenario.paths[$0] }) {
      let (up, down) = (scenario.links[path.up[0]], scenario.links[path.down[0]])
      moves.append((.migrateRTT, Quantity.text(up.delay + down.delay)))
      moves.append((.migrateRate, Quantity.text(up.rate)))
    }
    if client.quic.forbidsMoves {
      moves.append((.forbidMigration, WordChoice.switchWords.word(for: true)))
    }
    return moves
  }

  /// What the connection as a whole does, by the options' names.
  static func whole(_ policy: QUICPolicy) -> [(name: ScenarioOptionName, text: String)] {
    let words = WordChoice.switchWords
    return [
      (.streamAware, words.word(for: policy.isStreamAware)),
      (.retry, words.word(for: policy.retries)),
      (.addressToken, words.word(for: policy.hasToken)),
      (.versionNegotiation, words.word(for: policy.negotiatesVersion)),
      (.altSvc, words.word(for: !policy.discovery.isKnown)),
      (.raceTCP, policy.discovery.raceDelay.map(Quantity.text) ?? off),
    ]
  }

  /// What an end does, by the options' names. Where packets carry segments, their size is `mss`.
  static func end(_ end: QUICEndPolicy) -> [(name: ScenarioOptionName, text: String)] {
    let size: [(name: ScenarioOptionName, text: String)] =
      end.carriesSegments ? [] : [(.maxDatagramSize, String(end.datagramSize))]
    let burst: [(name: ScenarioOptionName, text: String)] =
      end.burst == 0 ? [] : [(.pacingBurst, String(end.burst))]
    let idle = end.idleTimeout
    return size + [
      (.pmtudProbes, text(end.triedSizes)),
      (.idleTimeout, idle == unlimitedTime ? Quantity.unlimited : Quantity.text(idle)),
      (.ackThreshold, String(end.answersEvery)),
      (.connectionIDLength, String(end.connectionIDBytes)),
      (.streamsPerPacket, String(end.streamsPerPacket)),
    ] + burst + [
      (.ptoProbes, end.sendsTwoProbes ? "2" : "1"),
      (.cryptoBuffer, Quantity.text(ByteCount(end.cryptoBuffer))),
    ] + extras(end)
  }

  /// What few ends do: it is written only where one does it.
  static func extras(_ end: QUICEndPolicy) -> [(name: ScenarioOptionName, text: String)] {
    var extras: [(name: ScenarioOptionName, text: String)] = []
    if let interval = end.keepAlive { extras.append((.quicKeepalive, Quantity.text(interval))) }
    if let asked = end.asksForAnswers {
      extras.append((.ackFrequency, "\(asked.packets),\(Quantity.text(asked.delay))"))
    }
    if let delay = end.leastDelay { extras.append((.minAckDelay, Quantity.text(delay))) }
    return extras
  }

  /// What an end does of what HTTP/2 has, too.
  static func streams(_ end: QUICEndPolicy) -> [(name: ScenarioOptionName, text: String)] {
    [
      (.streamWindow, window(end.streamWindow)),
      (.connectionWindow, window(end.connectionWindow)),
      (.scheduler, WordChoice.scheduler.word(for: end.scheduler)),
    ]
  }

  /// How many streams an end lets its peer open.
  static func streamLimit(_ end: QUICEndPolicy) -> String {
    end.mostStreams == unlimitedStreams ? Quantity.unlimited : String(end.mostStreams)
  }

  private static func window(_ bytes: Int64) -> String {
    bytes == unlimitedWindow ? Quantity.unlimited : Quantity.text(ByteCount(bytes))
  }
}
