import Captures
import NetSim
import Scenarios
import Timelines

/// `simcli pcap record`: what passes an interface, into a capture file.
enum RecordCommand {
  static let options = [
    Arguments.Option(name: "interface", value: "NAME", meaning: "where to listen, such as eth0"),
    Arguments.Option(
      name: "out", value: "FILE",
      meaning: "where it is written, never over a file; - is standard output"),
    Arguments.Option(
      name: "filter", value: "BPF", meaning: "record only packets that libpcap's filter takes"),
    Arguments.Option(name: "count", value: "N", meaning: "end after so many packets"),
    Arguments.Option(name: "duration", value: "TIME", meaning: "end after so long, such as 10s"),
    Arguments.Option(
      name: "snaplen", value: "BYTES", meaning: "keep so many bytes of a packet (262144)"),
    Arguments.Option(name: "help", value: nil, meaning: "this text"),
  ]

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "pcap record", options: options)
    if arguments.has("help") {
      Terminal.print(HelpText.record(options))
      return
    }
    if let word = arguments.words.first {
      throw .usage("pcap record takes no file to read; \(word) is one too many")
    }
    guard let file = arguments.value("out") else {
      throw .usage("pcap record needs --out FILE: where it is to be written")
    }
    let capture = try capture(arguments)
    let result: LiveCapture.Result
    do {
      result = try capture.record(to: file)
    } catch {
      throw Failure(
        status: error.kind == .badFilter ? .usage : .input, message: error.description)
    }
    let dropped =
      result.dropped > 0
      ? "; \(result.dropped) more were lost because they came too fast" : ""
    Terminal.note(
      "\(file): \(Numbers.count(Int64(result.packets), "packet")) from \(capture.interface)"
        + dropped + "\n")
  }

  private static func capture(_ arguments: Arguments) throws(Failure) -> LiveCapture {
    guard let interface = arguments.value("interface") else {
      let known = LiveCapture.interfaces()
      throw .usage(
        "pcap record needs --interface NAME"
          + (known.isEmpty ? "" : ": there are " + known.joined(separator: ", ")))
    }
    let snaplen = try arguments.count("snaplen", atLeast: 1)
    return LiveCapture(
      interface: interface, filter: arguments.value("filter"),
      snapshotLength: Int32(min(snaplen ?? 262_144, 262_144)),
      packetLimit: try arguments.count("count", atLeast: 1), duration: try duration(arguments))
  }

  private static func duration(_ arguments: Arguments) throws(Failure) -> SimDuration? {
    guard let text = arguments.value("duration") else { return nil }
    do {
      return try Quantity.duration(text)
    } catch {
      throw .usage("--duration \(Wording.excerpt(text)): \(error.reason)")
    }
  }
}
