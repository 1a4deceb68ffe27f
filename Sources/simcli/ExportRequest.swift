import NetSim
import Timelines

/// What `simcli export` was asked for: a form, a place, and which packets.
struct ExportRequest {
  /// The forms that are written.
  enum Format: String, CaseIterable {
    case pcapng
    case csv
    case json
    case xplot
  }

  let format: Format
  /// The file's path; `-` is standard output.
  let out: String
  /// Which packets.
  let choice: PacketChoice

  /// The options that make a request.
  static let options =
    [
      Arguments.Option(name: "to", value: "FORMAT", meaning: "pcapng, csv, json or xplot"),
      Arguments.Option(
        name: "out", value: "FILE",
        meaning: "where it is written, never over a file; - is standard output; for xplot the "
          + "beginning of the files' names"),
    ] + PacketChoice.options

  /// Forms that are promised and not built yet.
  private static let promised = ["qlog", "qlog-0.3", "har", "perfetto", "svg", "html"]

  init(_ arguments: Arguments) throws(Failure) {
    format = try Self.format(arguments.value("to"))
    guard let out = arguments.value("out") else {
      throw .usage("export needs --out FILE: where it is to be written")
    }
    if out == "-" && format == .xplot {
      throw .usage("--out -: xplot takes a file for each graph; name their beginning")
    }
    self.out = out
    choice = try PacketChoice(arguments)
  }

  // MARK: Words

  private static func format(_ word: String?) throws(Failure) -> Format {
    let known = Format.allCases.map(\.rawValue)
    let list = known.joined(separator: ", ")
    guard let word else { throw .usage("export needs --to FORMAT: \(list)") }
    if let format = Format(rawValue: word) { return format }
    if promised.contains(word) {
      throw .usage("--to \(word) is not built yet; this version has \(list)")
    }
    let guess = HelpText.guess(word, among: known + promised)
    throw .usage("--to \(word): no such format\(guess)  (this version has \(list))")
  }
}
