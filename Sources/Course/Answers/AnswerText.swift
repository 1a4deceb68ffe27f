/// Numbers as students write them: `150`, `150ms`, `0.15 s` and `150밀리초` are the same.
public struct AnswerText {
  /// What a number counts.
  public enum Unit: String, CaseIterable, Sendable {
    case milliseconds = "ms"
    case seconds = "s"
    case bytes = "B"
    case segments
    case rounds
    case packets
    case connections
    case requests
    /// A factor.
    case times
    case megabits = "Mb/s"
    case none = "-"
  }

  /// The value in `unit`; nil where the text is no number, or one of something else.
  public static func number(_ text: String, in unit: Unit) -> Double? {
    let plain = withoutGrouping(Array(halfWidth(text).filter { !$0.isWhitespace }))
    let isNegative = plain.first == "-"
    let unsigned = isNegative || plain.first == "+" ? plain.dropFirst() : plain[...]
    let digits = unsigned.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let isShaped = digits.contains(where: \.isNumber) && digits.filter { $0 == "." }.count < 2
    guard isShaped, let value = Double(digits), value.isFinite,
      let factor = AnswerUnits.factor(of: String(unsigned.dropFirst(digits.count)), in: unit)
    else { return nil }
    return (isNegative ? -value : value) * factor.times / factor.over
  }

  /// The text with the digits, signs and letters that Korean and Japanese keyboards write in full
  /// width as plain ones.
  static func halfWidth(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0xFF01...0xFF5E: result.append(Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar)
      case 0x3000: result.append(" ")
      case 0x2212, 0x2010, 0x2011, 0x2013: result.append("-")
      case 0x3001: result.append(",")
      case 0x3002: result.append(".")
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  /// The text without the commas that group digits.
  private static func withoutGrouping(_ characters: [Character]) -> String {
    var result = ""
    for (index, character) in characters.enumerated() {
      let isGrouping =
        character == "," && index > 0 && characters[index - 1].isNumber
        && index + 3 < characters.count
        && characters[index + 1...index + 3].allSatisfy(\.isNumber)
      if !isGrouping { result.append(character) }
    }
    return result
  }

  /// The value as a student could have written it, with its unit.
  public static func text(_ value: Double, in unit: Unit) -> String {
    let digits = number(value)
    switch unit {
    case .none: return digits
    case .times: return digits + "x"
    case .segments, .rounds, .packets, .connections, .requests:
      return digits + " " + (value == 1 ? String(unit.rawValue.dropLast()) : unit.rawValue)
    case .milliseconds, .seconds, .bytes, .megabits: return digits + " " + unit.rawValue
    }
  }

  /// The value as people read it, its thousands grouped.
  static func grouped(_ value: Double) -> String {
    let text = number(value)
    var digits = text.drop { !$0.isNumber }.prefix(while: \.isNumber)
    guard digits.count > 3, value.magnitude < 1e15 else { return text }
    let rest = text.drop { !$0.isNumber }.dropFirst(digits.count)
    var result = String(rest)
    while digits.count > 3 {
      result = "," + digits.suffix(3) + result
      digits = digits.dropLast(3)
    }
    return (value < 0 ? "-" : "") + digits + result
  }

  /// At most three decimals, none that say nothing.
  static func number(_ value: Double) -> String {
    guard value.magnitude < 1e15 else { return "\(value)" }
    let thousandths = Int64((value * 1_000).rounded())
    let whole = thousandths.magnitude / 1_000
    var text = (thousandths < 0 ? "-" : "") + String(whole)
    var rest = String(thousandths.magnitude % 1_000)
    while rest.count < 3 { rest = "0" + rest }
    while rest.last == "0" { rest.removeLast() }
    if !rest.isEmpty { text += "." + rest }
    return text
  }
}
