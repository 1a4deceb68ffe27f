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

/// A student's desk: the course, the student's folder, and the loop of predicting, running, answering
/// and being told why. Each verb returns what is to be printed.
public struct LessonDesk {
  let course: Course
  let folder: String
  let phrases: Phrases
  let language: Language
  let style: TextStyle
  var progress: Progress

  /// A desk in a student's folder.
  public init(
    course: Course, lessons: String, folder: String, language: Language, style: TextStyle
  ) throws(CourseError) {
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
    let slugs = course.lessons.map(\.slug)
    let hint = Wording.nearest(name, among: slugs).map { "; did you mean \($0)?" } ?? ""
    throw CourseError(
      .usage,
      "\(Wording.excerpt(name)): no such lesson\(hint)  (there are \(Wording.list(slugs)))")
  }

  func question(_ name: String, of lesson: Lesson) throws(CourseError) -> Question {
    if let question = lesson.question(name) { return question }
    let ids = lesson.questions.map(\.id)
    let hint = Wording.nearest(name, among: ids).map { "; did you mean \($0)?" } ?? ""
    throw CourseError(
      .usage,
      "\(Wording.excerpt(name)): no such question of \(lesson.slug)\(hint)  (there are "
        + "\(Wording.list(ids)))")
  }

  mutating func record(_ event: Progress.Event, _ lesson: Lesson) throws(CourseError) {
    do {
      try progress.record(event, of: lesson.slug)
    } catch {
      throw CourseError(.input, "\(folder)/\(Progress.fileName): \(error.reason)")
    }
  }

  /// Where the student's copy of a lesson's scenario stands.
  func scenarioPath(_ lesson: Lesson) -> String { folder + "/" + lesson.slug + ".yaml" }

  func grade<Value>(_ judge: () throws(AnswerError) -> Value) throws(CourseError) -> Value {
    do throws(AnswerError) {
      return try judge()
    } catch {
      throw CourseError(.usage, error.message)
    }
  }

  /// A text of a lesson, its numbers measured.
  func text(
    _ text: String, of lesson: Lesson, indent: Int = 0
  ) throws(CourseError) -> String {
    let measured = MeasuredText(runs: ReferenceRuns(lesson, presets: course.presets))
    do throws(Expression.Failure) {
      let filled = try measured.fill(text)
      return MarkdownText(width: style.width, indent: indent).render(
        style.isASCII ? LessonDesk.plain(filled) : filled)
    } catch {
      throw CourseError(.input, "\(lesson.slug): \(error.message)")
    }
  }

  /// The text with ASCII for the signs that have any.
  private static func plain(_ text: String) -> String {
    [("×", "x"), ("−", "-"), ("…", "..."), ("–", "-"), ("ⁿ", "^n"), ("≤", "<=")].reduce(text) {
      $0.replacing($1.0, with: $1.1)
    }
  }

  /// A line of the loop's own.
  func say(_ phrase: String, indent: Int = 0) -> String {
    DisplayWidth.wrapped(phrase, indent: indent, hanging: 2, width: style.width)
      .map { $0 + "\n" }.joined()
  }

  var tick: String { style.isASCII ? "+" : "✓" }
  var cross: String { style.isASCII ? "x" : "✗" }
}
