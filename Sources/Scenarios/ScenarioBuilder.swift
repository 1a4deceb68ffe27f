import NetSim

/// Makes a scenario of options, in the order in which they are given: a file's first, then those
/// of the command line.
///
/// The profile, wherever it is given, comes before everything else. A later value replaces an
/// earlier one; drops add up.
public struct ScenarioBuilder: Sendable {
  var plan = ScenarioPlan()

  /// A builder of the default scenario.
  public init() {}

  /// A builder of the scenario with these options.
  public init(_ options: [(name: String, value: String)]) throws(OptionError) {
    for option in options { try set(option.name, option.value) }
  }

  init(_ plan: ScenarioPlan) { self.plan = plan }

  /// Gives an option, by its name without `--`, to every link and client. A list of packets to lose is,
  /// of several links, for the one that has one in the file.
  ///
  /// Throws where the name or the value is wrong, and where it would not say which of several links is
  /// meant, because none has it or more than one.
  public mutating func set(_ name: String, _ value: String) throws(OptionError) {
    guard let option = ScenarioOption.named(name) else { throw ScenarioBuilder.unknown(name) }
    let subject = "--\(name) \(Wording.excerpt(value))"
    let isForLink = option.section == .link && !plan.links.isEmpty
    let links = isForLink ? links(with: option.name) : []
    if isForLink && links.count != 1 {
      throw OptionError(
        message: "\(subject): the scenario has several links "
          + "(\(Wording.list(plan.links.map(\.name.text)))); change them in its file")
    }
    let given = try planned(option, value, subject)
    if let link = links.first {
      plan.links[link].settings.append(given)
    } else {
      add(given, of: option.section)
    }
  }

  /// The places of the links that an option can be for: the only one, or those that have such a list.
  private func links(with name: ScenarioOptionName) -> [Int] {
    if plan.links.count == 1 { return [0] }
    guard name == .drop else { return [] }
    return plan.links.indices.filter { index in
      plan.links[index].settings.contains { $0.name == name }
    }
  }

  /// Gives an option the value that holds where neither a file nor an option says otherwise.
  public mutating func setDefault(_ name: String, _ value: String) throws(OptionError) {
    guard let option = ScenarioOption.named(name) else { throw ScenarioBuilder.unknown(name) }
    let given = try planned(option, value, "--\(name) \(Wording.excerpt(value))")
    plan.defaults.insert(given, at: 0)
  }

  /// Says that the same options go to several protocols, so that what one of them has no use for is
  /// not refused.
  public mutating func compareProtocols() { plan.isCompared = true }

  private func planned(
    _ option: ScenarioOption, _ value: String, _ subject: String
  ) throws(OptionError) -> PlannedSetting {
    do throws(QuantityError) {
      return PlannedSetting(
        name: option.name, setting: try ScenarioSetting(option.name, value), subject: subject)
    } catch {
      throw OptionError(message: "\(subject): \(error.reason)")
    }
  }

  /// What a file gives to one client gives way to the command line, too.
  private mutating func add(_ given: PlannedSetting, of section: ScenarioSection) {
    if given.name == .objects {
      plan.objectOrigins = [:]
      for index in plan.clients.indices { plan.clients[index].objectOrigins = [:] }
    }
    if section != .link && section != .top && !plan.clients.isEmpty {
      for index in plan.clients.indices { plan.clients[index].settings.append(given) }
    } else {
      plan.defaults.append(given)
    }
  }

  /// The scenario. Throws the first of `problems`.
  public func build() throws(OptionError) -> Scenario {
    let assembly = ScenarioAssembly(plan)
    if let problem = assembly.problems.first { throw problem }
    return assembly.scenario
  }

  /// What does not go together, in the order of the file.
  public var problems: [OptionError] { ScenarioAssembly(plan).problems }

  /// What links, paths and clients are called.
  public var names: ScenarioNames { plan.names }

  private static func unknown(_ name: String) -> OptionError {
    let names = ScenarioOptionName.allCases.map(\.rawValue)
    let hint = Wording.nearest(name, among: names).map { "; did you mean --\($0)?" } ?? ""
    return OptionError(message: "--\(Wording.excerpt(name)): no such option\(hint)")
  }
}
