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
    switch (injection.header.type, injection.filledPayload.count) {
    case (.windowUpdate, 4): return " +\(injection.number(at: 0))"
    case (.resetStream, 4): return " " + FrameErrors.name(code(injection, at: 0))
    case (.goAway, 8...):
      return " \(injection.number(at: 0)) " + FrameErrors.name(code(injection, at: 4))
    case (.settings, 0), (.ping, 8):
      return injection.header.flags.contains(.acknowledgement) ? " ack" : ""
    default: return ""
    }
  }

  /// What an injected RST_STREAM says; nil for any other frame.
  static func resetCode(_ injection: HTTP2Injection) -> HTTP2ErrorCode? {
    guard injection.header.type == .resetStream, injection.header.length == 4 else { return nil }
    return code(injection, at: 0)
  }

  private static func code(_ injection: HTTP2Injection, at start: Int) -> HTTP2ErrorCode {
    HTTP2ErrorCode(rawValue: injection.number(at: start))
  }
}
