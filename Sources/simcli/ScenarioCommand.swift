import NetSim
import Scenarios
import Timelines

/// `simcli scenario check`: everything that is wrong with a scenario file, or what it says.
enum ScenarioCommand {
  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "scenario", options: Arguments.common)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.scenario)
      return
    }
    guard arguments.words.first == "check" else {
      let word = arguments.words.first ?? ""
      let guess = HelpText.guess(word, among: ["check"])
      throw .usage("unknown word \(word)\(guess)  (scenario has check)")
    }
    guard arguments.words.count == 2 else {
      throw .usage("scenario check takes one file: simcli scenario check FILE")
    }
    let path = arguments.words[1]
    let file = ScenarioFile(path: path, presets: ProjectFolder.path("Scenarios"))
    if try arguments.wantsJSON() {
      Terminal.print(json(file, path).text() + "\n")
    } else if file.problems.isEmpty {
      Terminal.print(try summary(file, path))
    } else {
      Terminal.print(file.problems.map { $0.text + "\n" }.joined())
    }
    if !file.problems.isEmpty {
      throw Failure(
        status: .input, message: "\(path): \(Numbers.count(file.problems.count, "mistake"))")
    }
  }

  private static func summary(_ file: ScenarioFile, _ path: String) throws(Failure) -> String {
    let scenario: Scenario
    do {
      scenario = try file.scenario()
    } catch {
      throw Failure(status: .input, message: error.text)
    }
    let objects = scenario.clients.reduce(0) { $0 + $1.objects.count }
    let about = file.about.map { "  " + $0 + "\n" } ?? ""
    let counts = [
      Numbers.count(scenario.links.count / 2, "link"),
      Numbers.count(scenario.paths.count, "path"),
      Numbers.count(scenario.clients.count, "client"), Numbers.count(objects, "object"),
    ]
    return "\(path): good\n" + about + "  " + counts.joined(separator: ", ") + "\n"
  }

  private static func json(_ file: ScenarioFile, _ path: String) -> JSONValue {
    .object([
      ("format", .string("netsim.scenario.check/1")),
      ("file", .string(path)),
      ("about", file.about.map { .string($0) } ?? .null),
      (
        "problems",
        .array(
          file.problems.map { problem in
            .object([
              ("file", problem.place.map { .string($0.file) } ?? .null),
              ("line", problem.place.map { .integer(Int64($0.line)) } ?? .null),
              ("column", problem.place.map { .integer(Int64($0.column)) } ?? .null),
              ("message", .string(problem.message)),
            ])
          })
      ),
    ])
  }
}
