import NetSim

/// Turns the keys of a scenario file into a plan, and notes everything that is wrong on the way.
struct ScenarioFileReader {
  /// The keys at the top of a file beside its sections and options.
  private enum TopKey: String, CaseIterable {
    case about
    case include
    case links
    case paths
    case clients
  }

  /// How many files may include each other in a row.
  private static let deepestInclude = 16

  private let presets: String?
  private(set) var plan = ScenarioPlan()
  private(set) var about: String?
  private(set) var problems: [OptionError] = []
  /// The files that are being read, the outermost first.
  private var open: [String] = []

  init(presets: String?) { self.presets = presets }

  // MARK: Files

  /// The path of a file that is meant by its name alone, where there is one.
  func presetPath(_ name: String) -> String? {
    guard let presets, !name.contains("/"), !name.contains("."), !name.isEmpty else { return nil }
    let path = presets + "/" + name + ".yaml"
    return !TextFile.exists(name) && TextFile.exists(path) ? path : nil
  }

  /// Reads the file at `path`, which `include` names in another if that is not nil.
  mutating func read(_ path: String, from include: YAMLNode?) {
    let whole = TextFile.canonical(path)
    if let first = open.firstIndex(where: { TextFile.canonical($0) == whole }) {
      let loop = (open[first...] + [path]).joined(separator: " includes ")
      fail(include, "files that include each other in a loop: \(loop)")
      return
    }
    if open.count == Self.deepestInclude {
      fail(include, "more than \(Self.deepestInclude) files include each other in a row")
      return
    }
    let bytes: [UInt8]
    do throws(TextFile.Failure) {
      bytes = try TextFile.read(path)
    } catch {
      let hint = error.isMissing ? presetHint(path) : ""
      fail(include, "\(Wording.excerpt(path)): \(error.reason)\(hint)")
      return
    }
    open.append(path)
    let (root, found) = YAMLParser.parse(bytes, file: path)
    let before = problems.count
    problems += found
    if let root { readTop(root) }
    open.removeLast()
    if let include, problems.count > before { nameIncluder(include.place, of: before) }
  }

  /// Says with the first mistake of an included file where it is included.
  private mutating func nameIncluder(_ place: SourcePlace, of first: Int) {
    let problem = problems[first]
    problems[first] = OptionError(
      at: problem.place, message: problem.message + "  (included at \(place))")
  }

  /// What can be named instead of a file that is not there.
  private func presetHint(_ path: String) -> String {
    guard let presets, !path.contains("/"), !path.contains("."),
      let files = TextFile.names(in: presets)
    else {
      return ""
    }
    let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
    if names.isEmpty { return "" }
    if let near = Wording.nearest(path, among: names) { return "; did you mean \(near)?" }
    return "; files that can be named are \(Wording.list(names))"
  }

  private mutating func include(_ node: YAMLNode) {
    for item in node.items ?? [node] {
      guard let name = item.text, !name.isEmpty else {
        fail(item, "include: a file's name is wanted, or a list of them; this is \(item.kind)")
        continue
      }
      let folder = open.last?.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      let base = folder.map { $0.isEmpty ? "" : $0.joined(separator: "/") + "/" } ?? ""
      let isAbsolute = name.hasPrefix("/")
      let isName = !name.contains("/") && !name.contains(".")
      let preset = isName ? presets.map { $0 + "/" + name + ".yaml" } : nil
      if let preset, TextFile.exists(preset) {
        read(preset, from: item)
      } else if isName {
        fail(item, "include \(name): no such file\(presetHint(name))")
      } else {
        let plain = name.hasPrefix("./") ? String(name.dropFirst(2)) : name
        guard !plain.isEmpty else {
          fail(item, "include \(name): a file is wanted; this is a folder")
          continue
        }
        read(isAbsolute ? name : base + plain, from: item)
      }
    }
  }

  private mutating func fail(_ node: YAMLNode?, _ message: String) {
    fail(node?.place, message)
  }

  private mutating func fail(_ place: SourcePlace?, _ message: String) {
    problems.append(OptionError(at: place, message: message))
  }

  // MARK: The top

  /// Reads everything that a file says.
  mutating func readTop(_ root: YAMLNode) {
    guard let entries = root.entries else {
      if root.text != "" { fail(root, "a scenario is a group of keys; this is \(root.kind)") }
      return
    }
    // What is included gives way to what stands in the file, wherever it is included.
    for entry in entries where entry.key == TopKey.include.rawValue { include(entry.value) }
    var options = SettingsReader(scope: .top, others: TopKey.allCases.map(\.rawValue))
    for entry in entries {
      if let key = TopKey(rawValue: entry.key) {
        problems += options.takeProblems()
        readTop(key, entry)
      } else {
        options.read(entry)
      }
    }
    problems += options.takeProblems()
    plan.defaults += options.settings
    plan.objectOrigins = options.objectOrigins ?? plan.objectOrigins
  }

  private mutating func readTop(_ key: TopKey, _ entry: YAMLNode.Entry) {
    switch key {
    case .include: break
    case .about:
      about = entry.value.text
      if about == nil { fail(entry.value, "about: text is wanted; this is \(entry.value.kind)") }
    case .links:
      for part in parts(entry) {
        plan.links.removeAll { $0.name.text == part.key }
        plan.links.append(readLink(part))
      }
    case .paths:
      for part in parts(entry) {
        plan.paths.removeAll { $0.name.text == part.key }
        plan.paths.append(readPath(part))
      }
    case .clients:
      for part in parts(entry) {
        plan.clients.removeAll { $0.name.text == part.key }
        plan.clients += readClients(part)
      }
    }
  }

  private func name(_ entry: YAMLNode.Entry) -> ScenarioPlan.Name {
    ScenarioPlan.Name(text: entry.key, place: entry.keyPlace)
  }

  /// The parts of a scenario that stand by their names.
  private mutating func parts(_ entry: YAMLNode.Entry) -> [YAMLNode.Entry] {
    guard let parts = entry.value.entries, !parts.isEmpty else {
      fail(entry.value, "\(entry.key): each stands under its name; this is \(entry.value.kind)")
      return []
    }
    return parts
  }

  // MARK: Links and paths

  private mutating func readLink(_ entry: YAMLNode.Entry) -> ScenarioPlan.Link {
    var options = SettingsReader(scope: .link, others: [])
    options.readGroup(entry, of: .link)
    problems += options.takeProblems()
    return ScenarioPlan.Link(name: name(entry), settings: options.settings)
  }

  private mutating func readPath(_ entry: YAMLNode.Entry) -> ScenarioPlan.Path {
    var path = ScenarioPlan.Path(name: name(entry))
    guard let ways = entry.value.entries else {
      path.up = linkNames(entry.value, entry.key)
      return path
    }
    for way in ways {
      switch way.key {
      case "up": path.up = linkNames(way.value, way.key)
      case "down": path.down = linkNames(way.value, way.key)
      default: fail(way.keyPlace, "\(Wording.excerpt(way.key)): a path has up and down")
      }
    }
    if path.up.isEmpty && ways.allSatisfy({ $0.key != "up" }) {
      fail(entry.keyPlace, "\(entry.key): a path leads up over at least one link")
    }
    return path
  }

  /// The names of the links of a path, of which there is at least one.
  private mutating func linkNames(_ node: YAMLNode, _ key: String) -> [ScenarioPlan.Name] {
    let items = node.items ?? [node]
    let names = items.compactMap { item in
      item.text.flatMap { $0.isEmpty ? nil : ScenarioPlan.Name(text: $0, place: item.place) }
    }
    if names.isEmpty || names.count < items.count {
      fail(node, "\(key): the names of the links that it leads over are wanted, as in [home, core]")
    }
    return names
  }

  // MARK: Clients

  /// The keys of a client beside its sections.
  private enum ClientKey: String, CaseIterable {
    case path
    case origins
    case startAt = "start-at"
    case count
  }

  /// A client, or as many alike as its `count` says.
  private mutating func readClients(_ entry: YAMLNode.Entry) -> [ScenarioPlan.Client] {
    var client = ScenarioPlan.Client(name: name(entry))
    guard let entries = entry.value.entries else {
      fail(entry.value, "\(entry.key): a client is a group of keys; this is \(entry.value.kind)")
      return []
    }
    var count = 1
    var options = SettingsReader(scope: .client, others: ClientKey.allCases.map(\.rawValue))
    for item in entries {
      guard let key = ClientKey(rawValue: item.key) else {
        options.read(item)
        continue
      }
      problems += options.takeProblems()
      switch key {
      case .path: client.path = reference(item)
      case .startAt:
        client.startsAt = value(item, Quantity.duration) ?? .zero
      case .count:
        count =
          value(item) { (text) throws(QuantityError) in
            Int(try Quantity.count(text, of: "the number of clients", in: 1...100_000))
          } ?? 1
      case .origins: client.origins = parts(item).map { readOrigin($0) }
      }
    }
    problems += options.takeProblems()
    client.settings = options.settings
    client.objectOrigins = options.objectOrigins ?? [:]
    if count == 1 { return [client] }
    return (1...count).map { number in
      var one = client
      one.name = ScenarioPlan.Name(text: "\(entry.key)-\(number)", place: entry.keyPlace)
      return one
    }
  }

  private mutating func readOrigin(_ entry: YAMLNode.Entry) -> ScenarioPlan.Origin {
    var origin = ScenarioPlan.Origin(name: name(entry))
    guard let entries = entry.value.entries else {
      fail(entry.value, "\(entry.key): an origin has a path, as in {path: far}")
      return origin
    }
    for item in entries {
      if item.key == ClientKey.path.rawValue {
        origin.path = reference(item)
      } else {
        fail(item.keyPlace, "\(Wording.excerpt(item.key)): an origin has a path and nothing else")
      }
    }
    return origin
  }

  private mutating func reference(_ entry: YAMLNode.Entry) -> ScenarioPlan.Name? {
    guard let text = entry.value.text, !text.isEmpty else {
      fail(entry.value, "\(entry.key): a name is wanted; this is \(entry.value.kind)")
      return nil
    }
    return ScenarioPlan.Name(text: text, place: entry.value.place)
  }

  private mutating func value<Value>(
    _ entry: YAMLNode.Entry, _ read: (String) throws(QuantityError) -> Value
  ) -> Value? {
    guard let text = entry.value.text, !text.isEmpty else {
      fail(entry.value, "\(entry.key): one value is wanted; this is \(entry.value.kind)")
      return nil
    }
    do throws(QuantityError) {
      return try read(text)
    } catch {
      fail(entry.value, "\(entry.key) \(Wording.excerpt(text)): \(error.reason)")
      return nil
    }
  }
}
