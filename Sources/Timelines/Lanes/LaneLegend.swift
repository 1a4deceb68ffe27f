import NetSim

/// What the letters of some lanes mean.
enum LaneLegend {
  /// The letters that `lanes` use and the marks at their ends, in lines that fit.
  static func text(_ lanes: [Lane], width: Int) -> String {
    let used = Cause.allCases.filter { cause in
      lanes.contains { $0.report.time(cause) > .zero }
    }
    var parts = used.map { "\(CauseMark.letter($0)) \(CauseMark.words($0))" }
    if lanes.contains(where: \.hasStream) { parts.append("s1 in stream 1") }
    if lanes.contains(where: { $0.priorities?.hasUrgencies ?? false }) {
      parts.append("u0 to u7 urgency, i incremental")
    }
    if lanes.contains(where: { $0.priorities?.hasWeights ?? false }) {
      parts.append("w16 weight 16")
    }
    parts.append("| complete")
    if lanes.contains(where: \.hasReset) { parts.append("\(Lane.resetMark) stream reset") }
    if lanes.contains(where: { $0.mark == "!" }) { parts.append("! failed") }
    if lanes.contains(where: { $0.mark == "~" }) { parts.append("~ not complete") }
    return lines(parts, width: width)
  }

  private static func lines(_ parts: [String], width: Int) -> String {
    let indent = "  "
    var lines: [String] = []
    var line = indent
    for part in parts {
      let addition = line == indent ? part : "  " + part
      if line.count + addition.count > width && line != indent {
        lines.append(line)
        line = indent + part
      } else {
        line += addition
      }
    }
    lines.append(line)
    return lines.map { $0 + "\n" }.joined()
  }
}
