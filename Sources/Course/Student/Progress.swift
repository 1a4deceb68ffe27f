import Scenarios

/// What a student has done: one text file, a line an event, which only ever grows.
///
/// Each line is written in one go and kept before anything is shown. A line that a crash cut short
/// has no newline; it is passed over, and the next event begins on a line of its own. Files of two
/// machines can be joined.
public struct Progress: Sendable {
  /// The file's name in the student's folder.
  public static let fileName = "netsim-course.txt"

  /// One thing that happened.
  public enum Event: Equatable, Sendable {
    /// A question was predicted.
    case predict(question: String, answer: String)
    /// The lesson's run was shown.
    case run
    /// A question was answered.
    case answer(question: String, isRight: Bool, answer: String)
    /// A hint was opened, from 1.
    case hint(question: String, number: Int)
    /// The solution was shown.
    case solution
    /// The lesson was begun anew.
    case reset
  }

  /// What stands of one lesson, since it was last begun anew.
  public struct Standing: Sendable {
    /// The predictions, by question.
    public var predictions: [String: String] = [:]
    /// Questions answered rightly, with that answer.
    public var solved: [String: String] = [:]
    /// How often each question was answered wrongly.
    public var misses: [String: Int] = [:]
    /// How many hints of each question are open.
    public var hints: [String: Int] = [:]
    /// Whether the run was shown.
    public var wasRun = false
    /// Whether the solution was shown.
    public var wasSolved = false
  }

  // Editors of other systems put these into text files.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let newline = UInt8(ascii: "\n")

  private let path: String
  private var standings: [String: Standing] = [:]
  private var endsWithNewline = true

  /// Reads the progress in a student's folder; where there is none it is empty.
  public init(folder: String) throws(TextFile.Failure) {
    path = folder + "/" + Progress.fileName
    do {
      let bytes = try TextFile.read(path)
      endsWithNewline = bytes.last.map { $0 == Progress.newline } ?? true
      let isMarked = bytes.starts(with: Progress.byteOrderMark)
      let text = bytes.dropFirst(isMarked ? Progress.byteOrderMark.count : 0)
      var lines = text.split(separator: Progress.newline, omittingEmptySubsequences: false)
      lines.removeLast()  // what follows the last newline is nothing, or a line cut short
      for line in lines {
        take(
          String(
            decoding: line.last == Progress.carriageReturn ? line.dropLast() : line, as: UTF8.self))
      }
    } catch {
      if !error.isMissing { throw error }
    }
  }

  /// What stands of a lesson.
  public subscript(lesson: String) -> Standing { standings[lesson] ?? Standing() }

  /// Keeps an event of a lesson.
  public mutating func record(_ event: Event, of lesson: String) throws(TextFile.Failure) {
    let line = Progress.line(event, lesson)
    try TextFile.append((endsWithNewline ? "" : "\n") + line + "\n", to: path)
    endsWithNewline = true
    apply(event, lesson)
  }

  // MARK: Lines

  private static func line(_ event: Event, _ lesson: String) -> String {
    switch event {
    case .predict(let question, let answer): "predict \(lesson) \(question) \(plain(answer))"
    case .run: "run \(lesson)"
    case .answer(let question, let isRight, let answer):
      "answer \(lesson) \(question) \(isRight ? "right" : "wrong") \(plain(answer))"
    case .hint(let question, let number): "hint \(lesson) \(question) \(number)"
    case .solution: "solution \(lesson)"
    case .reset: "reset \(lesson)"
    }
  }

  /// What a student typed, in one line.
  private static func plain(_ answer: String) -> String {
    String(answer.map { $0.isNewline ? " " : $0 })
  }

  private mutating func take(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 4, omittingEmptySubsequences: false)
      .map(String.init)
    guard words.count >= 2 else { return }
    let rest = words.dropFirst(3).joined(separator: " ")
    switch (words[0], words.count) {
    case ("predict", 4...): apply(.predict(question: words[2], answer: rest), words[1])
    case ("run", 2): apply(.run, words[1])
    case ("answer", 4...):
      let answer = words.dropFirst(4).joined(separator: " ")
      apply(
        .answer(question: words[2], isRight: words[3] == "right", answer: answer), words[1])
    case ("hint", 4):
      if let number = Int(words[3]) { apply(.hint(question: words[2], number: number), words[1]) }
    case ("solution", 2): apply(.solution, words[1])
    case ("reset", 2): apply(.reset, words[1])
    default: break  // a line of a later version
    }
  }

  private mutating func apply(_ event: Event, _ lesson: String) {
    var standing = standings[lesson] ?? Standing()
    switch event {
    case .predict(let question, let answer): standing.predictions[question] = answer
    case .run: standing.wasRun = true
    case .answer(let question, true, let answer): standing.solved[question] = answer
    case .answer(let question, false, _): standing.misses[question, default: 0] += 1
    case .hint(let question, let number):
      standing.hints[question] = max(standing.hints[question] ?? 0, number)
    case .solution: standing.wasSolved = true
    case .reset: standing = Standing()
    }
    standings[lesson] = standing
  }
}
