import NetSim

/// Reads the options of a scenario file where they stand: at its top, in a named link, in a named
/// client.
struct SettingsReader {
  /// Where it reads.
  enum Scope {
    case top
    case link
    case client

    /// The sections that may stand there.
    var sections: [ScenarioSection] {
      switch self {
      case .top: [.link, .transport, .tls, .http, .quic, .workload, .server, .client]
      case .link: []
      case .client: [.transport, .tls, .http, .quic, .workload, .server, .client]
      }
    }

    /// Whether options stand there outside of any section.
    var takesTopOptions: Bool { self == .top }
  }

  private let scope: Scope
  /// Keys that stand there, too, and that somebody else reads.
  private let others: [String]
  private(set) var settings: [PlannedSetting] = []
  /// The origins of the objects, where a list of objects was read.
  private(set) var objectOrigins: [Int: ScenarioPlan.Name]?
  private var problems: [OptionError] = []

  init(scope: Scope, others: [String]) {
    self.scope = scope
    self.others = others
  }

  /// What was found wrong since this was last asked.
  mutating func takeProblems() -> [OptionError] {
    defer { problems = [] }
    return problems
  }

  /// Reads a section, or an option outside of one.
  mutating func read(_ entry: YAMLNode.Entry) {
    let isSection = scope.sections.contains { $0.rawValue == entry.key }
    if isSection, let section = ScenarioSection(rawValue: entry.key) {
      if entry.value.entries == nil, let option = option(named: entry.key, in: section, way: nil) {
        set(option.name, entry, .both)  // `tls: 1.3` says the same as `tls: {tls: 1.3}`
      } else {
        readGroup(entry, of: section)
      }
    } else if scope.takesTopOptions, let option = option(named: entry.key, in: .top, way: nil) {
      set(option.name, entry, .both)
    } else {
      let sections = scope.sections.map(\.rawValue)
      let options = scope.takesTopOptions ? keys(of: .top, way: nil) : []
      unknown(entry, among: sections + options + others)
    }
  }

  /// Reads the options under a section's key.
  mutating func readGroup(
    _ entry: YAMLNode.Entry, of section: ScenarioSection, way: String? = nil
  ) {
    guard let entries = entry.value.entries else {
      fail(
        entry.value.place,
        "\(entry.key): a group of keys is wanted, such as \(keys(of: section, way: way)[0]); "
          + "this is \(entry.value.kind)")
      return
    }
    let ends: ScenarioSetting.Ends =
      section == .server ? .server : section == .client ? .client : .both
    for item in entries {
      if section == .link, way == nil, item.key == "up" || item.key == "down" {
        readGroup(item, of: .link, way: item.key)
      } else if section == .workload && item.key == ScenarioOptionName.objects.rawValue
        && item.value.items != nil
      {
        readObjects(item)
      } else if section == .http && item.key == ScenarioOptionName.inject.rawValue
        && item.value.items != nil
      {
        readInjections(item)
      } else if let option = option(named: item.key, in: section, way: way) {
        set(option.name, item, option.isPerEnd ? ends : .both)
      } else {
        unknown(item, among: keys(of: section, way: way))
      }
    }
  }

  // MARK: Options

  private func option(
    named key: String, in section: ScenarioSection, way: String?
  ) -> ScenarioOption? {
    ScenarioOption.all.first { $0.filePath == SettingsReader.path(section, way, key) }
      // Each end may have a transport of its own, and speak HTTP/2 in its own way.
      ?? (section == .server || section == .client
        ? ScenarioOption.all.first { $0.isPerEnd && $0.filePath.last == key } : nil)
  }

  private static func path(_ section: ScenarioSection, _ way: String?, _ key: String) -> [String] {
    (section == .top ? [] : [section.rawValue]) + (way.map { [$0] } ?? []) + [key]
  }

  /// The keys that a section has.
  private func keys(of section: ScenarioSection, way: String?) -> [String] {
    let prefix = SettingsReader.path(section, way, "").dropLast()
    var keys = ScenarioOption.all.filter {
      $0.filePath.count == prefix.count + 1 && $0.filePath.starts(with: prefix)
    }.compactMap(\.filePath.last)
    if section == .link && way == nil { keys += ["up", "down"] }
    if section == .server || section == .client {
      keys += ScenarioOption.all.filter(\.isPerEnd).compactMap(\.filePath.last)
    }
    return keys
  }

  private mutating func set(
    _ name: ScenarioOptionName, _ entry: YAMLNode.Entry, _ ends: ScenarioSetting.Ends
  ) {
    let items = entry.value.items ?? [entry.value]
    let texts = items.compactMap(\.text)
    let lists: [ScenarioOptionName] = [
      .objects, .drop, .serverTime, .outage, .outageUp, .outageDown, .rateSteps, .rateStepsUp,
      .rateStepsDown, .clientALPN, .serverALPN, .pmtudProbes, .rebindAt,
    ]
    let takesList = lists.contains(name)
    guard texts.count == items.count, !texts.contains(""), texts.count == 1 || takesList,
      !texts.isEmpty
    else {
      let wanted = takesList ? "a value or a list of them" : "one value"
      fail(entry.value.place, "\(entry.key): \(wanted) is wanted; this is \(entry.value.kind)")
      return
    }
    let text = texts.joined(separator: ",")
    do throws(QuantityError) {
      let setting = try ScenarioSetting(name, text)
      if name == .objects { objectOrigins = [:] }
      add(name, setting, ends, entry, text)
    } catch {
      fail(entry.value.place, "\(entry.key) \(Wording.excerpt(text)): \(error.reason)")
    }
  }

  private mutating func add(
    _ name: ScenarioOptionName, _ setting: ScenarioSetting, _ ends: ScenarioSetting.Ends,
    _ entry: YAMLNode.Entry, _ text: String
  ) {
    settings.append(
      PlannedSetting(
        name: name, setting: setting, ends: ends,
        subject: "\(entry.key) \(Wording.excerpt(text))", place: entry.value.place))
  }

  private mutating func readObjects(_ entry: YAMLNode.Entry) {
    var reader = ObjectReader()
    reader.read(entry)
    problems += reader.problems
    objectOrigins = reader.origins
    if !reader.objects.isEmpty {
      let count = reader.objects.count
      add(.objects, .objects(reader.objects), .both, entry, count == 1 ? "of 1" : "of \(count)")
    }
  }

  private mutating func readInjections(_ entry: YAMLNode.Entry) {
    var reader = InjectionReader()
    reader.read(entry)
    problems += reader.problems
    if !reader.injections.isEmpty {
      let count = reader.injections.count
      add(
        .inject, .injections(reader.injections), .both, entry, count == 1 ? "of 1" : "of \(count)")
    }
  }

  // MARK: Problems

  private mutating func fail(_ place: SourcePlace, _ message: String) {
    problems.append(OptionError(at: place, message: message))
  }

  private mutating func unknown(_ entry: YAMLNode.Entry, among keys: [String]) {
    let key = Wording.excerpt(entry.key)
    if let home = ScenarioOption.all.first(where: {
      $0.filePath.last == entry.key && $0.filePath.count > 1
    }) {
      let path = home.filePath.dropLast().joined(separator: ", then ")
      fail(entry.keyPlace, "\(key): it belongs under \(path)")
      return
    }
    if ScenarioSection(rawValue: entry.key) != nil {
      fail(entry.keyPlace, "\(key): it belongs at the top of the file")
      return
    }
    let near = Wording.nearest(entry.key, among: keys)
    let hint = near.map { "did you mean \($0)?" } ?? "there are \(Wording.list(keys))"
    fail(entry.keyPlace, "\(key): no such key here; \(hint)")
  }
}
