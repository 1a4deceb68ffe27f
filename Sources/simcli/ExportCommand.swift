import Captures
import NetSim
import Scenarios
import Timelines

/// `simcli export`: a simulated run, or a capture, as files for other programs.
enum ExportCommand {
  private static let own =
    ExportRequest.options + [
      Arguments.Option(
        name: "filter", value: "BPF",
        meaning: "of a capture only packets that libpcap's filter takes"),
      Arguments.Option(
        name: "vantage", value: "client|server",
        meaning: "of a scenario, whose end sees the packets (client)"),
      Arguments.Option(name: "help", value: nil, meaning: "this text"),
    ]

  static func run(_ words: [String]) throws(Failure) {
    let scenarioOptions = HelpText.scenarioOptions
    let arguments = try Arguments(words, of: "export", options: own + scenarioOptions)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.export(own))
      return
    }
    if arguments.words.count > 1 {
      throw .usage(
        "export takes one scenario or capture; \(arguments.words[1]) is one too many")
    }
    let request = try ExportRequest(arguments)
    let names = Set(scenarioOptions.map(\.name))
    let options = arguments.values.filter { names.contains($0.name) }
    if let file = arguments.words.first, CaptureExtract.isCapture(file) {
      if let option = options.first?.name ?? arguments.value("vantage").map({ _ in "vantage" }) {
        throw .usage("--\(option) is for scenarios; \(file) is a capture")
      }
      return try CaptureExport(
        file: file, request: request, filter: arguments.value("filter")
      ).run()
    }
    if arguments.value("filter") != nil {
      throw .usage("--filter is for captures; --connection and --host select of a scenario, too")
    }
    let vantage = try vantage(arguments.value("vantage"))
    let source = try ScenarioSource(file: arguments.words.first, options: options)
    try write(source.scenario, request, vantage)
  }

  private static func vantage(_ word: String?) throws(Failure) -> Side {
    switch word ?? "client" {
    case "client": return .client
    case "server": return .server
    case let other: throw .usage("--vantage \(other): there are client and server")
    }
  }

  // MARK: Simulated runs

  private static func write(
    _ scenario: Scenario, _ request: ExportRequest, _ vantage: Side
  ) throws(Failure) {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let log = simulator.log
    try request.choice.check(connectionCount: report.connections.count, of: "run")
    guard request.format == .pcapng else {
      return try ExportedPackets(request, log) { _ in vantage }.write()
    }
    if request.out == "-" { return try writeToOutput(log, request, vantage) }
    try writeFile(log, request, vantage)
    let packets = report.connections.reduce(0) { $0 + $1.packets.up + $1.packets.down }
    Terminal.print(
      "\(request.out): \(Numbers.count(report.connections.count, "connection")), "
        + "\(Numbers.count(packets, "packet")) sent, as the "
        + "\(vantage == .client ? "client" : "server") sees them\n"
    )
  }

  /// Writes to standard output, for a pipe.
  private static func writeToOutput(
    _ log: EventLog, _ request: ExportRequest, _ vantage: Side
  ) throws(Failure) {
    do {
      try PcapngExport(log, vantage: vantage, selection: request.choice.selection).write {
        Terminal.print($0)
      }
    } catch {
      throw Failure(status: .input, message: error.message)
    }
  }

  private static func writeFile(
    _ log: EventLog, _ request: ExportRequest, _ vantage: Side
  ) throws(Failure) {
    do {
      let export = try PcapngExport(log, vantage: vantage, selection: request.choice.selection)
      var sink = try NewFile(path: request.out)
      try export.write { (chunk) throws(TextFile.Failure) in try sink.append(chunk) }
      try sink.finish()
    } catch let error as TextFile.Failure {
      throw Failure(status: .input, message: "--out \(request.out): \(error.reason)")
    } catch {
      throw Failure(
        status: .input, message: (error as? PcapngExportError)?.message ?? "\(error)")
    }
  }
}
