/// Words put together for people to read, and words that people meant.
public enum Wording {
  /// The words as a choice: `reno or cubic`, `a, b or c`.
  public static func alternatives(_ words: [String]) -> String { joined(words, last: "or") }

  /// The words as a list: `reno and cubic`, `a, b and c`.
  public static func list(_ words: [String]) -> String { joined(words, last: "and") }

  /// The text as an error repeats it: in one line, not too long, and visible when it is empty.
  public static func excerpt(_ text: some StringProtocol) -> String {
    if text.isEmpty { return "\"\"" }
    var line = ""
    for (index, character) in text.enumerated() {
      if index == 60 { return line + "…" }
      let isControl = character.unicodeScalars.contains {
        $0.properties.generalCategory == .control
      }
      line.append(isControl || character.isNewline ? " " : character)
    }
    return line
  }

  private static func joined(_ words: [String], last conjunction: String) -> String {
    guard let last = words.last else { return "" }
    if words.count == 1 { return last }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
  }

  /// The candidate that `word` was most likely meant to be, if one is near enough to be likely.
  ///
  /// Near is few edits: a letter added, left out, changed, or two neighbours exchanged. Upper and
  /// lower case count as the same. Of equally near candidates the first is taken.
  public static func nearest(_ word: String, among candidates: [String]) -> String? {
    let wanted = Array(word.lowercased())
    var best: (word: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased())
      let longest = max(wanted.count, letters.count)
      let limit = longest < 3 ? 0 : longest / 2  // "no" is not a slip for "on"
      if abs(wanted.count - letters.count) > limit { continue }
      let distance = editDistance(wanted, letters)
      if distance <= limit && distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
  }

  /// The optimal string alignment distance.
  private static func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
      var current = [row + 1]
      for column in right.indices {
        let change = last[column] + (left[row] == right[column] ? 0 : 1)
        var cost = min(change, last[column + 1] + 1, current[column] + 1)
        let isExchange =
          row > 0 && column > 0 && left[row] == right[column - 1]
          && left[row - 1] == right[column]
        if isExchange { cost = min(cost, beforeLast[column - 1] + 1) }
        current.append(cost)
      }
      (beforeLast, last) = (last, current)
    }
    return last[right.count]
  }
}
