import NetSim

/// How the priorities of a log's requests are written, where one of them is not the default: `u0`,
/// `u5i` with what parts are of use, and `w200` with a weight in the tree of RFC 7540.
struct PriorityLabels {
  /// Whether urgencies, and whether weights tell requests apart.
  let hasUrgencies: Bool
  let hasWeights: Bool

  init(_ log: EventLog) {
    let all = log.requests.map(\.priority)
    hasUrgencies = all.contains { $0.field != HTTPPriority() || $0.laterField != nil }
    hasWeights = all.contains { $0.dependency != nil || $0.laterDependency != nil }
  }

  /// The words for a request's priority, what it became later behind it; empty where there are none.
  func text(_ request: RequestDescription) -> String {
    guard request.stream != nil else { return "" }
    let signals = request.priority
    var words: [String] = []
    if hasUrgencies {
      let later = signals.laterField.map { ">" + Self.text($0) } ?? ""
      words.append(Self.text(signals.field) + later)
    }
    if hasWeights {
      let later = signals.laterDependency.map { ">" + Self.text($0) } ?? ""
      words.append(Self.text(signals.dependency ?? PriorityTree.standard) + later)
    }
    return words.joined(separator: " ")
  }

  private static func text(_ field: HTTPPriority) -> String {
    "u\(field.urgency)" + (field.isIncremental ? "i" : "")
  }

  private static func text(_ priority: HTTP2Priority) -> String {
    "w\(Int(priority.weightLessOne) + 1)"
  }
}
