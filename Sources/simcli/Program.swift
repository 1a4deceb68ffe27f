/// The program: finds the command and turns what happens into an exit status.
enum Program {
  /// The version, as `CHANGELOG.md` has it.
  static let version = "0.1.0"

  /// Runs a command line, without the program's name; returns the exit status.
  static func run(_ words: [String]) -> Int32 {
    do {
      try dispatch(words)
      return Failure.Status.done.rawValue
    } catch {
      Terminal.complain(error.message)
      return error.status.rawValue
    }
  }

  /// Commands that exist.
  static let commands = [
    "lesson", "run", "compare", "pcap", "replay", "export", "packetdrill", "scenario", "model",
  ]

  /// Commands that are promised and not built yet.
  private static let promised = [
    "sweep", "whatif", "completions",
  ]

  private static func dispatch(_ words: [String]) throws(Failure) {
    guard let first = words.first else {
      Terminal.print(HelpText.overview + LessonCommand.standing())
      return
    }
    let rest = Array(words.dropFirst())
    switch first {
    case "run": try RunCommand.run(rest)
    case "compare": try CompareCommand.run(rest)
    case "pcap": try PcapCommand.run(rest)
    case "lesson": try LessonCommand.run(rest)
    case "replay": try ReplayCommand.run(rest)
    case "export": try ExportCommand.run(rest)
    case "packetdrill": try PacketdrillCommand.run(rest)
    case "scenario": try ScenarioCommand.run(rest)
    case "model": try ModelCommand.run(rest)
    case "--help", "-h", "help": Terminal.print(HelpText.overview)
    case "--version": Terminal.print("simcli \(version)\n")
    default: throw unknown(first)
    }
  }

  private static func unknown(_ word: String) -> Failure {
    let known = commands.joined(separator: ", ")
    if promised.contains(word) {
      return .usage("\(word) is not built yet; this version has \(known)")
    }
    let guess = HelpText.guess(word, among: commands + promised)
    let what = word.hasPrefix("-") ? "option" : "command"
    return .usage("unknown \(what) \(word)\(guess)  (this version has \(known))")
  }
}
