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
    case howToCheck = "how-to-check"
    case howToEdit = "how-to-edit"
    case howToHint = "how-to-hint"
    case predictFirst = "predict-first"
    case predictionKept = "prediction-kept"
    case predicted
    case predictedWords = "predicted-words"
    case fileWritten = "file-written"
    case right
    case wrong
    case expectedGot = "expected-got"
    case fails
    case notTheLimit = "not-the-limit"
    case outOfRange = "out-of-range"
    case scenarioFails = "scenario-fails"
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
    case checkFile = "check-file"
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
}
