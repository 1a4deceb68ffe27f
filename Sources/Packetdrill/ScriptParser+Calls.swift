import NetSim

/// System calls: `accept(3, ..., ...) = 4`.
extension ScriptParser {
  mutating func call() throws(PacketdrillError) -> SystemCall {
    var ending = SystemCall.Ending.atOnce
    if current.kind == .ellipsis {
      advance()
      ending = .at(try duration())
    }
    valueCount = 0
    let name = try word("a system call")
    try expect("(", "after the name of a system call")
    let arguments = try values(until: ")")
    try expect("=", "before the result of \(name)")
    let result = try value()
    var error: String?
    if case .word(let name) = current.kind {
      error = name
      advance()
    }
    if isSymbol("(") { try skipNote() }
    return SystemCall(
      name: name, arguments: arguments, result: result, error: error, ending: ending)
  }

  /// A remark in parentheses, as `strace` prints one.
  private mutating func skipNote() throws(PacketdrillError) {
    let start = current.position
    while !isSymbol(")") {
      if current.kind == .end { throw failure("this remark does not end", at: start) }
      advance()
    }
    advance()
  }

  private mutating func values(
    until closing: Character
  ) throws(PacketdrillError) -> [SystemCall.Value] {
    var values: [SystemCall.Value] = []
    if takes(closing) { return values }
    repeat { values.append(try value()) } while takes(",")
    try expect(closing, "after the last value")
    return values
  }

  private mutating func value() throws(PacketdrillError) -> SystemCall.Value {
    var value = try term()
    while takes("|") { value = .or(value, try term()) }
    return value
  }

  private mutating func term() throws(PacketdrillError) -> SystemCall.Value {
    valueCount += 1
    if valueCount > ScriptParser.valueLimit { throw failure("this call has too many values") }
    switch current.kind {
    case .ellipsis:
      advance()
      return .any
    case .integer(let number):
      advance()
      return .integer(number)
    case .word(let word):
      advance()
      return takes("(") ? .function(word, try values(until: ")")) : .word(word)
    case .string: return strings()
    case .symbol("["):
      advance()
      return .list(try values(until: "]"))
    case .symbol("{"):
      advance()
      return .structure(try fields())
    case .option, .decimal, .command, .code, .symbol, .end:
      throw failure("a value expected, found \(current.name)")
    }
  }

  /// Strings that follow each other are one; three points after it stand for more of the same.
  private mutating func strings() -> SystemCall.Value {
    var text = ""
    while case .string(let part) = current.kind {
      text += part
      advance()
    }
    if current.kind == .ellipsis { advance() }
    return .string(text)
  }

  private mutating func fields() throws(PacketdrillError) -> [SystemCall.Field] {
    var fields: [SystemCall.Field] = []
    if takes("}") { return fields }
    repeat {
      var field = SystemCall.Field(name: nil, value: try value())
      if takes("=") {
        field.name =
          switch field.value {
          case .word(let name), .function(let name, _): name
          case .any, .integer, .string, .or, .list, .structure: nil
          }
        field.value = try value()
      }
      fields.append(field)
    } while takes(",")
    try expect("}", "after the last field of a structure")
    return fields
  }
}
