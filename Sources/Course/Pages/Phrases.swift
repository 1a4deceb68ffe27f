import Scenarios

/// What the lesson loop itself says, in one language; it stands in `Lessons/phrases.LANG.yaml`.
public struct Phrases: Sendable {
  /// The phrases there are. `{0}` and `{1}` in a phrase stand for what it is about.
  public enum Key: String, CaseIterable, Sendable {
    case courseDone = "course-done"
    case nextLesson = "next-lesson"
    case courseIsDone = "course-is-done"
    case answered
    case notBegun = "not-begun"
    case goal
    case knob
    case questions
    case howToPredict = "how-to-predict"
    case howToRun = "how-to-run"
    case thenRun = "then-run"
    case howToCheck = "how-to-check"
    case howToEdit = "how-to-edit"
    case howToHint = "how-to-hint"
    case checkFile = "check-file"
    case answerWord = "answer-word"
    case predictFirst = "predict-first"
    case predictFree = "predict-free"
    case predictionKept = "prediction-kept"
    case predictionMissing = "prediction-missing"
    case predicted
    case predictedWords = "predicted-words"
    case predictedOther = "predicted-other"
    case answerMissing = "answer-missing"
    case noNumber = "no-number"
    case notWhole = "not-whole"
    case noChoice = "no-choice"
    case noOrder = "no-order"
    case noLesson = "no-lesson"
    case noQuestion = "no-question"
    case didYouMean = "did-you-mean"
    case fileWritten = "file-written"
    case right
    case wrong
    case notYet = "not-yet"
    case expectedGot = "expected-got"
    case notSmallest = "not-smallest"
    case notLargest = "not-largest"
    case outOfRange = "out-of-range"
    case scenarioChanged = "scenario-changed"
    case timelineUntil = "timeline-until"
    case stillOpen = "still-open"
    case lessonDone = "lesson-done"
    case explanation
    case readMore = "read-more"
    case limits
    case whatIf = "what-if"
    case solution
    case solutionFirst = "solution-first"
    case hint
    case noMoreHints = "no-more-hints"
    case wasReset = "was-reset"
    case keptAs = "kept-as"
    // How a number of each unit is written: one phrase for all, or `one|several`.
    case unitMilliseconds = "unit-milliseconds"
    case unitSeconds = "unit-seconds"
    case unitBytes = "unit-bytes"
    case unitSegments = "unit-segments"
    case unitRounds = "unit-rounds"
    case unitPackets = "unit-packets"
    case unitConnections = "unit-connections"
    case unitRequests = "unit-requests"
    case unitTimes = "unit-times"
    case unitMegabits = "unit-megabits"
  }

  private let phrases: [String: String]
  /// What is wrong with the file: keys that are missing, keys that nothing uses.
  public let problems: [OptionError]

  /// The phrases of a language out of the lessons' folder.
  public init(folder: String, _ language: Language) {
    let path = folder + "/phrases.\(language.rawValue).yaml"
    var problems: [OptionError] = []
    var phrases: [String: String] = [:]
    do throws(TextFile.Failure) {
      let (root, found) = YAMLParser.parse(try TextFile.read(path), file: path)
      problems = found
      for entry in root?.entries ?? [] {
        phrases[entry.key] = entry.value.text ?? ""
        if Key(rawValue: entry.key) == nil {
          problems.append(
            OptionError(at: entry.keyPlace, message: "\(entry.key): nothing says this"))
        }
      }
      for key in Key.allCases where phrases[key.rawValue]?.isEmpty ?? true {
        problems.append(OptionError(message: "\(path): \(key.rawValue) is missing"))
      }
    } catch {
      problems.append(OptionError(message: "\(path): \(error.reason)"))
    }
    self.phrases = phrases
    self.problems = problems
  }

  /// A phrase about these things.
  public func callAsFunction(_ key: Key, _ about: String...) -> String {
    var text = phrases[key.rawValue] ?? key.rawValue
    for (index, word) in about.enumerated() { text = text.replacing("{\(index)}", with: word) }
    return text
  }

  /// A number with its unit.
  public func number(_ value: Double, _ unit: AnswerText.Unit) -> String {
    let digits = AnswerText.grouped(value)
    guard let key = Phrases.key(of: unit) else { return digits }
    let forms = (phrases[key.rawValue] ?? "{0}").split(separator: "|").map(String.init)
    let form = value.magnitude == 1 ? forms.first : forms.last
    return (form ?? "{0}").replacing("{0}", with: digits)
  }

  private static func key(of unit: AnswerText.Unit) -> Key? {
    switch unit {
    case .milliseconds: .unitMilliseconds
    case .seconds: .unitSeconds
    case .bytes: .unitBytes
    case .segments: .unitSegments
    case .rounds: .unitRounds
    case .packets: .unitPackets
    case .connections: .unitConnections
    case .requests: .unitRequests
    case .times: .unitTimes
    case .megabits: .unitMegabits
    case .none: nil
    }
  }
}
