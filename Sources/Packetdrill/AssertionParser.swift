import NetSim

/// Reads the statements of a code block.
struct AssertionParser {
  private let tokens: [ScriptToken]
  /// The line of each token, where a backslash joins a line to the one before.
  private let lines: [Int]
  private let file: String
  private var index = 0
  /// How many parentheses are open: inside of them a line's end means nothing.
  private var depth = 0
  /// Values and operators of this statement. An expression is walked by recursion, so it must not be
  /// arbitrarily long.
  private var length = 0
  private static let lengthLimit = 300

  /// The block whose text follows a `%{` at `position`.
  static func block(
    _ text: String, at position: ScriptPosition, file: String
  ) throws(PacketdrillError) -> AssertionBlock {
    let start = ScriptPosition(line: position.line, column: position.column + 2)
    var parser = AssertionParser(
      tokens: try ScriptLexer.tokens(ofCode: text, at: start, file: file), file: file)
    return try parser.block()
  }

  private init(tokens: [ScriptToken], file: String) {
    var kept: [ScriptToken] = []
    var lines: [Int] = []
    var joinedFrom = 0
    var joinedTo = 0
    for token in tokens {
      let line = token.position.line == joinedFrom ? joinedTo : token.position.line
      if token.kind == .symbol("\\") {
        joinedFrom = token.position.line + 1
        joinedTo = line
        continue
      }
      kept.append(token)
      lines.append(line)
    }
    self.tokens = kept
    self.lines = lines
    self.file = file
  }

  // MARK: Tokens

  private var current: ScriptToken { tokens[index] }

  private mutating func advance() { index = min(index + 1, tokens.count - 1) }

  private func failure(_ message: String) -> PacketdrillError {
    PacketdrillError(file: file, position: current.position, message: message)
  }

  /// Whether the token to come belongs to the statement: it stands on the line of the one before.
  private var isInStatement: Bool {
    guard current.kind != .end, current.kind != .symbol(";") else { return false }
    return depth > 0 || index == 0 || lines[index] == lines[index - 1]
  }

  private mutating func takes(_ symbol: Character) -> Bool {
    guard isInStatement, current.kind == .symbol(symbol) else { return false }
    advance()
    return true
  }

  private mutating func takesWord(_ word: String) -> Bool {
    guard isInStatement, current.kind == .word(word) else { return false }
    advance()
    return true
  }

  /// Takes an operator of one or two characters; a shorter one never where a longer one stands.
  private mutating func takes(_ candidate: AssertionOperator) -> Bool {
    guard isInStatement, candidate.rawValue == operatorText else { return false }
    for _ in candidate.rawValue { advance() }
    return true
  }

  private var operatorText: String? {
    guard case .symbol(let first) = current.kind else { return nil }
    let next = tokens[min(index + 1, tokens.count - 1)]
    if case .symbol(let second) = next.kind, next.position.line == current.position.line,
      next.position.column == current.position.column + 1
    {
      let pair = String([first, second])
      if ["==", "!=", "<=", ">=", "<<", ">>", "//"].contains(pair) { return pair }
    }
    return String(first)
  }

  // MARK: Statements

  private mutating func block() throws(PacketdrillError) -> AssertionBlock {
    var block = AssertionBlock(statements: [])
    while current.kind != .end {
      if current.kind == .symbol(";") {
        advance()
        continue
      }
      length = 0
      block.statements.append((current.position, try statement()))
      if isInStatement {
        throw failure("‘;’ or a new line expected after a statement, found \(current.name)")
      }
    }
    return block
  }

  private mutating func statement() throws(PacketdrillError) -> AssertionBlock.Statement {
    guard case .word(let word) = current.kind else {
      throw failure("assert or print expected, found \(current.name)")
    }
    advance()
    switch word {
    case "assert":
      let condition = try expression()
      let message = takes(",") ? try expression() : nil
      return .assert(condition, message: message)
    case "print":
      return .print(isInStatement ? try list() : [])
    default:
      if operatorText == "=", takes("=") { return .assign(word, try expression()) }
      while isInStatement { advance() }
      return .unsupported("the Python statement ‘\(word)’")
    }
  }

  private mutating func list() throws(PacketdrillError) -> [AssertionExpression] {
    var list = [try expression()]
    while takes(",") { list.append(try expression()) }
    return list
  }

  // MARK: Expressions, by rising precedence

  private mutating func expression() throws(PacketdrillError) -> AssertionExpression {
    var left = try conjunction()
    while takesWord("or") { left = .binary(.or, left, try conjunction()) }
    return left
  }

  private mutating func conjunction() throws(PacketdrillError) -> AssertionExpression {
    var left = try negation()
    while takesWord("and") { left = .binary(.and, left, try negation()) }
    return left
  }

  private mutating func negation() throws(PacketdrillError) -> AssertionExpression {
    try count()
    return takesWord("not") ? .unary(.not, try negation()) : try comparison()
  }

  private mutating func comparison() throws(PacketdrillError) -> AssertionExpression {
    let first = try arithmetic(level: 0)
    var rest: [(AssertionOperator, AssertionExpression)] = []
    let comparisons: [AssertionOperator] = [
      .equal, .notEqual, .lessOrEqual, .greaterOrEqual, .less, .greater,
    ]
    while let found = taken(of: comparisons) { rest.append((found, try arithmetic(level: 0))) }
    return rest.isEmpty ? first : .comparison(first, rest)
  }

  private mutating func taken(of operators: [AssertionOperator]) -> AssertionOperator? {
    for candidate in operators where takes(candidate) { return candidate }
    return nil
  }

  private static let levels: [[AssertionOperator]] = [
    [.bitOr], [.bitXor], [.bitAnd], [.shiftLeft, .shiftRight], [.plus, .minus],
    [.times, .divideDown, .divide, .modulo],
  ]

  private mutating func arithmetic(level: Int) throws(PacketdrillError) -> AssertionExpression {
    guard level < AssertionParser.levels.count else { return try unary() }
    var left = try arithmetic(level: level + 1)
    while let found = taken(of: AssertionParser.levels[level]) {
      left = .binary(found, left, try arithmetic(level: level + 1))
    }
    return left
  }

  /// Counts one more part of an expression.
  private mutating func count() throws(PacketdrillError) {
    length += 1
    if length > AssertionParser.lengthLimit { throw failure("this expression is too long") }
  }

  private mutating func unary() throws(PacketdrillError) -> AssertionExpression {
    try count()
    if takes(AssertionOperator.minus) { return .unary(.minus, try unary()) }
    if takes(AssertionOperator.plus) { return try unary() }
    return try atom()
  }

  private mutating func atom() throws(PacketdrillError) -> AssertionExpression {
    let position = current.position
    guard isInStatement else { throw failure("a value expected before the line's end") }
    switch current.kind {
    case .integer(let value):
      advance()
      return .literal(.integer(value))
    case .string(let text):
      advance()
      return .literal(.text(text))
    case .word("True"), .word("False"):
      let isTrue = current.kind == .word("True")
      advance()
      return .literal(.integer(isTrue ? 1 : 0))
    case .word(let name):
      advance()
      return takes("(") ? .function(name, try arguments(), position) : .name(name, position)
    case .symbol("("):
      advance()
      return try parenthesised()
    case .option, .decimal, .command, .code, .ellipsis, .symbol, .end:
      throw failure("a value expected, found \(current.name)")
    }
  }

  private mutating func arguments() throws(PacketdrillError) -> [AssertionExpression] {
    depth += 1
    defer { depth -= 1 }
    if takes(")") { return [] }
    let list = try list()
    guard takes(")") else { throw failure("‘)’ expected, found \(current.name)") }
    return list
  }

  /// One value in parentheses, or a tuple.
  private mutating func parenthesised() throws(PacketdrillError) -> AssertionExpression {
    depth += 1
    defer { depth -= 1 }
    if takes(")") { return .tuple([]) }
    var values = [try expression()]
    var isTuple = false
    while takes(",") {
      isTuple = true
      if current.kind == .symbol(")") { break }
      values.append(try expression())
    }
    guard takes(")") else { throw failure("‘)’ expected, found \(current.name)") }
    return isTuple ? .tuple(values) : values[0]
  }
}
