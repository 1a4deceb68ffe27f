import Captures
import NetSim
import Timelines

/// `simcli pcap plot`: what one end of a captured connection sent over time.
enum PcapPlotCommand {
  private static let options =
    [
      Arguments.Option(
        name: "connection", value: "N", meaning: "the connection, from 0 (the one with most bytes)"),
      Arguments.Option(
        name: "direction", value: "up|down",
        meaning: "from the client or from the server (the one with more bytes)"),
      Arguments.Option(
        name: "filter", value: "BPF", meaning: "read only packets that libpcap's filter takes"),
    ] + Arguments.common.filter { $0.name != "format" }

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "pcap plot", options: options)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.pcapPlot(options))
      return
    }
    guard !arguments.words.isEmpty else {
      throw .usage("pcap plot needs a file: simcli pcap plot FILE --connection N")
    }
    if arguments.words.count(where: { $0 == "-" }) > 1 {
      throw .usage("- is standard input, which can be read once")
    }
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let sender = try sender(arguments.value("direction"))
    let only = try arguments.count("connection", atLeast: 0)
    let analysis = try read(arguments.words, filter: arguments.value("filter"))
    if let only, only >= analysis.connections.count {
      throw .usage("--connection \(only): the capture has \(analysis.connections.count), from 0")
    }
    Terminal.print(plot(analysis, only, sender, style))
    if !analysis.problems.isEmpty {
      throw Failure(
        status: .input,
        message: analysis.problems.map(\.description).joined(separator: "\nsimcli: "))
    }
  }

  private static func sender(_ word: String?) throws(Failure) -> Side? {
    switch word {
    case nil: return nil
    case "up": return .client
    case "down": return .server
    case let other?:
      let guess = HelpText.guess(other, among: ["up", "down"])
      throw .usage("--direction \(other): there are up and down\(guess)")
    }
  }

  private static func plot(
    _ analysis: CaptureAnalysis, _ only: Int?, _ sender: Side?, _ style: TextStyle
  ) -> String {
    let largest = analysis.connections.max { $0.bytes.total < $1.bytes.total }
    guard let connection = only.map({ analysis.connections[$0] }) ?? largest,
      let plot = SequencePlot(
        analysis.log, connection: connection.index, vantage: connection.vantage, sender: sender)
    else { return "no TCP connection in the capture\n" }
    return plot.render(style)
  }

  private static func read(
    _ files: [String], filter: String?
  ) throws(Failure) -> CaptureAnalysis {
    do {
      return try CaptureAnalysis.read(paths: files, options: CaptureOptions(filter: filter))
    } catch {
      let status: Failure.Status = error.kind == .badFilter ? .usage : .input
      throw Failure(status: status, message: error.description)
    }
  }
}
