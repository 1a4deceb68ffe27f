import NetSim

/// Everything in force in a scenario of one client, as options that make the same scenario again.
public struct ScenarioDescription: Equatable, Sendable {
  /// An option with its value.
  public struct Entry: Equatable, Sendable {
    /// The option; its `ScenarioOption.filePath` is where a scenario file has it.
    public let name: ScenarioOptionName
    /// The option's name.
    public var key: String { name.rawValue }
    /// The value as the option takes it.
    public let value: String
  }

  /// The options of one section.
  public struct Section: Equatable, Sendable {
    /// Which section.
    public let section: ScenarioSection
    /// Its options, in their order.
    public let entries: [Entry]
  }

  /// The sections, in their order.
  public let sections: [Section]

  /// All options with their values, as `ScenarioBuilder` takes them.
  public var options: [(name: String, value: String)] {
    sections.flatMap(\.entries).map { ($0.key, $0.value) }
  }

  /// Describes the scenario's first client, its path's first link each way and its transport.
  public init(_ scenario: Scenario) {
    let client = scenario.clients[0]
    let path = scenario.paths[client.path]
    let up = scenario.links[path.up[0]]
    let down = scenario.links[path.down[0]]
    sections = [
      Section(
        section: .top,
        entries: [
          Entry(name: .profile, value: WordChoice.profile.word(for: scenario.profile)),
          Entry(name: .seed, value: String(scenario.seed)),
        ]),
      Section(section: .link, entries: ScenarioDescription.link(up: up, down: down)),
      Section(section: .transport, entries: ScenarioDescription.transport(client.transport)),
      Section(
        section: .tls, entries: [Entry(name: .tls, value: WordChoice.tls.word(for: .none))]),
      Section(section: .http, entries: ScenarioDescription.http(client)),
      Section(section: .workload, entries: ScenarioDescription.workload(client)),
      Section(section: .server, entries: [ScenarioDescription.server(client)]),
    ]
  }

  private static func link(up: LinkSettings, down: LinkSettings) -> [Entry] {
    let drops = DropList(up: up.drops, down: down.drops)
    return ways(
      [.rate, .rateUp, .rateDown], Quantity.text(up.rate), Quantity.text(down.rate))
      + roundTrip(up: up.delay, down: down.delay)
      + ways([.queue, .queueUp, .queueDown], Quantity.text(up.queue), Quantity.text(down.queue))
      + ways([.loss, .lossUp, .lossDown], Quantity.text(up.loss), Quantity.text(down.loss))
      + [Entry(name: .drop, value: drops.text)]
  }

  /// One entry where both ways are the same, else one for each; `names` has both, up and down.
  private static func ways(_ names: [ScenarioOptionName], _ up: String, _ down: String) -> [Entry] {
    if up == down { return [Entry(name: names[0], value: up)] }
    return [Entry(name: names[1], value: up), Entry(name: names[2], value: down)]
  }

  private static func roundTrip(up: SimDuration, down: SimDuration) -> [Entry] {
    let sum = up + down
    if PathDelay.share(of: sum, link: 0) == up {
      return [Entry(name: .rtt, value: Quantity.text(sum))]
    }
    return [
      Entry(name: .rttUp, value: Quantity.text(up * 2)),
      Entry(name: .rttDown, value: Quantity.text(down * 2)),
    ]
  }

  private static func transport(_ transport: TransportSettings) -> [Entry] {
    [
      Entry(name: .congestion, value: WordChoice.congestion.word(for: transport.congestion)),
      Entry(name: .initialWindow, value: String(transport.initialWindow)),
      Entry(name: .mss, value: String(transport.maximumSegmentSize)),
      Entry(name: .ackDelay, value: Quantity.text(transport.acknowledgements.delay)),
      Entry(name: .minRTO, value: Quantity.text(transport.minimumRTO)),
      Entry(name: .receiveWindow, value: Quantity.text(transport.receiveWindow)),
    ]
  }

  private static func http(_ client: ClientSettings) -> [Entry] {
    [
      Entry(name: .protocol, value: WordChoice.application.word(for: client.application)),
      Entry(name: .connections, value: String(client.connections)),
      Entry(name: .keepAlive, value: WordChoice.keepAlive.word(for: client.keepAlive)),
    ]
  }

  private static func workload(_ client: ClientSettings) -> [Entry] {
    let request = client.requestBytes.map(Quantity.text) ?? ScenarioSetting.automatic
    return [
      Entry(name: .objects, value: ObjectList.text(client.objects)),
      Entry(name: .request, value: request),
      Entry(name: .start, value: WordChoice.start.word(for: client.start)),
    ]
  }

  private static func server(_ client: ClientSettings) -> Entry {
    let times = client.serverTimes.isEmpty ? [.zero] : client.serverTimes
    return Entry(name: .serverTime, value: times.map(Quantity.text).joined(separator: ","))
  }
}
