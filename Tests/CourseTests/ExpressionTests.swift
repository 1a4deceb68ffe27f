import Course
import Testing

@Suite struct ExpressionTests {
  private func value(_ text: String) throws -> Double {
    try Expression(text).value { (name) throws(Expression.Failure) in
      if name == "page.request[1].first_byte_ms" { return 225 }
      throw Expression.Failure(message: "no \(name)")
    }
  }

  @Test(arguments: [
    ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("12 / 4 / 3", 1), ("-2 + 5", 3),
    ("2 * -3", -6), ("min(4, 2, 3) + max(1, 5)", 7), ("ceil(22.5)", 23), ("floor(22.5)", 22),
    ("round(22.4)", 22), ("ceil(7.0000000001)", 7), ("1 + 1 == 2", 1), ("1 < 2 and 3 <= 3", 1),
    ("1 > 2 or 2 >= 3", 0), ("0.1 + 0.2 == 0.3", 1), ("1 != 2", 1),
    ("page.request[1].first_byte_ms / 75", 3),
  ])
  func worksOut(text: String, expected: Double) throws {
    #expect(try value(text) == expected)
  }

  @Test(arguments: [
    ("1 +", "the formula 1 +: it ends too early"), ("(1", "the formula (1: ) is missing"),
    ("1 2", "the formula 1 2: 2 was not expected"),
    ("a ? b", "the formula a ? b: ? is no part of a formula"),
    ("* 2", "the formula * 2: * was not expected"),
  ])
  func refuses(text: String, message: String) {
    #expect(throws: Expression.Failure(message: message)) { try Expression(text) }
  }
}
