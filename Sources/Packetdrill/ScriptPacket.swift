import NetSim

/// A TCP packet as a script writes it.
struct ScriptPacket: Equatable {
  /// What the two ECN bits of the IP header are, or have to be.
  enum CongestionMark: Equatable {
    case exactly(CongestionCodepoint)
    /// Either of the two codepoints of a capable transport.
    case capable
    /// The whole traffic-class byte.
    case byte(UInt8)
  }

  /// One TCP option.
  enum Option: Equatable {
    case noOperation
    case end
    case maximumSegmentSize(UInt16)
    case windowScale(UInt8)
    case permitsSACK
    case timestamps(value: UInt32, echo: UInt32)
    case sack([Range])
    case fastOpen(String)
  }

  /// Bytes from `start` up to, not including, `end`, in the script's numbers.
  struct Range: Equatable {
    var start: UInt32
    var end: UInt32
  }

  var mark: CongestionMark?
  var flags: TCPFlags
  var sequence: UInt32
  var payload: UInt32
  var acknowledgement: UInt32 = 0
  /// The window as it stands in the header; nil where the script does not say.
  var window: UInt16?
  /// The options in their order; nil where any will do (`<...>`).
  var options: [Option]? = []
}

extension ScriptPacket: CustomStringConvertible {
  /// The packet as a script writes it.
  var description: String {
    var parts: [String] = []
    if let mark { parts.append("[\(ScriptPacket.text(mark))]") }
    parts.append(ScriptPacket.text(flags))
    parts.append("\(sequence):\(sequence &+ payload)(\(payload))")
    if flags.contains(.ack) { parts.append("ack \(acknowledgement)") }
    if let window { parts.append("win \(window)") }
    if let options {
      if !options.isEmpty {
        parts.append("<" + options.map(ScriptPacket.text).joined(separator: ",") + ">")
      }
    } else {
      parts.append("<...>")
    }
    return parts.joined(separator: " ")
  }

  private static func text(_ mark: CongestionMark) -> String {
    switch mark {
    case .exactly(.notCapable): "noecn"
    case .exactly(.capable0): "ect0"
    case .exactly(.capable1): "ect1"
    case .exactly(.congestionExperienced): "ce"
    case .capable: "ect01"
    case .byte(let value): "tos 0x" + String(value, radix: 16)
    }
  }

  /// The letters of flags, in the order that tcpdump gave them.
  static let flagLetters: [(letter: Character, flag: TCPFlags)] = [
    ("F", .fin), ("S", .syn), ("R", .rst), ("P", .psh), (".", .ack), ("U", .urg), ("E", .ece),
    ("W", .cwr),
  ]

  static func text(_ flags: TCPFlags) -> String {
    var text = ""
    for (letter, flag) in flagLetters where flag != .ack && flags.contains(flag) {
      text.append(letter)
    }
    if flags.contains(.ack) { text.append(".") }
    return text.isEmpty ? "-" : text
  }

  private static func text(_ option: Option) -> String {
    switch option {
    case .noOperation: "nop"
    case .end: "eol"
    case .maximumSegmentSize(let bytes): "mss \(bytes)"
    case .windowScale(let shift): "wscale \(shift)"
    case .permitsSACK: "sackOK"
    case .timestamps(let value, let echo): "TS val \(value) ecr \(echo)"
    case .sack(let ranges):
      "sack " + ranges.map { "\($0.start):\($0.end)" }.joined(separator: " ")
    case .fastOpen(let cookie): cookie.isEmpty ? "FO" : "FO \(cookie)"
    }
  }
}
