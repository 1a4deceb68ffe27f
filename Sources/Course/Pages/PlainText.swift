/// Text for terminals without signs beyond ASCII: what has a spelling in ASCII is spelt so. Letters
/// of other scripts stay as they are.
enum PlainText {
  private static let spellings: [Character: String] = [
    "×": "x", "÷": "/", "−": "-", "–": "-", "—": "-", "…": "...", "·": ".", "≤": "<=", "≥": ">=",
    "≠": "!=", "≈": "about ", "→": "->", "←": "<-", "²": "^2", "ⁿ": "^n", "µ": "u", "μ": "u",
    "“": "\"", "”": "\"", "‘": "'", "’": "'", "«": "\"", "»": "\"", "±": "+-", "½": "1/2",
    "✓": "+", "✗": "x", "é": "e", "\u{A0}": " ", "§": "section ",
  ]

  /// `text` in ASCII.
  static func spelt(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "√" {
        let number = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." }
        result += "sqrt(\(number))"
        rest = rest.dropFirst(number.count)
      } else if character == "§" && rest.first == "§" {
        continue
      } else {
        result += spellings[character] ?? String(character)
      }
    }
    return result
  }

  /// The signs that have no spelling.
  static func unspelt(_ text: String) -> [Character] {
    spelt(text).filter { !$0.isASCII }.map { $0 }
  }
}
