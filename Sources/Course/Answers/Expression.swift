/// A formula over what runs measured, as lesson files write it: `cold.complete_ms - warm.complete_ms`,
/// `page.rounds <= 2 and page.lost_down == 0`.
///
/// Conditions are numbers, too: 1 where they hold, else 0. Two values are equal when they differ by
/// less than a millionth, which is a nanosecond for milliseconds.
public indirect enum Expression: Equatable, Sendable {
  case number(Double)
  /// A value by its name: `answer`, or `run.probe`.
  case name(String)
  case call(Function, [Expression])
  case binary(Operator, Expression, Expression)

  /// The functions there are.
  public enum Function: String, CaseIterable, Sendable {
    case min
    case max
    case round
    case floor
    case ceil
  }

  /// The operators, by how they are written.
  public enum Operator: String, Sendable {
    case or
    case and
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="
    case plus = "+"
    case minus = "-"
    case times = "*"
    case over = "/"

    /// Operators of a higher rank bind closer.
    var rank: Int {
      switch self {
      case .or: 0
      case .and: 1
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .equal, .notEqual: 2
      case .plus, .minus: 3
      case .times, .over: 4
      }
    }
  }

  /// Why a formula cannot be read or worked out.
  public struct Failure: Error, Equatable, Sendable {
    /// What is wrong, in one line.
    public let message: String

    /// A failure with its message.
    public init(message: String) { self.message = message }
  }

  /// The formula that `text` spells.
  public init(_ text: String) throws(Failure) {
    var parser = try ExpressionParser(text)
    self = try parser.whole()
  }

  /// The names that it uses.
  public var names: [String] {
    switch self {
    case .number: []
    case .name(let name): [name]
    case .call(_, let arguments): arguments.flatMap(\.names)
    case .binary(_, let left, let right): left.names + right.names
    }
  }

  /// Its value, with `lookUp` for names.
  public func value(
    _ lookUp: (String) throws(Failure) -> Double
  ) throws(Failure) -> Double {
    switch self {
    case .number(let value): return value
    case .name(let name): return try lookUp(name)
    case .call(let function, let arguments):
      var values: [Double] = []
      for argument in arguments { values.append(try argument.value(lookUp)) }
      return function.apply(values)
    case .binary(let operation, let left, let right):
      return operation.apply(try left.value(lookUp), try right.value(lookUp))
    }
  }
}

extension Expression.Function {
  fileprivate func apply(_ values: [Double]) -> Double {
    switch self {
    case .min: values.min() ?? 0
    case .max: values.max() ?? 0
    case .round: values[0].rounded()
    case .floor: (values[0] + 1e-9).rounded(.down)
    case .ceil: (values[0] - 1e-9).rounded(.up)
    }
  }
}

extension Expression.Operator {
  private static let grain = 1e-6

  fileprivate func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .or: left != 0 || right != 0 ? 1 : 0
    case .and: left != 0 && right != 0 ? 1 : 0
    case .less: left < right - Self.grain ? 1 : 0
    case .lessOrEqual: left <= right + Self.grain ? 1 : 0
    case .greater: left > right + Self.grain ? 1 : 0
    case .greaterOrEqual: left >= right - Self.grain ? 1 : 0
    case .equal: abs(left - right) <= Self.grain ? 1 : 0
    case .notEqual: abs(left - right) > Self.grain ? 1 : 0
    case .plus: left + right
    case .minus: left - right
    case .times: left * right
    case .over: left / right
    }
  }
}

/// Reads a formula by the ranks of its operators.
private struct ExpressionParser {
  private var tokens: ArraySlice<String>
  private let text: String

  init(_ text: String) throws(Expression.Failure) {
    self.text = text
    tokens = try Self.split(text)[...]
  }

  mutating func whole() throws(Expression.Failure) -> Expression {
    let expression = try operation(above: -1)
    if let rest = tokens.first { throw failure("\(rest) was not expected") }
    return expression
  }

  private mutating func operation(above rank: Int) throws(Expression.Failure) -> Expression {
    var left = try operand()
    while let word = tokens.first, let found = Expression.Operator(rawValue: word),
      found.rank > rank
    {
      tokens.removeFirst()
      left = .binary(found, left, try operation(above: found.rank))
    }
    return left
  }

  private mutating func operand() throws(Expression.Failure) -> Expression {
    guard let word = tokens.popFirst() else { throw failure("it ends too early") }
    if word == "-" { return .binary(.minus, .number(0), try operand()) }
    if word == "(" {
      let inner = try operation(above: -1)
      try expect(")")
      return inner
    }
    if let number = Double(word) { return .number(number) }
    if let function = Expression.Function(rawValue: word), tokens.first == "(" {
      return .call(function, try arguments())
    }
    guard word.first?.isLetter == true else { throw failure("\(word) was not expected") }
    return .name(word)
  }

  private mutating func arguments() throws(Expression.Failure) -> [Expression] {
    try expect("(")
    var arguments = [try operation(above: -1)]
    while tokens.first == "," {
      tokens.removeFirst()
      arguments.append(try operation(above: -1))
    }
    try expect(")")
    return arguments
  }

  private mutating func expect(_ word: String) throws(Expression.Failure) {
    guard tokens.popFirst() == word else { throw failure("\(word) is missing") }
  }

  private func failure(_ reason: String) -> Expression.Failure {
    Expression.Failure(message: "the formula \(text): \(reason)")
  }

  /// Words, numbers and signs. A name goes on through dots, brackets, and hyphens within it.
  private static func split(_ text: String) throws(Expression.Failure) -> [String] {
    var tokens: [String] = []
    var rest = Substring(text)
    while let first = rest.first {
      if first == " " {
        rest.removeFirst()
      } else if first.isLetter && first.isASCII {
        let word = rest.prefix {
          $0.isASCII && ($0.isLetter || $0.isNumber || "_.[]".contains($0))
        }
        tokens.append(String(word))
        rest = rest.dropFirst(word.count)
      } else if first.isNumber && first.isASCII {
        let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        tokens.append(String(number))
        rest = rest.dropFirst(number.count)
      } else {
        let pair = String(rest.prefix(2))
        let sign = ["<=", ">=", "==", "!="].contains(pair) ? pair : String(first)
        guard "+-*/()<>,=!".contains(first) else {
          throw Expression.Failure(message: "the formula \(text): \(first) is no part of a formula")
        }
        tokens.append(sign)
        rest = rest.dropFirst(sign.count)
      }
    }
    return tokens
  }
}

extension Expression {
  /// The formula as it would be written.
  var text: String {
    switch self {
    case .number(let value): AnswerText.number(value)
    case .name(let name): name
    case .call(let function, let arguments):
      "\(function.rawValue)(\(arguments.map(\.text).joined(separator: ", ")))"
    case .binary(let operation, let left, let right):
      "\(left.text) \(operation.rawValue) \(right.text)"
    }
  }
}
