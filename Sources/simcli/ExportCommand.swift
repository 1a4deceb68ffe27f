import NetSim
import Scenarios
import Timelines

/// `simcli export`: a simulated run as a file for other programs.
enum ExportCommand {
  private static let own =
    [
      Arguments.Option(name: "to", value: "FORMAT", meaning: "pcapng"),
      Arguments.Option(
        name: "out", value: "FILE",
        meaning: "where it is written, never over a file; - is standard output"),
      Arguments.Option(
        name: "vantage", value: "client|server", meaning: "whose end sees the packets (client)"),
      Arguments.Option(name: "help", value: nil, meaning: "this text"),
    ]

  /// Formats that are promised and not built yet.
  private static let promised = [
    "qlog", "qlog-0.3", "har", "perfetto", "xplot", "csv", "json", "svg", "html",
  ]

  static func run(_ words: [String]) throws(Failure) {
    let scenarioOptions = HelpText.scenarioOptions
    let arguments = try Arguments(words, of: "export", options: own + scenarioOptions)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.export(own))
      return
    }
    if arguments.words.count > 1 {
      throw .usage("export takes one scenario; \(arguments.words[1]) is one too many")
    }
    try checkFormat(arguments.value("to"))
    guard let file = arguments.value("out") else {
      throw .usage("export needs --out FILE: where it is to be written")
    }
    let vantage = try vantage(arguments.value("vantage"))
    let names = Set(scenarioOptions.map(\.name))
    let source = try ScenarioSource(
      file: arguments.words.first, options: arguments.values.filter { names.contains($0.name) })
    var simulator = Simulator(source.scenario)
    let report = simulator.run()
    if file == "-" { return try writeToOutput(simulator.log, vantage) }
    try write(simulator.log, vantage, to: file)
    let packets = report.connections.reduce(0) { $0 + $1.packets.up + $1.packets.down }
    Terminal.print(
      "\(file): \(Numbers.count(report.connections.count, "connection")), "
        + "\(Numbers.count(packets, "packet")) sent, as the \(vantage == .client ? "client" : "server") sees them\n"
    )
  }

  private static func checkFormat(_ format: String?) throws(Failure) {
    guard let format else { throw .usage("export needs --to pcapng") }
    if format == "pcapng" { return }
    if promised.contains(format) {
      throw .usage("--to \(format) is not built yet; this version has pcapng")
    }
    let guess = HelpText.guess(format, among: ["pcapng"] + promised)
    throw .usage("--to \(format): no such format\(guess)  (this version has pcapng)")
  }

  private static func vantage(_ word: String?) throws(Failure) -> Side {
    switch word ?? "client" {
    case "client": return .client
    case "server": return .server
    case let other: throw .usage("--vantage \(other): there are client and server")
    }
  }

  /// Writes to standard output, for a pipe.
  private static func writeToOutput(_ log: EventLog, _ vantage: Side) throws(Failure) {
    do {
      try PcapngExport(log, vantage: vantage).write { Terminal.print($0) }
    } catch {
      throw Failure(status: .input, message: error.message)
    }
  }

  private static func write(
    _ log: EventLog, _ vantage: Side, to file: String
  ) throws(Failure) {
    do {
      let export = try PcapngExport(log, vantage: vantage)
      var sink = try NewFile(path: file)
      try export.write { (chunk) throws(TextFile.Failure) in try sink.append(chunk) }
      try sink.finish()
    } catch let error as TextFile.Failure {
      throw Failure(status: .input, message: "--out \(file): \(error.reason)")
    } catch {
      throw Failure(
        status: .input, message: (error as? PcapngExportError)?.message ?? "\(error)")
    }
  }
}
