import NetSim
import Scenarios

/// Judges answers by running the lesson's references: no answer is stored anywhere.
public struct Grader {
  private let lesson: Lesson
  private let runs: ReferenceRuns
  private let presets: String?
  private let text: (Double, AnswerText.Unit) -> String

  /// A grader of a lesson. `text` writes numbers with their units, in some language; `runs` are the
  /// lesson's, where some have been run already.
  public init(
    _ lesson: Lesson, presets: String?, runs: ReferenceRuns? = nil,
    text: @escaping (Double, AnswerText.Unit) -> String = { AnswerText.text($0, in: $1) }
  ) {
    self.lesson = lesson
    self.presets = presets
    self.text = text
    self.runs = runs ?? ReferenceRuns(lesson, presets: presets)
  }

  /// The lesson's runs.
  public var references: ReferenceRuns { runs }

  /// Judges an answer. For a question about an edited scenario it is the scenario file's path.
  public func judge(_ question: Question, _ answer: String) throws(AnswerError) -> Verdict {
    do {
      var verdict: Verdict
      var value: Double?
      switch question.kind {
      case .number(let expression):
        let number = try number(answer, question)
        (verdict, value) = (try judge(question, number: number, expression), number)
      case .search(let search):
        let number = try number(answer, question)
        (verdict, value) = (try judge(question, number: number, search), number)
      case .choice(let choices): verdict = try judge(question, choice: answer, choices)
      case .order(let items): verdict = try judge(question, order: answer, items)
      case .scenario(let task): verdict = try judge(question, file: answer, task)
      }
      verdict.number = value
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
    if let number = AnswerText.number(text, in: question.unit) {
      guard question.isWhole, number != number.rounded() else { return number }
      throw AnswerError(.notWhole, Wording.excerpt(text))
    }
    throw AnswerError(.noNumber(unit: question.unit), Wording.excerpt(text))
  }

  private func judge(
    _ question: Question, number: Double, _ expression: Expression
  ) throws -> Verdict {
    let expected = try runs.value(of: expression)
    let text = self.text(number, question.unit)
    if question.tolerance.accepts(number, for: expected) {
      return Verdict(isRight: true, answer: text)
    }
    return Verdict(
      isRight: false, answer: text,
      finding: .number(expected: self.text(expected, question.unit), got: text),
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
    let text = self.text(number, question.unit)
    let whole = Int(exactly: number)
    guard let whole, search.range.contains(whole) else {
      return Verdict(
        isRight: false, answer: text,
        finding: .outOfRange(
          least: self.text(Double(search.range.lowerBound), question.unit),
          greatest: self.text(Double(search.range.upperBound), question.unit)),
        misconception: try misconception(
          of: question, number: number, expected: Double(try limit(of: question, search))))
    }
    let here = try run(question, search, at: whole)
    guard try holds(search, here) else {
      return Verdict(
        isRight: false, answer: text,
        finding: .fails(condition: 1),
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
          at: text, neighbour: self.text(Double(neighbour), question.unit),
          wantsLeast: search.wantsLeast),
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

  // MARK: Words

  private func judge(
    _ question: Question, choice answer: String,
    _ choices: [(id: String, condition: Expression)]
  ) throws -> Verdict {
    let word = AnswerText.halfWidth(answer).trimmedBlanks.lowercased()
    guard choices.contains(where: { $0.id.lowercased() == word }) else {
      throw AnswerError(.notAmong(choices.map(\.id)), Wording.excerpt(answer))
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
    let ranking = Ranking(answer)
    let known = items.map { $0.id.lowercased() }
    guard ranking.items.sorted() == known.sorted() else {
      throw AnswerError(.notEachOnce(known), Wording.excerpt(answer))
    }
    let right = try rightOrder(items)
    if ranking == right { return Verdict(isRight: true, answer: ranking.text) }
    let betrayed = question.misconceptions.first { misconception in
      guard case .words(let words) = misconception.answer else { return false }
      let wrong = Ranking(words.joined(separator: " "))
      return ranking.among(wrong.items) == wrong
    }
    return Verdict(
      isRight: false, answer: ranking.text,
      finding: .words(expected: right.text, got: ranking.text), misconception: betrayed?.id)
  }

  private func rightOrder(_ items: [(id: String, value: Expression)]) throws -> Ranking {
    Ranking(try items.map { (id: $0.id, value: try runs.value(of: $0.value)) })
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

  /// An answer that a misconception's words give: of an order they may name only some of the items,
  /// and the others follow as they should.
  public func wrongAnswer(_ words: [String], to question: Question) throws(AnswerError) -> String {
    let text = words.joined(separator: " ")
    guard case .order = question.kind else { return text }
    return Ranking(text).completed(by: Ranking(try solution(of: question))).text
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
      let broken = try task.conditions.firstIndex {
        try runs.value(of: $0, extra: ["yours": yours]) == 0
      }
      finding = broken.map { .fails(condition: $0 + 1) }
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
        return self.text(try runs.value(of: expression), question.unit)
      case .search(let search):
        return self.text(Double(try limit(of: question, search)), question.unit)
      case .choice(let choices): return try rightChoice(choices)
      case .order(let items): return try rightOrder(items).text
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
