import Scenarios

/// Reads a lesson's folder: `lesson.yaml` and the text in each language.
struct LessonFile {
  /// The lesson, where enough of it could be read.
  private(set) var lesson: Lesson?
  /// What is wrong with the files.
  private(set) var problems: [OptionError] = []

  private let folder: String
  private var root: YAMLNode?

  private enum Key: String, CaseIterable {
    case number
    case slug
    case after
    case knob
    case scenario
    case runs
    case stories
    case predict
    case questions
    case whatIf = "what-if"
    case claims
    case rfc
  }

  init(folder: String) {
    self.folder = folder
    let path = folder + "/lesson.yaml"
    do throws(TextFile.Failure) {
      let (node, found) = YAMLParser.parse(try TextFile.read(path), file: path)
      problems = found
      root = node
    } catch {
      problems = [OptionError(message: "\(path): \(error.reason)")]
      return
    }
    guard let root, root.entries != nil else {
      problems.append(OptionError(message: "\(path): a lesson is a group of keys"))
      return
    }
    checkKeys(root)
    lesson = read(root)
  }

  private mutating func checkKeys(_ root: YAMLNode) {
    let known = Key.allCases.map(\.rawValue)
    for entry in root.entries ?? [] where !known.contains(entry.key) {
      let hint = Wording.nearest(entry.key, among: known).map { "; did you mean \($0)?" } ?? ""
      problems.append(
        OptionError(at: entry.keyPlace, message: "\(entry.key): no such key of a lesson\(hint)"))
    }
    let optional = [Key.after, .runs, .stories].map(\.rawValue)
    for key in known where root[key] == nil && !optional.contains(key) {
      problems.append(OptionError(at: root.place, message: "the key \(key) is missing"))
    }
  }

  private mutating func read(_ root: YAMLNode) -> Lesson? {
    guard let scenario = root[Key.scenario.rawValue], let slug = text(.slug),
      let number = text(.number).flatMap({ Int($0) })
    else { return nil }
    let stories = StoryReader(root[Key.stories.rawValue], folder: folder)
    problems += stories.problems
    var reader = QuestionReader()
    let questions = (root[Key.questions.rawValue]?.items ?? []).compactMap { reader.read($0) }
    problems += reader.problems
    return Lesson(
      folder: folder, number: number, slug: slug, after: texts(.after), knob: text(.knob) ?? "",
      scenario: scenario, runs: runs(root[Key.runs.rawValue]),
      stories: stories.stories, questions: questions,
      predicted: text(.predict) ?? "", whatIf: text(.whatIf) ?? "", claims: texts(.claims),
      rfc: texts(.rfc), texts: languages())
  }

  private func text(_ key: Key) -> String? { root?[key.rawValue]?.text }

  private func texts(_ key: Key) -> [String] {
    let node = root?[key.rawValue]
    return node?.items?.compactMap(\.text) ?? node?.text.map { [$0] } ?? []
  }

  private func runs(_ node: YAMLNode?) -> [String: [(name: String, value: String)]] {
    var runs: [String: [(name: String, value: String)]] = [Lesson.page: []]
    for entry in node?.entries ?? [] {
      runs[entry.key] = (entry.value.entries ?? []).flatMap { option in
        // A list gives the option several times: `drop: [none, "down:5"]`.
        (option.value.items ?? [option.value]).map { (option.key, $0.text ?? "") }
      }
    }
    return runs
  }

  private mutating func languages() -> [Language: LessonText] {
    var texts: [Language: LessonText] = [:]
    for language in Language.allCases {
      let path = folder + "/lesson.\(language.rawValue).md"
      do throws(TextFile.Failure) {
        let bytes = try TextFile.read(path)
        texts[language] = LessonText(String(decoding: bytes, as: UTF8.self))
      } catch {
        problems.append(OptionError(message: "\(path): \(error.reason)"))
      }
    }
    return texts
  }
}

/// Reads the questions of a lesson.
private struct QuestionReader {
  private(set) var problems: [OptionError] = []

  mutating func read(_ node: YAMLNode) -> Question? {
    guard let id = node["id"]?.text, let kindName = node["kind"]?.text else {
      problems.append(OptionError(at: node.place, message: "a question has an id and a kind"))
      return nil
    }
    guard let kind = kind(kindName, node) else { return nil }
    let unitName = node["unit"]?.text ?? AnswerText.Unit.none.rawValue
    let unit = AnswerText.Unit(rawValue: unitName)
    if unit == nil {
      let units = AnswerText.Unit.allCases.map(\.rawValue)
      problems.append(
        OptionError(
          at: node["unit"]?.place, message: "unit \(unitName): there are \(Wording.list(units))"))
    }
    return Question(
      id: id, kind: kind, unit: unit ?? .none, isWhole: kindName == "integer",
      tolerance: tolerance(node["tolerance"]),
      run: node["run"]?.text ?? Lesson.page, until: node["until"].flatMap { expression($0) },
      drawing: drawing(node["draw"]),
      misconceptions: (node["misconceptions"]?.items ?? []).compactMap { misconception($0) })
  }

  private mutating func kind(_ name: String, _ node: YAMLNode) -> Question.Kind? {
    switch name {
    case "number", "integer":
      if node["find"] != nil { return search(node).map { .search($0) } }
      return node["answer"].flatMap { expression($0) }.map { .number(answer: $0) }
        ?? missing("answer", node)
    case "choice":
      let choices = (node["choices"]?.entries ?? []).compactMap { entry in
        expression(entry.value).map { (id: entry.key, condition: $0) }
      }
      return choices.count > 1 ? .choice(choices) : missing("choices", node)
    case "order":
      let items = (node["items"]?.entries ?? []).compactMap { entry in
        expression(entry.value).map { (id: entry.key, value: $0) }
      }
      return items.count > 1 ? .order(items) : missing("items", node)
    case "scenario": return task(node).map { .scenario($0) }
    default:
      problems.append(
        OptionError(
          at: node["kind"]?.place,
          message: "kind \(name): there are number, integer, choice, order and scenario"))
      return nil
    }
  }

  private mutating func search(_ node: YAMLNode) -> Question.Search? {
    guard let find = node["find"]?.text, ["smallest", "largest"].contains(find),
      let option = node["vary"]?.text, let from = node["from"]?.text.flatMap({ Int($0) }),
      let to = node["to"]?.text.flatMap({ Int($0) }), from < to,
      let condition = node["such-that"].flatMap({ expression($0) })
    else {
      problems.append(
        OptionError(
          at: node.place,
          message: "find: smallest or largest, with vary, from, to and such-that"))
      return nil
    }
    return Question.Search(
      wantsLeast: find == "smallest", option: option, template: node["as"]?.text ?? "{}",
      range: from...to, condition: condition)
  }

  private mutating func task(_ node: YAMLNode) -> Question.ScenarioTask? {
    let conditions = (node["expect"]?.items ?? []).compactMap { expression($0) }
    let solution = (node["solution"]?.entries ?? []).map {
      (name: $0.key, value: $0.value.text ?? "")
    }
    if conditions.isEmpty || solution.isEmpty {
      let _: Never? = missing("expect and solution", node)
      return nil
    }
    return Question.ScenarioTask(
      conditions: conditions, mayChange: node["may-change"]?.items?.compactMap(\.text) ?? [],
      solution: solution)
  }

  private mutating func misconception(_ node: YAMLNode) -> Question.Misconception? {
    guard let id = node["id"]?.text else { return missing("id", node) }
    if let value = node["value"].flatMap({ expression($0) }) {
      return Question.Misconception(id: id, answer: .value(value))
    }
    if let condition = node["when"].flatMap({ expression($0) }) {
      return Question.Misconception(id: id, answer: .condition(condition))
    }
    if let words = node["answers"] {
      let list = words.items?.compactMap(\.text) ?? words.text.map { [$0] } ?? []
      return Question.Misconception(id: id, answer: .words(list))
    }
    return missing("value, when or answers", node)
  }

  private mutating func drawing(_ node: YAMLNode?) -> Question.Drawing {
    guard let node else { return .ladder }
    if let drawing = node.text.flatMap({ Question.Drawing(rawValue: $0) }) { return drawing }
    let known = Question.Drawing.allCases.map(\.rawValue)
    problems.append(
      OptionError(
        at: node.place, message: "draw \(node.text ?? ""): there are \(Wording.list(known))"))
    return .ladder
  }

  private mutating func tolerance(_ node: YAMLNode?) -> Tolerance {
    guard let text = node?.text else { return .absolute(0) }
    if text.hasSuffix("%"), let share = Double(text.dropLast()) { return .relative(share / 100) }
    if let most = Double(text) { return .absolute(most) }
    problems.append(
      OptionError(at: node?.place, message: "tolerance \(text): a number or a share such as 1%"))
    return .absolute(0)
  }

  private mutating func expression(_ node: YAMLNode) -> Expression? {
    guard let text = node.text else { return missing("a formula", node) }
    do throws(Expression.Failure) {
      return try Expression(text)
    } catch {
      problems.append(OptionError(at: node.place, message: error.message))
      return nil
    }
  }

  private mutating func missing<Value>(_ what: String, _ node: YAMLNode) -> Value? {
    problems.append(OptionError(at: node.place, message: "\(what): missing here"))
    return nil
  }
}
