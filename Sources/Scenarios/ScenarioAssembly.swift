import NetSim

/// Makes the scenario of a plan, and finds what does not go together.
struct ScenarioAssembly {
  let plan: ScenarioPlan
  private(set) var scenario: Scenario
  private(set) var problems: [OptionError] = []

  init(_ plan: ScenarioPlan) {
    self.plan = plan
    var profile = Profile.linux
    for case .profile(let choice) in plan.defaults.map(\.setting) { profile = choice }
    var defaults = ScenarioParts(profile)
    defaults.apply(plan.defaults)
    scenario = Scenario(
      profile: profile, seed: defaults.seed, links: [], paths: [], clients: [],
      timeLimit: defaults.timeLimit)
    addLinks(defaults)
    addPaths()
    let clients =
      plan.clients.isEmpty
      ? [ScenarioPlan.Client(name: ScenarioPlan.Name(text: "client"))] : plan.clients
    for client in clients { add(client, defaults) }
  }

  // MARK: Parts

  private mutating func addLinks(_ defaults: ScenarioParts) {
    let links =
      plan.links.isEmpty
      ? [ScenarioPlan.Link(name: ScenarioPlan.Name(text: "link"))] : plan.links
    for link in links {
      var parts = defaults
      parts.apply(link.settings)
      scenario.links += [parts.up, parts.down]
    }
  }

  private mutating func addPaths() {
    if plan.links.isEmpty && plan.paths.isEmpty {
      scenario.paths = [PathSettings(up: [0], down: [1])]
      return
    }
    for path in plan.allPaths {
      let up = path.up.compactMap { index(ofLink: $0) }
      let down = (path.down ?? path.up.reversed()).compactMap { index(ofLink: $0) }
      scenario.paths.append(PathSettings(up: up.map { $0 * 2 }, down: down.map { $0 * 2 + 1 }))
    }
  }

  private mutating func index(ofLink name: ScenarioPlan.Name) -> Int? {
    find(name, "link", among: plan.links.map(\.name.text))
  }

  private mutating func add(_ client: ScenarioPlan.Client, _ defaults: ScenarioParts) {
    var parts = defaults
    parts.apply(client.settings)
    let given = plan.defaults + client.settings
    let needsTLS = parts.client.application == .http2 || parts.client.application == .http3
    if needsTLS && !given.contains(where: { $0.name == .tls }) { parts.tls = .mode(.full13) }
    var settings = parts.client
    settings.tls = parts.tlsSettings
    settings.startsAt = .zero + client.startsAt
    settings.origins =
      client.origins.isEmpty
      ? [path(client.path, of: client.name)]
      : client.origins.map { path($0.path ?? client.path, of: $0.name) }
    setOrigins(of: &settings, client)
    applyProtocolDefaults(to: &settings, given)
    settleStreams(of: &settings, given)
    addProxies(to: &settings, parts)
    addPathAfterMoving(to: &settings, parts)
    checkNames(settings, parts, given)
    check(settings, given)
    scenario.clients.append(settings)
  }

  /// The index of a path by its name; where none is named, of the only one.
  private mutating func path(
    _ name: ScenarioPlan.Name?, of owner: ScenarioPlan.Name
  ) -> Int {
    let names = plan.allPaths.map(\.name.text)
    if let name { return find(name, "path", among: plan.paths.map(\.name.text)) ?? 0 }
    if scenario.paths.count > 1 {
      note(
        OptionError(
          at: owner.place,
          message: "\(owner.text): a path is wanted, one of \(Wording.list(names))"))
    }
    return 0
  }

  private mutating func setOrigins(
    of settings: inout ClientSettings, _ client: ScenarioPlan.Client
  ) {
    let ownObjects = client.settings.contains { $0.name == .objects }
    let origins = ownObjects ? client.objectOrigins : plan.objectOrigins
    for (place, name) in origins.sorted(by: { $0.key < $1.key }) {
      let index = find(name, "origin", among: client.origins.map(\.name.text))
      settings.objects[place].origin = index ?? 0
    }
  }

  private mutating func find(
    _ name: ScenarioPlan.Name, _ kind: String, among names: [String]
  ) -> Int? {
    if let index = names.firstIndex(of: name.text) { return index }
    let hint = Wording.nearest(name.text, among: names).map { "; did you mean \($0)?" } ?? ""
    let known = hint.isEmpty && !names.isEmpty ? "; there is \(Wording.list(names))" : hint
    note(
      OptionError(
        at: name.place, message: "\(Wording.excerpt(name.text)): no \(kind) of that name\(known)"))
    return nil
  }

  /// Gives each proxy of a client a way to what lies behind it: links of its own, without losses.
  private mutating func addProxies(to client: inout ClientSettings, _ parts: ScenarioParts) {
    for kind in parts.proxies {
      let roundTrip = parts.proxyRoundTrip ?? parts.up.delay + parts.down.delay
      var (up, down) = (parts.up.unimpaired, parts.down.unimpaired)
      (up.delay, down.delay) = (PathDelay.up(of: roundTrip), PathDelay.down(of: roundTrip))
      scenario.links += [up, down]
      let first = scenario.links.count - 2
      scenario.paths.append(PathSettings(up: [first], down: [first + 1]))
      client.proxies.append(
        ProxySettings(
          kind, path: scenario.paths.count - 1, connections: client.connections,
          persistence: client.persistence))
    }
  }

  /// Gives a client that moves to where its path is another a way from there: links of its own, without
  /// losses.
  private mutating func addPathAfterMoving(
    to client: inout ClientSettings, _ parts: ScenarioParts
  ) {
    guard client.application == .http3, client.quic.movesAt != nil,
      parts.roundTripAfterMoving != nil || parts.rateAfterMoving != nil
    else { return }
    let roundTrip = parts.roundTripAfterMoving ?? parts.up.delay + parts.down.delay
    var (up, down) = (parts.up.unimpaired, parts.down.unimpaired)
    (up.delay, down.delay) = (PathDelay.up(of: roundTrip), PathDelay.down(of: roundTrip))
    if let rate = parts.rateAfterMoving { (up.rate, down.rate) = (rate, rate) }
    scenario.links += [up, down]
    let first = scenario.links.count - 2
    scenario.paths.append(PathSettings(up: [first], down: [first + 1]))
    client.pathAfterMoving = scenario.paths.count - 1
  }

  // MARK: What depends on each other

  /// What depends on the protocol and was not given.
  private func applyProtocolDefaults(to client: inout ClientSettings, _ given: [PlannedSetting]) {
    if !given.contains(where: { $0.name == .keepAlive }) {
      client.keepAlive = client.application != .http10
    }
    if client.application == .raw { client.writesHeadAlone = false }
    if !given.contains(where: { $0.name == .connections }) && client.application == .raw {
      client.connections = min(client.objects.count, 10_000)
    }
  }

  private mutating func check(_ client: ClientSettings, _ given: [PlannedSetting]) {
    var client = client
    if client.application != .http3 && client.spoken != .http3 {
      client.application = client.spoken
    }
    checkProxies(client, given)
    if client.application == .http2 {
      checkStreams(client, given)
    } else if client.application == .http3 {
      checkQUIC(client, given)
    } else if client.tls?.names == nil {
      checkNoStreams(client, given)
    }
    if client.application != .http3 { checkNoQUIC(client, given) }
    checkPriorities(client, given)
    // A download without a head and without a body would never come to an end.
    if client.application == .raw && client.objects.contains(where: { $0.bytes == .zero }) {
      fail(given, [.objects], "an object over tcp has at least one byte")
    }
    if client.application == .raw && client.objects.contains(where: { !$0.target.isEmpty }) {
      fail(
        given, [.objects], "only requests over HTTP have a target; this client's protocol is tcp")
    }
    if client.application == .http11Pipelined && !client.keepAlive {
      fail(given, [.keepAlive], "requests are pipelined on connections that are kept")
    }
    checkPool(client, given)
    checkRequests(client, given)
    let early = client.tls?.early ?? EarlyDataPolicy()
    let isEarly = client.tls?.mode.sendsEarlyData ?? false
    let earlyNames: [ScenarioOptionName] = [.earlyData, .replayEarly, .antiReplay]
    if !isEarly && (early != EarlyDataPolicy() || given.contains { earlyNames.contains($0.name) }) {
      fail(given, earlyNames, "only tls 1.3-0rtt and 1.3-0rtt-425 send early data")
    }
    if client.tls == nil && given.contains(where: { $0.name == .certificateSize }) {
      fail(given, [.certificateSize], "a certificate needs TLS, as with tls 1.3")
    }
    if client.tls == nil && given.contains(where: { $0.name == .tlsTime }) {
      fail(given, [.tlsTime], "without TLS there is no handshake to compute, as with tls 1.3")
    }
    if client.serverTimes.count > 1 && client.serverTimes.count != client.objects.count {
      fail(
        given, [.serverTime],
        "one time for all requests or one for each is wanted, of which there "
          + (client.objects.count == 1 ? "is 1" : "are \(client.objects.count)"))
    }
    checkQueues(client, given)
  }

  /// Lists of protocols with which no connection would come about.
  private mutating func checkNames(
    _ client: ClientSettings, _ parts: ScenarioParts, _ given: [PlannedSetting]
  ) {
    let options: [ScenarioOptionName] = [.serverALPN, .clientALPN]
    if client.tls?.names?.isRefused ?? false {
      fail(
        given, options,
        "nothing that both ends know: the server ends the handshake with the alert "
          + "no_application_protocol (120, RFC 7301 §3.2)")
    }
    let own = ApplicationNames(for: client.application).client
    if client.tls?.names.map({ $0.client.isEmpty && !$0.server.isEmpty }) ?? false,
      let first = own.first, let names = client.tls?.names, !names.server.contains(first)
    {
      fail(
        given, options,
        "the client knows beforehand that the server speaks \(first.text), which it does not")
    }
    if client.tls == nil, let names = parts.serverNames, client.application == .http2,
      !names.contains(.http2)
    {
      fail(
        given, options,
        "without TLS the client takes HTTP/2 for known; this server would answer its preface with "
          + "400 and close")
    } else if client.tls == nil && (parts.clientNames != nil || parts.serverNames != nil) {
      fail(given, options, "protocols are named in TLS, as with tls 1.3 (RFC 7301)")
    }
  }

  /// What HTTP/2 does not do, or not yet.
  private mutating func checkStreams(_ client: ClientSettings, _ given: [PlannedSetting]) {
    if [client.http2.client, client.http2.server].contains(where: {
      $0.connectionWindow < HTTP2EndPolicy.initialWindow
    }) {
      fail(
        given, [.connectionWindow],
        "a connection's window lies between 65535, which it begins with, and 2147483647 bytes "
          + "(RFC 9113 §6.9.2)")
    }
    if client.proxies.contains(where: { $0.kind != .correct }) {
      fail(given, [.proxy], "of the proxies only correct ones know HTTP/2")
    }
    if !client.keepAlive {
      fail(given, [.keepAlive], "a connection of HTTP/2 serves all requests (RFC 9113 §9.1)")
    }
    if client.pool.validation != nil || client.pool.heartbeat != nil {
      fail(
        given, [.poolValidate, .heartbeat],
        "over HTTP/2 that is a PING, as with ping 30s:10s")
    }
    if client.pool.openedAhead > 0 {
      fail(given, [.poolWarm], "with HTTP/2 connections are opened with their first stream")
    }
    if client.tls?.mode == .tooEarly13 || client.tls?.early.replayAfter != nil {
      fail(
        given, [.tls, .replayEarly],
        "425 and replays are told of HTTP/1 only in this version; early data as such goes")
    }
  }

  /// What says something of an order where nobody hears it.
  private mutating func checkPriorities(_ client: ClientSettings, _ given: [PlannedSetting]) {
    if client.application == .http3 {
      if client.objects.contains(where: { $0.priority.usesTree }) {
        fail(
          given, [.objects],
          "weight, depends-on and exclusive are HTTP/2's; HTTP/3 has urgency (RFC 9218)")
      }
    } else if client.application != .http2 {
      let word = WordChoice.application.word(for: client.application)
      if client.objects.contains(where: {
        $0.priority != ObjectPriority() || $0.reprioritization != nil
      }) {
        fail(
          given, [.objects],
          "priorities are those of streams, in HTTP/2 and HTTP/3; this client's protocol is \(word)"
        )
      }
    } else if client.http2.client.scheduler != .tree
      && client.objects.contains(where: {
        $0.priority.usesTree || $0.reprioritization?.priority.usesTree ?? false
      })
    {
      fail(
        given, [.objects],
        "weight, depends-on and exclusive are said with scheduler tree only (RFC 7540 §5.3)")
    }
  }

  /// What is said of HTTP/2 where it is not spoken.
  private mutating func checkNoStreams(_ client: ClientSettings, _ given: [PlannedSetting]) {
    let spoken = WordChoice.application.word(for: client.application)
    let reason = "streams and their windows; this client's protocol is \(spoken)"
    refuseUnused(given, "only http2 and http3 have " + reason) { $0.isAboutBothStreams }
    refuseUnused(given, "only http2 has " + reason) {
      $0.isAboutStreams && !$0.isAboutBothStreams
    }
  }

  /// Notes what was given for nothing. A comparison says it once for all its protocols, and a file for
  /// the one that a command line replaces.
  mutating func refuseUnused(
    _ given: [PlannedSetting], _ reason: String, where isUnused: (ScenarioOptionName) -> Bool
  ) {
    if plan.isCompared { return }
    let chosen = given.last { $0.name == .protocol }
    let isReplaced = chosen != nil && chosen?.place == nil
    let unused = given.last { isUnused($0.name) && !(isReplaced && $0.place != nil) }
    if let unused { note(unused.error(reason)) }
  }

  private mutating func checkProxies(_ client: ClientSettings, _ given: [PlannedSetting]) {
    if client.application == .raw && !client.proxies.isEmpty {
      fail(given, [.proxy], "proxies pass on requests over HTTP; this client's protocol is tcp")
    }
    let first = client.proxies.first?.kind
    if client.tls != nil && (first == .blind || first == .stripping) {
      fail(given, [.proxy], "a relay has no certificate, and cannot read what TLS protects")
    }
    if client.proxies.isEmpty {
      for name in [ScenarioOptionName.proxyRTT, .proxyConnection]
      where given.contains(where: { $0.name == name }) {
        fail(given, [name], "there is no proxy, as with --proxy correct")
      }
    }
  }

  /// What a pool cannot do with such connections.
  private mutating func checkPool(_ client: ClientSettings, _ given: [PlannedSetting]) {
    let pool = client.pool
    let probes = [ScenarioOptionName.poolValidate, .heartbeat]
    let isProbed = pool.validation != nil || pool.heartbeat != nil
    if !client.keepAlive || client.application == .raw {
      let kept: [ScenarioOptionName] = [
        .poolLifetime, .poolOrder, .poolWatch, .poolWarm, .poolValidate, .heartbeat,
      ]
      let reason =
        client.application == .raw
        ? "over tcp each download has a connection of its own; a pool needs HTTP"
        : "with keep-alive off no connection waits in a pool"
      if PoolText.changes(pool).contains(where: { kept.contains($0.name) }) {
        fail(given, kept, reason)
      }
    } else if isProbed && client.application == .http10 {
      fail(given, probes, "OPTIONS is a method of HTTP/1.1; this client speaks http1.0")
    }
    if client.application == .http11Pipelined
      && (pool.queueLimit != nil || pool.longestWait != nil)
    {
      fail(
        given, [.poolQueue, .poolWait],
        "pipelined requests wait on their connection, and not for one")
    }
    if pool.openedAhead > client.connections {
      fail(
        given, [.poolWarm],
        "at most as many as there may be connections, which are \(client.connections)")
    }
  }

  /// What says the same thing twice of requests, or of what has no head.
  private mutating func checkRequests(_ client: ClientSettings, _ given: [PlannedSetting]) {
    if client.arrivals != nil && given.contains(where: { $0.name == .start }) {
      fail(given, [.arrivals], "either arrivals or start says when objects are asked for")
    }
    let names = [ScenarioOptionName.headers, .cookie]
    guard client.fields != .curl || client.cookieBytes != .zero else { return }
    if client.application == .raw {
      fail(given, names, "only requests over HTTP have fields; this client's protocol is tcp")
    } else if client.requestBytes != nil {
      fail(given, names, "the size of requests is given, so that their fields are not counted")
    }
  }

  /// A queue that has no room for a full packet would lose all of them.
  private mutating func checkQueues(_ client: ClientSettings, _ given: [PlannedSetting]) {
    let packet = packetBytes(client)
    let used = Set(client.origins.flatMap { scenario.paths[$0].up + scenario.paths[$0].down })
    for index in used.sorted() {
      guard case .bytes(let bytes) = scenario.links[index].queue, bytes < packet else { continue }
      let own = plan.links.isEmpty ? [] : plan.links[index / 2].settings
      fail(
        given + own, index % 2 == 0 ? [.queue, .queueUp] : [.queue, .queueDown],
        "a queue must hold at least one packet, here of \(packet) bytes")
    }
  }

  /// Notes a problem with the last of the options that were given.
  mutating func fail(
    _ given: [PlannedSetting], _ names: [ScenarioOptionName], _ reason: String
  ) {
    let error =
      given.last { names.contains($0.name) }?.error(reason)
      ?? OptionError(message: "--\(names[0].rawValue): \(reason)")
    note(error)
  }

  /// Notes a problem once, however many parts it concerns.
  private mutating func note(_ problem: OptionError) {
    if !problems.contains(problem) { problems.append(problem) }
  }
}
