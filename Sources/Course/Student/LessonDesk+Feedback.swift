import NetSim
import Scenarios
import Timelines

/// What a wrong answer gets: the timeline up to where it shows, expected against got, and the
/// sentence about the idea that it betrays.
extension LessonDesk {
  func feedback(
    _ question: Question, _ verdict: Verdict, _ lesson: Lesson
  ) throws(CourseError) -> String {
    var page = ""
    if let run = verdict.run {
      page += timeline(run, until: verdict.until, question.drawing) + "\n"
      if question.drawing == .window, let plot = WindowPlot(run.log, connection: 0) {
        page += plot.render(style) + "\n"
      }
    }
    page +=
      style.paint(cross, isGood: false) + " "
      + say(phrases(.wrong, question.id, verdict.answer))
    if let finding = verdict.finding {
      page += try sentence(finding, question, verdict, lesson)
    }
    if let misconception = verdict.misconception {
      page += try text(
        lesson.text(language).part(question.id, "misconception \(misconception)"), of: lesson,
        indent: 2)
    }
    return page
      + offer(
        phrases(.howToHint), command("hint \(lesson.slug) \(question.id)"), indent: 2)
  }

  /// Expected against got.
  private func sentence(
    _ finding: Verdict.Finding, _ question: Question, _ verdict: Verdict, _ lesson: Lesson
  ) throws(CourseError) -> String {
    switch finding {
    case .number(let expected, let got), .words(let expected, let got):
      return say(phrases(.expectedGot, expected, got), indent: 2)
    case .fails(let condition):
      let sentence = lesson.text(language).part(question.id, "fails \(condition)")
      return try text(sentence, of: lesson, indent: 2, verdict)
    case .notTheLimit(let place, let neighbour, let wantsLeast):
      let phrase: Phrases.Key = wantsLeast ? .notSmallest : .notLargest
      return say(phrases(phrase, place, neighbour), indent: 2)
    case .outOfRange(let least, let greatest):
      return say(phrases(.outOfRange, least, greatest), indent: 2)
    case .changed(let key): return say(phrases(.scenarioChanged, key), indent: 2)
    }
  }

  /// The ladder of the first connection and of those that proxies join to it, or the ladders of all,
  /// up to a moment if one is given.
  private func timeline(
    _ run: ReferenceRuns.Run, until: SimTime?, _ drawing: Question.Drawing
  ) -> String {
    let log = until.map { run.log.cut(after: $0) } ?? run.log
    let ladders = LadderTimeline.all(of: log).prefix(drawing == .connections ? 3 : 1)
    if ladders.isEmpty { return "" }
    let text = ladders.map { $0.render(style) }.joined(separator: "\n")
    return until.map { text + say(phrases(.timelineUntil, Numbers.milliseconds($0))) } ?? text
  }
}
