import NetSim

extension ScenarioSetting {
  /// Reads the value of an option.
  init(_ name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    switch name {
    case .profile: self = .profile(try WordChoice.profile.parse(text))
    case .seed: self = .seed(try Quantity.count(text, of: "a seed", in: 0...UInt64.max))
    case .timeLimit: self = .timeLimit(try ScenarioSetting.readTimeLimit(text))
    case .rate, .rateUp, .rateDown: self = .rate(name.way, try Quantity.rate(text))
    case .rtt, .rttUp, .rttDown: self = .roundTrip(name.way, try Quantity.duration(text))
    case .queue, .queueUp, .queueDown: self = .queue(name.way, try Quantity.queue(text))
    case .loss, .lossUp, .lossDown: self = try ScenarioSetting.readLoss(name.way, text)
    case .drop: self = .drop(try DropList(text))
    case .aqm, .aqmUp, .aqmDown: self = .discipline(name.way, try DisciplineText.parse(text))
    case .ecn, .ecnUp, .ecnDown: self = .marking(name.way, try WordChoice.switchWords.parse(text))
    case .jitter, .jitterUp, .jitterDown: self = .jitter(name.way, try LinkText.jitter(text))
    case .reorder, .reorderUp, .reorderDown:
      self = .reordering(name.way, try LinkText.reordering(text))
    case .duplicate, .duplicateUp, .duplicateDown:
      self = .duplication(name.way, try LinkText.duplication(text))
    case .natTimeout, .natUDPTimeout, .rebindAt, .blockUDP: self = try Self.readBox(name, text)
    case .outage, .outageUp, .outageDown: self = .outages(name.way, try LinkText.outages(text))
    case .rateSteps, .rateStepsUp, .rateStepsDown:
      self = .rateSteps(name.way, try LinkText.rateSteps(text))
    case .congestion: self = .congestion(try WordChoice.congestion.parse(text))
    case .initialWindow: self = .initialWindow(try ScenarioSetting.readInitialWindow(text))
    case .mss: self = .maximumSegmentSize(try ScenarioSetting.readSegmentSize(text))
    case .ackDelay: self = .acknowledgementDelay(try Quantity.duration(text))
    case .minRTO: self = .minimumRTO(try ScenarioSetting.readTimeout(text))
    case .receiveBuffer: self = .receiveBuffer(try ScenarioSetting.readWindow(text))
    case .receiveWindow: self = .receiveWindow(try ScenarioSetting.readWindow(text))
    case .pacing: self = .pacing(try WordChoice.switchWords.parse(text))
    case .slowStartAfterIdle: self = .slowStartAfterIdle(try WordChoice.switchWords.parse(text))
    case .timestamps: self = .timestamps(try WordChoice.switchWords.parse(text))
    case .sack: self = .selectiveAcknowledgements(try WordChoice.switchWords.parse(text))
    case .tcpECN: self = .notification(try WordChoice.switchWords.parse(text))
    case .tcpKeepalive: self = .keepalive(try ScenarioSetting.readIdleTime(text))
    case .fastOpen: self = .fastOpen(try WordChoice.switchWords.parse(text))
    case .tlsTime: self = .tlsTime(try Quantity.duration(text))
    case .certificateSize: self = .certificateSize(try ScenarioSetting.readCertificate(text))
    case .earlyData: self = .earlyData(isAnything: try WordChoice.earlyData.parse(text))
    case .replayEarly: self = .replay(try ScenarioSetting.readReplay(text))
    case .antiReplay: self = .antiReplay(try WordChoice.switchWords.parse(text))
    case .clientALPN: self = .names(.client, try NameText.parse(text))
    case .serverALPN: self = .names(.server, try NameText.parse(text))
    case .tls: self = .tls(try WordChoice.tls.parse(text))
    case .protocol: self = .application(try WordChoice.application.parse(text))
    case .connections: self = .connections(try ScenarioSetting.readConnections(text))
    case .keepAliveTimeout: self = .serverIdleLimit(try ScenarioSetting.readLimit(text))
    case .poolIdle: self = .clientIdleLimit(try ScenarioSetting.readLimit(text))
    case .keepAliveMax: self = .mostRequests(try ScenarioSetting.readMostRequests(text))
    case .keepAlive: self = .keepAlive(try WordChoice.switchWords.parse(text))
    case .responseHead: self = .responseHead(isAlone: try WordChoice.responseHead.parse(text))
    case .objects: self = .objects(try ObjectList.parse(text))
    case .request: self = .request(try ScenarioSetting.readRequest(text))
    case .start: self = .start(try WordChoice.start.parse(text))
    case .arrivals: self = .arrivals(try ArrivalText.parse(text))
    case .poolQueue, .poolWait, .poolLifetime, .poolValidate, .heartbeat, .poolOrder,
      .poolWatch, .poolWarm, .headers, .cookie, .streamWindow, .connectionWindow, .maxFrameSize,
      .maxData, .maxConcurrentStreams, .assumedStreams, .windowUpdates, .headerTableSize,
      .settingsCount, .scheduler, .push, .ping, .pingLimit, .goAway, .resetLimit, .controlLimit,
      .maxHeaderList, .maxHeaderBlock, .inject, .clientHTTP2, .serverHTTP2, .connectionLifetime,
      .requestTimeout, .proxy, .proxyRTT, .proxyConnection, .streamAware, .retry, .addressToken,
      .versionNegotiation, .maxDatagramSize, .pmtudProbes, .idleTimeout, .ackThreshold,
      .connectionIDLength, .streamsPerPacket, .pacingBurst, .ptoProbes, .cryptoBuffer, .altSvc,
      .raceTCP, .migrateAt, .migrateRTT, .migrateRate, .forbidMigration, .quicKeepalive,
      .ackFrequency, .minAckDelay, .readRate, .serverTime:
      self = try ScenarioSetting(ofHTTP: name, text)
    case .recovery:
      throw QuantityError(reason: "\(name.rawValue) is not modelled yet")
    }
  }

  /// Reads the value of an option about pools, proxies, streams or QUIC.
  private init(ofHTTP name: ScenarioOptionName, _ text: String) throws(QuantityError) {
    switch name {
    case .poolQueue: self = .pool(.queueLimit(try PoolText.queueLimit(text)))
    case .poolWait: self = .pool(.longestWait(try PoolText.longestWait(text)))
    case .poolLifetime: self = .pool(.lifetime(try PoolText.lifetime(text)))
    case .poolValidate: self = .pool(.validation(try PoolText.validation(text)))
    case .heartbeat: self = .pool(.heartbeat(try PoolText.heartbeat(text)))
    case .poolOrder: self = .pool(.order(try WordChoice.idleOrder.parse(text)))
    case .poolWatch: self = .pool(.noticesClosing(try WordChoice.switchWords.parse(text)))
    case .poolWarm: self = .pool(.openedAhead(try PoolText.openedAhead(text)))
    case .headers: self = .fields(try WordChoice.fields.parse(text))
    case .cookie: self = .cookie(try PoolText.cookie(text))
    case .clientHTTP2:
      self = .streamPreset(.client, try WordChoice<HTTP2Preset>.parse(text, for: .client))
    case .serverHTTP2:
      self = .streamPreset(.server, try WordChoice<HTTP2Preset>.parse(text, for: .server))
    case .connectionLifetime: self = .serverLifetime(try PoolText.lifetime(text))
    case .requestTimeout: self = .requestTimeout(try ScenarioSetting.readPatience(text))
    case .inject: self = .injections(try InjectionText.parse(text))
    case .readRate: self = .readRate(try ScenarioSetting.readReadRate(text))
    case .serverTime: self = .serverTimes(try ScenarioSetting.readTimes(text))
    case .proxy: self = .proxies(try ProxyText.parse(text))
    case .proxyRTT: self = .proxyRoundTrip(try Quantity.duration(text))
    case .proxyConnection: self = .proxyConnection(try WordChoice.switchWords.parse(text))
    default:
      if let stream = try StreamSetting(name, text) {
        self = .stream(stream)
      } else if let quic = try QUICSetting(name, text) {
        self = .quic(quic)
      } else {
        preconditionFailure("an option that is not about HTTP")
      }
    }
  }

  /// The word for requests with a head as the protocol has it.
  static let automatic = "auto"

  private static func readBox(
    _ name: ScenarioOptionName, _ text: String
  ) throws(QuantityError) -> ScenarioSetting {
    .middlebox(try MiddleboxSetting(name, text))
  }

  private static func readLoss(
    _ way: Way, _ text: String
  ) throws(QuantityError) -> ScenarioSetting {
    text.hasPrefix(LinkText.burst)
      ? .bursts(way, try LinkText.bursts(text)) : .loss(way, try Quantity.probability(text))
  }

  private static func readTimeLimit(_ text: String) throws(QuantityError) -> SimDuration {
    let time = try Quantity.duration(text)
    if time == .zero { throw QuantityError(reason: "a time limit must be more than zero") }
    return time
  }

  private static func readInitialWindow(_ text: String) throws(QuantityError) -> UInt32 {
    UInt32(try Quantity.count(text, of: "the initial window in segments", in: 1...10_000))
  }

  private static func readConnections(_ text: String) throws(QuantityError) -> Int {
    Int(try Quantity.count(text, of: "the number of connections", in: 1...10_000))
  }

  private static func readSegmentSize(_ text: String) throws(QuantityError) -> UInt32 {
    let size = try readSize(text, "the maximum segment size", 88...65_495, "88 and 65495 bytes")
    return UInt32(size.bytes)
  }

  private static func readTimeout(_ text: String) throws(QuantityError) -> SimDuration {
    let time = try Quantity.duration(text)
    // No time-out is longer than two minutes, so that a longer least one would go unheeded.
    if time == .zero || time > .seconds(120) {
      throw QuantityError(reason: "a time-out lies between 1ns and 120s, such as 200ms")
    }
    return time
  }

  /// A window has 16 bits and a shift of at most 14 (RFC 7323 §2.2 and §2.3).
  private static func readWindow(_ text: String) throws(QuantityError) -> ByteCount {
    try readSize(text, "a receive window", 1...(1 << 30), "1 byte and 1GiB")
  }

  /// A message of the handshake has a length of 24 bits (RFC 8446 §4), and so a list of certificates.
  private static func readCertificate(_ text: String) throws(QuantityError) -> ByteCount {
    try readSize(text, "a certificate", 1...16_000_000, "1 byte and 16MB")
  }

  /// After how long early data is replayed; `none` for never.
  private static func readReplay(_ text: String) throws(QuantityError) -> SimDuration? {
    text.lowercased() == LinkText.none ? nil : try Quantity.duration(text)
  }

  private static func readRequest(_ text: String) throws(QuantityError) -> ByteCount? {
    if text == automatic { return nil }
    return try readSize(text, "a request", 1...(1 << 30), "1 byte and 1GiB")
  }

  /// How long a connection may be idle; `off` for as long as it likes.
  private static func readIdleTime(_ text: String) throws(QuantityError) -> SimDuration? {
    if text.lowercased() == WordChoice.switchWords.word(for: false) { return nil }
    let time = try Quantity.duration(text)
    if time < .seconds(1) {
      throw QuantityError(reason: "an idle time is 1s or more, such as 30s, or off")
    }
    return time
  }

  /// How long a connection is kept; `unlimited` for as long as the other end likes.
  private static func readLimit(_ text: String) throws(QuantityError) -> SimDuration? {
    text.lowercased() == Quantity.unlimited ? nil : try Quantity.duration(text)
  }

  /// How long an answer is waited for; `unlimited` for as long as it takes.
  private static func readPatience(_ text: String) throws(QuantityError) -> SimDuration? {
    let time = try readLimit(text)
    if time == .zero {
      throw QuantityError(reason: "an answer takes longer than zero, such as 500ms")
    }
    return time
  }

  private static func readMostRequests(_ text: String) throws(QuantityError) -> Int? {
    if text.lowercased() == Quantity.unlimited { return nil }
    return Int(try Quantity.count(text, of: "the number of requests", in: 1...1_000_000_000))
  }

  /// Bytes a second, with or without `/s`.
  private static func readReadRate(_ text: String) throws(QuantityError) -> ByteCount? {
    if text.lowercased() == Quantity.unlimited { return nil }
    let size = text.hasSuffix("/s") ? String(text.dropLast(2)) : text
    return try readSize(size, "a rate of reading", 1...1_000_000_000_000, "1B/s and 1TB/s")
  }

  private static func readSize(
    _ text: String, _ subject: String, _ range: ClosedRange<Int64>, _ bounds: String
  ) throws(QuantityError) -> ByteCount {
    let size = try Quantity.size(text)
    if !range.contains(size.bytes) {
      throw QuantityError(reason: "\(subject) lies between \(bounds)")
    }
    return size
  }

  private static func readTimes(_ text: String) throws(QuantityError) -> [SimDuration] {
    var times: [SimDuration] = []
    for item in text.split(separator: ",", omittingEmptySubsequences: false) {
      times.append(try Quantity.duration(String(item)))
    }
    // One without a wait is the same as none; the scenario has one way to say it.
    return times == [.zero] ? [] : times
  }
}
