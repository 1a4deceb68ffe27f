import Course
import Scenarios
import Timelines

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// `simcli lesson`: the course.
enum LessonCommand {
  private static let verbs = [
    "list", "show", "predict", "run", "check", "hint", "solution", "reset", "check-all",
  ]
  /// Verbs that are promised and not built yet.
  private static let promised = ["handout", "grade"]

  private static let own = [
    Arguments.Option(
      name: "lang", value: "en|ko", meaning: "language of the lessons (LANG's, else English)"),
    Arguments.Option(
      name: "folder", value: "DIR", meaning: "where your progress and scenarios are kept (here)"),
    Arguments.Option(name: "free", value: nil, meaning: "run without a prediction (run)"),
    Arguments.Option(
      name: "give-up", value: nil, meaning: "show it before all is answered (solution)"),
    Arguments.Option(
      name: "bless", value: nil, meaning: "write the golden timelines anew (check-all)"),
  ]

  static func run(_ words: [String]) throws(Failure) {
    let scenarioOptions = HelpText.scenarioOptions
    let options = own + scenarioOptions + Arguments.common.filter { $0.name != "format" }
    let arguments = try Arguments(words, of: "lesson", options: options)
    if arguments.has("help") {
      let common = Arguments.common.filter { ["ascii", "width"].contains($0.name) }
      Terminal.print(HelpText.lesson(own + common))
      return
    }
    guard let folder = ProjectFolder.path("Lessons") else {
      throw Failure(
        status: .input,
        message: "no lessons: " + ProjectFolder.missing("Lessons"))
    }
    let course = Course(folder: folder, presets: ProjectFolder.path("Scenarios"))
    let verb = arguments.words.first ?? "list"
    if verb == "check-all" {
      try checkAll(course, folder, blesses: arguments.has("bless"))
      return
    }
    guard verbs.contains(verb) else { throw unknown(verb) }
    var desk = try desk(course, folder, arguments)
    let names = Set(scenarioOptions.map(\.name))
    let scenario = arguments.values.filter { names.contains($0.name) }
    if verb != "run", let first = scenario.first {
      throw .usage("--\(first.name) is an option of lesson run, not of lesson \(verb)")
    }
    try perform(verb, Array(arguments.words.dropFirst()), arguments, scenario, &desk)
  }

  /// Where the student is in the course; nothing where there is none.
  static func standing() -> String {
    guard let folder = ProjectFolder.path("Lessons") else { return "" }
    let course = Course(folder: folder, presets: ProjectFolder.path("Scenarios"))
    guard let desk = try? desk(course, folder, nil) else { return "" }
    return "\n" + desk.standing()
  }

  private static func unknown(_ verb: String) -> Failure {
    let list = verbs.joined(separator: ", ")
    if promised.contains(verb) {
      return .usage("lesson \(verb) is not built yet; this version has \(list)")
    }
    let guess = HelpText.guess(verb, among: verbs + promised)
    return .usage("unknown word \(verb)\(guess)  (lesson has \(list))")
  }

  /// The student's desk, in the language and the folder that were asked for.
  static func desk(
    _ course: Course, _ lessons: String, _ arguments: Arguments?
  ) throws(Failure) -> LessonDesk {
    let style = Terminal.style(
      width: try arguments?.count("width", atLeast: 60), isASCII: arguments?.has("ascii") ?? false)
    let folder = arguments?.value("folder") ?? "."
    guard TextFile.names(in: folder) != nil else {
      throw .usage("--folder \(folder): no such folder")
    }
    do {
      return try LessonDesk(
        course: course, lessons: lessons, folder: folder,
        language: try language(arguments?.value("lang")), style: style,
        options: arguments.map { repeated($0) } ?? [])
    } catch let error as CourseError {
      throw failure(error)
    } catch let error as Failure {
      throw error
    } catch {
      throw Failure(status: .fault, message: "\(error)")
    }
  }

  /// The options that the commands to go on with repeat.
  private static func repeated(_ arguments: Arguments) -> [String] {
    let values = ["lang", "folder"].flatMap { name in
      arguments.value(name).map { ["--" + name, $0] } ?? []
    }
    return values + (arguments.has("ascii") ? ["--ascii"] : [])
  }

  private static func language(_ word: String?) throws(Failure) -> Language {
    guard let word else {
      let names = ["LC_ALL", "LC_MESSAGES", "LANG"]
      let set = names.lazy.compactMap { getenv($0).map { String(cString: $0) } }
        .first { !$0.isEmpty }
      return set?.hasPrefix("ko") == true ? .korean : .english
    }
    guard let language = Language(rawValue: word) else {
      throw .usage("--lang \(word): there are en and ko")
    }
    return language
  }

  private static func failure(_ error: CourseError) -> Failure {
    switch error.kind {
    case .usage: Failure(status: .usage, message: error.message)
    case .input: Failure(status: .input, message: error.message)
    case .check: Failure(status: .check, message: error.message)
    }
  }

  private static func perform(
    _ verb: String, _ words: [String], _ arguments: Arguments,
    _ scenario: [(name: String, value: String)], _ desk: inout LessonDesk
  ) throws(Failure) {
    do throws(CourseError) {
      switch verb {
      case "list":
        try limit(words, 0, "lesson list")
        Terminal.print(desk.list())
      case "show":
        Terminal.print(try desk.show(try lesson(words, 1, "lesson show SLUG")))
      case "predict":
        let slug = try lesson(words, nil, "lesson predict SLUG ANSWER")
        let answer = words.count > 1 ? words.dropFirst().joined(separator: " ") : nil
        Terminal.print(try desk.predict(slug, answer))
      case "run":
        let slug = try lesson(words, 1, "lesson run SLUG")
        Terminal.print(
          try desk.run(slug, isFree: arguments.has("free"), options: scenario))
      case "check": try check(words, &desk)
      case "hint":
        let slug = try lesson(words, 2, "lesson hint SLUG [QUESTION]")
        Terminal.print(try desk.hint(slug, words.count > 1 ? words[1] : nil))
      case "solution":
        let slug = try lesson(words, 1, "lesson solution SLUG")
        Terminal.print(try desk.solution(slug, givesUp: arguments.has("give-up")))
      default:
        Terminal.print(try desk.reset(try lesson(words, 1, "lesson reset SLUG")))
      }
    } catch {
      throw failure(error)
    }
  }

  private static func check(_ words: [String], _ desk: inout LessonDesk) throws(CourseError) {
    let slug = try lesson(words, nil, "lesson check SLUG QUESTION ANSWER")
    let answer = words.dropFirst(2).joined(separator: " ")
    let result = try desk.check(
      slug, words.count > 1 ? words[1] : nil, words.count > 2 ? answer : nil)
    Terminal.print(result.page)
    if let complaint = result.complaint { throw complaint }
  }

  /// The lesson that the first word names, where at most `most` words are taken.
  private static func lesson(
    _ words: [String], _ most: Int?, _ usage: String
  ) throws(CourseError) -> String {
    if let most { try limit(words, most, usage) }
    guard let slug = words.first else {
      throw CourseError(.usage, "a lesson is wanted: simcli \(usage)")
    }
    return slug
  }

  private static func limit(_ words: [String], _ most: Int, _ usage: String) throws(CourseError) {
    if words.count > most {
      throw CourseError(.usage, "\(words[most]) is one too many: simcli \(usage)")
    }
  }

  // MARK: Authors

  private static func checkAll(
    _ course: Course, _ folder: String, blesses: Bool
  ) throws(Failure) {
    var problems: [String] = []
    for language in Language.allCases {
      problems += Phrases(folder: folder, language).problems.map(\.text)
    }
    for (name, found) in course.problems.sorted(by: { $0.key < $1.key }) {
      problems += found.map { "\(name): \($0.text)" }
    }
    for lesson in course.lessons {
      var check = LessonCheck(lesson, presets: course.presets)
      if blesses {
        do {
          try check.bless()
        } catch {
          throw Failure(status: .input, message: "\(lesson.folder): \(error.reason)")
        }
        check = LessonCheck(lesson, presets: course.presets)
      }
      problems += check.problems
      let state = check.problems.isEmpty ? "good" : Numbers.count(check.problems.count, "problem")
      Terminal.print("\(lesson.slug): \(state), \(lesson.questions.count) questions\n")
    }
    Terminal.print(problems.map { "  " + $0 + "\n" }.joined())
    if !problems.isEmpty || course.lessons.isEmpty {
      throw Failure(
        status: .check,
        message: "the course: \(Numbers.count(problems.count, "problem")) in "
          + Numbers.count(course.lessons.count, "lesson"))
    }
  }
}
