/// A JSON value whose numbers are exact and whose keys keep their order.
public enum JSONValue: Equatable, Sendable {
  /// null.
  case null
  /// true or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int64)
  /// Nanoseconds, written as milliseconds with six decimals: exactly.
  case milliseconds(Int64)
  /// Millionths, written as a number with six decimals: exactly.
  case millionths(Int64)
  /// A text.
  case string(String)
  /// A list.
  case array([JSONValue])
  /// Keys with their values, in this order.
  case object([(key: String, value: JSONValue)])

  /// Whether two values are written alike: the order of keys counts.
  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    left.text() == right.text()
  }

  /// The value as JSON on several lines, without a newline at the end. Lists and objects that hold
  /// nothing but plain values stand on one line where they fit.
  public func text(indent: Int = 0) -> String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    case .milliseconds(let nanoseconds): return Numbers.milliseconds(nanoseconds, digits: 6)
    case .millionths(let value): return Numbers.decimal(value, places: 6)
    case .string(let text): return Self.quoted(text)
    case .array(let values):
      return block("[", "]", values.map { $0.text(indent: indent + 2) }, indent)
    case .object(let pairs):
      let lines = pairs.map {
        Self.quoted($0.key) + ": " + $0.value.text(indent: indent + 2)
      }
      return block("{", "}", lines, indent)
    }
  }

  private func block(_ open: String, _ close: String, _ items: [String], _ indent: Int) -> String {
    if items.isEmpty { return open + close }
    let flat = open + items.joined(separator: ", ") + close
    if isFlat && flat.count + indent <= 100 { return flat }
    let margin = String(repeating: " ", count: indent + 2)
    return open + "\n" + items.map { margin + $0 }.joined(separator: ",\n") + "\n"
      + String(repeating: " ", count: indent) + close
  }

  private var isFlat: Bool {
    switch self {
    case .array(let values): values.allSatisfy(\.isPlain)
    case .object(let pairs): pairs.allSatisfy(\.value.isPlain)
    case .null, .bool, .integer, .milliseconds, .millionths, .string: true
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .integer, .milliseconds, .millionths, .string: true
    }
  }

  /// A text in quotes, with what must be escaped escaped (RFC 8259 §7).
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + Numbers.padded(digits, to: 4, "0")
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}
