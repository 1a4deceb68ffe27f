import NetSim
import Scenarios
import Timelines

/// Why the loop cannot do what a student asks.
public struct CourseError: Error, Equatable, Sendable {
  /// What is at fault.
  public enum Kind: Sendable {
    /// The command line.
    case usage
    /// A file.
    case input
    /// An answer, or the lesson under check.
    case check
  }

  /// What is at fault.
  public let kind: Kind
  /// What is wrong and what would be right.
  public let message: String

  /// An error with its message.
  public init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}

/// The runs that a desk has seen.
private final class KeptRuns {
  var runs: [String: ReferenceRuns] = [:]
}

/// A student's desk: the course, the student's folder, and the loop of predicting, running, answering
/// and being told why. Each verb returns what is to be printed.
public struct LessonDesk {
  let course: Course
  let folder: String
  let phrases: Phrases
  let language: Language
  let style: TextStyle
  /// The options that commands to go on with get, with a blank before them.
  let options: String
  var progress: Progress
  private let kept = KeptRuns()

  /// A desk in a student's folder. `options` are those of the command line that commands to go on
  /// with are to repeat.
  public init(
    course: Course, lessons: String, folder: String, language: Language, style: TextStyle,
    options: [String] = []
  ) throws(CourseError) {
    self.options = options.map { " " + CommandText.quoted($0) }.joined()
    self.course = course
    self.folder = folder
    self.language = language
    self.style = style
    phrases = Phrases(folder: lessons, language)
    do {
      progress = try Progress(folder: folder)
    } catch {
      throw CourseError(.input, "\(folder)/\(Progress.fileName): \(error.reason)")
    }
  }

  // MARK: What the verbs share

  func lesson(_ name: String) throws(CourseError) -> Lesson {
    if let lesson = course.lesson(name) { return lesson }
    throw CourseError(.usage, unknown(name, .noLesson, among: course.lessons.map(\.slug)))
  }

  func question(_ name: String, of lesson: Lesson) throws(CourseError) -> Question {
    if let question = lesson.question(name) { return question }
    let ids = lesson.questions.map(\.id)
    throw CourseError(.usage, unknown(name, .noQuestion, among: ids, of: lesson.slug))
  }

  private func unknown(
    _ name: String, _ phrase: Phrases.Key, among known: [String], of owner: String = ""
  ) -> String {
    let guess = Wording.nearest(name, among: known).map { phrases(.didYouMean, $0) } ?? ""
    let list = known.joined(separator: ", ")
    return phrases(phrase, Wording.excerpt(name), guess, list, owner)
  }

  mutating func record(_ event: Progress.Event, _ lesson: Lesson) throws(CourseError) {
    do {
      try progress.record(event, of: lesson.slug)
    } catch {
      throw CourseError(.input, "\(folder)/\(Progress.fileName): \(error.reason)")
    }
  }

  /// Where the student's copy of a lesson's scenario stands.
  func scenarioPath(_ lesson: Lesson) -> String {
    (folder == "." ? "" : folder + "/") + lesson.slug + ".yaml"
  }

  /// The lesson's own runs: each is run once at this desk.
  func runs(of lesson: Lesson) -> ReferenceRuns {
    if let runs = kept.runs[lesson.slug] { return runs }
    let runs = ReferenceRuns(lesson, presets: course.presets)
    kept.runs[lesson.slug] = runs
    return runs
  }

  func grader(_ lesson: Lesson) -> Grader {
    let phrases = phrases
    return Grader(lesson, presets: course.presets, runs: runs(of: lesson)) {
      phrases.number($0, $1)
    }
  }

  func grade<Value>(_ judge: () throws(AnswerError) -> Value) throws(CourseError) -> Value {
    do throws(AnswerError) {
      return try judge()
    } catch {
      throw CourseError(.usage, complaint(error))
    }
  }

  func complaint(_ error: AnswerError) -> String {
    switch error.kind {
    // Nobody's answer, only how one is written.
    case .noNumber(let unit): phrases(.noNumber, error.text, phrases.number(12, unit))
    case .notWhole: phrases(.notWhole, error.text)
    case .notAmong(let words): phrases(.noChoice, error.text, words.joined(separator: ", "))
    case .notEachOnce(let words): phrases(.noOrder, error.text, words.joined(separator: ", "))
    case .other: error.text
    }
  }

  /// A text of a lesson, its numbers measured; `verdict` has those of the student's answer.
  func text(
    _ text: String, of lesson: Lesson, indent: Int = 0, _ verdict: Verdict? = nil
  ) throws(CourseError) -> String {
    var measured = MeasuredText(runs: runs(of: lesson))
    if let number = verdict?.number { measured.values = ["answer": number] }
    if let run = verdict?.run { measured.extra = ["at": run, "yours": run] }
    do throws(Expression.Failure) {
      let filled = try measured.fill(text)
      return MarkdownText(width: style.width, indent: indent, options: options)
        .render(spelt(filled))
    } catch {
      throw CourseError(.input, "\(lesson.slug): \(error.message)")
    }
  }

  /// The text with the signs of this style.
  func spelt(_ text: String) -> String { style.isASCII ? PlainText.spelt(text) : text }

  /// A line of the loop's own.
  func say(_ phrase: String, indent: Int = 0) -> String {
    DisplayWidth.wrapped(spelt(phrase), indent: indent, hanging: 2, width: style.width)
      .map { $0 + "\n" }.joined()
  }

  /// A command of the course, with the options that the student gave.
  func command(_ words: String) -> String { "simcli lesson " + words + options }

  /// A phrase and the command that it is about: in one line where there is room, and never broken so
  /// that it cannot be copied.
  func offer(_ phrase: String, _ command: String, indent: Int = 0) -> String {
    let line = String(repeating: " ", count: indent) + spelt(phrase) + " " + command
    if DisplayWidth.columns(line) <= style.width { return line + "\n" }
    return say(phrase, indent: indent) + lines(of: command, indent: indent + 4)
  }

  /// A command in lines of its own.
  func lines(of command: String, indent: Int) -> String {
    CommandText(width: style.width, indent: indent).lines(command).map { $0 + "\n" }.joined()
  }

  /// What the command that answers a question looks like.
  func checkCommand(_ question: Question, _ lesson: Lesson) -> String {
    let words = "check \(lesson.slug) \(question.id)"
    if case .scenario = question.kind { return command(words) }
    return command(words + " " + phrases(.answerWord))
  }

  /// How to answer a question.
  func howToCheck(_ question: Question, _ lesson: Lesson) -> String {
    let isFile = if case .scenario = question.kind { true } else { false }
    let phrase =
      isFile ? phrases(.checkFile, scenarioPath(lesson)) : phrases(.howToCheck)
    return offer(phrase, checkCommand(question, lesson))
  }

  var tick: String { style.isASCII ? "+" : "✓" }
  var open: String { style.isASCII ? "-" : "·" }
  var cross: String { style.isASCII ? "x" : "✗" }
}
