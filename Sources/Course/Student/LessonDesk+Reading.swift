import NetSim
import Scenarios
import Timelines

/// Reading: the course, a lesson, its hints and its solution.
extension LessonDesk {
  /// The course with what is done of it.
  public func list() -> String {
    let done = course.lessons.filter { isDone($0) }.count
    var page = say(phrases(.courseDone, "\(done)", "\(course.lessons.count)")) + "\n"
    let titles = course.lessons.map { spelt($0.text(language).title) }
    let titleWidth = (titles.map { DisplayWidth.columns($0) }.max() ?? 0) + 2
    let slugWidth = (course.lessons.map(\.slug.count).max() ?? 0) + 2
    for (lesson, title) in zip(course.lessons, titles) {
      let standing = progress[lesson.slug]
      let solved = lesson.questions.filter { standing.solved[$0.id] != nil }.count
      let isBegun = solved > 0 || standing.wasRun || !standing.predictions.isEmpty
      let state =
        isBegun
        ? phrases(.answered, "\(solved)", "\(lesson.questions.count)") : phrases(.notBegun)
      page +=
        "\(Numbers.padded("\(lesson.number)", to: 3)) \(isDone(lesson) ? tick : " ") "
        + DisplayWidth.filled(lesson.slug, to: slugWidth)
        + DisplayWidth.filled(title, to: titleWidth) + state + "\n"
    }
    page += "\n"
    if let next = course.lessons.first(where: { !isDone($0) }) {
      page += offer(phrases(.nextLesson), command("show \(next.slug)"))
    } else if let last = course.lessons.last {
      page += offer(phrases(.courseIsDone), command("solution \(last.slug)"))
    }
    return page
  }

  /// Where the student is, in one line.
  public func standing() -> String {
    let done = course.lessons.filter { isDone($0) }.count
    let next = course.lessons.first { !isDone($0) }
    return say(phrases(.courseDone, "\(done)", "\(course.lessons.count)"), indent: 2)
      + (next.map { offer(phrases(.nextLesson), command("show \($0.slug)"), indent: 2) } ?? "")
  }

  func isDone(_ lesson: Lesson) -> Bool {
    let solved = progress[lesson.slug].solved
    return lesson.questions.allSatisfy { solved[$0.id] != nil }
  }

  /// A lesson's text and questions, and what to do next.
  public func show(_ name: String) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let text = lesson.text(language)
    let title = spelt("\(lesson.number) \(text.title)")
    var page = title + "\n" + String(repeating: "=", count: DisplayWidth.columns(title)) + "\n\n"
    page += try self.text(text.body, of: lesson) + "\n"
    page += say(phrases(.goal, text.section("goal")))
    page += say(phrases(.knob, "--" + lesson.knob)) + "\n"
    page += say(phrases(.questions))
    for (index, question) in lesson.questions.enumerated() {
      page += "\n" + (try prompt(question, index + 1, text, of: lesson))
    }
    return page + "\n" + nextSteps(lesson)
  }

  private func prompt(
    _ question: Question, _ number: Int, _ text: LessonText, of lesson: Lesson
  ) throws(CourseError) -> String {
    let isSolved = progress[lesson.slug].solved[question.id] != nil
    var page = "\(number). \(question.id)\(isSolved ? " " + tick : "")\n"
    page += try self.text(text.prompt(question.id), of: lesson, indent: 3)
    let words: [String]
    switch question.kind {
    case .choice(let choices): words = choices.map(\.id)
    case .order(let items): words = items.map(\.id)
    case .number, .search, .scenario: words = []
    }
    for word in words {
      let choice = MarkdownText.plain(text.part(question.id, "choice \(word)"))
      page += say("\(word)) " + choice, indent: 5)
    }
    return page
  }

  private func nextSteps(_ lesson: Lesson) -> String {
    let standing = progress[lesson.slug]
    let open = lesson.questions.first { standing.solved[$0.id] == nil }
    var page = ""
    let isPredicted = standing.predictions[lesson.predicted] != nil
    if !isPredicted {
      page += offer(
        phrases(.howToPredict, lesson.predicted),
        command("predict \(lesson.slug) \(phrases(.answerWord))"))
    }
    page += offer(
      phrases(isPredicted ? .howToRun : .thenRun), command("run \(lesson.slug)"))
    if let open {
      page += howToCheck(open, lesson)
      page += offer(phrases(.howToHint), command("hint \(lesson.slug) \(open.id)"))
    }
    return page
  }

  /// The next hint of a question; of the first open one where none is named.
  public mutating func hint(_ name: String, _ questionName: String?) throws(CourseError) -> String {
    let lesson = try lesson(name)
    let standing = progress[lesson.slug]
    let open = lesson.questions.first { standing.solved[$0.id] == nil } ?? lesson.questions[0]
    let question =
      try questionName.map { (name) throws(CourseError) in
        try self.question(name, of: lesson)
      } ?? open
    let shown = standing.hints[question.id] ?? 0
    let number = min(shown + 1, 3)
    if shown < 3 { try record(.hint(question: question.id, number: number), lesson) }
    var page = ""
    for tier in 1...number {
      page += say(phrases(.hint, question.id, "\(tier)"))
      page += try text(
        lesson.text(language).part(question.id, "hint \(tier)"), of: lesson, indent: 2)
    }
    if shown >= 3 { page += say(phrases(.noMoreHints)) }
    return page
  }

  /// The solution of a lesson whose questions are answered, or that the student gives up.
  public mutating func solution(_ name: String, givesUp: Bool) throws(CourseError) -> String {
    let lesson = try lesson(name)
    guard isDone(lesson) || givesUp else {
      throw CourseError(
        .usage, phrases(.solutionFirst, command("solution \(lesson.slug) --give-up")))
    }
    let page = try solutionPage(lesson)
    if !progress[lesson.slug].wasSolved { try record(.solution, lesson) }
    return page + "\n" + (try ending(lesson))
  }

  func solutionPage(_ lesson: Lesson) throws(CourseError) -> String {
    let grader = grader(lesson)
    var page = say(phrases(.solution))
    for question in lesson.questions {
      let answer = try grade { () throws(AnswerError) in try grader.solution(of: question) }
      page += say("\(question.id): \(answer)", indent: 2)
    }
    return page
  }

  /// What follows success: the explanation, where it is written, what is left out, what to try.
  func ending(_ lesson: Lesson) throws(CourseError) -> String {
    let text = lesson.text(language)
    func section(_ key: String) throws(CourseError) -> String {
      try self.text(text.section(key), of: lesson, indent: 2)
    }
    var page = say(phrases(.explanation)) + (try section("explanation"))
    page += "\n" + say(phrases(.readMore)) + (try section("read-more"))
    page += "\n" + say(phrases(.limits)) + (try section("limits"))
    page += "\n" + say(phrases(.whatIf)) + (try section("what-if"))
    return page + lines(of: lesson.whatIf, indent: 4)
  }
}
