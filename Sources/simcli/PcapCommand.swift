import Captures
import NetSim
import Timelines

/// `simcli pcap`: reads a capture and says what is in it.
enum PcapCommand {
  /// What can be asked of a capture.
  enum View: String, CaseIterable {
    case summary
    case connections
    case requests
    case timeline
  }

  /// Views that are promised and not built yet.
  private static let promised = ["stalls", "packets"]

  /// Each file is open while it is read.
  private static let fileLimit = 500

  private static let options =
    [
      Arguments.Option(
        name: "filter", value: "BPF", meaning: "read only packets that libpcap's filter takes"),
      Arguments.Option(
        name: "connection", value: "N", meaning: "draw only this connection, from 0 (timeline)"),
      Arguments.Option(
        name: "keys", value: "FILE", meaning: "TLS keys: not used yet, traffic is not decrypted"),
    ] + Arguments.common

  static func run(_ words: [String]) throws(Failure) {
    if words.first == "record" { return try RecordCommand.run(Array(words.dropFirst())) }
    if words.first == "compare" { return try PcapCompareCommand.run(Array(words.dropFirst())) }
    if words.first == "plot" { return try PcapPlotCommand.run(Array(words.dropFirst())) }
    let arguments = try Arguments(words, of: "pcap", options: options)
    if arguments.has("help") || (arguments.words.isEmpty && arguments.values.isEmpty) {
      Terminal.print(HelpText.pcap(options))
      return
    }
    let (view, files) = try request(arguments)
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let only = try arguments.count("connection", atLeast: 0)
    if arguments.value("keys") != nil {
      throw .usage("--keys: this version does not decrypt; leave the option out")
    }
    let analysis = try read(files, view, filter: arguments.value("filter"))
    if let only, only >= analysis.connections.count {
      throw .usage("--connection \(only): the capture has \(analysis.connections.count), from 0")
    }
    let report = CaptureReport(analysis, files: files)
    Terminal.print(
      wantsJSON
        ? report.json(view, only: only).text() + "\n"
        : report.text(view, only: only, style: style))
    if !analysis.problems.isEmpty {
      throw Failure(
        status: .input,
        message: analysis.problems.map(\.description).joined(separator: "\nsimcli: "))
    }
  }

  private static func request(
    _ arguments: Arguments
  ) throws(Failure) -> (view: View, files: [String]) {
    let names = View.allCases.map(\.rawValue)
    guard let word = arguments.words.first else {
      throw .usage("pcap needs a view and a file: simcli pcap summary FILE")
    }
    guard let view = View(rawValue: word) else {
      throw unknown(word, names)
    }
    let files = Array(arguments.words.dropFirst())
    if files.isEmpty { throw .usage("pcap \(word) needs a file: simcli pcap \(word) FILE") }
    if files.count > fileLimit {
      throw .usage("pcap \(word) takes \(fileLimit) files at most; these are \(files.count)")
    }
    if files.filter({ $0 == "-" }).count > 1 {
      throw .usage("- is standard input, which can be read once")
    }
    return (view, files)
  }

  private static func unknown(_ word: String, _ names: [String]) -> Failure {
    let list = names.joined(separator: ", ")
    if promised.contains(word) {
      return .usage("pcap \(word) is not built yet; this version has \(list)")
    }
    let guess = HelpText.guess(word, among: names + promised + ["plot", "compare", "record"])
    return .usage("unknown view \(word)\(guess)  (pcap has \(list), plot, compare, record)")
  }

  private static func read(
    _ files: [String], _ view: View, filter: String?
  ) throws(Failure) -> CaptureAnalysis {
    // Only what is drawn, or charged to causes, needs the log.
    let needsLog = view == .timeline || view == .requests
    let options = CaptureOptions(filter: filter, logLevel: needsLog ? .everything : .totals)
    do {
      return try CaptureAnalysis.read(paths: files, options: options)
    } catch {
      let status: Failure.Status = error.kind == .badFilter ? .usage : .input
      throw Failure(status: status, message: error.description)
    }
  }
}
