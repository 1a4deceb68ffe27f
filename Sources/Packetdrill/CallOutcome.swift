import NetSim

/// What became of a system call.
enum CallOutcome: Equatable {
  case returned(Int64)
  /// It failed with an error of this name.
  case failed(String)
  /// It waits for something.
  case blocked
  /// It gave another value than the script says.
  case wrong(String)
  /// The driver cannot do it.
  case unsupported(String)
}

extension SystemCall {
  /// The argument at `index`, or the value that says nothing.
  func argument(_ index: Int) -> Value { index < arguments.count ? arguments[index] : .any }

  /// The whole number at `index`.
  func integer(_ index: Int) -> Int64? { argument(index).integer }

  /// The words at `index`, which may be combined by bits.
  func words(_ index: Int) -> [String] { argument(index).words }
}

extension SystemCall.Value {
  /// The whole number that this is, or that stands alone in brackets.
  var integer: Int64? {
    switch self {
    case .integer(let value): value
    case .list(let values) where values.count == 1: values[0].integer
    case .any, .word, .string, .or, .list, .structure, .function: nil
    }
  }

  /// The words that are combined by bits here; a zero is none, other numbers are shown as they are.
  var words: [String] {
    switch self {
    case .word(let word): [word]
    case .or(let left, let right): left.words + right.words
    case .list(let values) where values.count == 1: values[0].words
    case .integer(let value): value == 0 ? [] : ["\(value)"]
    case .any, .string, .list, .structure, .function: []
    }
  }

  /// The fields of a structure, or none.
  var fields: [SystemCall.Field] {
    if case .structure(let fields) = self { fields } else { [] }
  }

  /// The field of a structure with a name.
  func field(_ name: String) -> SystemCall.Value? {
    fields.first { $0.name == name }?.value
  }
}
