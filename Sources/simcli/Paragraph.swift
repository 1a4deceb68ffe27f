/// Running text in lines.
enum Paragraph {
  /// `text` broken between words into lines of at most `width`, each with its newline. Lines after
  /// the first are indented by `hanging` more.
  static func wrapped(_ text: String, indent: Int, hanging: Int = 0, width: Int) -> String {
    var margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = margin
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > width && line != margin {
        lines.append(line)
        margin = String(repeating: " ", count: indent + hanging)
        line = margin
      }
      line += line == margin ? String(word) : " " + word
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }
}
