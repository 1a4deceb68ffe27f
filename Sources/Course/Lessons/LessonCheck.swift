import NetSim
import Scenarios
import Timelines

/// Proves that a lesson is fit for students: it fails as shipped, passes with its solution, has every
/// text in both languages, and its golden timeline stands.
public struct LessonCheck {
  private let lesson: Lesson
  private let presets: String?
  private let grader: Grader
  /// What is wrong, a line each.
  public private(set) var problems: [String] = []

  /// The golden timeline's file in a lesson's folder.
  public static let goldenName = "expected.timeline"

  /// Checks a lesson.
  public init(_ lesson: Lesson, presets: String?) {
    self.lesson = lesson
    self.presets = presets
    grader = Grader(lesson, presets: presets)
    checkShape()
    checkScenario()
    for language in Language.allCases { checkTexts(language) }
    for question in lesson.questions { check(question) }
    checkGolden()
  }

  private mutating func fail(_ problem: String) { problems.append("\(lesson.slug): \(problem)") }

  // MARK: The file

  private mutating func checkShape() {
    let number = lesson.number < 10 ? "0\(lesson.number)" : "\(lesson.number)"
    if !lesson.folder.hasSuffix("/\(number)-\(lesson.slug)") {
      fail("its folder is to be called \(number)-\(lesson.slug)")
    }
    if !(2...8).contains(lesson.questions.count) {
      fail("two to eight questions are wanted; it has \(lesson.questions.count)")
    }
    if Set(lesson.questions.map(\.id)).count < lesson.questions.count {
      fail("two questions have the same id")
    }
    if lesson.question(lesson.predicted) == nil {
      fail("predict \(lesson.predicted): no such question")
    }
    if ScenarioOption.named(lesson.knob) == nil { fail("knob \(lesson.knob): no such option") }
    if lesson.claims.isEmpty { fail("it names no claim that it tests") }
    if lesson.rfc.isEmpty { fail("it names no section of an RFC") }
    checkWhatIf()
  }

  /// The command to go on with has to be one that runs.
  private mutating func checkWhatIf() {
    let words = lesson.whatIf.split(separator: " ").map(String.init)
    guard words.starts(with: ["simcli", "run"]) else {
      fail("what-if: simcli run … is wanted")
      return
    }
    var builder = ScenarioBuilder()
    var rest = words.dropFirst(2)
    do {
      while let name = rest.popFirst() {
        guard name.hasPrefix("--"), let value = rest.popFirst() else {
          fail("what-if: \(name): options with their values are wanted")
          return
        }
        try builder.set(String(name.dropFirst(2)), value)
      }
      _ = try builder.build()
    } catch {
      fail("what-if: \(error.text)")
    }
  }

  private mutating func checkScenario() {
    let file = ScenarioFile(node: lesson.scenario, presets: presets)
    for problem in file.problems { fail("scenario: \(problem.text)") }
  }

  // MARK: Texts

  private mutating func checkTexts(_ language: Language) {
    guard let text = lesson.texts[language] else {
      fail("lesson.\(language.rawValue).md is missing")
      return
    }
    let wanted = wantedKeys
    let name = "lesson.\(language.rawValue).md"
    if text.title.isEmpty { fail("\(name): a title is missing") }
    if text.body.isEmpty { fail("\(name): the text is missing") }
    for key in wanted where text.section(key).isEmpty { fail("\(name): \(key) is missing") }
    for key in text.keys where !wanted.contains(key) {
      let hint = Wording.nearest(key, among: wanted).map { "; did you mean \($0)?" } ?? ""
      fail("\(name): nothing has the heading \(key)\(hint)")
    }
    checkFormulas(text, name)
    for section in lesson.rfc where !text.section("read-more").contains(section) {
      fail("\(name): read-more does not say what stands in \(section)")
    }
    if language == .english {
      let whole = ([text.title, text.body] + text.sections.values).joined()
      for sign in Set(PlainText.unspelt(whole)).sorted() {
        fail("\(name): \(sign) has no spelling in ASCII")
      }
    }
    if language == .korean && !text.body.unicodeScalars.contains(where: { $0.value >= 0xAC00 }) {
      fail("\(name): it is not written in Korean")
    }
  }

  /// Every number in the text can be measured. Sentences about a condition may use the student's.
  private mutating func checkFormulas(_ text: LessonText, _ name: String) {
    let plain = MeasuredText(runs: grader.references)
    let page = try? grader.references.run(Lesson.page)
    var judged = plain
    judged.values = ["answer": 1]
    judged.extra = page.map { ["at": $0, "yours": $0] } ?? [:]
    for (key, text) in text.sections.sorted(by: { $0.key < $1.key }) + [("the text", text.body)] {
      do throws(Expression.Failure) {
        _ = try (key.contains(" fails ") ? judged : plain).fill(text)
      } catch {
        fail("\(name): \(key): \(error.message)")
      }
    }
  }

  private var wantedKeys: [String] {
    var keys = ["goal", "explanation", "read-more", "limits", "what-if"]
    for question in lesson.questions {
      let head = "question \(question.id)"
      keys.append(head)
      keys += (1...3).map { "\(head) hint \($0)" }
      if question.conditionCount > 0 {
        keys += (1...question.conditionCount).map { "\(head) fails \($0)" }
      }
      switch question.kind {
      case .choice(let choices): keys += choices.map { "\(head) choice \($0.id)" }
      case .order(let items): keys += items.map { "\(head) choice \($0.id)" }
      case .number, .search, .scenario: break
      }
      keys += question.misconceptions.map { "\(head) misconception \($0.id)" }
    }
    return keys
  }

  // MARK: Questions

  private mutating func check(_ question: Question) {
    do throws(AnswerError) {
      if case .scenario(let task) = question.kind {
        try check(question, task)
      } else {
        try checkSolution(question)
      }
    } catch {
      fail("\(question.id): \(error.message)")
    }
  }

  private mutating func checkSolution(_ question: Question) throws(AnswerError) {
    let solution = try grader.solution(of: question)
    if !(try grader.judge(question, solution).isRight) {
      fail("\(question.id): its own solution, \(solution), is judged wrong")
    }
    if case .search(let search) = question.kind {
      try checkIsNoDefault(question, search, solution)
    }
    for misconception in question.misconceptions {
      try check(misconception, of: question)
    }
  }

  /// The value that the lesson ships with is not to be the answer.
  private mutating func checkIsNoDefault(
    _ question: Question, _ search: Question.Search, _ solution: String
  ) throws(AnswerError) {
    guard let value = AnswerText.number(solution, in: question.unit),
      let page = try? grader.references.run(question.run),
      let same = try? grader.references.run(
        question.run, changed: [(search.option, search.text(Int(value)))])
    else { return }
    if page.report.fingerprint == same.report.fingerprint {
      fail("\(question.id): the scenario ships with the answer")
    }
  }

  /// A misconception's answer is wrong, and gets its sentence.
  private mutating func check(
    _ misconception: Question.Misconception, of question: Question
  ) throws(AnswerError) {
    let answer: String
    switch misconception.answer {
    case .value(let expression):
      guard
        let expected = AnswerText.number(
          try grader.solution(of: question), in: question.unit),
        let value = try? grader.references.value(of: expression, ["expected": expected])
      else {
        fail("\(question.id): misconception \(misconception.id) cannot be worked out")
        return
      }
      answer = AnswerText.text(value, in: question.unit)
    case .words(let words): answer = try grader.wrongAnswer(words, to: question)
    case .condition: return  // there is no one answer to try
    }
    let verdict = try grader.judge(question, answer)
    if verdict.isRight {
      fail("\(question.id): misconception \(misconception.id) gives the right answer, \(answer)")
    } else if verdict.misconception != misconception.id {
      fail("\(question.id): \(answer) does not get the sentence of \(misconception.id)")
    }
  }

  private mutating func check(
    _ question: Question, _ task: Question.ScenarioTask
  ) throws(AnswerError) {
    do {
      let shipped = try grader.references.run(Lesson.page).scenario
      if try grader.judge(question, shipped, task, name: "").isRight {
        fail("\(question.id): it passes as shipped")
      }
      let solved = try grader.references.run(Lesson.page, changed: task.solution).scenario
      if !(try grader.judge(question, solved, task, name: "").isRight) {
        fail("\(question.id): it fails with its solution")
      }
    } catch {
      throw AnswerError(message: (error as? Expression.Failure)?.message ?? "\(error)")
    }
  }

  // MARK: The golden timeline

  /// The timeline of the lesson's scenario as it is to be, at 80 columns without colour.
  public func timeline() throws(Expression.Failure) -> String {
    let run = try grader.references.run(Lesson.page)
    let style = TextStyle(width: 80)
    return TimelinePage(run.log, reports: run.report.requests).render(style) + "\n"
      + RunSummary.render(run.report, log: run.log)
  }

  private mutating func checkGolden() {
    let path = lesson.folder + "/" + LessonCheck.goldenName
    do {
      let golden = String(decoding: try TextFile.read(path), as: UTF8.self)
      let timeline = try timeline()
      if golden != timeline {
        let lines = zip(
          golden.split(separator: "\n", omittingEmptySubsequences: false),
          timeline.split(separator: "\n", omittingEmptySubsequences: false))
        let line = lines.enumerated().first { $0.element.0 != $0.element.1 }?.offset
        fail("\(LessonCheck.goldenName) no longer stands, from line \((line ?? 0) + 1)")
      }
    } catch let error as TextFile.Failure {
      fail("\(LessonCheck.goldenName): \(error.reason)")
    } catch {
      fail("its scenario does not run: \((error as? Expression.Failure)?.message ?? "\(error)")")
    }
  }

  /// Writes the timeline as the golden one.
  public func bless() throws(TextFile.Failure) {
    if let timeline = try? timeline() {
      try TextFile.write(
        timeline, to: lesson.folder + "/" + LessonCheck.goldenName, replaces: true)
    }
  }
}
