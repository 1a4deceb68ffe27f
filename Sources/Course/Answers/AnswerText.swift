import Scenarios

/// Reads a number as students write it: `150`, `150ms` and `0.15 s` are the same.
public struct AnswerText {
  /// What a number counts.
  public enum Unit: String, CaseIterable, Sendable {
    case milliseconds = "ms"
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

  /// The value in `unit`. Throws what is wrong with the text, in one line.
  public static func number(_ text: String, in unit: Unit) throws(QuantityError) -> Double {
    let plain = bare(text)
    if let value = decimal(plain) { return value }
    let compact = plain.filter { $0 != " " }
    switch unit {
    case .milliseconds:
      return Double(try Quantity.duration(compact).nanoseconds) / 1e6
    case .bytes:
      return Double(try Quantity.size(compact).bytes)
    case .megabits:
      let rate = try Quantity.rate(compact.replacing("b/s", with: "bps"))
      return Double(rate.bitsPerSecond) / 1e6
    case .segments, .rounds, .packets, .connections, .requests, .times, .none:
      let digits = compact.prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
      let word = compact.dropFirst(digits.count).lowercased()
      let words = [unit.rawValue, String(unit.rawValue.dropLast()), "x", "×", "%"]
      guard let value = decimal(String(digits)), isKnown(word, words) else {
        throw QuantityError(
          reason: "a number is wanted" + (unit == .none ? "" : ", of \(unit.rawValue)"))
      }
      return value
    }
  }

  /// A counter's word: the unit's own, or one of a language that is not written in ASCII.
  private static func isKnown(_ word: String, _ words: [String]) -> Bool {
    words.contains(word) || (!word.isEmpty && word.allSatisfy { !$0.isASCII })
  }

  /// The text without blanks around it and without the commas that group digits.
  private static func bare(_ text: String) -> String {
    let characters = Array(text)
    var result = ""
    for (index, character) in characters.enumerated() {
      let isGrouping =
        character == "," && index > 0 && characters[index - 1].isNumber
        && index + 3 < characters.count
        && characters[index + 1...index + 3].allSatisfy(\.isNumber)
      if !isGrouping { result.append(character) }
    }
    while result.first == " " { result.removeFirst() }
    while result.last == " " { result.removeLast() }
    return result
  }

  private static func decimal(_ text: String) -> Double? {
    let isNumber = text.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }
    return isNumber && !text.isEmpty ? Double(text) : nil
  }

  /// The value as a student could have written it, with its unit.
  public static func text(_ value: Double, in unit: Unit) -> String {
    let digits = number(value)
    switch unit {
    case .none: return digits
    case .times: return digits + "x"
    case .segments, .rounds, .packets, .connections, .requests:
      return digits + " " + (value == 1 ? String(unit.rawValue.dropLast()) : unit.rawValue)
    case .milliseconds, .bytes, .megabits: return digits + " " + unit.rawValue
    }
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
