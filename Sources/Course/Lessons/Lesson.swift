import Scenarios

/// A lesson: what its `lesson.yaml` says, and its texts by language.
public struct Lesson: Sendable {
  /// The folder it stands in.
  public let folder: String
  /// Its place in the course.
  public let number: Int
  /// Its name on the command line.
  public let slug: String
  /// The lessons that come before it.
  public let after: [String]
  /// The one option that it is about.
  public let knob: String
  /// Its scenario, as a scenario file has it.
  package let scenario: YAMLNode
  /// Variants of the scenario by name, as options; `page` is the scenario itself.
  public let runs: [String: [(name: String, value: String)]]
  /// Blocks of header fields by name, of which formulas ask what HPACK makes of them.
  public let stories: [String: FieldStory]
  /// What is asked.
  public let questions: [Question]
  /// The question that is predicted before the first run.
  public let predicted: String
  /// A command to go on with.
  public let whatIf: String
  /// The rows of the seed claims that it tests.
  public let claims: [String]
  /// Where it is written: sections of RFCs.
  public let rfc: [String]
  /// The texts.
  public let texts: [Language: LessonText]

  /// The name of the run that is the scenario itself.
  public static let page = "page"

  /// The text in a language, or in the other one where that is missing.
  public func text(_ language: Language) -> LessonText {
    texts[language] ?? texts[.english] ?? texts.values.first ?? LessonText()
  }

  /// The question of that name, or of that number from 1.
  public func question(_ name: String) -> Question? {
    if let number = Int(name), questions.indices.contains(number - 1) {
      return questions[number - 1]
    }
    return questions.first { $0.id == name }
  }
}

/// The languages that lessons are written in.
public enum Language: String, CaseIterable, Sendable {
  case english = "en"
  case korean = "ko"
}

/// One question of a lesson.
public struct Question: Sendable {
  /// How it is answered.
  public enum Kind: Sendable {
    /// A number that a formula over the lesson's runs gives.
    case number(answer: Expression)
    /// The least or greatest value of an option for which a condition holds.
    case search(Search)
    /// One of several choices: the one whose condition holds.
    case choice([(id: String, condition: Expression)])
    /// All of several items, by their values from the least to the greatest.
    case order([(id: String, value: Expression)])
    /// An edit of the lesson's scenario for which conditions hold.
    case scenario(ScenarioTask)
  }

  /// What a wrong answer is shown of a run, beside the ladder of its first connection.
  public enum Drawing: String, CaseIterable, Sendable {
    /// Nothing else.
    case ladder
    /// The sender's congestion window, over the whole run.
    case window
    /// The ladders of the next connections.
    case connections
  }

  /// A value of an option that is looked for.
  public struct Search: Sendable {
    /// Whether the least is wanted, else the greatest.
    public var wantsLeast: Bool
    /// The option that is varied.
    public var option: String
    /// How its value is written, with `{}` for the number.
    public var template: String
    /// The numbers that it may be.
    public var range: ClosedRange<Int>
    /// What must hold, over `at` for the run with that value.
    public var condition: Expression

    /// The option's value for a number.
    public func text(_ number: Int) -> String { template.replacing("{}", with: "\(number)") }
  }

  /// What an edited scenario must do.
  public struct ScenarioTask: Sendable {
    /// What must hold, over `yours`.
    public var conditions: [Expression]
    /// The keys that may differ from the lesson's scenario.
    public var mayChange: [String]
    /// Options that solve it.
    public var solution: [(name: String, value: String)]
  }

  /// A wrong answer that betrays a wrong idea, and the idea.
  public struct Misconception: Sendable {
    /// Its name, under which the lesson's text has its sentence.
    public var id: String
    /// The answer that it gives: a formula for a number, a choice's or the items' names.
    public var answer: MisconceptionAnswer
  }

  /// What a misconception answers.
  public enum MisconceptionAnswer: Sendable {
    /// A value within the question's tolerance.
    case value(Expression)
    /// A condition over `answer`, the student's own.
    case condition(Expression)
    /// A choice, or items in this order.
    case words([String])
  }

  /// Its name.
  public var id: String
  /// How it is answered.
  public var kind: Kind
  /// How many conditions an answer has to meet that has a sentence for each.
  var conditionCount: Int {
    switch kind {
    case .search: 1
    case .scenario(let task): task.conditions.count
    case .number, .choice, .order: 0
    }
  }
  /// What its number counts.
  public var unit: AnswerText.Unit
  /// Whether that is a whole number.
  public var isWhole: Bool
  /// How far off a right number may be.
  public var tolerance: Tolerance
  /// The run whose timeline shows it.
  public var run: String
  /// Until when, in milliseconds; nil for the whole run.
  public var until: Expression?
  /// What is drawn of that run beside its first connection.
  public var drawing: Drawing
  /// Wrong answers that say something.
  public var misconceptions: [Misconception]
}

/// How far off a right number may be.
public enum Tolerance: Equatable, Sendable {
  /// By this much in the question's unit.
  case absolute(Double)
  /// By this share of the right one.
  case relative(Double)

  /// Whether `answer` is right where `expected` is.
  func accepts(_ answer: Double, for expected: Double) -> Bool {
    let grain = 1e-6
    switch self {
    case .absolute(let most): return abs(answer - expected) <= most + grain
    case .relative(let share): return abs(answer - expected) <= share * abs(expected) + grain
    }
  }
}
