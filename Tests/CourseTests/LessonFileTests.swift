import Course
import Testing

/// What authors are told about a lesson that is not right.
@Suite struct LessonFileTests {
  @Test func theMadeLessonIsFit() throws {
    try ProjectCourse.withFolder { folder in
      let problems = try MadeLesson().check(in: folder).problems
      #expect(problems.isEmpty, "\(problems)")
    }
  }

  @Test(arguments: [
    ("knob: rtt", "knob: rtl", "knob rtl: no such option"),
    ("predict: order", "predict: ordre", "predict ordre: no such question"),
    ("number: 3", "number: 4", "its folder is to be called 04-made"),
    ("claims: [\"1.1\"]", "claims: []", "it names no claim"),
    ("rfc: [\"RFC 9293 §3.5\"]", "rfc: []", "it names no section of an RFC"),
    ("rfc: [\"RFC 9293 §3.5\"]", "rfc: [\"RFC 1\"]", "read-more does not say what stands in RFC 1"),
    ("rfc: [\"RFC 9293 §3.5\"]", "after: [x]", "the key rfc is missing"),
    ("what-if: simcli run --rtt 5ms", "what-if: run", "what-if: simcli run … is wanted"),
    ("run --rtt 5ms", "run dsl --rtt", "options with their values are wanted"),
    ("run --rtt 5ms", "run --rtt 5mss", "what-if: --rtt 5mss"),
    ("rtt: 50ms", "rtt: fast", "scenario: "),
    ("slug: made", "slug: made\nslag: made", "slag: no such key of a lesson; did you mean slug?"),
    ("kind: order", "kind: ordre", "kind ordre: there are number, integer"),
    ("unit: ms", "unit: mss", "unit mss: there are ms"),
    ("unit: ms", "unit: ms\n    tolerance: much", "tolerance much: a number or a share"),
    ("unit: ms", "unit: ms\n    draw: snakes", "draw snakes: there are ladder, window"),
    ("answer: page.complete_ms", "answer: page.complete +", "it ends too early"),
    ("answer: page.complete_ms", "answer: page.complet_ms", "complet_ms: no such value"),
    ("answer: page.complete_ms", "answer: pge.complete_ms", "pge: no run of that name"),
    ("answer: page.complete_ms", "answer: complete_ms", "a value is written RUN.NAME"),
    ("answer: page.complete_ms", "find: smallest", "with vary, from, to and such-that"),
    ("id: total", "di: total", "a question has an id and a kind"),
    ("{id: too-late, when: answer > expected}", "{id: too-late}", "value, when or answers"),
    (
      "{id: too-late, when: answer > expected}", "{id: too-late, value: page.complete_ms}",
      "misconception too-late gives the right answer"
    ),
    (
      "answers: [far, page, near]", "answers: [near, page, far]",
      "misconception backwards gives the right answer"
    ),
    ("answers: [far, page, near]", "answers: [far, pge]", "not each of far, near, page once"),
  ])
  func mistakesInTheFileAreFound(piece: String, wrong: String, problem: String) throws {
    try ProjectCourse.withFolder { folder in
      var lesson = MadeLesson()
      try #require(lesson.yaml.contains(piece))
      lesson.yaml = lesson.yaml.replacing(piece, with: wrong)
      let problems = try lesson.check(in: folder).problems
      #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }
  }

  @Test(arguments: [
    ("# Made", "", "a title is missing"), ("A text.", "", "the text is missing"),
    ("### hint 2\nTwo.\n", "", "question order hint 2 is missing"),
    ("### choice far", "### choise far", "nothing has the heading question order choise far"),
    ("Too late.", "", "question total misconception too-late is missing"),
    ("## limits", "## limit", "nothing has the heading limit; did you mean limits?"),
    ("{{page.complete_ms}}", "{{page.rounds +}}", "explanation: the formula page.rounds +"),
    ("{{page.complete_ms}}", "{{answer}}", "explanation: answer: a value is written RUN.NAME"),
    ("One.", "One ☂.", "lesson.en.md: ☂ has no spelling in ASCII"),
  ])
  func mistakesInTheTextsAreFound(piece: String, wrong: String, problem: String) throws {
    try ProjectCourse.withFolder { folder in
      var lesson = MadeLesson()
      try #require(lesson.english.contains(piece))
      lesson.english = lesson.english.replacing(piece, with: wrong)
      let problems = try lesson.check(in: folder).problems
      #expect(problems.contains { $0.contains(problem) }, "\(problems)")
    }
  }

  @Test(arguments: [
    ("near page far", nil, true), ("near, page, far", nil, true), ("NEAR<page<far", nil, true),
    ("near，page，far", nil, true), ("far page near", "backwards", false),
    ("page near far", nil, false),
  ])
  func anOrderIsJudged(answer: String, misconception: String?, isRight: Bool) throws {
    try ProjectCourse.withFolder { folder in
      let course = try MadeLesson().check(in: folder).course
      let lesson = try #require(course.lesson("made"))
      let question = try #require(lesson.question("order"))
      let grader = Grader(lesson, presets: nil)
      let verdict = try grader.judge(question, answer)
      #expect(verdict.isRight == isRight && verdict.misconception == misconception)
      #expect(throws: AnswerError.self) { try grader.judge(question, "near page") }
      #expect(throws: AnswerError.self) { try grader.judge(question, "near page page") }
    }
  }
}
