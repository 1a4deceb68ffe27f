import NetSim

/// The bytes of one direction of a connection, made up from what the log says of its messages.
///
/// HTTP heads are those whose lengths the simulator counted; bodies, and everything of raw streams,
/// repeat `pattern`, which begins with each message.
struct StreamContent {
  /// A message at its place in the stream.
  struct Message {
    /// The position of its first byte; the stream's first byte is 1.
    var start: Int64
    /// The position after its last byte.
    var end: Int64
    /// What it begins with; the pattern follows.
    var head: [UInt8]

    /// A request, with the head that curl would send.
    static func request(
      _ request: RequestDescription, on connection: ConnectionDescription, at start: Int64
    ) -> Message {
      Message(
        start: start, end: start + request.requestBytes,
        head: connection.application == .raw
          ? [] : MessageHead.request(request, on: connection))
    }

    /// A response, with the head that nginx would send.
    static func response(
      _ request: RequestDescription, on connection: ConnectionDescription, at start: Int64
    ) -> Message {
      // The record's own length ends at 4 GiB, so that the end is counted here.
      let head =
        connection.application == .raw
        ? []
        : MessageHead.response(request, on: connection)
      return Message(start: start, end: start + Int64(head.count) + request.bodyBytes, head: head)
    }
  }

  /// 64 bytes that are legible in any viewer and end a line.
  static let pattern = Array(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-\n".utf8)
  /// The pattern often enough that a packet is filled in one or two steps.
  private static let patterns = (0..<32).flatMap { _ in pattern }

  private var messages: [Message] = []

  /// Takes the next message.
  mutating func append(_ message: Message) { messages.append(message) }

  /// The `count` bytes from a position.
  func bytes(at position: Int64, count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    let end = position + Int64(count)
    var next = position
    // What is sent is nearly always of the last message, or of one shortly before.
    var index = messages.lastIndex { $0.start <= position } ?? 0
    while next < end {
      if index < messages.count && next >= messages[index].end {
        index += 1
        continue
      }
      if index < messages.count && next >= messages[index].start {
        let message = messages[index]
        let stop = min(end, message.end)
        Self.fill(&bytes, from: next - message.start, to: stop - message.start, message.head)
        next = stop
      } else {
        let stop = index < messages.count ? min(end, messages[index].start) : end
        Self.fill(&bytes, from: next, to: stop, [])
        next = stop
      }
    }
    return bytes
  }

  /// Appends a message's bytes between two of its offsets.
  private static func fill(
    _ bytes: inout [UInt8], from start: Int64, to end: Int64, _ head: [UInt8]
  ) {
    var next = start
    let headEnd = Int64(head.count)
    if next < headEnd {
      let stop = min(headEnd, end)
      bytes += head[Int(next)..<Int(stop)]
      next = stop
    }
    while next < end {
      let phase = Int((next - headEnd) % Int64(pattern.count))
      let length = min(patterns.count - phase, Int(end - next))
      bytes += patterns[phase..<phase + length]
      next += Int64(length)
    }
  }
}
