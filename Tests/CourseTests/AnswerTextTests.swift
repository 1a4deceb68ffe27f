import Course
import Scenarios
import Testing

@Suite struct AnswerTextTests {
  @Test(
    arguments: [
      ("150", .milliseconds, 150), ("150ms", .milliseconds, 150), ("0.15 s", .milliseconds, 150),
      ("0.15s", .milliseconds, 150), (" 150 ms ", .milliseconds, 150),
      ("150000us", .milliseconds, 150),
      ("1,150", .milliseconds, 1_150), ("93750", .bytes, 93_750), ("93,750 B", .bytes, 93_750),
      ("93.75kB", .bytes, 93_750), ("64 KiB", .bytes, 65_536), ("7", .rounds, 7),
      ("7 rounds", .rounds, 7), ("1 round", .rounds, 1), ("7라운드", .rounds, 7),
      ("15개", .segments, 15),
      ("1.34", .times, 1.34), ("1.34x", .times, 1.34), ("1.34배", .times, 1.34), ("-3", .none, -3),
    ] as [(String, AnswerText.Unit, Double)])
  func reads(text: String, unit: AnswerText.Unit, value: Double) throws {
    #expect(try AnswerText.number(text, in: unit) == value)
  }

  @Test(
    arguments: [
      ("fast", .milliseconds), ("", .milliseconds), ("150 kB", .milliseconds),
      ("7 apples", .rounds),
      ("seven", .rounds), ("1.2.3", .times), ("5 s", .bytes), (",", .none), ("1e3", .rounds),
    ] as [(String, AnswerText.Unit)])
  func refusesWhatIsNoNumber(text: String, unit: AnswerText.Unit) {
    #expect(throws: QuantityError.self) { try AnswerText.number(text, in: unit) }
  }

  @Test(
    arguments: [
      (7, .rounds, "7 rounds"), (1, .rounds, "1 round"), (6.054, .milliseconds, "6.054 ms"),
      (4999.96, .milliseconds, "4999.96 ms"), (1.3429, .times, "1.343x"), (0, .none, "0"),
    ] as [(Double, AnswerText.Unit, String)])
  func writes(value: Double, unit: AnswerText.Unit, text: String) {
    #expect(AnswerText.text(value, in: unit) == text)
  }
}
