/// Running text in lines.
enum Paragraph {
  /// `text` broken between words into lines of at most `width`, each with its newline.
  static func wrapped(_ text: String, indent: Int, width: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = margin
    for word in text.split(separator: " ") {
      if line.count + word.count + 1 > width && line != margin {
        lines.append(line)
        line = margin
      }
      line += line == margin ? String(word) : " " + word
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }
}
