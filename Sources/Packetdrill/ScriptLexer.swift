/// Cuts a script's text into tokens.
struct ScriptLexer {
  private let characters: [Character]
  private let file: String
  private var index = 0
  private var position = ScriptPosition(line: 1, column: 1)

  /// Whether the text is that of a code block, where `//` divides and a minus stands by itself.
  private let isCode: Bool

  private init(_ text: String, file: String, isCode: Bool) {
    // A carriage return before a line feed is one character with it in Swift; scripts may have them.
    characters = text.map { $0 == "\r\n" ? "\n" : $0 }
    self.file = file
    self.isCode = isCode
  }

  /// All tokens of `text`, the last of them the end.
  static func tokens(of text: String, file: String) throws(PacketdrillError) -> [ScriptToken] {
    var lexer = ScriptLexer(text, file: file, isCode: false)
    return try lexer.allTokens()
  }

  /// All tokens of a code block whose text begins at `position`.
  static func tokens(
    ofCode text: String, at position: ScriptPosition, file: String
  ) throws(PacketdrillError) -> [ScriptToken] {
    var lexer = ScriptLexer(text, file: file, isCode: true)
    lexer.position = position
    return try lexer.allTokens()
  }

  private mutating func allTokens() throws(PacketdrillError) -> [ScriptToken] {
    var tokens: [ScriptToken] = []
    while true {
      let token = try next()
      tokens.append(token)
      if token.kind == .end { return tokens }
    }
  }

  // MARK: Characters

  private func peek(_ offset: Int = 0) -> Character? {
    index + offset < characters.count ? characters[index + offset] : nil
  }

  private func starts(with text: String) -> Bool {
    var offset = 0
    for character in text {
      if peek(offset) != character { return false }
      offset += 1
    }
    return true
  }

  private mutating func advance() {
    if characters[index] == "\n" {
      position.line += 1
      position.column = 1
    } else {
      position.column += 1
    }
    index += 1
  }

  private mutating func advance(by count: Int) {
    for _ in 0..<count { advance() }
  }

  private func failure(_ message: String, at position: ScriptPosition) -> PacketdrillError {
    PacketdrillError(file: file, position: position, message: message)
  }

  // MARK: Blanks and comments

  private mutating func skipBlanks() throws(PacketdrillError) {
    while let character = peek() {
      if character.isWhitespace {
        advance()
      } else if character == "#" || (!isCode && starts(with: "//")) {
        while let next = peek(), next != "\n" { advance() }
      } else if !isCode && starts(with: "/*") {
        _ = try delimited(by: "/*", "*/", what: "a comment")
      } else {
        return
      }
    }
  }

  /// Takes the text between two delimiters, the delimiters too.
  private mutating func delimited(
    by opening: String, _ closing: String, what: String
  ) throws(PacketdrillError) -> String {
    let start = position
    advance(by: opening.count)
    var text = ""
    while !starts(with: closing) {
      guard let character = peek() else {
        throw failure("\(what) begins here and does not end: \(closing) is missing", at: start)
      }
      if character == "\\", let next = peek(1), closing == String(next) {
        advance()
        text.append(next)
      } else {
        text.append(character)
      }
      advance()
    }
    advance(by: closing.count)
    return text
  }

  // MARK: Tokens

  private mutating func next() throws(PacketdrillError) -> ScriptToken {
    try skipBlanks()
    let start = position
    guard let character = peek() else { return ScriptToken(kind: .end, position: start) }
    return ScriptToken(kind: try kind(beginningWith: character), position: start)
  }

  private mutating func kind(
    beginningWith character: Character
  ) throws(PacketdrillError) -> ScriptToken.Kind {
    if !isCode, starts(with: "--"), let next = peek(2), ScriptLexer.isWordCharacter(next) {
      return .option(try option())
    }
    if starts(with: "...") {
      advance(by: 3)
      return .ellipsis
    }
    if starts(with: "%{") { return .code(try delimited(by: "%{", "}%", what: "a %{ block")) }
    if character == "\"" { return .string(try delimited(by: "\"", "\"", what: "a string")) }
    if isCode && character == "'" {
      return .string(try delimited(by: "'", "'", what: "a string"))
    }
    if character == "`" { return .command(try delimited(by: "`", "`", what: "a command")) }
    if let number = try number() { return number }
    if ScriptLexer.isWordCharacter(character) { return .word(takeWord()) }
    advance()
    return .symbol(character)
  }

  private static func isWordCharacter(_ character: Character) -> Bool {
    character == "_" || (character.isASCII && (character.isLetter || character.isNumber))
  }

  private static func isDigit(_ character: Character?) -> Bool {
    character.map { $0.isASCII && $0.isNumber } ?? false
  }

  private mutating func takeWord() -> String {
    var text = ""
    while let character = peek(), ScriptLexer.isWordCharacter(character) {
      text.append(character)
      advance()
    }
    return text
  }

  /// An option runs to the next blank; its value may be quoted.
  private mutating func option() throws(PacketdrillError) -> String {
    advance(by: 2)
    var text = ""
    while let character = peek(), !character.isWhitespace {
      if character == "\"" || character == "`" {
        let delimiter = String(character)
        text += delimiter
        text += try delimited(by: delimiter, delimiter, what: "an option's value")
        text += delimiter
      } else {
        text.append(character)
        advance()
      }
    }
    return text
  }

  /// A number, or a word that begins with digits; nil where there is neither.
  private mutating func number() throws(PacketdrillError) -> ScriptToken.Kind? {
    let start = position
    let isNegative = !isCode && peek() == "-"
    var length = isNegative ? 1 : 0
    let first = length
    while ScriptLexer.isDigit(peek(length)) { length += 1 }
    let wholeDigits = length - first
    if peek(length) == ".", ScriptLexer.isDigit(peek(length + 1)) {
      return try decimal(wholeDigits: wholeDigits, isNegative: isNegative, at: start)
    }
    guard wholeDigits > 0 else { return nil }
    if let next = peek(length), ScriptLexer.isWordCharacter(next), !isNegative {
      return try hexadecimalOrWord(at: start)
    }
    let text = String(characters[index..<index + length])
    advance(by: length)
    guard let value = Int64(text) else { throw failure("\(text) is too large a number", at: start) }
    return .integer(value)
  }

  private mutating func hexadecimalOrWord(
    at start: ScriptPosition
  ) throws(PacketdrillError) -> ScriptToken.Kind {
    let text = takeWord()
    guard text.hasPrefix("0x"), text.count > 2 else { return .word(text) }
    guard let value = Int64(text.dropFirst(2), radix: 16) else {
      throw failure("\(text) is no hexadecimal number below 2⁶³", at: start)
    }
    return .integer(value)
  }

  private mutating func decimal(
    wholeDigits: Int, isNegative: Bool, at start: ScriptPosition
  ) throws(PacketdrillError) -> ScriptToken.Kind {
    var text = ""
    if isNegative { advance() }
    while ScriptLexer.isDigit(peek()) || (peek() == "." && ScriptLexer.isDigit(peek(1))) {
      text.append(characters[index])
      advance()
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if parts.count > 2 { return .word(text) }  // an IPv4 address
    let fraction = (parts[1] + String(repeating: "0", count: 9)).prefix(9)
    guard let whole = Int64("0" + parts[0]), whole < 9_000_000_000, let rest = Int64(fraction)
    else { throw failure("\(text) is too large a number", at: start) }
    let billionths = whole * 1_000_000_000 + rest
    return .decimal(isNegative ? -billionths : billionths)
  }
}
