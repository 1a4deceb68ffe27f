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
    case stalls
    case timeline
    case packets
  }

  /// Each file is open while it is read.
  private static let fileLimit = 500

  private static let options =
    [
      Arguments.Option(
        name: "filter", value: "BPF", meaning: "read only packets that libpcap's filter takes"),
      Arguments.Option(
        name: "longer", value: "TIME", meaning: "only stalls longer than that, such as 200ms"),
      Arguments.Option(
        name: "keys", value: "FILE", meaning: "TLS keys: not used yet, traffic is not decrypted"),
    ] + PacketChoice.options + Arguments.common

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
    let choice = try CaptureChoice(arguments, view)
    if arguments.value("keys") != nil {
      throw .usage("--keys: this version does not decrypt; leave the option out")
    }
    let analysis = try read(files, view, choice, filter: arguments.value("filter"))
    let quic = view == .connections ? analysis.quic.count : 0
    try choice.packets.check(
      connectionCount: analysis.connections.count + quic, of: "capture")
    let report = CaptureReport(analysis, files: files, choice)
    Terminal.print(
      wantsJSON ? report.json(view).text() + "\n" : report.text(view, style: style))
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
    let guess = HelpText.guess(word, among: names + ["plot", "compare", "record"])
    return .usage("unknown view \(word)\(guess)  (pcap has \(list), plot, compare, record)")
  }

  private static func read(
    _ files: [String], _ view: View, _ choice: CaptureChoice, filter: String?
  ) throws(Failure) -> CaptureAnalysis {
    var progress = Progress()
    defer { progress.clear() }
    do {
      return try CaptureAnalysis.read(
        paths: files, options: choice.options(for: view, filter: filter)
      ) { progress.show("\(Numbers.grouped($0)) packets read") }
    } catch {
      let status: Failure.Status = error.kind == .badFilter ? .usage : .input
      throw Failure(status: status, message: error.description)
    }
  }
}
