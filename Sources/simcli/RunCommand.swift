import NetSim
import Scenarios
import Timelines

/// `simcli run`: one scenario, its timeline and its summary.
enum RunCommand {
  /// What the command knows beside the options of a scenario.
  private static let own =
    [
      Arguments.Option(
        name: "connection", value: "N", meaning: "draw only this connection, from 0"),
      Arguments.Option(
        name: "save", value: "FILE", meaning: "write what was in force as a scenario file"),
    ] + Arguments.common

  static func run(_ words: [String]) throws(Failure) {
    let scenarioOptions = HelpText.scenarioOptions
    let arguments = try Arguments(words, of: "run", options: scenarioOptions + own)
    if arguments.has("help") {
      Terminal.print(HelpText.run(scenarioOptions, own))
      return
    }
    if arguments.words.count > 1 {
      throw .usage("run takes one scenario; \(arguments.words[1]) is one too many")
    }
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let only = try arguments.count("connection", atLeast: 0)
    let names = Set(scenarioOptions.map(\.name))
    let source = try ScenarioSource(
      file: arguments.words.first, options: arguments.values.filter { names.contains($0.name) })
    let scenario = source.scenario
    let isDrawn = SimulatedRun.isDrawn(scenario)
    var progress = Progress()
    let simulated = SimulatedRun(scenario, on: &progress)
    progress.clear()
    if let file = arguments.value("save") {
      try save(ScenarioDescription(scenario, names: source.names).yaml, to: file)
    }
    let (report, log) = (simulated.report, simulated.log)
    if !isDrawn { SimulatedRun.complain(of: scenario) }
    if let only, only >= report.connections.count {
      throw .usage("--connection \(only): the run has \(report.connections.count), from 0")
    }
    if wantsJSON {
      let description = ScenarioJSON.value(scenario, names: source.names)
      Terminal.print(RunJSON.value(report, log: log, scenario: description).text() + "\n")
    } else if !isDrawn {
      Terminal.print(RunSummary.render(report, log: log, width: style.width))
    } else {
      let page = TimelinePage(log, reports: report.requests, only: only.map { UInt32($0) })
      Terminal.print(
        page.render(style) + "\n" + RunSummary.render(report, log: log, width: style.width))
    }
  }

  /// Writes a scenario file; one that is there already stays as it is.
  static func save(_ yaml: String, to file: String) throws(Failure) {
    if file == "-" {
      throw .usage("--save -: a file's name is wanted; standard output has the run")
    }
    do {
      try TextFile.write(yaml, to: file)
    } catch {
      throw Failure(status: .input, message: "--save \(file): \(error.reason)")
    }
  }
}
