/// Why a text is no script, and where.
public struct PacketdrillError: Error, Equatable, CustomStringConvertible {
  /// The script's name, as it was given.
  public let file: String
  /// The place of the fault.
  public let position: ScriptPosition
  /// What is wrong, and what would be right where that is known.
  public let message: String

  /// An error at a place of a script.
  public init(file: String, position: ScriptPosition, message: String) {
    self.file = file
    self.position = position
    self.message = message
  }

  /// The fault's line, from 1.
  public var line: Int { position.line }
  /// The fault's column, from 1, in characters.
  public var column: Int { position.column }
  /// `file:line:column: message`.
  public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// A place in a script's text.
public struct ScriptPosition: Equatable, Sendable {
  /// The line, from 1.
  public var line: Int
  /// The column, from 1, in characters.
  public var column: Int

  /// A place by its line and column.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}
