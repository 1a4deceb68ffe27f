import NetSim

/// The bytes of the HTTP/2 frames of a connection without TLS, made up again from what the log says of
/// them.
struct FrameContent {
  private let log: EventLog
  private let connection: UInt32
  private let streams: StreamRequests
  private var blocks: FieldBlocks
  /// The table of fields that the other end keeps.
  private let peerTableSize: UInt32?
  /// How much of each stream's content was written.
  private var written: [UInt32: Int64] = [:]

  /// What flows from a side; nothing where the connection has no frames that can be read.
  static func stream(_ log: EventLog, connection: UInt32, from side: Side) -> StreamContent {
    var stream = StreamContent()
    let description = log.connections[Int(connection)]
    guard description.application == .http2, description.tls == nil else { return stream }
    var content = FrameContent(log, connection, from: side)
    for message in content.messages(side) { stream.append(message) }
    return stream
  }

  private init(_ log: EventLog, _ connection: UInt32, from side: Side) {
    self.log = log
    self.connection = connection
    streams = StreamRequests(log, connection: connection)
    let ends = log.connections[Int(connection)].http2
    blocks = FieldBlocks(ends?[side] ?? HTTP2EndPolicy())
    peerTableSize = ends?[side.peer].headerTableSize
    // A server has read what the client announces before it writes anything.
    if side == .server, let peerTableSize { blocks.setTableLimit(peerTableSize) }
  }

  private mutating func messages(_ side: Side) -> [StreamContent.Message] {
    let frames = streams.frames.filter { $0.sender == side }
    var messages: [StreamContent.Message] = []
    if side == .client, let first = frames.first {
      messages.append(
        StreamContent.Message(
          start: 1, end: first.start, texts: [(0, HTTP2FrameReader.preface)]))
    }
    var index = 0
    while index < frames.count {
      let frame = frames[index]
      index += 1
      // A client has read what the server announces when it acknowledges that.
      if frame.type == .settings && frame.isFlagged, let peerTableSize {
        blocks.setTableLimit(peerTableSize)
      }
      guard frame.type == .headers || frame.type == .pushPromise else {
        messages.append(message(frame))
        continue
      }
      var parts = [frame]
      while index < frames.count, frames[index].type == .continuation {
        parts.append(frames[index])
        index += 1
      }
      messages += fieldMessages(parts)
    }
    return messages
  }

  // MARK: Frames

  private mutating func message(_ frame: LoggedFrame) -> StreamContent.Message {
    let flags: HTTP2Flags = frame.isFlagged ? .endStream : []
    var message = message(frame, flags, payload(frame))
    if frame.type == .data {
      message.contentStart = written[frame.stream, default: 0]
      written[frame.stream, default: 0] += frame.payload
    }
    return message
  }

  /// A frame with its header (RFC 9113 §4.1); behind the payload there is the pattern.
  private func message(
    _ frame: LoggedFrame, _ flags: HTTP2Flags, _ payload: [UInt8]
  ) -> StreamContent.Message {
    let stream: UInt32 =
      switch frame.type {
      case .priorityUpdate: 0  // RFC 9218 §7.1
      case .pushPromise: request(of: frame)?.promisedOn ?? 0
      default: frame.stream
      }
    let header =
      Self.bigEndian(UInt32(clamping: frame.payload)).dropFirst() + [
        frame.type.rawValue, flags.rawValue,
      ]
      + Self.bigEndian(stream)
    return StreamContent.Message(
      start: frame.start, end: frame.start + frame.length, texts: [(0, header + payload)])
  }

  /// What a frame has that is not content.
  private func payload(_ frame: LoggedFrame) -> [UInt8] {
    switch frame.type {
    case .settings: settings(frame)
    case .windowUpdate: Self.bigEndian(frame.number)
    case .goAway: Self.bigEndian(frame.number) + Self.bigEndian(0)  // NO_ERROR
    case .resetStream: Self.bigEndian(8)  // CANCEL
    case .data: []
    case .priority: Self.bytes(of: signals(of: frame)?.laterDependency)
    case .priorityUpdate:
      Self.bigEndian(frame.stream) + (signals(of: frame)?.laterField?.fieldValue ?? [])
    case .headers, .pushPromise, .ping, .continuation, .alternativeService, .origin:
      [UInt8](repeating: 0, count: Int(frame.payload))
    }
  }

  private static func bigEndian(_ value: UInt32) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
  }

  /// The request of a frame's stream.
  private func request(of frame: LoggedFrame) -> RequestDescription? {
    guard let item = streams[frame.stream], Int(item) < log.requests.count else { return nil }
    return log.requests[Int(item)]
  }

  /// What was said of the order of a frame's stream.
  private func signals(of frame: LoggedFrame) -> PrioritySignals? { request(of: frame)?.priority }

  /// The five bytes of a priority in HEADERS and PRIORITY (RFC 9113 §6.3).
  private static func bytes(of priority: HTTP2Priority?) -> [UInt8] {
    guard let priority else { return [] }
    return bigEndian(priority.dependency | (priority.isExclusive ? 1 << 31 : 0))
      + [priority.weightLessOne]
  }

  /// The values that an end announced, as many as it counted: those that are not what everybody assumes
  /// first (RFC 9113 §6.5.2).
  private func settings(_ frame: LoggedFrame) -> [UInt8] {
    guard let ends = log.connections[Int(connection)].http2 else {
      return [UInt8](repeating: 0, count: Int(frame.payload))
    }
    let policy = ends[frame.sender]
    let window = HTTP2Setting(.initialWindowSize, UInt32(clamping: policy.streamWindow))
    let longest = HTTP2Setting(.maxFrameSize, UInt32(clamping: policy.maxFrameSize))
    var values: [HTTP2Setting] = []
    if policy.headerTableSize != HTTP2EndPolicy().headerTableSize {
      values.append(HTTP2Setting(.headerTableSize, policy.headerTableSize))
    }
    if let most = policy.maxConcurrentStreams {
      values.append(HTTP2Setting(.maxConcurrentStreams, UInt32(clamping: most)))
    }
    if policy.streamWindow != HTTP2EndPolicy.initialWindow { values.append(window) }
    if policy.maxFrameSize != HTTP2EndPolicy.initialFrameSize { values.append(longest) }
    if policy.refusesTree { values.append(HTTP2Setting(.noRFC7540Priorities, 1)) }
    let others = [
      HTTP2Setting(.enablePush, frame.sender == .client && policy.enablesPush ? 1 : 0), window,
      longest, HTTP2Setting(.headerTableSize, 4096),
    ].filter { !values.contains($0) }
    let count = Int(frame.payload / 6)
    values += others
    while values.count < count { values.append(HTTP2Setting(.headerTableSize, 4096)) }
    return values.prefix(count).flatMap { setting in
      Self.bigEndian(UInt32(setting.identifier.rawValue)).suffix(2)
        + Self.bigEndian(setting.value)
    }
  }

  // MARK: Fields

  /// A block of fields in the frames that it took (RFC 9113 §4.3).
  private mutating func fieldMessages(_ frames: [LoggedFrame]) -> [StreamContent.Message] {
    let priority = Self.bytes(
      of: frames[0].sender == .client ? signals(of: frames[0])?.dependency : nil)
    let promise = frames[0].type == .pushPromise ? Self.bigEndian(frames[0].stream) : []
    let length = frames.reduce(0) { $0 + Int($1.payload) } - priority.count - promise.count
    var block = (priority + promise + block(of: frames[0], length: length))[...]
    return frames.enumerated().map { index, frame in
      var flags: HTTP2Flags = index + 1 == frames.count ? .endHeaders : []
      if frame.type == .headers && frame.isFlagged { flags.insert(.endStream) }
      if frame.type == .headers && !priority.isEmpty { flags.insert(.priority) }
      let fragment = Array(block.prefix(Int(frame.payload)))
      block = block.dropFirst(fragment.count)
      return message(frame, flags, fragment)
    }
  }

  private mutating func block(of frame: LoggedFrame, length: Int) -> [UInt8] {
    guard let request = request(of: frame) else {
      return blocks.block([], orElse: [], length: length)
    }
    if frame.sender == .client || frame.type == .pushPromise {
      return requestBlock(request, length)
    }
    if !streams.beginsResponse(frame) { return hintsBlock(request, length) }
    let fields = HTTP2Fields.response(bodyBytes: request.bodyBytes)
    let lengths = fields.filter { $0.name == Array("content-length".utf8) }
    return blocks.block(
      fields, orElse: [[fields[0]] + lengths, [fields[0]]], length: length)
  }

  private mutating func requestBlock(_ request: RequestDescription, _ length: Int) -> [UInt8] {
    let description = log.connections[Int(connection)]
    let fields = HTTP2Fields.request(
      request.knownMethod, target: request.target, host: description.serverHost,
      isSecured: description.tls != nil, style: request.style, priority: request.priority.field)
    let priority = fields.filter { $0.name == Array("priority".utf8) }
    let address = Array(fields.prefix(4))
    let path = address.filter { $0.name != Array(":authority".utf8) }
    let root = path.filter { $0.name != Array(":path".utf8) } + [HeaderField(":path", "/")]
    return blocks.block(
      fields, orElse: [address + priority, path + priority, root + priority, root],
      length: length)
  }

  /// The fields of hints, as their head in HTTP/1.1 has them (RFC 8297).
  private mutating func hintsBlock(_ request: RequestDescription, _ length: Int) -> [UInt8] {
    let lines = String(decoding: request.hints, as: UTF8.self).split(separator: "\r\n")
    let links = lines.dropFirst().compactMap { line -> HeaderField? in
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let value = parts[1].drop { $0 == " " }
      return HeaderField(name: Array(parts[0].lowercased().utf8), value: Array(value.utf8))
    }
    let status = HeaderField(":status", "103")
    return blocks.block([status] + links, orElse: [[status]], length: length)
  }
}
