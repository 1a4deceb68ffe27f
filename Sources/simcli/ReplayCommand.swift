import Captures
import NetSim
import Scenarios
import Timelines

/// `simcli replay`: a capture, estimated as a scenario, simulated, and set beside itself.
enum ReplayCommand {
  private static let options =
    [
      Arguments.Option(
        name: "filter", value: "BPF", meaning: "read only packets that libpcap's filter takes"),
      Arguments.Option(
        name: "save", value: "FILE", meaning: "write the estimated scenario as a scenario file"),
      Arguments.Option(
        name: "keys", value: "FILE", meaning: "TLS keys: not used yet, traffic is not decrypted"),
    ] + Arguments.common

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "replay", options: options)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.replay(options))
      return
    }
    guard let file = arguments.words.first else {
      throw .usage("replay needs a capture: simcli replay FILE")
    }
    if arguments.words.count > 1 {
      throw .usage("replay takes one capture; \(arguments.words[1]) is one too many")
    }
    if arguments.value("keys") != nil {
      throw .usage("--keys: this version does not decrypt; leave the option out")
    }
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let analysis = try read(file, filter: arguments.value("filter"))
    let captured = try estimate(analysis, file)
    if let target = arguments.value("save") {
      try RunCommand.save(ScenarioDescription(captured.scenario).yaml, to: target)
    }
    var simulator = Simulator(captured.scenario)
    let run = simulator.run()
    let replay = ReplayReport(
      file: file, capture: CaptureReport(analysis, files: [file]), estimate: captured, run: run,
      log: simulator.log)
    Terminal.print(wantsJSON ? replay.json.text() + "\n" : replay.text(style))
    if let problem = analysis.problem {
      throw Failure(status: .input, message: problem.description)
    }
  }

  private static func read(_ file: String, filter: String?) throws(Failure) -> CaptureAnalysis {
    do {
      return try CaptureAnalysis.read(path: file, options: CaptureOptions(filter: filter))
    } catch {
      throw Failure(status: error.kind == .badFilter ? .usage : .input, message: error.description)
    }
  }

  private static func estimate(
    _ analysis: CaptureAnalysis, _ file: String
  ) throws(Failure) -> CapturedScenario {
    do {
      return try CapturedScenario(analysis)
    } catch {
      if let problem = analysis.problem {
        throw Failure(status: .input, message: problem.description)
      }
      throw Failure(status: .input, message: file + ": " + error.explanation)
    }
  }
}
