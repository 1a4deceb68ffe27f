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
    if let run = verdict.run { page += timeline(run, until: verdict.until) + "\n" }
    page +=
      style.paint(cross, isGood: false) + " "
      + say(phrases(.wrong, question.id, verdict.answer))
    if let finding = verdict.finding { page += say(sentence(finding), indent: 2) }
    if let misconception = verdict.misconception {
      page += try text(
        lesson.text(language).part(question.id, "misconception \(misconception)"), of: lesson,
        indent: 2)
    }
    return page
      + say(
        phrases(.howToHint, "simcli lesson hint \(lesson.slug) \(question.id)"), indent: 2)
  }

  private func sentence(_ finding: Verdict.Finding) -> String {
    switch finding {
    case .number(let expected, let got), .words(let expected, let got):
      phrases(.expectedGot, expected, got)
    case .fails(let place, let wanted, let found): phrases(.fails, place, wanted, found)
    case .notTheLimit(let place, let neighbour): phrases(.notTheLimit, place, neighbour)
    case .outOfRange(let least, let greatest): phrases(.outOfRange, least, greatest)
    case .scenario(let wanted, let found): phrases(.scenarioFails, wanted, found)
    case .changed(let key): phrases(.scenarioChanged, key)
    }
  }

  /// The ladder of the first connection, up to a moment if one is given.
  private func timeline(_ run: ReferenceRuns.Run, until: SimTime?) -> String {
    guard !run.log.connections.isEmpty else { return "" }
    let log = until.map { run.log.cut(after: $0) } ?? run.log
    let ladder = LadderTimeline(log, connection: 0).render(style)
    return until.map { ladder + say(phrases(.timelineUntil, Numbers.milliseconds($0))) } ?? ladder
  }
}
