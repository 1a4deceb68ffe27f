import NetSim

/// Works out what an expression of an assertion is worth.
struct AssertionEvaluator {
  /// Why an expression has no value.
  enum Failure: Error, Equatable {
    /// A name or function that is not known here.
    case unsupported(String)
    /// A calculation that makes no sense, such as a division by zero.
    case impossible(String)
  }

  /// What a name stands for; nil for a name that is not known.
  let lookUp: (String) -> Int64?
  /// What statements before gave names to.
  var variables: [String: AssertionValue] = [:]

  func value(_ expression: AssertionExpression) throws(Failure) -> AssertionValue {
    switch expression {
    case .literal(let value): return value
    case .name(let name, _):
      if let value = variables[name] { return value }
      guard let value = lookUp(name) else { throw .unsupported("the name \(name)") }
      return .integer(value)
    case .tuple(let expressions): return .tuple(try values(expressions))
    case .unary(let sign, let operand): return try unary(sign, operand)
    case .binary(.or, let left, let right):
      let first = try value(left)
      return first.isTrue ? first : try value(right)
    case .binary(.and, let left, let right):
      let first = try value(left)
      return first.isTrue ? try value(right) : first
    case .binary(let sign, let left, let right):
      return try binary(sign, try value(left), try value(right))
    case .comparison(let first, let rest): return .integer(try compare(first, rest) ? 1 : 0)
    case .function(let name, let arguments, _): return try function(name, arguments)
    }
  }

  private func values(
    _ expressions: [AssertionExpression]
  ) throws(Failure) -> [AssertionValue] {
    var values: [AssertionValue] = []
    for expression in expressions { values.append(try value(expression)) }
    return values
  }

  private func unary(
    _ sign: AssertionOperator, _ operand: AssertionExpression
  ) throws(Failure) -> AssertionValue {
    let operand = try value(operand)
    if sign == .not { return .integer(operand.isTrue ? 0 : 1) }
    guard case .integer(let number) = operand else {
      throw .impossible("\(operand) has no negative")
    }
    return .integer(0 &- number)
  }

  private func compare(
    _ first: AssertionExpression, _ rest: [(AssertionOperator, AssertionExpression)]
  ) throws(Failure) -> Bool {
    var left = try value(first)
    for (sign, expression) in rest {
      let right = try value(expression)
      guard try holds(left, sign, right) else { return false }
      left = right
    }
    return true
  }

  private func holds(
    _ left: AssertionValue, _ sign: AssertionOperator, _ right: AssertionValue
  ) throws(Failure) -> Bool {
    if sign == .equal { return left == right }
    if sign == .notEqual { return left != right }
    guard case .integer(let first) = left, case .integer(let second) = right else {
      throw .impossible("\(left) \(sign.rawValue) \(right) compares what has no order")
    }
    return switch sign {
    case .less: first < second
    case .lessOrEqual: first <= second
    case .greater: first > second
    default: first >= second
    }
  }

  private func binary(
    _ sign: AssertionOperator, _ left: AssertionValue, _ right: AssertionValue
  ) throws(Failure) -> AssertionValue {
    if case .text(let format) = left, sign == .modulo {
      return .text(AssertionEvaluator.fill(format, with: right))
    }
    guard case .integer(let first) = left, case .integer(let second) = right else {
      throw .impossible("\(left) \(sign.rawValue) \(right) is no calculation")
    }
    switch sign {
    case .bitOr: return .integer(first | second)
    case .bitXor: return .integer(first ^ second)
    case .bitAnd: return .integer(first & second)
    case .shiftLeft: return .integer(first << second)
    case .shiftRight: return .integer(first >> second)
    case .plus: return .integer(first &+ second)
    case .minus: return .integer(first &- second)
    case .times: return .integer(first &* second)
    case .divide, .divideDown, .modulo: return try divide(sign, first, second)
    case .or, .and, .not, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      preconditionFailure("not a calculation")
    }
  }

  /// Divides as Python does: downwards. There are no fractions here, so `/` has to come out even.
  private func divide(
    _ sign: AssertionOperator, _ first: Int64, _ second: Int64
  ) throws(Failure) -> AssertionValue {
    if second == 0 { throw .impossible("\(first) is divided by zero") }
    // The one quotient that does not fit wraps, as the other operators do.
    if second == -1 { return .integer(sign == .modulo ? 0 : 0 &- first) }
    var (quotient, remainder) = first.quotientAndRemainder(dividingBy: second)
    if remainder != 0 && (remainder < 0) != (second < 0) {
      quotient -= 1
      remainder += second
    }
    if sign == .modulo { return .integer(remainder) }
    if sign == .divide && remainder != 0 {
      throw .unsupported("fractions (\(first) / \(second)); // divides to whole numbers")
    }
    return .integer(quotient)
  }

  private func function(
    _ name: String, _ arguments: [AssertionExpression]
  ) throws(Failure) -> AssertionValue {
    var numbers: [Int64] = []
    for value in try values(arguments) {
      guard case .integer(let number) = value else {
        throw .unsupported("the function \(name) of \(value)")
      }
      numbers.append(number)
    }
    switch (name, numbers.count) {
    case ("abs", 1): return .integer(Int64(clamping: numbers[0].magnitude))
    case ("min", 1...): return .integer(numbers.min() ?? 0)
    case ("max", 1...): return .integer(numbers.max() ?? 0)
    default: throw .unsupported("the function \(name)")
    }
  }

  /// Puts values into a Python format: `%d`, `%s`, `%u`, `%i`, `%x` and `%%`.
  static func fill(_ format: String, with value: AssertionValue) -> String {
    var values = [value]
    if case .tuple(let tuple) = value { values = tuple }
    var remaining = values[...]
    var text = ""
    var isPlace = false
    for character in format {
      if isPlace {
        isPlace = false
        if character == "%" {
          text.append("%")
        } else if let next = remaining.popFirst() {
          if case .integer(let number) = next, character == "x" {
            text += String(number, radix: 16)
          } else {
            text += next.description
          }
        }
      } else if character == "%" {
        isPlace = true
      } else {
        text.append(character)
      }
    }
    return text
  }
}
