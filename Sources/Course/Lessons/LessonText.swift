/// The text of a lesson in one language: a Markdown file whose headings are keys.
///
/// The first heading is the title, what stands under it the body. Headings of the second level are
/// `goal`, `explanation`, `read-more`, `limits`, `what-if` and `question ID`; of the third, within a question,
/// `hint 1` to `hint 3`, `choice ID` and `misconception ID`. Keys are the same in every language.
public struct LessonText: Sendable {
  /// The title.
  public private(set) var title = ""
  /// The text that is read first.
  public private(set) var body = ""
  /// The other texts by their keys: `goal`, `question rounds`, `question rounds hint 1`.
  public private(set) var sections: [String: String] = [:]
  /// The keys in their order.
  public private(set) var keys: [String] = []

  /// No text.
  public init() {}

  /// The text of a file.
  public init(_ text: String) {
    var key: String?
    var section = ""
    var lines: [String] = []
    func flush(_ result: inout LessonText) {
      let text = LessonText.trimmed(lines)
      if let key { result.sections[key] = text } else { result.body = text }
      lines = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let level = line.prefix { $0 == "#" }.count
      guard (1...3).contains(level), line.dropFirst(level).first == " " else {
        lines.append(String(line))
        continue
      }
      let name = String(line.dropFirst(level + 1)).trimmedBlanks
      if level == 1 {
        title = name
        continue
      }
      flush(&self)
      if level == 2 { section = name }
      let whole = level == 2 ? name : section + " " + name
      keys.append(whole)
      key = whole
    }
    flush(&self)
  }

  /// The text under a key; empty where there is none.
  public func section(_ key: String) -> String { sections[key] ?? "" }

  /// The prompt of a question.
  public func prompt(_ question: String) -> String { section("question \(question)") }

  /// A part of a question: `hint 1`, `choice a`, `misconception forgot-the-handshake`.
  public func part(_ question: String, _ part: String) -> String {
    section("question \(question) \(part)")
  }

  private static func trimmed(_ lines: [String]) -> String {
    var rest = lines[...]
    while rest.first?.trimmedBlanks.isEmpty == true { rest.removeFirst() }
    while rest.last?.trimmedBlanks.isEmpty == true { rest.removeLast() }
    return rest.joined(separator: "\n")
  }
}

extension StringProtocol {
  /// The text without blanks around it.
  var trimmedBlanks: String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
    return rest.trimmedEnd
  }

  /// The text without blanks after it.
  var trimmedEnd: String {
    var rest = self[...]
    while rest.last?.isWhitespace == true { rest = rest.dropLast() }
    return String(rest)
  }
}
