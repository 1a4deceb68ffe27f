import NetSim

/// What a script's text is made of.
struct ScriptToken: Equatable {
  /// The kinds of token, with what they say.
  enum Kind: Equatable {
    /// `--name=value`, without the dashes.
    case option(String)
    /// A whole number, decimal or hexadecimal.
    case integer(Int64)
    /// A number with a point, in billionths, so that times are exact.
    case decimal(Int64)
    /// Letters, digits and underscores; an IPv4 address, too.
    case word(String)
    /// Text between quotation marks.
    case string(String)
    /// Text between backticks.
    case command(String)
    /// Text between `%{` and `}%`.
    case code(String)
    /// Three points.
    case ellipsis
    /// Any other character.
    case symbol(Character)
    /// The end of the script.
    case end
  }

  var kind: Kind
  var position: ScriptPosition

  /// The token as a message names it.
  var name: String {
    switch kind {
    case .option(let text): "--\(text)"
    case .integer(let value): "\(value)"
    case .decimal(let billionths): TimeText.seconds(SimDuration(nanoseconds: billionths))
    case .word(let text): "‘\(text)’"
    case .string(let text): "\"\(text)\""
    case .command: "a command in backticks"
    case .code: "a %{ … }% block"
    case .ellipsis: "‘...’"
    case .symbol(let symbol): "‘\(symbol)’"
    case .end: "the end of the script"
    }
  }
}
