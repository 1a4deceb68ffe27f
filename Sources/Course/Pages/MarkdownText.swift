import Timelines

/// The little Markdown that lessons use, on a terminal: paragraphs are wrapped, lists keep their
/// marks, indented and fenced lines stay as they are, emphasis and code lose their marks.
struct MarkdownText {
  let width: Int
  var indent = 0
  /// What commands of the course get behind them, with a blank before it.
  var options = ""

  /// `text` as lines, with a final newline.
  func render(_ text: String) -> String {
    var lines: [String] = []
    var paragraph = ""
    var isFenced = false
    func flush() {
      if paragraph.isEmpty { return }
      let isItem = paragraph.hasPrefix("- ") || paragraph.prefix(3).last == "."
      lines += DisplayWidth.wrapped(
        MarkdownText.plain(paragraph), indent: indent, hanging: isItem ? 2 : 0, width: width)
      paragraph = ""
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        flush()
        isFenced.toggle()
      } else if isFenced || line.hasPrefix("    ") {
        flush()
        lines += verbatim(line)
      } else if line.allSatisfy(\.isWhitespace) {
        flush()
        if lines.last?.isEmpty == false { lines.append("") }
      } else if line.hasPrefix("- ") || line.hasPrefix("|") {
        flush()
        paragraph = String(line)
      } else {
        paragraph += (paragraph.isEmpty ? "" : " ") + line.trimmedBlanks
      }
    }
    flush()
    return lines.map { $0 + "\n" }.joined()
  }

  /// A line that stays as it is, unless it is a command that is too long.
  private func verbatim(_ line: Substring) -> [String] {
    let command = line.trimmedBlanks
    guard command.hasPrefix("simcli ") else {
      return [String(repeating: " ", count: indent) + line]
    }
    let isOurs = command.hasPrefix("simcli lesson ")
    let margin = line.prefix { $0 == " " }.count
    return CommandText(width: width, indent: indent + margin)
      .lines(command + (isOurs ? options : ""))
  }

  /// `text` without the marks of emphasis and of code.
  static func plain(_ text: String) -> String {
    var plain = ""
    var isCode = false
    for (index, character) in text.enumerated() {
      if character == "`" {
        isCode.toggle()
        continue
      }
      // A star between blanks is no mark of emphasis.
      let isAlone =
        character == "*" && (plain.last ?? " ") == " " && text.dropFirst(index + 1).first == " "
      if character != "*" || isAlone || isCode { plain.append(character) }
    }
    return plain
  }
}
