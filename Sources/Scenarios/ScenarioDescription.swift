import NetSim

/// Everything in force in a scenario, by the keys of a scenario file: written as one it makes the
/// same scenario again.
///
/// The scenario's links stand in pairs, up before down, as a `ScenarioBuilder` makes them.
public struct ScenarioDescription: Equatable, Sendable {
  /// The whole description.
  public let root: DescriptionNode

  /// The description as a scenario file.
  public var yaml: String { YAMLWriter.text(root) }

  /// Describes `scenario`, with names for its parts where it has several.
  public init(_ scenario: Scenario, names: ScenarioNames? = nil) {
    precondition(scenario.links.count % 2 == 0, "links that do not stand in pairs")
    let writer = DescriptionWriter(
      scenario: scenario, names: names ?? ScenarioNames(numbering: scenario))
    root = .group(writer.isPlain ? writer.plain : writer.named)
  }

  /// The word for a client's TLS, as `--tls` takes it.
  public static func tls(_ settings: TLSSettings?) -> String {
    WordChoice.tls.word(for: settings.map { .mode($0.mode) } ?? .none)
  }
}

/// Finds the words for a scenario.
private struct DescriptionWriter {
  typealias Entry = DescriptionNode.Entry

  let scenario: Scenario
  let names: ScenarioNames

  /// Whether one link, one path and one client need no names.
  var isPlain: Bool {
    ownLinks == 2 && scenario.clients.count == 1 && ownPaths == 1 && scenario.paths[0].up == [0]
      && scenario.paths[0].down == [1]
      && scenario.clients[0].origins.count == 1 && scenario.clients[0].startsAt == .zero
  }

  /// How many paths and links lead to servers or first proxies; those behind proxies, and those from
  /// where clients move to, come after them.
  private var ownPaths: Int { addedPaths.min() ?? scenario.paths.count }

  private var ownLinks: Int {
    addedPaths.flatMap { scenario.paths[$0].up }.min() ?? scenario.links.count
  }

  private var addedPaths: [Int] {
    scenario.clients.flatMap(\.proxies).map(\.path)
      + scenario.clients.compactMap(\.pathAfterMoving)
  }

  var plain: [Entry] {
    top + [Entry("link", .group(link(0)))] + client(scenario.clients[0], origins: [])
  }

  var named: [Entry] {
    let links = names.links.prefix(ownLinks / 2).enumerated().map { Entry($1, .group(link($0))) }
    let paths = names.paths.prefix(ownPaths).enumerated().map {
      Entry($1, path(scenario.paths[$0]))
    }
    let clients = names.clients.enumerated().map { index, name in
      Entry(name, .group(namedClient(index)))
    }
    return top + [
      Entry("links", .group(links)), Entry("paths", .group(paths)),
      Entry("clients", .group(clients)),
    ]
  }

  private var top: [Entry] {
    [
      option(.profile, WordChoice.profile.word(for: scenario.profile)),
      option(.seed, String(scenario.seed)),
      option(.timeLimit, Quantity.text(scenario.timeLimit)),
    ]
  }

  private func option(_ name: ScenarioOptionName, _ value: String) -> Entry {
    Entry(ScenarioOption(for: name).filePath.last ?? name.rawValue, .text(value))
  }

  // MARK: Links and paths

  private func link(_ index: Int) -> [Entry] {
    let (up, down) = (scenario.links[index * 2], scenario.links[index * 2 + 1])
    var both: [Entry] = []
    var ways: (up: [Entry], down: [Entry]) = ([], [])
    func put(_ key: String, _ upText: String, _ downText: String) {
      if upText == downText {
        both.append(Entry(key, .text(upText)))
      } else {
        ways.up.append(Entry(key, .text(upText)))
        ways.down.append(Entry(key, .text(downText)))
      }
    }
    put("rate", Quantity.text(up.rate), Quantity.text(down.rate))
    let roundTrip = up.delay + down.delay
    if PathDelay.up(of: roundTrip) == up.delay {
      both.append(option(.rtt, Quantity.text(roundTrip)))
    } else {
      put("rtt", Quantity.text(up.delay * 2), Quantity.text(down.delay * 2))
    }
    put("queue", Quantity.text(up.queue), Quantity.text(down.queue))
    put("loss", LinkText.losses(up), LinkText.losses(down))
    both.append(option(.drop, DropList(up: up.drops, down: down.drops).text))
    let standard = Self.impairments(LinkSettings(rate: up.rate, delay: up.delay))
    let (upward, downward) = (Self.impairments(up), Self.impairments(down))
    for (index, (name, text)) in standard.enumerated()
    where upward[index].text != text || downward[index].text != text {
      put(name.rawValue, upward[index].text, downward[index].text)
    }
    return both + DescriptionNode.section("up", ways.up)
      + DescriptionNode.section("down", ways.down)
  }

  /// What most links do not have: it is written only where one of the two directions has it.
  private static func impairments(
    _ link: LinkSettings
  ) -> [(name: ScenarioOptionName, text: String)] {
    [
      (.aqm, DisciplineText.text(link.discipline)),
      (.ecn, WordChoice.switchWords.word(for: link.marksECN)),
      (.jitter, Quantity.text(link.jitter)),
      (.reorder, LinkText.text(link.reordering)),
      (.duplicate, Quantity.text(link.duplication)),
      (.natTimeout, LinkText.text(link.stateLimit)),
      (.natUDPTimeout, LinkText.text(link.datagramStateLimit)),
      (.rebindAt, LinkText.text(link.rebindings)),
      (.blockUDP, WordChoice.switchWords.word(for: link.blocksDatagrams)),
      (.outage, LinkText.text(link.outages)),
      (.rateSteps, LinkText.text(link.rateSteps)),
    ]
  }

  private func path(_ path: PathSettings) -> DescriptionNode {
    let up = path.up.map { DescriptionNode.text(names.links[$0 / 2]) }
    let down = path.down.map { DescriptionNode.text(names.links[$0 / 2]) }
    if down == up.reversed() { return .list(up) }
    return .group([Entry("up", .list(up)), Entry("down", .list(down))])
  }

  // MARK: Clients

  private func namedClient(_ index: Int) -> [Entry] {
    let client = scenario.clients[index]
    let origins = names.origins[index]
    var entries: [Entry] = []
    if origins.isEmpty {
      entries.append(Entry("path", .text(names.paths[client.origins[0]])))
    } else {
      let group = origins.enumerated().map { place, name in
        Entry(name, .group([Entry("path", .text(names.paths[client.origins[place]]))]))
      }
      entries.append(Entry("origins", .group(group)))
    }
    entries.append(Entry("start-at", .text(Quantity.text(client.startsAt - .zero))))
    return entries + self.client(client, origins: origins)
  }

  private func client(_ client: ClientSettings, origins: [String]) -> [Entry] {
    let (own, server) = (client.transport, client.serverTransport ?? client.transport)
    let isQUIC = client.application == .http3
    let mine = isQUIC ? transport(own, client.quic.client) : transport(own)
    let theirs = isQUIC ? transport(server, client.quic.server) : transport(server)
    let shared = mine.filter { theirs.contains($0) }
    let times = client.serverTimes.isEmpty ? [.zero] : client.serverTimes
    let serverTime = option(
      .serverTime, times.map(Quantity.text).joined(separator: ","))
    return DescriptionNode.section("transport", shared)
      + tls(client.tls)
      + DescriptionNode.section("http", http(client))
      + DescriptionNode.section("quic", quic(client))
      + DescriptionNode.section("workload", workload(client, origins: origins))
      + DescriptionNode.section(
        "server",
        streams(client, .server) + quic(client, .server) + names(client, .server)
          + theirs.filter { !mine.contains($0) } + [
            serverTime
          ])
      + DescriptionNode.section(
        "client",
        streams(client, .client) + quic(client, .client) + names(client, .client)
          + mine.filter { !theirs.contains($0) })
  }

  private func tls(_ settings: TLSSettings?) -> [Entry] {
    let word = ScenarioDescription.tls(settings)
    guard let settings else { return [option(.tls, word)] }
    return DescriptionNode.section(
      "tls",
      [
        option(.tls, word),
        option(.certificateSize, Quantity.text(settings.certificate)),
      ]
        + (settings.serverTime == .zero
          ? [] : [option(.tlsTime, Quantity.text(settings.serverTime))])
        + early(settings.early))
  }

  /// What is done with early data beyond the usual.
  private func early(_ policy: EarlyDataPolicy) -> [Entry] {
    var entries: [Entry] = []
    if policy.sendsAnything {
      entries.append(option(.earlyData, WordChoice.earlyData.word(for: true)))
    }
    if let delay = policy.replayAfter {
      entries.append(option(.replayEarly, Quantity.text(delay)))
    }
    if policy.refusesReplays {
      entries.append(option(.antiReplay, WordChoice.switchWords.word(for: true)))
    }
    return entries
  }

  private func transport(_ transport: TransportSettings) -> [Entry] {
    func onOff(_ isOn: Bool) -> String { WordChoice.switchWords.word(for: isOn) }
    return [
      option(.congestion, WordChoice.congestion.word(for: transport.congestion)),
      option(.initialWindow, String(transport.initialWindow)),
      option(.mss, String(transport.maximumSegmentSize)),
      option(.ackDelay, Quantity.text(transport.acknowledgements.delay)),
      option(.minRTO, Quantity.text(transport.minimumRTO)),
      option(.receiveWindow, Quantity.text(transport.receiveWindow)),
      option(
        .receiveBuffer,
        Quantity.text(min(transport.receivePolicy.initialBuffer, transport.receiveWindow))),
      option(.pacing, onOff(transport.usesPacing)),
      option(.slowStartAfterIdle, onOff(transport.slowStartAfterIdle)),
      option(.timestamps, onOff(transport.timestamps)),
      option(.sack, onOff(transport.selectiveAcknowledgements)),
      option(.tcpECN, onOff(transport.congestionNotification == .asks)),
      option(.tcpKeepalive, transport.keepalive.map { Quantity.text($0.idle) } ?? onOff(false)),
      option(.fastOpen, onOff(transport.fastOpen)),
    ]
  }

  /// What of the transport is QUIC's, too.
  private func transport(_ transport: TransportSettings, _ end: QUICEndPolicy) -> [Entry] {
    let onOff = WordChoice.switchWords.word
    let size = option(.mss, String(transport.maximumSegmentSize))
    return [
      option(.congestion, WordChoice.congestion.word(for: transport.congestion)),
      option(.initialWindow, String(transport.initialWindow)),
    ] + (end.carriesSegments ? [size] : []) + [
      option(.ackDelay, Quantity.text(end.mostDelay)),
      option(.pacing, onOff(end.burst > 0)),
      option(.tcpECN, onOff(transport.congestionNotification == .asks)),
    ]
  }

  private func http(_ client: ClientSettings) -> [Entry] {
    let head = [
      option(.protocol, WordChoice.application.word(for: client.application)),
      option(.connections, String(client.connections)),
    ]
    // Over QUIC connections are kept, and by limits of its own.
    if client.application == .http3 { return head + limits(client) + pool(client) }
    return head + [
      option(.keepAlive, WordChoice.switchWords.word(for: client.keepAlive)),
      option(
        .keepAliveTimeout,
        client.persistence.serverIdleLimit.map(Quantity.text) ?? Quantity.unlimited),
      option(
        .keepAliveMax, client.persistence.mostRequests.map { String($0) } ?? Quantity.unlimited),
      option(
        .poolIdle, client.persistence.clientIdleLimit.map(Quantity.text) ?? Quantity.unlimited),
      option(.responseHead, WordChoice.responseHead.word(for: client.writesHeadAlone)),
    ] + limits(client) + proxies(client) + pool(client) + injections(client)
  }

  /// How long servers keep a connection at all, and clients wait, where there is such a limit.
  private func limits(_ client: ClientSettings) -> [Entry] {
    var entries: [Entry] = []
    if let lifetime = client.persistence.serverLifetime {
      entries.append(option(.connectionLifetime, Quantity.text(lifetime)))
    }
    if let limit = client.requestTimeout {
      entries.append(option(.requestTimeout, Quantity.text(limit)))
    }
    return entries
  }

  private func injections(_ client: ClientSettings) -> [Entry] {
    let frames = client.http2.injections.map(InjectionText.description)
    return frames.isEmpty
      ? [] : [Entry(ScenarioOptionName.inject.rawValue, .list(frames))]
  }

  /// What an end does of HTTP/2, where it is spoken and the end is not the profile's.
  private func streams(_ client: ClientSettings, _ side: Side) -> [Entry] {
    guard client.application == .http2 else { return [] }
    let standard = HTTP2Policy.standard(scenario.profile)[side]
    return StreamText.description(client.http2[side], standard: standard, side).map {
      option($0.name, $0.text)
    }
  }

  /// What is QUIC's alone, of the connection and of both ends.
  private func quic(_ client: ClientSettings) -> [Entry] {
    guard client.application == .http3 else { return [] }
    let theirs = QUICText.end(client.quic.server)
    let shared = QUICText.end(client.quic.client).filter { own in
      theirs.contains { $0 == own }
    }
    let all = QUICText.whole(client.quic) + QUICText.moves(client, in: scenario) + shared
    return all.map { option($0.name, $0.text) }
  }

  /// What an end of QUIC connections has for itself.
  private func quic(_ client: ClientSettings, _ side: Side) -> [Entry] {
    guard client.application == .http3 else { return [] }
    let (own, other) = (client.quic[side], client.quic[side.peer])
    let others = QUICText.end(other)
    let different = QUICText.end(own).filter { entry in !others.contains { $0 == entry } }
    // Clients limit streams that servers open, of which there are none.
    let usual = QUICPolicy.standard(scenario.profile)[side].mostStreams
    let limit: [(name: ScenarioOptionName, text: String)] =
      side == .client && own.mostStreams == usual
      ? [] : [(.maxConcurrentStreams, QUICText.streamLimit(own))]
    return (QUICText.streams(own) + limit + different).map { option($0.name, $0.text) }
  }

  /// What an end calls the protocols that it would speak, where that is not what everybody does.
  private func names(_ client: ClientSettings, _ side: Side) -> [Entry] {
    let usual = ApplicationNames(for: client.application)
    guard let names = client.tls?.names else { return [] }
    switch side {
    case .client:
      return names.client == usual.client
        ? [] : [option(.clientALPN, NameText.text(names.client))]
    case .server:
      return names.server == usual.server
        ? [] : [option(.serverALPN, NameText.text(names.server))]
    }
  }

  /// The proxies, where there are any.
  private func proxies(_ client: ClientSettings) -> [Entry] {
    guard let first = client.proxies.first else { return [] }
    let path = scenario.paths[first.path]
    let roundTrip = scenario.links[path.up[0]].delay + scenario.links[path.down[0]].delay
    return [
      option(.proxy, ProxyText.text(client.proxies.map(\.kind))),
      option(.proxyRTT, Quantity.text(roundTrip)),
      option(.proxyConnection, WordChoice.switchWords.word(for: client.sendsProxyConnection)),
    ]
  }

  /// What most clients do not have: it is written only where one has it.
  private func pool(_ client: ClientSettings) -> [Entry] {
    var entries = PoolText.changes(client.pool).map { option($0.name, $0.text) }
    if client.fields != .curl {
      entries.append(option(.headers, WordChoice.fields.word(for: client.fields)))
    }
    if client.cookieBytes != .zero {
      entries.append(option(.cookie, Quantity.text(client.cookieBytes)))
    }
    return entries
  }

  private func workload(_ client: ClientSettings, origins: [String]) -> [Entry] {
    let isPlain = client.objects.allSatisfy { $0 == ObjectSettings($0.bytes) }
    let objects: DescriptionNode =
      isPlain
      ? .text(ObjectList.text(client.objects.map(\.bytes)))
      : .list(client.objects.map { object($0, origins: origins) })
    return [
      Entry("objects", objects),
      option(.request, client.requestBytes.map(Quantity.text) ?? ScenarioSetting.automatic),
      client.arrivals.map { option(.arrivals, ArrivalText.text($0)) }
        ?? option(.start, WordChoice.start.word(for: client.start)),
      option(
        .readRate, client.readRate.map { Quantity.text($0) + "/s" } ?? Quantity.unlimited),
    ]
  }

  private func object(_ object: ObjectSettings, origins: [String]) -> DescriptionNode {
    var entries = [Entry(ObjectKey.size.rawValue, .text(Quantity.text(object.bytes)))]
    func add(_ key: ObjectKey, _ text: String?) {
      if let text { entries.append(Entry(key.rawValue, .text(text))) }
    }
    add(.target, object.target.isEmpty ? nil : String(decoding: object.target, as: UTF8.self))
    add(
      .method, object.method == .get ? nil : WordChoice.method.word(for: object.method).uppercased()
    )
    add(.request, object.request.map(Quantity.text))
    add(.head, object.responseHead.map(Quantity.text))
    add(.serverTime, object.serverTime.map(Quantity.text))
    add(.framing, framing(object.response.framing))
    add(.contentLength, object.response.declaredLength.map(Quantity.text))
    if !object.response.parts.isEmpty {
      let parts = ResponseText.text(object.response.parts).map { DescriptionNode.text($0) }
      entries.append(Entry(ObjectKey.parts.rawValue, .list(parts)))
    }
    add(.hints, object.response.hintsAfter.map(Quantity.text))
    add(.push, object.isPushed ? WordChoice.switchWords.word(for: true) : nil)
    add(.cached, object.isCached ? WordChoice.switchWords.word(for: true) : nil)
    entries += Self.priority(object.priority, unlike: ObjectPriority())
    if let later = object.reprioritization {
      let changes = Self.priority(later.priority, unlike: object.priority)
      entries.append(
        Entry(
          ObjectKey.reprioritize.rawValue,
          .group([Entry(ObjectKey.after.rawValue, .text(Quantity.text(later.after)))] + changes)))
    }
    add(.after, object.after.map(String.init))
    add(.at, ResponseText.text(object.trigger))
    add(.clientTime, object.clientTime == .zero ? nil : Quantity.text(object.clientTime))
    add(.cancel, object.cancelAfter.map(Quantity.text))
    add(.origin, object.origin == 0 ? nil : origins[object.origin])
    return .group(entries)
  }

  /// What of a priority is not as in another.
  private static func priority(
    _ priority: ObjectPriority, unlike other: ObjectPriority
  ) -> [Entry] {
    var entries: [Entry] = []
    func add(_ key: ObjectKey, _ text: String, unless isSame: Bool) {
      if !isSame { entries.append(Entry(key.rawValue, .text(text))) }
    }
    let (field, standard) = (priority.field, other.field)
    add(.urgency, String(field.urgency), unless: field.urgency == standard.urgency)
    add(
      .incremental, WordChoice.switchWords.word(for: field.isIncremental),
      unless: field.isIncremental == standard.isIncremental)
    add(.weight, String(priority.weight), unless: priority.weight == other.weight)
    add(
      .dependsOn, priority.dependsOn.map(String.init) ?? PriorityText.none,
      unless: priority.dependsOn == other.dependsOn)
    add(
      .exclusive, WordChoice.switchWords.word(for: priority.isExclusive),
      unless: priority.isExclusive == other.isExclusive)
    return entries
  }

  private func framing(_ framing: BodyFraming) -> String? {
    framing == .length ? nil : WordChoice.framing.word(for: framing)
  }
}

/// The keys of one object of a workload.
enum ObjectKey: String, CaseIterable {
  /// Bytes of its body.
  case size
  /// The target of its request.
  case target
  /// The method of its request.
  case method
  /// Bytes of its request.
  case request
  /// Bytes of its response's head.
  case head
  /// The server's think time.
  case serverTime = "server-time"
  /// How its body's end is told.
  case framing
  /// What `Content-Length` says where that is wrong.
  case contentLength = "content-length"
  /// The pieces in which the server has its body.
  case parts
  /// How long after the request hints are sent.
  case hints
  /// How urgent its response is, 0 to 7.
  case urgency
  /// Whether parts of its response are of use.
  case incremental
  /// The weight of its stream in the tree of RFC 7540.
  case weight
  /// The number of the object whose stream its stream depends on there, from 0.
  case dependsOn = "depends-on"
  /// Whether it is the only one that depends on that.
  case exclusive
  /// What of these changes later, and when.
  case reprioritize
  /// Whether its server pushes it with the object that it waits for.
  case push
  /// Whether the client has it from an earlier visit.
  case cached
  /// The number of the object that it waits for, from 0.
  case after
  /// What of that object it waits for.
  case at
  /// The client's own time before it asks.
  case clientTime = "client-time"
  /// How long after its request the client gives it up.
  case cancel
  /// Which of the client's origins has it.
  case origin
}
