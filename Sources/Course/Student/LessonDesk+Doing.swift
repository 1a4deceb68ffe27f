import NetSim
import Scenarios
import Timelines

/// Doing: predicting, running, answering, beginning anew.
extension LessonDesk {
  /// Keeps a prediction.
  public mutating func predict(_ name: String, _ answer: String) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let question = try question(lesson.predicted, of: lesson)
    // What cannot be judged is refused now, not after the run has shown the answer.
    let grader = Grader(lesson, presets: course.presets)
    let verdict = try grade { () throws(AnswerError) in try grader.judge(question, answer) }
    try record(.predict(question: question.id, answer: answer), lesson)
    return say(phrases(.predictionKept, question.id, verdict.answer))
      + say(phrases(.howToRun, "simcli lesson run \(lesson.slug)"))
  }

  /// Runs the student's scenario, with further options, and shows it beside what was predicted.
  public mutating func run(
    _ name: String, isFree: Bool, options: [(name: String, value: String)]
  ) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let prediction = progress[lesson.slug].predictions[lesson.predicted]
    if prediction == nil && !isFree {
      let prompt = lesson.text(language).prompt(lesson.predicted)
      throw CourseError(
        .usage,
        phrases(
          .predictFirst, "simcli lesson predict \(lesson.slug) ANSWER",
          "simcli lesson run \(lesson.slug) --free") + "\n"
          + (try text(prompt, of: lesson, indent: 2)).trimmedEnd)
    }
    var page = try provideScenario(lesson)
    let run = ReferenceRuns.run(try scenario(lesson, options))
    try record(.run, lesson)
    page +=
      TimelinePage(run.log, reports: run.report.requests).render(style) + "\n"
      + RunSummary.render(run.report, log: run.log) + "\n"
    if let prediction { page += try compare(prediction, lesson) + "\n" }
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

  /// Puts the lesson's scenario into the student's folder, unless there is one already.
  private func provideScenario(_ lesson: Lesson) throws(CourseError) -> String {
    let path = scenarioPath(lesson)
    if TextFile.exists(path) { return "" }
    let runs = ReferenceRuns(lesson, presets: course.presets)
    do {
      try TextFile.write(ScenarioDescription(try runs.run(Lesson.page).scenario).yaml, to: path)
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
    let grader = Grader(lesson, presets: course.presets)
    let observed = try grade { () throws(AnswerError) in try grader.solution(of: question) }
    if let mine = try? AnswerText.number(prediction, in: question.unit),
      let theirs = try? AnswerText.number(observed, in: question.unit)
    {
      let difference = theirs - mine
      let text = AnswerText.text(difference, in: question.unit)
      return say(
        phrases(
          .predicted, question.id, AnswerText.text(mine, in: question.unit), observed,
          difference > 0 ? "+" + text : text))
    }
    return say(phrases(.predictedWords, question.id, prediction, observed))
  }

  private func nextQuestion(_ lesson: Lesson) -> String {
    let solved = progress[lesson.slug].solved
    guard let open = lesson.questions.first(where: { solved[$0.id] == nil }) else {
      return say(phrases(.lessonDone, lesson.slug))
    }
    if case .scenario = open.kind {
      return say(
        phrases(
          .checkFile, lesson.slug + ".yaml", "simcli lesson check \(lesson.slug) \(open.id)"))
    }
    return say(phrases(.howToCheck, "simcli lesson check \(lesson.slug) \(open.id) ANSWER"))
  }

  /// What an answer is worth: whether it is right, and what to print.
  public mutating func check(
    _ name: String, _ questionName: String?, _ answer: String?
  ) throws(CourseError) -> (isRight: Bool, page: String) {
    let lesson = try lesson(name)
    guard let questionName else { return (isDone(lesson), try standingPage(lesson)) }
    let question = try question(questionName, of: lesson)
    let given = try given(answer, question, lesson)
    let grader = Grader(lesson, presets: course.presets)
    let verdict: Verdict
    do throws(AnswerError) {
      verdict = try grader.judge(question, given)
    } catch {
      let isFile = if case .scenario = question.kind { true } else { false }
      throw CourseError(isFile ? .input : .usage, error.message)
    }
    try record(
      .answer(question: question.id, isRight: verdict.isRight, answer: answer ?? verdict.answer),
      lesson)
    return (
      verdict.isRight,
      try verdict.isRight
        ? success(question, verdict, lesson) : feedback(question, verdict, lesson)
    )
  }

  private func given(
    _ answer: String?, _ question: Question, _ lesson: Lesson
  ) throws(CourseError) -> String {
    if let answer { return answer }
    if case .scenario = question.kind {
      let path = scenarioPath(lesson)
      if TextFile.exists(path) { return path }
      throw CourseError(.usage, phrases(.howToEdit, path, "simcli lesson run \(lesson.slug)"))
    }
    throw CourseError(
      .usage, phrases(.howToCheck, "simcli lesson check \(lesson.slug) \(question.id) ANSWER"))
  }

  private func standingPage(_ lesson: Lesson) throws(CourseError) -> String {
    let standing = progress[lesson.slug]
    var page = ""
    for question in lesson.questions {
      let answer = standing.solved[question.id]
      page += "  \(answer == nil ? cross : tick) \(question.id)\(answer.map { ": " + $0 } ?? "")\n"
    }
    return page + nextQuestion(lesson)
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
