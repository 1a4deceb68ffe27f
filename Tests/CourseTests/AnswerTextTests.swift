import Course
import Testing

@Suite struct AnswerTextTests {
  @Test(
    arguments: [
      ("7", .seconds, 7), ("7s", .seconds, 7), ("7000 ms", .seconds, 7), ("7초", .seconds, 7),
      ("150", .milliseconds, 150), ("150ms", .milliseconds, 150), ("0.15 s", .milliseconds, 150),
      ("0.15s", .milliseconds, 150), (" 150 ms ", .milliseconds, 150),
      ("150000us", .milliseconds, 150),
      ("1,150", .milliseconds, 1_150), ("93750", .bytes, 93_750), ("93,750 B", .bytes, 93_750),
      ("93.75kB", .bytes, 93_750), ("64 KiB", .bytes, 65_536), ("7", .rounds, 7),
      ("7 rounds", .rounds, 7), ("1 round", .rounds, 1), ("7라운드", .rounds, 7),
      ("15개", .segments, 15),
      ("1.34", .times, 1.34), ("1.34x", .times, 1.34), ("1.34배", .times, 1.34), ("-3", .none, -3),
      ("-5ms", .milliseconds, -5),
      ("150밀리초", .milliseconds, 150), ("0.15 초", .milliseconds, 150), ("１５０", .milliseconds, 150),
      ("１，１５０ｍｓ", .milliseconds, 1_150), ("0．15초", .milliseconds, 150), ("−3", .none, -3),
      ("２분", .milliseconds, 120_000), ("93,750바이트", .bytes, 93_750),
      ("93.75 킬로바이트", .bytes, 93_750), ("1.9Mbit/s", .megabits, 1.9),
      ("1.9 Mbps", .megabits, 1.9), ("1900kbit/s", .megabits, 1.9), ("1.9메가비트/초", .megabits, 1.9),
      ("1900000 b/s", .megabits, 1.9), ("7번째", .segments, 7),
      ("7 세그먼트", .segments, 7), ("３라운드", .rounds, 3),
      (".5", .times, 0.5), ("+7", .rounds, 7), ("2×", .times, 2),
    ] as [(String, AnswerText.Unit, Double)])
  func reads(text: String, unit: AnswerText.Unit, value: Double) {
    #expect(AnswerText.number(text, in: unit) == value)
  }

  @Test(
    arguments: [
      ("fast", .milliseconds), ("", .milliseconds), ("150 kB", .milliseconds),
      ("7 apples", .rounds),
      ("seven", .rounds), ("1.2.3", .times), ("5 s", .bytes), (",", .none), ("1e3", .rounds),
      ("nan", .times), ("inf", .times), ("-", .none), ("--5", .none), ("7초", .rounds),
      ("7%", .rounds),
      ("1.9 MB/s", .megabits), ("12 b", .bytes), ("7사과", .rounds), ("빠름", .milliseconds),
      ("1-2", .none), ("½", .times),
    ] as [(String, AnswerText.Unit)])
  func refusesWhatIsNoNumber(text: String, unit: AnswerText.Unit) {
    #expect(AnswerText.number(text, in: unit) == nil)
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
