import NetSim

/// A setting as it was given, with what errors call it.
struct PlannedSetting {
  let name: ScenarioOptionName
  let setting: ScenarioSetting
  var ends = ScenarioSetting.Ends.both
  /// What was given, such as `--rate 10Mbps`, or `rate 10Mbps` in a file.
  let subject: String
  /// Where, in a file.
  var place: SourcePlace?

  /// An error about it.
  func error(_ reason: String) -> OptionError {
    OptionError(at: place, message: "\(subject): \(reason)")
  }
}

/// A scenario as it was written: defaults, then links, paths and clients by name.
struct ScenarioPlan {
  /// A name with its place.
  struct Name {
    let text: String
    var place: SourcePlace?
  }

  /// A link of two directions that differs from the defaults.
  struct Link {
    let name: Name
    var settings: [PlannedSetting] = []
  }

  /// A path over links by their names, the client's end first.
  struct Path {
    let name: Name
    var up: [Name] = []
    /// The links of the way back, the server's end first; nil for those of `up` in reverse.
    var down: [Name]?
  }

  /// Where objects come from.
  struct Origin {
    let name: Name
    var path: Name?
  }

  /// A client that differs from the defaults.
  struct Client {
    var name: Name
    var path: Name?
    var startsAt = SimDuration.zero
    var origins: [Origin] = []
    var settings: [PlannedSetting] = []
    /// The names of the objects' origins, where they have any, by the objects' places.
    var objectOrigins: [Int: Name] = [:]
  }

  /// What holds for every link and client that does not say otherwise.
  var defaults: [PlannedSetting] = []
  var links: [Link] = []
  var paths: [Path] = []
  var clients: [Client] = []
  /// Whether the same is given to several protocols, of which some have no use for all of it.
  var isCompared = false
  /// The origins of the objects of `defaults`.
  var objectOrigins: [Int: Name] = [:]

  /// The names of what it makes.
  var names: ScenarioNames {
    ScenarioNames(
      links: links.isEmpty ? ["link"] : links.map(\.name.text),
      paths: allPaths.map(\.name.text),
      clients: clients.isEmpty ? ["client"] : clients.map(\.name.text),
      origins: clients.isEmpty ? [[]] : clients.map { $0.origins.map(\.name.text) })
  }

  /// The paths; where none is written, one over all links in their order.
  var allPaths: [Path] {
    if !paths.isEmpty { return paths }
    return [Path(name: Name(text: "path"), up: links.map(\.name))]
  }
}

/// What the parts of a scenario are called in its file.
public struct ScenarioNames: Equatable, Sendable {
  /// One for each link of two directions.
  public var links: [String]
  /// One for each path.
  public var paths: [String]
  /// One for each client.
  public var clients: [String]
  /// For each client, one for each origin; empty where it has one that needs no name.
  public var origins: [[String]]

  /// Names, in the order of the scenario's parts.
  public init(links: [String], paths: [String], clients: [String], origins: [[String]]) {
    self.links = links
    self.paths = paths
    self.clients = clients
    self.origins = origins
  }

  /// Numbered names for the parts of `scenario`.
  public init(numbering scenario: Scenario) {
    links = (0..<scenario.links.count / 2).map { "link\($0)" }
    paths = scenario.paths.indices.map { "path\($0)" }
    clients = scenario.clients.indices.map { "client\($0)" }
    origins = scenario.clients.map { client in
      client.origins.count == 1 ? [] : client.origins.indices.map { "origin\($0)" }
    }
  }
}
