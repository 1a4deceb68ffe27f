import NetSim

/// What frames are that a scenario injects, in words.
enum InjectedFrames {
  /// The name of a frame with its stream and the number that it carries, where it has one.
  static func name(_ injection: HTTP2Injection) -> String {
    let header = injection.header
    let type = header.type.map(\.name) ?? "type \(header.typeNumber)"
    let stream = header.streamID > 0 ? " \(header.streamID)" : ""
    return type + stream + number(injection)
  }

  private static func number(_ injection: HTTP2Injection) -> String {
    let payload = injection.filledPayload
    switch (injection.header.type, payload.count) {
    case (.windowUpdate, 4): return " +\(value(payload[...]))"
    case (.resetStream, 4): return " " + FrameErrors.name(code(payload[...]))
    case (.goAway, 8...):
      return " \(value(payload[..<4])) " + FrameErrors.name(code(payload[4..<8]))
    case (.settings, 0), (.ping, 8):
      return injection.header.flags.contains(.acknowledgement) ? " ack" : ""
    default: return ""
    }
  }

  /// What an injected RST_STREAM says; nil for any other frame.
  static func resetCode(_ injection: HTTP2Injection) -> HTTP2ErrorCode? {
    guard injection.header.type == .resetStream, injection.header.length == 4 else { return nil }
    return code(injection.filledPayload[...])
  }

  private static func code(_ bytes: ArraySlice<UInt8>) -> HTTP2ErrorCode {
    HTTP2ErrorCode(rawValue: value(bytes))
  }

  private static func value(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
