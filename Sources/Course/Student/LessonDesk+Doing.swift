import NetSim
import Scenarios
import Timelines

/// Doing: predicting, running, answering, beginning anew.
extension LessonDesk {
  /// Keeps a prediction.
  public mutating func predict(_ name: String, _ answer: String?) throws(CourseError) -> String {
    let lesson = try lesson(name)
    guard let answer else {
      let words = "predict \(lesson.slug) \(phrases(.answerWord))"
      throw CourseError(.usage, phrases(.predictionMissing, command(words)))
    }
    let question = try question(lesson.predicted, of: lesson)
    // What cannot be judged is refused now, not after the run has shown the answer.
    let grader = grader(lesson)
    let verdict = try grade { () throws(AnswerError) in try grader.judge(question, answer) }
    try record(.predict(question: question.id, answer: answer), lesson)
    return say(phrases(.predictionKept, question.id, verdict.answer))
      + offer(phrases(.thenRun), command("run \(lesson.slug)"))
  }

  /// Runs the student's scenario, with further options, and shows it beside what was predicted.
  public mutating func run(
    _ name: String, isFree: Bool, options: [(name: String, value: String)]
  ) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let prediction = progress[lesson.slug].predictions[lesson.predicted]
    if prediction == nil && !isFree {
      let prompt = lesson.text(language).prompt(lesson.predicted)
      let predict = command("predict \(lesson.slug) \(phrases(.answerWord))")
      let page =
        offer(phrases(.predictFirst), predict)
        + offer(phrases(.predictFree), command("run \(lesson.slug) --free"), indent: 2)
        + (try text(prompt, of: lesson, indent: 2))
      throw CourseError(.usage, page.trimmedEnd)
    }
    var page = try provideScenario(lesson)
    let run = ReferenceRuns.run(try scenario(lesson, options))
    try record(.run, lesson)
    page +=
      TimelinePage(run.log, reports: run.report.requests).render(style) + "\n"
      + RunSummary.render(run.report, log: run.log) + "\n"
    if let prediction {
      let isOwn = try isOwnScenario(run.scenario, of: lesson)
      page +=
        (isOwn
          ? try compare(prediction, lesson)
          : say(phrases(.predictedOther, lesson.predicted))) + "\n"
    }
    return page + nextQuestion(lesson)
  }

  private func scenario(
    _ lesson: Lesson, _ options: [(name: String, value: String)]
  ) throws(CourseError) -> Scenario {
    let file = ScenarioFile(path: scenarioPath(lesson), presets: course.presets)
    if let problem = file.problems.first { throw CourseError(.input, problem.text) }
    var builder = file.builder
    do {
      for (name, value) in options { try builder.set(name, value) }
      return try builder.build()
    } catch {
      throw CourseError(error.place == nil ? .usage : .input, error.text)
    }
  }

  /// Whether a scenario is the lesson's, as it is shipped.
  private func isOwnScenario(
    _ scenario: Scenario, of lesson: Lesson
  ) throws(CourseError) -> Bool {
    let runs = runs(of: lesson)
    do throws(Expression.Failure) {
      let own = try runs.scenario(Lesson.page)
      return ScenarioDescription(own).yaml == ScenarioDescription(scenario).yaml
    } catch {
      throw CourseError(.input, error.message)
    }
  }

  /// Puts the lesson's scenario into the student's folder, unless there is one already.
  private func provideScenario(_ lesson: Lesson) throws(CourseError) -> String {
    let path = scenarioPath(lesson)
    if TextFile.exists(path) { return "" }
    let runs = runs(of: lesson)
    do {
      try TextFile.write(ScenarioDescription(try runs.scenario(Lesson.page)).yaml, to: path)
    } catch let error as TextFile.Failure {
      throw CourseError(.input, "\(path): \(error.reason)")
    } catch {
      throw CourseError(.input, (error as? Expression.Failure)?.message ?? "\(error)")
    }
    return say(phrases(.fileWritten, path)) + "\n"
  }

  /// The prediction beside what the reference gives.
  private func compare(_ prediction: String, _ lesson: Lesson) throws(CourseError) -> String {
    let question = try question(lesson.predicted, of: lesson)
    let grader = grader(lesson)
    let observed = try grade { () throws(AnswerError) in try grader.solution(of: question) }
    if let mine = AnswerText.number(prediction, in: question.unit),
      let theirs = AnswerText.number(observed, in: question.unit)
    {
      let difference = theirs - mine
      let text = phrases.number(difference, question.unit)
      return say(
        phrases(
          .predicted, question.id, phrases.number(mine, question.unit), observed,
          difference > 0 ? "+" + text : text))
    }
    return say(phrases(.predictedWords, question.id, prediction, observed))
  }

  private func nextQuestion(_ lesson: Lesson) -> String {
    let solved = progress[lesson.slug].solved
    guard let open = lesson.questions.first(where: { solved[$0.id] == nil }) else {
      return say(phrases(.lessonDone, lesson.slug))
    }
    return howToCheck(open, lesson)
  }

  /// What an answer is worth.
  public struct Checked {
    /// Whether it is right.
    public var isRight: Bool
    /// What to print.
    public var page: String
    /// Why there is nothing to be content with; nil where it is right.
    public var complaint: CourseError?
  }

  /// Judges an answer. Without a question it shows which questions are answered, and without an
  /// answer it takes the student's scenario, where the question is about that.
  public mutating func check(
    _ name: String, _ questionName: String?, _ answer: String?
  ) throws(CourseError) -> Checked {
    let lesson = try lesson(name)
    guard let questionName else { return checkedWithoutQuestion(lesson) }
    let question = try question(questionName, of: lesson)
    let given = try given(answer, question, lesson)
    let verdict: Verdict
    do throws(AnswerError) {
      verdict = try grader(lesson).judge(question, given)
    } catch {
      let isFile = if case .scenario = question.kind { true } else { false }
      throw CourseError(isFile ? .input : .usage, complaint(error))
    }
    try record(
      .answer(question: question.id, isRight: verdict.isRight, answer: answer ?? verdict.answer),
      lesson)
    if verdict.isRight {
      return Checked(isRight: true, page: try success(question, verdict, lesson))
    }
    return Checked(
      isRight: false, page: try feedback(question, verdict, lesson),
      complaint: CourseError(.check, phrases(.notYet, "\(lesson.slug) \(question.id)")))
  }

  private func checkedWithoutQuestion(_ lesson: Lesson) -> Checked {
    let standing = progress[lesson.slug]
    var page = ""
    for question in lesson.questions {
      page += "  \(standing.solved[question.id] == nil ? open : tick) \(question.id)\n"
    }
    guard let first = lesson.questions.first(where: { standing.solved[$0.id] == nil }) else {
      return Checked(isRight: true, page: page + say(phrases(.lessonDone, lesson.slug)))
    }
    return Checked(
      isRight: false, page: page,
      complaint: CourseError(.usage, phrases(.answerMissing, checkCommand(first, lesson))))
  }

  private func given(
    _ answer: String?, _ question: Question, _ lesson: Lesson
  ) throws(CourseError) -> String {
    if let answer { return answer }
    if case .scenario = question.kind {
      let path = scenarioPath(lesson)
      if TextFile.exists(path) { return path }
      throw CourseError(.usage, phrases(.howToEdit, path, command("run \(lesson.slug)")))
    }
    throw CourseError(.usage, phrases(.answerMissing, checkCommand(question, lesson)))
  }

  private func success(
    _ question: Question, _ verdict: Verdict, _ lesson: Lesson
  ) throws(CourseError) -> String {
    let page =
      style.paint(tick, isGood: true) + " " + say(phrases(.right, question.id, verdict.answer))
    let solved = progress[lesson.slug].solved
    let open = lesson.questions.filter { solved[$0.id] == nil }.map(\.id)
    if !open.isEmpty {
      return page + say(phrases(.stillOpen, open.joined(separator: ", "))) + nextQuestion(lesson)
    }
    return page + "\n" + say(phrases(.lessonDone, lesson.slug)) + "\n"
      + (try solutionPage(lesson)) + "\n" + (try ending(lesson))
  }

  /// Begins a lesson anew. The student's scenario is kept under another name.
  public mutating func reset(_ name: String) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let path = scenarioPath(lesson)
    var page = ""
    if TextFile.exists(path) {
      var number = 1
      while TextFile.exists(path + ".\(number)") { number += 1 }
      do {
        try TextFile.move(path, to: path + ".\(number)")
      } catch {
        throw CourseError(.input, "\(path): \(error.reason)")
      }
      page = say(phrases(.keptAs, path, path + ".\(number)"))
    }
    try record(.reset, lesson)
    return page + say(phrases(.wasReset, lesson.slug))
  }
}
