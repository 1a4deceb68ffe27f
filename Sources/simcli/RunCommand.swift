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

  /// A run with more packets keeps its totals and requests only: a full log takes about half a
  /// kilobyte for each.
  private static let mostPacketsDrawn: Int64 = 2_000_000

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
    let isDrawn = scenario.expectedDataPackets <= mostPacketsDrawn
    var simulator = Simulator(scenario, level: isDrawn ? .everything : .requests)
    var progress = Progress()
    while simulator.advance(events: 1_000_000) {
      let (time, events) = simulator.progress
      progress.show(
        "simulated \(Numbers.milliseconds(time, digits: 0)) ms, \(Numbers.grouped(Int64(events))) events"
      )
    }
    progress.clear()
    if let file = arguments.value("save") {
      try save(ScenarioDescription(scenario, names: source.names).yaml, to: file)
    }
    let report = simulator.run()
    if !isDrawn {
      Terminal.complain(
        "about \(Numbers.grouped(scenario.expectedDataPackets)) packets are too many to draw or to "
          + "charge to causes; the totals follow")
    }
    if let only, only >= report.connections.count {
      throw .usage("--connection \(only): the run has \(report.connections.count), from 0")
    }
    if wantsJSON {
      let description = ScenarioJSON.value(scenario, names: source.names)
      Terminal.print(
        RunJSON.value(report, log: simulator.log, scenario: description).text() + "\n")
    } else if !isDrawn {
      Terminal.print(RunSummary.render(report, log: simulator.log))
    } else {
      let page = TimelinePage(
        simulator.log, reports: report.requests, only: only.map { UInt32($0) })
      Terminal.print(
        page.render(style) + "\n" + RunSummary.render(report, log: simulator.log))
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
