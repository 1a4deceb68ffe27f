import NetSim

/// Makes a scenario of options, in the order in which they are given: a file's first, then those
/// of the command line.
///
/// The profile, wherever it is given, comes before everything else. A later value replaces an
/// earlier one; drops add up.
public struct ScenarioBuilder: Sendable {
  private var given: [Given] = []

  /// A setting with the text that it came from, for errors.
  private struct Given {
    let name: ScenarioOptionName
    let setting: ScenarioSetting
    let subject: String
  }

  /// A builder of the default scenario.
  public init() {}

  /// A builder of the scenario with these options.
  public init(_ options: [(name: String, value: String)]) throws(OptionError) {
    for option in options { try set(option.name, option.value) }
  }

  /// Gives an option, by its name without `--`.
  ///
  /// `place` is what errors call it, `--name` without one: a scenario file has lines and sections.
  public mutating func set(
    _ name: String, _ value: String, at place: String? = nil
  ) throws(OptionError) {
    guard let option = ScenarioOptionName(rawValue: name) else {
      throw ScenarioBuilder.unknown(name, at: place)
    }
    let subject = "\(place ?? "--" + name) \(Wording.excerpt(value))"
    do throws(QuantityError) {
      let setting = try ScenarioSetting(option, value)
      given.append(Given(name: option, setting: setting, subject: subject))
    } catch {
      throw OptionError(message: "\(subject): \(error.reason)")
    }
  }

  /// Whether an option was given.
  public func has(_ name: ScenarioOptionName) -> Bool { given.contains { $0.name == name } }

  /// The scenario.
  public func build() throws(OptionError) -> Scenario {
    var profile = Profile.linux
    for case .profile(let choice) in given.map(\.setting) { profile = choice }
    var scenario = Scenario.standard(profile)
    for option in given { option.setting.apply(to: &scenario) }
    applyProtocolDefaults(to: &scenario.clients[0])
    try checkObjects(scenario)
    try checkQueues(scenario)
    return scenario
  }

  /// What depends on the protocol and was not given.
  private func applyProtocolDefaults(to client: inout ClientSettings) {
    if !has(.keepAlive) { client.keepAlive = client.application != .http10 }
    if !has(.connections) && client.application == .raw {
      client.connections = min(client.objects.count, 10_000)
    }
  }

  /// A download without a head and without a body would never come to an end.
  private func checkObjects(_ scenario: Scenario) throws(OptionError) {
    let client = scenario.clients[0]
    if client.application == .raw && client.objects.contains(.zero) {
      throw conflict([.objects], "an object over tcp has at least one byte")
    }
  }

  /// A queue that has no room for a full packet would lose all of them.
  private func checkQueues(_ scenario: Scenario) throws(OptionError) {
    let headers = 40  // of IPv4 and TCP, without options
    let packet = UInt64(scenario.clients[0].transport.maximumSegmentSize) + UInt64(headers)
    let names: [[ScenarioOptionName]] = [[.queue, .queueUp], [.queue, .queueDown]]
    for (link, names) in zip(scenario.links, names) {
      if case .bytes(let bytes) = link.queue, bytes < packet {
        throw conflict(
          names, "a queue must hold at least one packet, here of \(packet) bytes")
      }
    }
  }

  /// An error about the last of the options that were given.
  private func conflict(_ names: [ScenarioOptionName], _ reason: String) -> OptionError {
    let subject = given.last { names.contains($0.name) }?.subject ?? "--" + names[0].rawValue
    return OptionError(message: "\(subject): \(reason)")
  }

  private static func unknown(_ name: String, at place: String?) -> OptionError {
    let names = ScenarioOptionName.allCases.map(\.rawValue)
    let subject = place ?? "--" + Wording.excerpt(name)
    let prefix = place == nil ? "--" : ""
    let hint = Wording.nearest(name, among: names).map { "; did you mean \(prefix)\($0)?" } ?? ""
    return OptionError(message: "\(subject): no such option\(hint)")
  }
}
