import NetSim
import Scenarios

/// Judges answers by running the lesson's references: no answer is stored anywhere.
public struct Grader {
  private let lesson: Lesson
  private let runs: ReferenceRuns
  private let presets: String?

  /// A grader of a lesson.
  public init(_ lesson: Lesson, presets: String?) {
    self.lesson = lesson
    self.presets = presets
    runs = ReferenceRuns(lesson, presets: presets)
  }

  /// The lesson's runs.
  public var references: ReferenceRuns { runs }

  /// Judges an answer. For a question about an edited scenario it is the scenario file's path.
  public func judge(_ question: Question, _ answer: String) throws(AnswerError) -> Verdict {
    do {
      var verdict: Verdict
      switch question.kind {
      case .number(let expression):
        verdict = try judge(question, number: try number(answer, question), expression)
      case .search(let search):
        verdict = try judge(question, number: try number(answer, question), search)
      case .choice(let choices): verdict = try judge(question, choice: answer, choices)
      case .order(let items): verdict = try judge(question, order: answer, items)
      case .scenario(let task): verdict = try judge(question, file: answer, task)
      }
      if verdict.run == nil { verdict.run = try runs.run(question.run) }
      if let until = question.until, let run = verdict.run {
        let time = try runs.value(of: until, extra: ["at": run])
        verdict.until = SimTime(nanoseconds: Int64((time * 1e6).rounded()))
      }
      return verdict
    } catch let error as AnswerError {
      throw error
    } catch {
      throw AnswerError(message: (error as? Expression.Failure)?.message ?? "\(error)")
    }
  }

  // MARK: Numbers

  private func number(_ text: String, _ question: Question) throws(AnswerError) -> Double {
    do throws(QuantityError) {
      return try AnswerText.number(text, in: question.unit)
    } catch {
      throw AnswerError(message: "\(Wording.excerpt(text)): \(error.reason)")
    }
  }

  private func judge(
    _ question: Question, number: Double, _ expression: Expression
  ) throws -> Verdict {
    let expected = try runs.value(of: expression)
    let text = AnswerText.text(number, in: question.unit)
    if question.tolerance.accepts(number, for: expected) {
      return Verdict(isRight: true, answer: text)
    }
    return Verdict(
      isRight: false, answer: text,
      finding: .number(expected: AnswerText.text(expected, in: question.unit), got: text),
      misconception: try misconception(of: question, number: number, expected: expected))
  }

  private func misconception(
    of question: Question, number: Double, expected: Double
  ) throws -> String? {
    for misconception in question.misconceptions {
      switch misconception.answer {
      case .value(let expression):
        let value = try runs.value(of: expression, ["expected": expected])
        if question.tolerance.accepts(number, for: value) { return misconception.id }
      case .condition(let expression):
        let values = ["expected": expected, "answer": number]
        if try runs.value(of: expression, values) != 0 { return misconception.id }
      case .words: break
      }
    }
    return nil
  }

  // MARK: Searches

  private func judge(
    _ question: Question, number: Double, _ search: Question.Search
  ) throws -> Verdict {
    let text = AnswerText.text(number, in: question.unit)
    let whole = Int(exactly: number)
    guard let whole, search.range.contains(whole) else {
      return Verdict(
        isRight: false, answer: text,
        finding: .outOfRange(
          least: AnswerText.text(Double(search.range.lowerBound), in: question.unit),
          greatest: AnswerText.text(Double(search.range.upperBound), in: question.unit)),
        misconception: try misconception(
          of: question, number: number, expected: Double(try limit(of: question, search))))
    }
    let here = try run(question, search, at: whole)
    guard try holds(search, here) else {
      return Verdict(
        isRight: false, answer: text,
        finding: .fails(
          at: text, wanted: try wanted(search), found: try found(search.condition, here, "at")),
        misconception: try misconception(
          of: question, number: number, expected: Double(try limit(of: question, search))),
        run: here)
    }
    let neighbour = search.wantsLeast ? whole - 1 : whole + 1
    if search.range.contains(neighbour),
      try holds(search, try run(question, search, at: neighbour))
    {
      return Verdict(
        isRight: false, answer: text,
        finding: .notTheLimit(
          at: text, neighbour: AnswerText.text(Double(neighbour), in: question.unit)),
        misconception: try misconception(
          of: question, number: number, expected: Double(try limit(of: question, search))),
        run: here)
    }
    return Verdict(isRight: true, answer: text, run: here)
  }

  private func run(
    _ question: Question, _ search: Question.Search, at number: Int
  ) throws -> ReferenceRuns.Run {
    try runs.run(question.run, changed: [(search.option, search.text(number))])
  }

  private func holds(_ search: Question.Search, _ run: ReferenceRuns.Run) throws -> Bool {
    try runs.value(of: search.condition, extra: ["at": run]) != 0
  }

  /// The least or greatest value for which the condition holds. It is taken to hold on one side of
  /// that value and not on the other; `LessonCheck` looks at both.
  private func limit(of question: Question, _ search: Question.Search) throws -> Int {
    var (low, high) = (search.range.lowerBound, search.range.upperBound)
    while low < high {
      let middle = search.wantsLeast ? (low + high) / 2 : (low + high + 1) / 2
      let isFine = try holds(search, try run(question, search, at: middle))
      switch (search.wantsLeast, isFine) {
      case (true, true): high = middle
      case (true, false): low = middle + 1
      case (false, true): low = middle
      case (false, false): high = middle - 1
      }
    }
    return low
  }

  private func wanted(_ search: Question.Search) throws -> String {
    search.condition.text.replacing("at.", with: "")
  }

  /// The values that a condition looks at, as `name = value`.
  private func found(
    _ condition: Expression, _ run: ReferenceRuns.Run, _ owner: String
  ) throws -> String {
    var parts: [String] = []
    for name in condition.names where name.hasPrefix(owner + ".") {
      let probe = String(name.dropFirst(owner.count + 1))
      let part = "\(probe) = \(AnswerText.number(try run.probes.value(probe)))"
      if !parts.contains(part) { parts.append(part) }
    }
    return parts.joined(separator: ", ")
  }

  // MARK: Words

  private func judge(
    _ question: Question, choice answer: String,
    _ choices: [(id: String, condition: Expression)]
  ) throws -> Verdict {
    let word = answer.trimmedBlanks.lowercased()
    guard choices.contains(where: { $0.id.lowercased() == word }) else {
      throw AnswerError(
        message: "\(Wording.excerpt(answer)): one of \(Wording.list(choices.map(\.id))) is wanted")
    }
    let right = try rightChoice(choices)
    return words(question, [word], right: [right])
  }

  private func rightChoice(
    _ choices: [(id: String, condition: Expression)]
  ) throws -> String {
    let right = try choices.filter { try runs.value(of: $0.condition) != 0 }.map(\.id)
    guard right.count == 1 else {
      throw AnswerError(message: "of the choices \(right.count) hold, and one is to")
    }
    return right[0]
  }

  private func judge(
    _ question: Question, order answer: String, _ items: [(id: String, value: Expression)]
  ) throws -> Verdict {
    let words = answer.lowercased().split { $0 == " " || $0 == "," || $0 == "<" }.map(String.init)
    let known = items.map { $0.id.lowercased() }
    guard words.sorted() == known.sorted() else {
      throw AnswerError(
        message: "\(Wording.excerpt(answer)): each of \(Wording.list(known)) is wanted once")
    }
    return self.words(question, words, right: try rightOrder(items))
  }

  private func rightOrder(_ items: [(id: String, value: Expression)]) throws -> [String] {
    let values = try items.map { (id: $0.id, value: try runs.value(of: $0.value)) }
    return values.sorted { $0.value < $1.value }.map(\.id)
  }

  private func words(_ question: Question, _ words: [String], right: [String]) -> Verdict {
    let text = words.joined(separator: " ")
    let expected = right.joined(separator: " ")
    if text == expected.lowercased() { return Verdict(isRight: true, answer: text) }
    let betrayed = question.misconceptions.first { misconception in
      if case .words(let answers) = misconception.answer {
        return answers.map { $0.lowercased() } == words
      }
      return false
    }
    return Verdict(
      isRight: false, answer: text, finding: .words(expected: expected, got: text),
      misconception: betrayed?.id)
  }

  // MARK: Edited scenarios

  private func judge(
    _ question: Question, file: String, _ task: Question.ScenarioTask
  ) throws -> Verdict {
    let edited = ScenarioFile(path: file, presets: presets)
    if let problem = edited.problems.first { throw AnswerError(message: problem.text) }
    return try judge(question, try edited.scenario(), task, name: file)
  }

  /// Judges a scenario that was made otherwise than by a file.
  func judge(
    _ question: Question, _ scenario: Scenario, _ task: Question.ScenarioTask, name: String
  ) throws -> Verdict {
    let yours = ReferenceRuns.run(scenario)
    let changed = try changedKeys(scenario).filter { !task.mayChange.contains($0) }
    var finding: Verdict.Finding? = changed.first.map { .changed(key: $0) }
    if finding == nil {
      for condition in task.conditions
      where try runs.value(of: condition.expression, extra: ["yours": yours]) == 0 {
        finding = .scenario(
          wanted: condition.text.replacing("yours.", with: ""),
          found: try found(condition.expression, yours, "yours"))
        break
      }
    }
    var betrayed: String?
    for misconception in question.misconceptions where finding != nil && betrayed == nil {
      if case .condition(let expression) = misconception.answer,
        try runs.value(of: expression, extra: ["yours": yours]) != 0
      {
        betrayed = misconception.id
      }
    }
    return Verdict(
      isRight: finding == nil, answer: name, finding: finding, misconception: betrayed, run: yours)
  }

  /// The keys in which a scenario differs from the lesson's.
  private func changedKeys(_ scenario: Scenario) throws -> [String] {
    let shipped = ScenarioDescription(try runs.run(Lesson.page).scenario).root.leaves
    let own = ScenarioDescription(scenario).root.leaves
    return (own.filter { !shipped.contains($0) } + shipped.filter { !own.contains($0) }).map(\.key)
  }

  // MARK: Solutions

  /// The answer that is right, as a student could have given it; for an edited scenario the options
  /// to set.
  public func solution(of question: Question) throws(AnswerError) -> String {
    do {
      switch question.kind {
      case .number(let expression):
        return AnswerText.text(try runs.value(of: expression), in: question.unit)
      case .search(let search):
        return AnswerText.text(Double(try limit(of: question, search)), in: question.unit)
      case .choice(let choices): return try rightChoice(choices)
      case .order(let items): return try rightOrder(items).joined(separator: " ")
      case .scenario(let task):
        return task.solution.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
      }
    } catch let error as AnswerError {
      throw error
    } catch {
      throw AnswerError(message: (error as? Expression.Failure)?.message ?? "\(error)")
    }
  }
}

/// A value of a description, with its key.
private struct Leaf: Equatable {
  let key: String
  let path: [String]
  let text: String
}

extension DescriptionNode {
  /// Its values with their keys.
  fileprivate var leaves: [Leaf] { leaves([]) }

  private func leaves(_ path: [String]) -> [Leaf] {
    switch self {
    case .text(let text): [Leaf(key: path.last ?? "", path: path, text: text)]
    case .list(let items):
      items.enumerated().flatMap { $0.element.leaves(path + ["\($0.offset)"]) }
    case .group(let entries): entries.flatMap { $0.node.leaves(path + [$0.key]) }
    }
  }
}
