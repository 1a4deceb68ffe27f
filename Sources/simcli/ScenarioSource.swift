import NetSim
import Scenarios

/// The scenario that a command line asks for: a file, or the name of one, and options after it.
struct ScenarioSource {
  private(set) var scenario: Scenario
  let names: ScenarioNames
  /// What the file says of itself.
  let about: String?

  /// How many of a file's mistakes are printed where it was to be run.
  private static let mostProblems = 4

  /// A scenario file that was read without mistakes, or none.
  struct File {
    fileprivate let builder: ScenarioBuilder
    fileprivate let about: String?
  }

  /// Reads the file, if one is named, and applies the options.
  init(
    file: String?, options: [(name: String, value: String)]
  ) throws(Failure) {
    try self.init(Self.read(file), options: options)
  }

  /// Applies options to what a file says; `defaults` hold where neither says otherwise. Where the same is
  /// compared over several protocols, each may have no use for some of it.
  init(
    _ file: File, defaults: [(name: String, value: String)] = [],
    options: [(name: String, value: String)], isCompared: Bool = false
  ) throws(Failure) {
    var builder = file.builder
    if isCompared { builder.compareProtocols() }
    do {
      for option in defaults { try builder.setDefault(option.name, option.value) }
      for option in options { try builder.set(option.name, option.value) }
      scenario = try builder.build()
    } catch {
      throw Failure(status: error.place == nil ? .usage : .input, message: error.text)
    }
    names = builder.names
    about = file.about
  }

  /// The same with another seed.
  func with(seed: UInt64) -> ScenarioSource {
    var source = self
    source.scenario.seed = seed
    return source
  }

  /// Reads the file, if one is named.
  static func read(_ file: String?) throws(Failure) -> File {
    guard let file else { return File(builder: ScenarioBuilder(), about: nil) }
    let source = ScenarioFile(path: file, presets: ProjectFolder.path("Scenarios"))
    if !source.problems.isEmpty { throw failure(source.problems, file) }
    return File(builder: source.builder, about: source.about)
  }

  /// The first of a file's mistakes, and how to see the others.
  private static func failure(_ problems: [OptionError], _ file: String) -> Failure {
    var lines = problems.prefix(mostProblems).map(\.text)
    let left = problems.count - lines.count
    if left > 0 { lines.append("and \(left) more; simcli scenario check \(file) lists them all") }
    return Failure(status: .input, message: lines.joined(separator: "\n"))
  }
}
