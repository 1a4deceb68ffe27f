import Captures
import NetSim
import Timelines

/// `simcli pcap compare`: two captures of one run, made at two places.
enum PcapCompareCommand {
  private static let options =
    [
      Arguments.Option(
        name: "filter", value: "BPF", meaning: "read only packets that libpcap's filter takes")
    ] + Arguments.common

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "pcap compare", options: options)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.pcapCompare(options))
      return
    }
    let files = arguments.words
    guard files.count == 2 else {
      throw .usage(
        "pcap compare takes two captures of one run: simcli pcap compare A B"
          + (files.count > 2 ? "; \(files[2]) is one too many" : ""))
    }
    if files == ["-", "-"] { throw .usage("- is standard input, which can be read once") }
    let wantsJSON = try arguments.wantsJSON()
    let style = Terminal.style(
      width: try arguments.count("width", atLeast: 60), isASCII: arguments.has("ascii"))
    let comparison = try read(files, filter: arguments.value("filter"))
    Terminal.print(
      wantsJSON
        ? ComparisonOfCapturesJSON.value(comparison).text() + "\n"
        : ComparisonOfCapturesText.render(comparison, style))
    if !comparison.problems.isEmpty {
      throw Failure(
        status: .input,
        message: comparison.problems.map(\.description).joined(separator: "\nsimcli: "))
    }
  }

  private static func read(
    _ files: [String], filter: String?
  ) throws(Failure) -> CaptureComparison {
    do {
      return try CaptureComparison.read(files[0], files[1], filter: filter)
    } catch {
      throw Failure(
        status: error.kind == .badFilter ? .usage : .input, message: error.description)
    }
  }
}
