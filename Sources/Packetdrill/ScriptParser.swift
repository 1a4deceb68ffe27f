import NetSim

/// Makes events out of tokens.
///
/// The parts: this file (options, times, kinds of events), `ScriptParser+Packets.swift`,
/// `ScriptParser+Calls.swift`.
struct ScriptParser {
  private let tokens: [ScriptToken]
  private let file: String
  private var index = 0
  /// What `--define=NAME=value` gave a name to.
  var definitions: [String: ScriptToken.Kind] = [:]
  /// Parts of the call under way: values nest, so a call must not have arbitrarily many.
  var valueCount = 0
  static let valueLimit = 1000

  init(_ tokens: [ScriptToken], file: String) {
    self.tokens = tokens
    self.file = file
  }

  // MARK: Tokens

  /// The token to come, with a defined name replaced by what it stands for.
  var current: ScriptToken {
    var token = tokens[index]
    if case .word(let word) = token.kind, let kind = definitions[word] { token.kind = kind }
    return token
  }

  /// The token after the one to come.
  var following: ScriptToken { tokens[min(index + 1, tokens.count - 1)] }

  mutating func advance() { index = min(index + 1, tokens.count - 1) }

  func failure(_ message: String, at position: ScriptPosition? = nil) -> PacketdrillError {
    PacketdrillError(file: file, position: position ?? current.position, message: message)
  }

  func isSymbol(_ symbol: Character) -> Bool { current.kind == .symbol(symbol) }

  func isWord(_ word: String) -> Bool { current.kind == .word(word) }

  /// Takes a symbol if it stands here.
  mutating func takes(_ symbol: Character) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  /// Takes a symbol that has to stand here.
  mutating func expect(_ symbol: Character, _ place: String) throws(PacketdrillError) {
    guard takes(symbol) else {
      throw failure("‘\(symbol)’ expected \(place), found \(current.name)")
    }
  }

  /// Takes a whole number that has to stand here, and be one of `range`.
  mutating func integer(
    _ what: String, in range: ClosedRange<Int64>
  ) throws(PacketdrillError) -> Int64 {
    guard case .integer(let value) = current.kind else {
      throw failure("\(what) expected, found \(current.name)")
    }
    guard range.contains(value) else {
      throw failure("\(what) is \(value); it has to be \(range.lowerBound)…\(range.upperBound)")
    }
    advance()
    return value
  }

  /// Takes a word that has to stand here.
  mutating func word(_ what: String) throws(PacketdrillError) -> String {
    guard case .word(let word) = current.kind else {
      throw failure("\(what) expected, found \(current.name)")
    }
    advance()
    return word
  }

  // MARK: Options

  mutating func options() throws(PacketdrillError) -> [ScriptOption] {
    var options: [ScriptOption] = []
    while case .option(let text) = current.kind {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let option = ScriptOption(
        position: current.position, name: String(parts[0]),
        value: parts.count == 2 ? String(parts[1]) : nil)
      if option.name == "define" { try define(option) }
      options.append(option)
      advance()
    }
    return options
  }

  private mutating func define(_ option: ScriptOption) throws(PacketdrillError) {
    let parts = (option.value ?? "").split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else {
      throw failure("--define needs a name and a value: --define=NAME=value")
    }
    let kinds = try ScriptLexer.tokens(of: String(parts[1]), file: file)
    definitions[String(parts[0])] = kinds[0].kind
  }

  // MARK: Events

  mutating func events() throws(PacketdrillError) -> [ScriptEvent] {
    var events: [ScriptEvent] = []
    while current.kind != .end { events.append(try event()) }
    return events
  }

  private mutating func event() throws(PacketdrillError) -> ScriptEvent {
    let position = current.position
    if case .command(let text) = current.kind {  // the one at the start or the end has no time
      advance()
      return ScriptEvent(position: position, time: .after(.zero), action: .command(text))
    }
    let time = try time()
    let action = try action()
    if case .outbound = action {
      return ScriptEvent(position: position, time: time, action: action)
    }
    switch time {
    case .after, .at: break
    case .any, .afterBetween, .atBetween:
      if case .unsupported = action { break }
      throw failure(
        "a range of times or ‘*’ can only stand before a packet that is sent", at: position)
    }
    return ScriptEvent(position: position, time: time, action: action)
  }

  private mutating func time() throws(PacketdrillError) -> ScriptEvent.Time {
    if takes("*") { return .any }
    let start = current.position
    let isRelative = takes("+")
    let first = try duration()
    guard takes("~") else { return isRelative ? .after(first) : .at(.zero + first) }
    if isRelative { try expect("+", "before the end of a range of relative times") }
    let second = try duration()
    guard first <= second else { throw failure("this range of times ends first", at: start) }
    return isRelative
      ? .afterBetween(first, second) : .atBetween(.zero + first, .zero + second)
  }

  mutating func duration() throws(PacketdrillError) -> SimDuration {
    let nanoseconds: Int64
    switch current.kind {
    case .decimal(let billionths): nanoseconds = billionths
    case .integer(let seconds) where seconds.magnitude <= 100_001:
      nanoseconds = seconds * 1_000_000_000
    default:
      throw failure(
        "a time expected (such as 0, +0, +.1, +0~+.1 or *), found \(current.name)")
    }
    if nanoseconds < 0 { throw failure("a time cannot be negative") }
    if nanoseconds > 100_000_000_000_000 { throw failure("a time is at most 100000 s here") }
    advance()
    return SimDuration(nanoseconds: nanoseconds)
  }

  private mutating func action() throws(PacketdrillError) -> ScriptEvent.Action {
    let position = current.position
    switch current.kind {
    case .command(let text):
      advance()
      return .command(text)
    case .code(let text):
      advance()
      return .code(try AssertionParser.block(text, at: position, file: file))
    case .symbol("<"), .symbol(">"): return try packet()
    case .word, .ellipsis: return .call(try call())
    case .option, .integer, .decimal, .string, .symbol, .end:
      throw failure(
        "a packet (< or >), a system call, a `command` or a %{ block expected, found "
          + current.name)
    }
  }

  /// Skips what is left of the line that began at `position`.
  mutating func skipLine(of position: ScriptPosition) {
    while current.kind != .end && current.position.line == position.line { advance() }
  }
}
