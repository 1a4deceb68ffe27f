import Packetdrill
import Scenarios
import Timelines

/// `simcli packetdrill`: scripts against the simulator's TCP, in virtual time.
enum PacketdrillCommand {
  private static let options = [
    Arguments.Option(name: "format", value: "text|json", meaning: "how results are written (text)"),
    Arguments.Option(name: "help", value: nil, meaning: "this text"),
  ]

  /// What became of one script.
  private struct Outcome {
    enum Kind: String {
      case passed
      case failed
      case unsupported
      case unreadable
    }

    var file: String
    var kind: Kind
    /// What there is to say of it, in lines.
    var report: String
    var line: Int?
  }

  static func run(_ words: [String]) throws(Failure) {
    let arguments = try Arguments(words, of: "packetdrill", options: options)
    if arguments.has("help") || words.isEmpty {
      Terminal.print(HelpText.packetdrill(options))
      return
    }
    if arguments.words.isEmpty {
      throw .usage("packetdrill needs scripts: simcli packetdrill FILE…")
    }
    let wantsJSON = try arguments.wantsJSON()
    var outcomes: [Outcome] = []
    for file in arguments.words {
      let outcome = try judge(file)
      outcomes.append(outcome)
      if !wantsJSON { Terminal.print(outcome.report) }
    }
    let passed = outcomes.filter { $0.kind == .passed }.count
    if wantsJSON { Terminal.print(json(outcomes).text() + "\n") }
    if !wantsJSON && outcomes.count > 1 {
      Terminal.print("\(passed) of \(outcomes.count) scripts passed\n")
    }
    if passed < outcomes.count {
      throw Failure(
        status: .check, message: "\(outcomes.count - passed) of \(outcomes.count) did not pass")
    }
  }

  private static func judge(_ file: String) throws(Failure) -> Outcome {
    let text: String
    do {
      text = String(decoding: try TextFile.read(file), as: UTF8.self)
    } catch {
      throw Failure(status: .input, message: "\(file): \(error.reason)")
    }
    do {
      let result = PacketdrillRun(try PacketdrillScript(parsing: text, file: file)).run()
      let report = result.report(file: file)
      let whole = report.hasSuffix("\n") ? report : report + "\n"
      switch result {
      case .passed: return Outcome(file: file, kind: .passed, report: whole)
      case .failed(let failure):
        return Outcome(file: file, kind: .failed, report: whole, line: failure.line)
      case .unsupported(let limit):
        return Outcome(file: file, kind: .unsupported, report: whole, line: limit.line)
      }
    } catch {
      return Outcome(
        file: file, kind: .unreadable, report: error.description + "\n", line: error.line)
    }
  }

  private static func json(_ outcomes: [Outcome]) -> JSONValue {
    .object([
      ("format", .string("netsim.packetdrill/1")),
      (
        "scripts",
        .array(
          outcomes.map { outcome in
            .object([
              ("file", .string(outcome.file)), ("result", .string(outcome.kind.rawValue)),
              ("line", outcome.line.map { .integer(Int64($0)) } ?? .null),
              ("report", .string(outcome.report)),
            ])
          })
      ),
    ])
  }
}
