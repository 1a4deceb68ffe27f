/// Why an option, or what a scenario file says, cannot be used.
public struct OptionError: Error, Equatable, Sendable {
  /// Where it stands, in a scenario file; nil on the command line.
  public let place: SourcePlace?
  /// What was given and why it cannot be used, in one line.
  public let message: String

  /// An error with its message.
  public init(at place: SourcePlace? = nil, message: String) {
    self.place = place
    self.message = message
  }

  /// The message, after its place where it has one: `home.yaml:4:9: rate 10: a rate needs a unit`.
  public var text: String { place.map { "\($0): " + message } ?? message }
}

/// A place in a file that somebody wrote.
public struct SourcePlace: Equatable, Sendable, CustomStringConvertible {
  /// The file's path as it was given.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column in characters, from 1.
  public let column: Int

  /// A place by its line and column, both from 1.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `FILE:LINE:COLUMN`, as compilers print it.
  public var description: String { "\(file):\(line):\(column)" }
}
