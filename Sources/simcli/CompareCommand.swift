import NetSim
import Scenarios
import Timelines

/// `simcli compare`: the same workload over several protocols, side by side.
enum CompareCommand {
  private static let own =
    [
      Arguments.Option(
        name: "protocols", value: "LIST", meaning: "which, such as http1,http2,http3"),
      Arguments.Option(
        name: "seeds", value: "N",
        meaning: "run N seeds of each, from --seed on, and say how their times are spread"),
    ] + Arguments.common

  /// What every protocol gets where neither the scenario nor an option says otherwise, so that none
  /// of them is spared TLS.
  private static let tls = "1.3"

  static func run(_ words: [String]) throws(Failure) {
    let scenarioOptions = HelpText.scenarioOptions
    let arguments = try Arguments(words, of: "compare", options: own + scenarioOptions)
    if arguments.has("help") {
      Terminal.print(HelpText.compare(scenarioOptions, own, tls: tls))
      return
    }
    if arguments.words.count > 1 {
      throw .usage("compare takes one scenario; \(arguments.words[1]) is one too many")
    }
    let protocols = try protocols(arguments)
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let names = Set(scenarioOptions.map(\.name))
    let file = try ScenarioSource.read(arguments.words.first)
    let options = arguments.values.filter { names.contains($0.name) }
    var sources: [ScenarioSource] = []
    for name in protocols {
      sources.append(
        try ScenarioSource(
          file, defaults: [("tls", tls)], options: options + [("protocol", name)],
          isCompared: true))
    }
    let compared = Array(zip(protocols, sources))
    guard let count = try arguments.count("seeds", atLeast: 1) else {
      try compare(compared, nil, wantsJSON, style)
      return
    }
    let seeds = try SeedRuns.compare(compared.map { ($0.0, $0.1.scenario) }, count: count)
    let typical = seeds.typicalSeed
    try compare(compared.map { ($0.0, $0.1.with(seed: typical)) }, seeds, wantsJSON, style)
  }

  private static func protocols(_ arguments: Arguments) throws(Failure) -> [String] {
    if arguments.value("protocol") != nil {
      throw .usage("compare takes --protocols with a list; leave --protocol out")
    }
    guard let list = arguments.value("protocols") else {
      throw .usage(
        "compare needs --protocols LIST, such as --protocols http1,http2,http3")
    }
    do {
      return try ProtocolList.parse(list)
    } catch {
      throw .usage("--protocols \(Wording.excerpt(list)): \(error.reason)")
    }
  }

  /// Runs each source and prints the comparison, after that of many seeds, if there is one.
  private static func compare(
    _ sources: [(name: String, source: ScenarioSource)], _ seeds: SeedComparison?,
    _ wantsJSON: Bool, _ style: TextStyle
  ) throws(Failure) {
    var values: [JSONValue] = []
    var runs: [ComparedRun] = []
    var progress = Progress()
    // A log is kept no longer than its run takes: there may be gigabytes of it.
    for (name, source) in sources {
      let run = SimulatedRun(source.scenario, showing: name, on: &progress)
      if wantsJSON {
        let description = ScenarioJSON.value(source.scenario, names: source.names)
        values.append(
          RunJSON.value(run.report, log: run.log, scenario: description, protocolName: name))
      } else {
        runs.append(
          ComparedRun(name: name, scenario: source.scenario, report: run.report, log: run.log))
      }
    }
    progress.clear()
    if let large = sources.map(\.source.scenario).first(where: { !SimulatedRun.isDrawn($0) }) {
      SimulatedRun.complain(of: large)
    }
    if wantsJSON {
      Terminal.print((seeds?.json(values) ?? RunJSON.comparison(values)).text() + "\n")
    } else {
      let comparison = RunComparison(runs, conditions: conditions(sources[0].source.scenario))
      Terminal.print((seeds.map { $0.render(style) + "\n" } ?? "") + comparison.render(style))
    }
  }

  /// What the runs share beside the workload, and what they would not have under `run`.
  private static func conditions(_ scenario: Scenario) -> String {
    var tls: [String] = []
    for client in scenario.clients {
      let word = ScenarioDescription.tls(client.tls)
      if !tls.contains(word) { tls.append(word) }
    }
    let seed = "seed \(scenario.seed)"
    return tls == ["none"] ? "no TLS; " + seed : "TLS \(Wording.list(tls)) for each; " + seed
  }
}
