/// The words of a command line, told apart: options with their values, flags, and the rest.
struct Arguments {
  /// An option as a command knows it.
  struct Option {
    var name: String
    /// What stands for its value in the help; nil for a flag.
    var value: String?
    var meaning: String
  }

  private(set) var values: [(name: String, value: String)] = []
  private(set) var flags: [String] = []
  private(set) var words: [String] = []

  /// Options that every command with results has.
  static let common = [
    Option(name: "format", value: "text|json", meaning: "how results are written (text)"),
    Option(name: "ascii", value: nil, meaning: "draw with ASCII characters only"),
    Option(
      name: "width", value: "COLUMNS", meaning: "draw so wide (the terminal's width, else 80)"),
    Option(name: "help", value: nil, meaning: "this text"),
  ]

  /// Reads `words` by the options that `command` knows. Throws a usage failure that names the
  /// nearest known option.
  init(_ words: [String], of command: String, options: [Option]) throws(Failure) {
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" {
        self.words += rest
        break
      }
      guard word.hasPrefix("-"), word != "-", !Self.isNegativeNumber(word) else {
        self.words.append(word)
        continue
      }
      try take(word, &rest, command, options)
    }
  }

  /// Whether a word is a number below zero, such as `-1` or `-0.5ms`: no option begins like that.
  private static func isNegativeNumber(_ word: String) -> Bool {
    let digits = word.dropFirst().drop { $0 == "." }
    return digits.first?.isNumber == true
  }

  private mutating func take(
    _ word: String, _ rest: inout ArraySlice<String>, _ command: String, _ options: [Option]
  ) throws(Failure) {
    if word == "-h" {
      flags.append("help")
      return
    }
    let parts = word.drop { $0 == "-" }.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts.first.map { String($0) } ?? ""
    guard word.hasPrefix("--"), let option = options.first(where: { $0.name == name }) else {
      throw Self.unknown(name, word, command, options)
    }
    guard option.value != nil else {
      if parts.count > 1 { throw .usage("--\(name) takes no value") }
      flags.append(name)
      return
    }
    if parts.count > 1 {
      values.append((name, String(parts[1])))
    } else if let value = rest.popFirst() {
      values.append((name, value))
    } else {
      throw .usage("--\(name) needs a value: --\(name) \(option.value ?? "")")
    }
  }

  private static func unknown(
    _ name: String, _ word: String, _ command: String, _ options: [Option]
  ) -> Failure {
    let guess = HelpText.guess(name, among: options.map(\.name), prefix: "--")
    return .usage("unknown option \(word)\(guess)  (simcli \(command) --help lists them)")
  }

  /// Whether a flag was given.
  func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// The last value given for an option.
  func value(_ name: String) -> String? { values.last { $0.name == name }?.value }

  /// The value of an option that takes a whole number of at least `least`.
  func count(_ name: String, atLeast least: Int) throws(Failure) -> Int? {
    guard let text = value(name) else { return nil }
    guard let count = Int(text), count >= least, count <= 1_000_000 else {
      throw .usage("--\(name) \(text): a whole number of \(least) or more is wanted")
    }
    return count
  }

  /// Whether JSON was asked for.
  func wantsJSON() throws(Failure) -> Bool {
    switch value("format") ?? "text" {
    case "text": return false
    case "json": return true
    case let other:
      let guess = HelpText.guess(other, among: ["text", "json"])
      throw .usage("--format \(other): this version writes text and json\(guess)")
    }
  }
}
