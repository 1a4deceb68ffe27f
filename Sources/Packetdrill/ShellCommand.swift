import NetSim

/// The few shell commands that scripts use to set the stack up.
///
/// No shell runs: the settings are taken out of the text, and a command that would do anything else
/// is refused by its name.
enum ShellCommand {
  /// What a command asks for and there is not.
  struct Refusal: Error { var what: String }

  /// Does what a command in backticks asks for.
  static func run(_ text: String, _ settings: inout RunSettings) throws(Refusal) {
    let joined = replacing("\\\n", in: text, by: " ")
    for line in joined.split(whereSeparator: { $0 == "\n" || $0 == ";" || $0 == "&" }) {
      let words = words(String(line))
      guard let first = words.first else { continue }
      try run(name: first, Array(words.dropFirst()), &settings)
    }
  }

  private static func replacing(_ part: String, in text: String, by other: String) -> String {
    var result = ""
    var rest = text[...]
    while !rest.isEmpty {
      if rest.hasPrefix(part) {
        result += other
        rest = rest.dropFirst(part.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }

  /// The words of a line, up to a `#`; quotation marks hold words together.
  private static func words(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    for character in line {
      if character == "\"" || character == "'" {
        isQuoted.toggle()
      } else if character.isWhitespace && !isQuoted {
        if !word.isEmpty { words.append(word) }
        word = ""
      } else if character == "#" && word.isEmpty && !isQuoted {
        break
      } else {
        word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    return words
  }

  private static func run(
    name: String, _ arguments: [String], _ settings: inout RunSettings
  ) throws(Refusal) {
    let command = name.split(separator: "/").last.map(String.init) ?? name
    switch command {
    case "defaults.sh": setDefaults(&settings)
    case "sysctl", "set_sysctls.py":
      for argument in arguments where !argument.hasPrefix("-") { try set(argument, &settings) }
    case "ethtool", "true", "sleep": break  // segments are never larger than the MSS here
    case "echo": try write(arguments)
    case "tc": try setQueue(arguments, &settings)
    default:
      if command.hasPrefix("sysctl_restore") { return }
      throw Refusal(what: "the command ‘\(name)’")
    }
  }

  /// `echo 3 > file`: the one parameter of a module that scripts set, to its default.
  private static func write(_ arguments: [String]) throws(Refusal) {
    let file = arguments.last?.split(separator: "/").last ?? ""
    if arguments.first == "3" && file == "hystart_detect" { return }
    throw Refusal(what: "the command ‘echo \(arguments.joined(separator: " "))’")
  }

  /// `tc qdisc replace dev tun0 root fq`: the queueing discipline that paces what TCP sends; others
  /// do not.
  private static func setQueue(
    _ arguments: [String], _ settings: inout RunSettings
  ) throws(Refusal) {
    guard arguments.starts(with: ["qdisc", "replace", "dev"]), arguments.count == 6,
      arguments[4] == "root", ["fq", "pfifo", "pfifo_fast"].contains(arguments[5])
    else { throw Refusal(what: "the command ‘tc \(arguments.joined(separator: " "))’") }
    settings.transport.usesPacing = arguments[5] == "fq"
  }

  /// What packetdrill's own `defaults.sh` sets, as far as it differs from a plain Linux.
  private static func setDefaults(_ settings: inout RunSettings) {
    settings.transport.synRetries = 5
    settings.synAckRetries = 5
    settings.transport.congestionNotification = .never
    settings.transport.slowStartAfterIdle = false
    settings.transport.receiveWindow = ByteCount(15 << 20)
    settings.transport.receivePolicy.initialBuffer = ByteCount(15 << 20)
  }

  private static func set(_ text: String, _ settings: inout RunSettings) throws(Refusal) {
    let parts = text.split(separator: "=", maxSplits: 1)
    let path = parts[0].split { $0 == "." || $0 == "/" }
    guard parts.count == 2, let name = path.last else {
      throw Refusal(what: "the setting ‘\(text)’")
    }
    let isKnown = set(String(name), String(parts[1]), &settings)
    if !isKnown { throw Refusal(what: "the setting \(name) = \(parts[1])") }
  }

  /// Takes one setting; returns whether it is known with this value.
  private static func set(
    _ name: String, _ value: String, _ settings: inout RunSettings
  ) -> Bool {
    let number = Int64(value)
    switch name {
    case "tcp_timestamps": return flag(value, &settings.transport.timestamps)
    case "tcp_sack": return flag(value, &settings.transport.selectiveAcknowledgements)
    case "tcp_syn_retries": return count(number, &settings.transport.synRetries)
    case "tcp_synack_retries": return count(number, &settings.synAckRetries)
    case "tcp_syn_linear_timeouts": return count(number, &settings.transport.linearSYNTimeouts)
    case "tcp_retries2": return count(number, &settings.transport.dataRetries)
    case "tcp_recovery":
      guard number == 0 || number == 1 else { return false }
      settings.transport.lossDetection = number == 1 ? .rack : .duplicateAcknowledgements
    case "tcp_congestion_control":
      guard value == "cubic" || value == "reno" else { return false }
      settings.transport.congestion = value == "cubic" ? .cubic : .reno
    case "tcp_ecn":
      guard let number, let policy = UInt8(exactly: number).flatMap(NotificationPolicy.init) else {
        return false
      }
      settings.transport.congestionNotification = policy
    case "tcp_rmem":
      let sizes = value.split { $0.isWhitespace }.compactMap { Int64($0) }
      guard sizes.count == 3, (2048...(1 << 30)).contains(sizes[2]) else { return false }
      settings.transport.receiveWindow = ByteCount(sizes[2])
      settings.transport.receivePolicy.initialBuffer = ByteCount(sizes[2])
    case "tcp_min_tso_segs":
      guard let number, (1...64).contains(number) else { return false }
      settings.leastSegmentsInPiece = number
    case "tcp_early_retrans": return number == 3 || number == 4
    case "tcp_dsack", "tcp_window_scaling": return number == 1
    case "tcp_reordering": return number == 3
    case "tcp_slow_start_after_idle": return flag(value, &settings.transport.slowStartAfterIdle)
    // Bursts are never held back here to make larger ones, and nothing is cached or cookied.
    case "tcp_tso_win_divisor", "tcp_fack", "tcp_frto", "tcp_wmem", "tcp_no_metrics_save",
      "tcp_moderate_rcvbuf", "tcp_syncookies", "tcp_pacing_ss_ratio", "tcp_pacing_ca_ratio",
      "tcp_ecn_option", "tcp_ecn_fallback":
      break
    default: return false
    }
    return true
  }

  private static func flag(_ value: String, _ flag: inout Bool) -> Bool {
    guard value == "0" || value == "1" else { return false }
    flag = value == "1"
    return true
  }

  private static func count(_ value: Int64?, _ count: inout UInt32) -> Bool {
    guard let value, (0...255).contains(value) else { return false }
    count = UInt32(value)
    return true
  }
}
