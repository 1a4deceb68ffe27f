import NetSim

/// Segments in words.
enum SegmentText {
  /// Flags that matter, the span of sequence numbers, the acknowledgement, and what it carries.
  static func label(_ segment: LoggedSegment, message: String) -> String {
    var parts: [String] = []
    let flags = flagWords(segment.flags)
    if !flags.isEmpty { parts.append(flags) }
    if segment.payload > 0 {
      parts.append("\(segment.start)…\(segment.start + segment.payload - 1)")
    }
    if let acknowledged = segment.acknowledged, !segment.flags.contains(.syn) {
      let word = segment.isPureAcknowledgement ? "ACK" : "ack"
      parts.append("\(word) \(acknowledged)")
    }
    for block in segment.sackBlocks {
      parts.append((block.isDuplicate ? "dsack " : "sack ") + "\(block.start)-\(block.end)")
    }
    let head = parts.joined(separator: " ")
    return message.isEmpty ? head : head + "  " + message
  }

  private static func flagWords(_ flags: TCPFlags) -> String {
    var words: [String] = []
    if flags.contains(.syn) { words.append(flags.contains(.ack) ? "SYN-ACK" : "SYN") }
    if flags.contains(.fin) { words.append("FIN") }
    if flags.contains(.rst) { words.append("RST") }
    if flags.contains(.urg) { words.append("URG") }
    if flags.contains(.ece) { words.append("ECE") }
    if flags.contains(.cwr) { words.append("CWR") }
    return words.joined(separator: " ")
  }

  /// What made the sender repeat it, in a word.
  static func word(_ kind: RetransmissionKind) -> String {
    switch kind {
    case .fast: "fast"
    case .timeout: "timeout"
    case .tailLossProbe: "probe"
    case .handshake: "again"
    }
  }
}
