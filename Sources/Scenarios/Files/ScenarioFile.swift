import NetSim

/// A scenario file, read with what it includes.
public struct ScenarioFile: Sendable {
  /// The builder that the file fills; the command line's options come after it.
  public private(set) var builder = ScenarioBuilder()
  /// What the file says of itself under `about`, if anything.
  public private(set) var about: String?
  /// Everything that is wrong, in the order of the file; what an included file has wrong stands
  /// where it is included.
  public private(set) var problems: [OptionError] = []

  /// Reads the file at `path`; a name without an ending that is no file is one of `presets`, the
  /// folder of scenario files that can be named.
  public init(path: String, presets: String?) {
    var reader = ScenarioFileReader(presets: presets)
    let found = reader.presetPath(path) ?? path
    reader.read(found, from: nil)
    builder = ScenarioBuilder(reader.plan)
    about = reader.about
    problems = reader.problems
    if problems.isEmpty { problems = builder.problems }
  }

  /// Reads a scenario from text that stands in another file, such as a lesson; errors count lines
  /// from `file`'s first.
  package init(node: YAMLNode, presets: String?) {
    var reader = ScenarioFileReader(presets: presets)
    reader.readTop(node)
    builder = ScenarioBuilder(reader.plan)
    about = reader.about
    problems = reader.problems
    if problems.isEmpty { problems = builder.problems }
  }

  /// The scenario. Throws the first of `problems`.
  public func scenario() throws(OptionError) -> Scenario {
    if let problem = problems.first { throw problem }
    return try builder.build()
  }
}
