import Course
import Scenarios
import Testing

@Suite struct PhrasesTests {
  @Test(
    arguments: [
      (7, .rounds, .english, "7 rounds"), (1, .rounds, .english, "1 round"),
      (-1, .rounds, .english, "-1 round"), (0, .segments, .english, "0 segments"),
      (93_750, .bytes, .english, "93,750 B"), (1_075, .milliseconds, .english, "1,075 ms"),
      (-1_234_567.5, .none, .english, "-1,234,567.5"), (1.343, .times, .english, "1.343x"),
      (7, .rounds, .korean, "7라운드"), (1, .segments, .korean, "1개"),
      (102_200, .bytes, .korean, "102,200바이트"), (1.8134, .megabits, .korean, "1.813 Mb/s"),
    ] as [(Double, AnswerText.Unit, Language, String)])
  func writesNumbers(value: Double, unit: AnswerText.Unit, language: Language, text: String) {
    let phrases = Phrases(folder: ProjectCourse.lessons, language)
    #expect(phrases.number(value, unit) == text)
    // What is shown can be typed again.
    let read = AnswerText.number(text, in: unit) ?? .nan
    #expect(abs(read - value) < 0.001)
  }

  /// A particle's form follows the sound before it, and nobody knows what stands for a placeholder
  /// or a measured number.
  @Test func noKoreanParticleFollowsWhatIsPutIn() throws {
    var texts = [try read("phrases.ko.yaml")]
    for lesson in ProjectCourse.course.lessons {
      let text = try #require(lesson.texts[.korean])
      texts += [text.title, text.body] + text.sections.values
    }
    for text in texts {
      for part in text.split(separator: "}").dropFirst() {
        let next = part.drop { $0 == " " }.prefix(2)
        let ends = next.count < 2 || next.last.map { !$0.isLetter } ?? true
        let isParticle =
          ["으로", "이라"].contains(next) || (ends && "은는이가을를과와로".contains(next.prefix(1)))
        #expect(next.isEmpty || !isParticle, "\(part)")
      }
    }
  }

  private func read(_ name: String) throws -> String {
    String(decoding: try TextFile.read(ProjectCourse.lessons + "/" + name), as: UTF8.self)
  }

  @Test func missingAndUnknownPhrasesAreFound() throws {
    try ProjectCourse.withFolder { folder in
      let text = try read("phrases.en.yaml").replacing("goal:", with: "gaol:")
      try TextFile.write(text, to: folder + "/phrases.en.yaml")
      let problems = Phrases(folder: folder, .english).problems.map(\.text)
      #expect(problems.count == 2)
      #expect(problems.contains { $0.contains("gaol: nothing says this") })
      #expect(problems.contains { $0.contains("goal is missing") })
    }
  }
}
