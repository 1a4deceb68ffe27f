/// Numbers in a lesson's text that are measured when it is read: `{{page.complete_ms}}` stands for what
/// the lesson's own run gives.
struct MeasuredText {
  let runs: ReferenceRuns
  /// Values beside the runs', such as the student's `answer`.
  var values: [String: Double] = [:]
  /// Runs beside the lesson's own, such as the student's.
  var extra: [String: ReferenceRuns.Run] = [:]

  /// `text` with its formulas worked out.
  func fill(_ text: String) throws(Expression.Failure) -> String {
    var result = ""
    var rest = Substring(text)
    while let open = rest.firstRange(of: "{{"),
      let close = rest[open.upperBound...].firstRange(of: "}}")
    {
      let formula = try Expression(String(rest[open.upperBound..<close.lowerBound]))
      result +=
        rest[..<open.lowerBound]
        + AnswerText.grouped(try runs.value(of: formula, values, extra: extra))
      rest = rest[close.upperBound...]
    }
    return result + rest
  }
}
