import NetSim

/// A system call as a script writes it, with the result that it must have.
struct SystemCall {
  /// A value in a call.
  indirect enum Value: Equatable {
    /// Three points: the driver fills in what fits, or any result will do.
    case any
    case integer(Int64)
    case word(String)
    case string(String)
    /// Values combined by bits.
    case or(Value, Value)
    /// Values in brackets.
    case list([Value])
    /// A structure: values in braces, with their names where they have one.
    case structure([Field])
    /// A function of values, as `htons(80)`.
    case function(String, [Value])
  }

  /// One field of a structure.
  struct Field: Equatable {
    var name: String?
    var value: Value
  }

  /// How long the call may last.
  enum Ending: Equatable {
    /// It has to return at once.
    case atOnce
    /// It has to return at a time that is given like the call's own.
    case at(SimDuration)
  }

  var name: String
  var arguments: [Value]
  var result: Value
  /// The name of the error that it must fail with.
  var error: String?
  var ending: Ending
}

extension SystemCall: CustomStringConvertible {
  /// The call as a script writes it.
  var description: String {
    let call = "\(name)(\(arguments.map(\.description).joined(separator: ", ")))"
    return "\(call) = \(result)" + (error.map { " \($0)" } ?? "")
  }
}

extension SystemCall.Value: CustomStringConvertible {
  /// The value as a script writes it.
  var description: String {
    switch self {
    case .any: "..."
    case .integer(let value): "\(value)"
    case .word(let word): word
    case .string(let text): "\"\(text)\""
    case .or(let left, let right): "\(left)|\(right)"
    case .list(let values): "[" + values.map(\.description).joined(separator: ", ") + "]"
    case .structure(let fields):
      "{"
        + fields.map { ($0.name.map { "\($0)=" } ?? "") + $0.value.description }
        .joined(separator: ", ") + "}"
    case .function(let name, let values):
      "\(name)(" + values.map(\.description).joined(separator: ", ") + ")"
    }
  }
}
