import Timelines

/// Commands to copy: a line is never broken but where the shell puts it together again.
struct CommandText {
  let width: Int
  let indent: Int

  /// `command` as lines, those before the last with the shell's mark that the line goes on.
  func lines(_ command: String) -> [String] {
    let margin = String(repeating: " ", count: indent)
    if indent + DisplayWidth.columns(command) <= width { return [margin + command] }
    var lines: [String] = []
    var line = margin
    for part in parts(command) {
      let isFirst = line.allSatisfy { $0 == " " }
      if !isFirst && DisplayWidth.columns(line) + 1 + DisplayWidth.columns(part) + 2 > width {
        lines.append(line + " \\")
        line = margin + "  "
      }
      line += (line.last == " " || line.isEmpty ? "" : " ") + part
    }
    return lines + [line]
  }

  /// What stays together: an option with its value, and the words before the first option.
  private func parts(_ command: String) -> [String] {
    var parts: [String] = []
    for word in command.split(separator: " ") {
      if parts.isEmpty || word.hasPrefix("--") {
        parts.append(String(word))
      } else {
        parts[parts.count - 1] += " " + word
      }
    }
    return parts
  }

  /// A word as a shell takes it whole.
  static func quoted(_ word: String) -> String {
    let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "/._-+:,@%=".contains($0) }
    return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}
