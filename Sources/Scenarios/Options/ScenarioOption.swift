/// One option of a scenario: what help, completions and scenario files need to know of it.
public struct ScenarioOption: Sendable {
  /// Its name, on the command line after `--`.
  public let name: ScenarioOptionName
  /// Where it stands in a scenario file.
  public let section: ScenarioSection
  /// What stands for its value in help, such as `RATE`.
  public let placeholder: String
  /// What it does, in a few words.
  public let meaning: String
  /// What holds without it, for help.
  public let defaultText: String
  /// The words it takes, if it takes words.
  public let words: [String]
  /// Whether it may be given more than once, each time adding to what was given.
  public let isRepeatable: Bool
  /// Whether this version models it; others are known and refused.
  public let isModelled: Bool

  /// The option of that name, without `--`.
  public static func named(_ name: String) -> ScenarioOption? {
    ScenarioOptionName(rawValue: name).map { self.init(for: $0) }
  }

  /// The option of that name.
  public init(for name: ScenarioOptionName) { self = ScenarioOption.byName[name]! }

  /// Whether each end of a connection may have its own, in the sections `client` and `server`.
  var isPerEnd: Bool {
    switch section {
    case .transport: true
    case .http: name.isAboutStreams && name != .inject
    case .quic:
      ![
        .streamAware, .retry, .addressToken, .versionNegotiation, .altSvc, .raceTCP, .migrateAt,
        .migrateRTT, .migrateRate, .forbidMigration,
      ].contains(name)
    case .top, .link, .tls, .workload, .server, .client: false
    }
  }

  /// Where the option stands in a scenario file, from the top: `["link", "up", "rate"]`.
  public var filePath: [String] {
    switch section {
    case .top: return [name.rawValue]
    case .link:
      switch name.way {
      case .both: return [section.rawValue, name.rawValue]
      case .up: return [section.rawValue, "up", name.stem]
      case .down: return [section.rawValue, "down", name.stem]
      }
    case .transport, .tls, .http, .quic, .workload, .server, .client:
      return [section.rawValue, name.keyOfEnd ?? name.rawValue]
    }
  }

  init(
    _ name: ScenarioOptionName, _ section: ScenarioSection, _ placeholder: String,
    _ meaning: String, default defaultText: String, words: [String] = [], repeatable: Bool = false,
    modelled: Bool = true
  ) {
    self.name = name
    self.section = section
    self.placeholder = placeholder
    self.meaning = meaning
    self.defaultText = defaultText
    self.words = words
    isRepeatable = repeatable
    isModelled = modelled
  }
}

/// The sections of a scenario file, in their order.
public enum ScenarioSection: String, CaseIterable, Sendable {
  /// Outside of any section.
  case top = ""
  /// The path between the hosts.
  case link
  /// TCP.
  case transport
  /// TLS.
  case tls
  /// HTTP.
  case http
  /// QUIC.
  case quic
  /// What is asked for, and when.
  case workload
  /// The server.
  case server
  /// The client.
  case client
}
