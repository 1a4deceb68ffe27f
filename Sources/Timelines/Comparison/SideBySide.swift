/// Two texts beside each other, line by line.
public enum SideBySide {
  /// The lines of `left`, filled to `width` columns, each with the line of `right` at its side.
  /// Control sequences for colour take no columns.
  public static func join(_ left: String, _ right: String, width: Int) -> String {
    let lines = [left, right].map { text in
      text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
    var text = ""
    for index in 0..<lines.map(\.count).max()! {
      let first = index < lines[0].count ? lines[0][index] : ""
      let second = index < lines[1].count ? lines[1][index] : ""
      if first.isEmpty && second.isEmpty { continue }
      text += first + String(repeating: " ", count: max(0, width - columns(of: first)))
      text += " | " + second + "\n"
    }
    return text
  }

  /// How many columns a line takes.
  private static func columns(of line: String) -> Int {
    var count = 0
    var isControl = false
    for character in line {
      if character == "\u{1B}" { isControl = true }
      if !isControl { count += 1 }
      if isControl && character == "m" { isControl = false }
    }
    return count
  }
}
