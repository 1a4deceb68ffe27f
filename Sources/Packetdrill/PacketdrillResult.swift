/// How a script ended.
public enum PacketdrillResult: Equatable, Sendable {
  /// Everything came as the script says.
  case passed
  /// Something came otherwise.
  case failed(PacketdrillFailure)
  /// The script needs what the driver cannot do.
  case unsupported(PacketdrillLimit)
}

/// Where a run went another way than its script.
public struct PacketdrillFailure: Error, Equatable, Sendable {
  /// The line of the script, from 1.
  public var line: Int
  /// What went wrong, in one line.
  public var message: String
  /// The packet that the script expects, if it expects one.
  public var expected: String?
  /// The packets that were sent in its place, each with its time.
  public var actual: [String] = []
  /// What happened up to there: packets and calls, each with its time.
  public var history: [String] = []

  /// A failure of a line.
  public init(line: Int, message: String, expected: String? = nil, actual: [String] = []) {
    self.line = line
    self.message = message
    self.expected = expected
    self.actual = actual
  }
}

/// What a script needs and the driver cannot do.
public struct PacketdrillLimit: Error, Equatable, Sendable {
  /// The line of the script, from 1.
  public var line: Int
  /// The system call, option, field or command.
  public var what: String

  /// A limit that a line meets.
  public init(line: Int, what: String) {
    self.line = line
    self.what = what
  }
}

extension PacketdrillResult {
  /// The result as text under the script's name: one line where it passed or could not run; where
  /// it failed, with the packets.
  public func report(file: String) -> String {
    switch self {
    case .passed: return "\(file): passed"
    case .unsupported(let limit):
      return "\(file):\(limit.line): not supported: \(limit.what)"
    case .failed(let failure):
      var lines = ["\(file):\(failure.line): \(failure.message)"]
      if let expected = failure.expected { lines.append("  expected: \(expected)") }
      for actual in failure.actual { lines.append("  sent:     \(actual)") }
      if !failure.history.isEmpty {
        lines.append("  up to there:")
        lines += failure.history.map { "    \($0)" }
      }
      return lines.joined(separator: "\n")
    }
  }
}
