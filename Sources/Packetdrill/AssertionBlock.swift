import NetSim

/// What stands between `%{` and `}%`: statements of a small part of Python.
struct AssertionBlock {
  /// One statement.
  enum Statement {
    /// `assert condition, message`.
    case assert(AssertionExpression, message: AssertionExpression?)
    /// `print(value)`.
    case print([AssertionExpression])
    /// `NAME = value`.
    case assign(String, AssertionExpression)
    /// Anything else.
    case unsupported(String)
  }

  var statements: [(position: ScriptPosition, statement: Statement)]
}

/// An expression of an assertion.
indirect enum AssertionExpression {
  case literal(AssertionValue)
  case name(String, ScriptPosition)
  case tuple([AssertionExpression])
  case unary(AssertionOperator, AssertionExpression)
  case binary(AssertionOperator, AssertionExpression, AssertionExpression)
  /// `a < b <= c`: each comparison has to hold.
  case comparison(AssertionExpression, [(AssertionOperator, AssertionExpression)])
  case function(String, [AssertionExpression], ScriptPosition)
}

/// The operators of assertions.
enum AssertionOperator: String {
  case or, and, not
  case equal = "==", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">"
  case greaterOrEqual = ">="
  case bitOr = "|", bitXor = "^", bitAnd = "&", shiftLeft = "<<", shiftRight = ">>"
  case plus = "+", minus = "-", times = "*", divide = "/", divideDown = "//", modulo = "%"
}

/// A value of an assertion.
enum AssertionValue: Equatable {
  case integer(Int64)
  case text(String)
  case tuple([AssertionValue])

  /// Whether Python takes it for true.
  var isTrue: Bool {
    switch self {
    case .integer(let value): value != 0
    case .text(let text): !text.isEmpty
    case .tuple(let values): !values.isEmpty
    }
  }
}

extension AssertionValue: CustomStringConvertible {
  /// The value as a message shows it.
  var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .text(let text): text
    case .tuple(let values): "(" + values.map(\.description).joined(separator: ", ") + ")"
    }
  }
}
