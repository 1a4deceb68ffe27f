import NetSim

/// The bytes of one direction of a connection, made up from what the log says of its messages.
///
/// HTTP heads, and HTTP/2's frames but for what DATA carries, are those whose lengths the simulator
/// counted; bodies, and everything of raw streams, repeat `pattern`, which begins with each message.
struct StreamContent {
  /// A message at its place in the stream.
  struct Message {
    /// The position of its first byte; the stream's first byte is 1.
    var start: Int64
    /// The position after its last byte.
    var end: Int64
    /// What is not the pattern, by its place in the message: heads, the lines of chunks.
    var texts: [(start: Int64, bytes: [UInt8])]
    /// How much of the same content came before, so that the pattern goes on where it was.
    var contentStart: Int64 = 0

    /// A request, with the head that curl would send.
    static func request(
      _ request: RequestDescription, on connection: ConnectionDescription, at start: Int64
    ) -> Message {
      let head = connection.application == .raw ? [] : MessageHead.request(request, on: connection)
      return Message(start: start, end: start + request.requestBytes, texts: [(0, head)])
    }

    /// A response with the hints before it, and the head that nginx would send; with another field
    /// where a proxy makes the head.
    static func response(
      _ request: RequestDescription, on connection: ConnectionDescription, at start: Int64,
      hasVia: Bool = false
    ) -> Message {
      // The record's own length ends at 4 GiB, so that the end is counted here.
      var message = Message(start: start, end: start, texts: [])
      if connection.application == .raw {
        message.end += request.bodyBytes
        return message
      }
      message.append(request.hints)
      let head = MessageHead.response(request, on: connection)
      message.append(hasVia ? MessageHead.withVia(head) : head)
      if request.method == Array("HEAD".utf8) { return message }
      message.appendBody(
        ResponseLayout(
          request.response, bodyBytes: request.bodyBytes, for: connection.application))
      return message
    }

    /// A response of which there is no more than a head.
    static func response(_ head: [UInt8], at start: Int64) -> Message {
      var message = Message(start: start, end: start, texts: [])
      message.append(head)
      return message
    }

    private mutating func append(_ bytes: [UInt8]) {
      texts.append((end - start, bytes))
      end += Int64(bytes.count)
    }

    private mutating func appendBody(_ layout: ResponseLayout) {
      guard layout.framing == .chunked else {
        end += layout.bodyBytes
        return
      }
      for part in 0..<layout.partCount {
        var left = layout.bodyBytes(of: part)
        while left > 0 {
          let chunk = min(left, ChunkedCoding.mostBytes)
          append(ChunkedCoding.line(of: chunk))
          end += chunk
          append(Array("\r\n".utf8))
          left -= chunk
        }
      }
      append(Array("0\r\n\r\n".utf8))
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

  /// Whether a message that was taken goes on at a position.
  func covers(_ position: Int64) -> Bool { messages.last.map { position < $0.end } ?? false }

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
        Self.fill(
          &bytes, from: next - message.start, to: stop - message.start, message.texts,
          contentStart: message.contentStart)
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
    _ bytes: inout [UInt8], from start: Int64, to end: Int64,
    _ texts: [(start: Int64, bytes: [UInt8])], contentStart: Int64 = 0
  ) {
    var next = start
    // The last text that begins here or before, or none.
    var index = (texts.firstIndex { $0.start > start } ?? texts.count) - 1
    while next < end {
      let text = index >= 0 ? texts[index] : (start: 0, bytes: [])
      let textEnd = text.start + Int64(text.bytes.count)
      if next < textEnd {
        let stop = min(textEnd, end)
        bytes += text.bytes[Int(next - text.start)..<Int(stop - text.start)]
        next = stop
      }
      index += 1
      let stop = index < texts.count ? min(texts[index].start, end) : end
      fill(&bytes, from: contentStart + next - textEnd, count: Int(max(stop - next, 0)))
      next = max(stop, next)
    }
  }

  /// Appends `count` bytes of the pattern, from one of its offsets.
  private static func fill(_ bytes: inout [UInt8], from offset: Int64, count: Int) {
    var left = count
    var phase = Int(offset % Int64(pattern.count))
    while left > 0 {
      let length = min(patterns.count - phase, left)
      bytes += patterns[phase..<phase + length]
      phase = 0
      left -= length
    }
  }
}
