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
  private static let promised = ["stalls", "packets", "compare", "record"]

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
    let arguments = try Arguments(words, of: "pcap", options: options)
    if arguments.has("help") || (arguments.words.isEmpty && arguments.values.isEmpty) {
      Terminal.print(HelpText.pcap(options))
      return
    }
    let (view, file) = try request(arguments)
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let only = try arguments.count("connection", atLeast: 0)
    if arguments.value("keys") != nil {
      throw .usage("--keys: this version does not decrypt; leave the option out")
    }
    let analysis = try read(file, view, filter: arguments.value("filter"))
    if let only, only >= analysis.connections.count {
      throw .usage("--connection \(only): the capture has \(analysis.connections.count), from 0")
    }
    let report = CaptureReport(analysis, file: file)
    Terminal.print(
      wantsJSON
        ? report.json(view, only: only).text() + "\n"
        : report.text(view, only: only, style: style))
    if let problem = analysis.problem {
      throw Failure(status: .input, message: problem.description)
    }
  }

  private static func request(
    _ arguments: Arguments
  ) throws(Failure) -> (view: View, file: String) {
    let names = View.allCases.map(\.rawValue)
    guard let word = arguments.words.first else {
      throw .usage("pcap needs a view and a file: simcli pcap summary FILE")
    }
    guard let view = View(rawValue: word) else {
      throw unknown(word, names)
    }
    switch arguments.words.count {
    case 1: throw .usage("pcap \(word) needs a file: simcli pcap \(word) FILE")
    case 2: return (view, arguments.words[1])
    default: throw .usage("pcap \(word) takes one file; \(arguments.words[2]) is one too many")
    }
  }

  private static func unknown(_ word: String, _ names: [String]) -> Failure {
    let list = names.joined(separator: ", ")
    if promised.contains(word) {
      return .usage("pcap \(word) is not built yet; this version has \(list)")
    }
    let guess = HelpText.guess(word, among: names + promised)
    return .usage("unknown view \(word)\(guess)  (pcap has \(list))")
  }

  private static func read(
    _ file: String, _ view: View, filter: String?
  ) throws(Failure) -> CaptureAnalysis {
    // Only what is drawn, or charged to causes, needs the log.
    let needsLog = view == .timeline || view == .requests
    let options = CaptureOptions(filter: filter, logLevel: needsLog ? .everything : .totals)
    do {
      return try CaptureAnalysis.read(path: file, options: options)
    } catch {
      let status: Failure.Status = error.kind == .badFilter ? .usage : .input
      throw Failure(status: status, message: error.description)
    }
  }
}
