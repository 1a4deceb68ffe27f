import NetSim

/// An HTTP/2 frame as the log has it.
struct LoggedFrame {
  let type: HTTP2FrameType
  let sender: Side
  let stream: UInt32
  /// Its span in the sender's stream of bytes, its header included.
  let start: Int64
  let length: Int64
  /// Whether it is its sender's last of the stream, or acknowledges.
  let isFlagged: Bool
  /// The increment of WINDOW_UPDATE, the last stream of GOAWAY; zero for others.
  let number: UInt32
  /// What RST_STREAM and GOAWAY say; that of GOAWAY the log has elsewhere.
  var code = HTTP2ErrorCode.noError
  /// What the scenario has it be, where it injected it; its `type` says nothing then.
  private(set) var injection: HTTP2Injection?

  /// Takes the record of a frame that was handed to its connection; nil for any other.
  init?(_ record: EventRecord) {
    guard record.kind == .frameSent, let type = record.frameType else { return nil }
    self.type = type
    sender = record.side
    stream = record.item
    start = record.offset
    isFlagged = record.frameIsFlagged
    switch type {
    case .windowUpdate:
      length = 13
      number = record.length
    case .goAway:
      length = 17
      number = record.length
    case .resetStream:
      length = 13
      number = 0
      code = HTTP2ErrorCode(rawValue: record.length)
    case .data, .headers, .priority, .settings, .pushPromise, .ping, .continuation,
      .alternativeService, .origin, .priorityUpdate:
      length = Int64(record.length)
      number = 0
    }
  }

  /// Takes the record of a frame that the scenario injects, one of `injections`; nil for any other.
  init?(_ record: EventRecord, injected injections: [HTTP2Injection]) {
    guard record.kind == .frameInjected, Int(record.item) < injections.count else { return nil }
    let injection = injections[Int(record.item)]
    type = injection.header.type ?? .ping
    sender = record.side
    stream = injection.header.streamID
    start = record.offset
    length = Int64(record.length)
    isFlagged = false
    number = 0
    self.injection = injection
  }

  /// Bytes behind its header.
  var payload: Int64 { length - Int64(HTTP2FrameHeader.byteCount) }
}
