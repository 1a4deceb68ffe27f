import NetSim

/// What goes with QUIC and HTTP/3, and what does not.
extension ScenarioAssembly {
  // MARK: What depends on each other

  /// Leaves to a client what its own protocol has, of streams and their connections, and settles what
  /// depends on other settings.
  func settleStreams(of client: inout ClientSettings, _ given: [PlannedSetting]) {
    let standard = QUICPolicy.standard(scenario.profile)
    guard client.application == .http3 else {
      client.quic = standard
      return
    }
    client.http2 = .standard(scenario.profile)
    // Of these QUIC has its own.
    let transport = TransportSettings.standard(scenario.profile)
    func settle(_ settings: inout TransportSettings) {
      settings.acknowledgements = transport.acknowledgements
      settings.usesPacing = transport.usesPacing
    }
    settle(&client.transport)
    if var server = client.serverTransport {
      settle(&server)
      client.serverTransport = server == client.transport ? nil : server
    }
    if client.quic.movesAt != nil {
      // Who may move needs an ID of its peer's that was not used before (RFC 9000 §5.1.1).
      client.quic.change(.both) { $0.moreConnectionIDs = max($0.moreConnectionIDs, 1) }
    }
    let countsPackets = given.contains { $0.name == .ackThreshold }
    for side in [Side.client, .server] {
      // Congestion control counts with the size that is given.
      if client.quic[side].datagramSize != standard[side].datagramSize {
        client.quic[side].countedSize = nil
      }
      // Without this `ideal`, which acknowledges each packet at once, would delay nothing.
      if client.quic[side].mostDelay > .zero && standard[side].mostDelay == .zero && !countsPackets
      {
        client.quic[side].answersEvery = 2
      }
    }
  }

  // MARK: What does not go together

  /// What QUIC and HTTP/3 do not do, or not yet.
  mutating func checkQUIC(_ client: ClientSettings, _ given: [PlannedSetting]) {
    checkSecurity(client, given)
    if !client.proxies.isEmpty {
      fail(given, [.proxy], "proxies pass on HTTP over TCP; QUIC goes from end to end")
    }
    if !client.keepAlive {
      fail(given, [.keepAlive], "a connection of HTTP/3 serves all requests (RFC 9114 §3.3)")
    }
    if client.readRate != nil {
      fail(given, [.readRate], "a reader's pace is modelled over TCP only in this version")
    }
    if client.quic.client.scheduler == .tree || client.quic.server.scheduler == .tree {
      fail(
        given, [.scheduler],
        "HTTP/3 has no tree of priorities, but urgency (RFC 9114 §1, RFC 9218)")
    }
    if client.transport.congestion == .bbr || client.serverTransport?.congestion == .bbr {
      fail(given, [.congestion], "BBR over QUIC is not modelled yet; it takes cubic or reno")
    }
    checkObjects(client, given)
    checkMoves(client, given)
    checkAnswers(client, given)
    refuseUnused(given, "only TCP has it; this client's protocol is http3") {
      $0.isAboutTCP
    }
    if client.quic.client.carriesSegments == false {
      refuseUnused(given, "the size of QUIC's datagrams is max-datagram-size") { $0 == .mss }
    }
    refuseUnused(given, "only http2 has it; this client's protocol is http3") {
      $0.isAboutStreams && !$0.isAboutBothStreams
    }
    refuseUnused(given, "idle-timeout says how long QUIC keeps a connection") {
      [.keepAliveTimeout, .poolIdle].contains($0)
    }
    refuseUnused(given, "over HTTP/3 in this version connections are kept, and not looked after") {
      [
        .keepAliveMax, .connectionLifetime, .poolLifetime, .poolValidate, .heartbeat, .poolOrder,
        .poolWatch, .poolWarm,
      ].contains($0)
    }
    refuseUnused(given, "over HTTP/3 a response's head and body share packets where they fit") {
      $0 == .responseHead
    }
  }

  /// What QUIC asks of TLS.
  private mutating func checkSecurity(_ client: ClientSettings, _ given: [PlannedSetting]) {
    guard let tls = client.tls, tls.mode.isVersion13 else {
      fail(
        given, [.tls],
        "QUIC requires TLS 1.3 (RFC 9001 §4.2): \(Wording.alternatives(Self.quicHandshakes))")
      return
    }
    if tls.mode == .tooEarly13 || tls.early != EarlyDataPolicy() {
      fail(
        given, [.tls, .replayEarly, .antiReplay, .earlyData],
        "425, replays and what is not safe are told of HTTP/1 only in this version; early data as "
          + "such goes")
    }
    if let names = tls.names, names.client != [.http3] || !names.server.contains(.http3) {
      fail(
        given, [.serverALPN, .clientALPN],
        "over QUIC both ends name h3 (RFC 9114 §3.1, RFC 9001 §8.1)")
    }
    let buffer = client.quic.client.cryptoBuffer
    if !tls.mode.isResumed && tls.certificate.bytes > buffer {
      fail(
        given, [.certificateSize, .cryptoBuffer],
        "a client that keeps \(buffer) bytes of CRYPTO frames ends the handshake with "
          + "CRYPTO_BUFFER_EXCEEDED (0x0d, RFC 9000 §7.5); crypto-buffer says how many it keeps")
    }
  }

  /// What an object has that HTTP/3 has not.
  private mutating func checkObjects(_ client: ClientSettings, _ given: [PlannedSetting]) {
    if client.objects.contains(where: { $0.isPushed }) {
      fail(given, [.objects], "push over HTTP/3 is not modelled yet")
    }
    if client.objects.contains(where: { $0.response.framing == .upgrade }) {
      fail(given, [.objects], "HTTP/3 has no 101 and no upgrade (RFC 9114 §4.5)")
    }
    if client.objects.contains(where: { $0.response.declaredLength != nil }) {
      fail(given, [.objects], "a wrong content-length is told of HTTP/1 only in this version")
    }
    if client.objects.contains(where: { $0.reprioritization != nil }) {
      fail(given, [.objects], "priorities that change are told of HTTP/2 only in this version")
    }
  }

  /// Clients that are to go on from another address, and cannot.
  private mutating func checkMoves(_ client: ClientSettings, _ given: [PlannedSetting]) {
    let moves = client.quic.movesAt != nil
    if moves && client.quic.forbidsMoves {
      fail(
        given, [.migrateAt],
        "the server forbids it with forbid-migration on (disable_active_migration, RFC 9000 §18.2)")
    }
    for name in [ScenarioOptionName.migrateRTT, .migrateRate]
    where !moves && given.contains(where: { $0.name == name }) {
      fail(given, [name], "the client stays where it is; migrate-at 2s lets it move")
    }
  }

  /// Wishes for acknowledgements that the other end does not let itself be asked.
  private mutating func checkAnswers(_ client: ClientSettings, _ given: [PlannedSetting]) {
    for side in [Side.client, .server] {
      guard let asked = client.quic[side].asksForAnswers else { continue }
      guard let least = client.quic[side.peer].leastDelay, client.quic[side].leastDelay != nil
      else {
        return fail(
          given, [.ackFrequency],
          "both ends must say that they know it, as with min-ack-delay 1ms "
            + "(draft-ietf-quic-ack-frequency §3)")
      }
      if asked.delay < least {
        fail(
          given, [.ackFrequency],
          "the other end can be asked for \(Quantity.text(least)) or more (min-ack-delay)")
      }
    }
    for side in [Side.client, .server] {
      guard let least = client.quic[side].leastDelay, least > client.quic[side].mostDelay else {
        continue
      }
      fail(given, [.minAckDelay], "at most ack-delay (draft-ietf-quic-ack-frequency §3)")
    }
  }

  /// What is said of QUIC where it is not spoken.
  mutating func checkNoQUIC(_ client: ClientSettings, _ given: [PlannedSetting]) {
    let spoken = WordChoice.application.word(for: client.application)
    refuseUnused(given, "only http3 has QUIC below it; this client's protocol is \(spoken)") {
      $0.isAboutQUIC
    }
    if client.tls?.names?.agreed == .http3 {
      fail(
        given, [.serverALPN, .clientALPN],
        "h3 is spoken over QUIC only, as with protocol http3 (RFC 9114 §3.1)")
    }
  }

  /// Bytes of the largest packet that a client's connections begin with.
  func packetBytes(_ client: ClientSettings) -> UInt64 {
    let headers: UInt64 = client.application == .http3 ? 28 : 40  // of IPv4 and UDP, or TCP
    guard client.application == .http3, !client.quic.server.carriesSegments else {
      return UInt64(client.transport.maximumSegmentSize) + 40
    }
    return UInt64(max(client.quic.client.datagramSize, client.quic.server.datagramSize)) + headers
  }

  /// The words for the handshakes that QUIC can carry.
  private static var quicHandshakes: [String] {
    WordChoice.tls.words.filter {
      if case .mode(let mode) = $0.value { mode.isVersion13 && mode != .tooEarly13 } else { false }
    }.map(\.word)
  }
}
