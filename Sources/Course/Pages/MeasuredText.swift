/// Numbers in a lesson's text that are measured when it is read: `{{page.complete_ms}}` stands for what
/// the lesson's own run gives.
struct MeasuredText {
  let runs: ReferenceRuns

  /// `text` with its formulas worked out.
  func fill(_ text: String) throws(Expression.Failure) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      let formula = try Expression(String(rest[open.upperBound..<close.lowerBound]))
      result += rest[..<open.lowerBound] + AnswerText.number(try runs.value(of: formula))
      rest = rest[close.upperBound...]
    }
    return result + rest
  }
}
