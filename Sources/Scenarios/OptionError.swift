/// What is wrong with an option, in one line: what was given, what is wrong, what would be right.
public struct OptionError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The line, such as `--rtt 50: a duration needs a unit, such as 50ms`.
  public let message: String

  /// An error with its line.
  public init(message: String) { self.message = message }

  /// The line.
  public var description: String { message }
}
