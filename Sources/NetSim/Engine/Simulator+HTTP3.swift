/// HTTP/3 connections: a stream for each request, each delivered in its own order (RFC 9114).
extension Simulator {
  // MARK: Beginning

  /// An end opens the streams for the connection's own use and says its settings (RFC 9114 §6.2.1).
  private mutating func beginHTTP3(_ connection: Int, _ side: Side) {
    guard let session = connections[connection].http3,
      !http3Sessions[session].hasBegun[Int(side.rawValue)]
    else { return }
    http3Sessions[session].hasBegun[Int(side.rawValue)] = true
    let quic = quic(connection, side)
    for kind in HTTP3Session.OwnStream.allCases {
      let number = kind.number(of: side)
      place(.streamType, 1, number, side, session, connection)
      var bytes: Int64 = 1
      if kind == .control {
        let settings = HTTP3Frame.bytes(Self.settingsBytes)
        place(.settings, settings, number, side, session, connection)
        bytes += settings
      }
      quicEndpoints[quic].write(bytes, on: number, isLast: false, isCritical: true)
    }
  }

  /// Three settings: the largest field section with eight bytes, the table's size and how many streams
  /// may be blocked with two each (RFC 9114 §7.2.4, RFC 9204 §5).
  private static var settingsBytes: Int64 { 1 + 8 + 1 + 4 + 1 + 2 }

  /// Takes note of a frame that is about to be written to a stream, and gives its place.
  @discardableResult
  private mutating func place(
    _ kind: HTTP3Frame.Kind, _ bytes: Int64, _ number: UInt32, _ side: Side, _ session: Int,
    _ connection: Int, section: Int = -1
  ) -> HTTP3Frame {
    let frames = http3Sessions[session][stream: number][from: side]
    let written = quicEndpoints[quic(connection, side)].written(on: number)
    let start = frames.isEmpty ? written : frames[frames.count - 1].end
    let frame = HTTP3Frame(
      kind: kind, start: start, end: start + bytes, section: Int32(section))
    http3Sessions[session][stream: number][from: side].append(frame)
    record(.http3FrameSent, frame, number, side, connection)
    return frame
  }

  private mutating func record(
    _ kind: EventKind, _ frame: HTTP3Frame, _ number: UInt32, _ side: Side, _ connection: Int
  ) {
    if frame.kind == .streamType { return }
    log.recordMilestone(
      EventRecord(
        time: now, kind: kind, connection: UInt32(connection), side: side, item: number,
        offset: frame.start, length: UInt32(clamping: frame.end - frame.start),
        detail: frame.kind.rawValue))
  }

  // MARK: The client

  /// Sends what waits of a connection's requests, each on a stream of its own.
  mutating func openHTTP3Streams(on connection: Int) {
    guard let session = connections[connection].http3 else { return }
    let quic = quic(connection, .client)
    while let request = connections[connection].requests.first.map({ Int($0) }) {
      guard quicEndpoints[quic].mayOpenStream(), mayAskHTTP3(request, quic) else { break }
      _ = connections[connection].requests.removeFirst()
      beginHTTP3(connection, .client)
      openHTTP3Stream(for: request, on: connection, session)
      pumpLater(connection * 2)
    }
  }

  private func mayAskHTTP3(_ request: Int, _ quic: Int) -> Bool {
    guard quicEndpoints[quic].maySend else { return false }
    return quicEndpoints[quic].isComplete || method(of: request).isSafe
  }

  private mutating func openHTTP3Stream(for request: Int, on connection: Int, _ session: Int) {
    let quic = quic(connection, .client)
    let number = http3Sessions[session].addStream(for: UInt32(request))
    requests[request].stream = number
    requests[request].isEarly = !quicEndpoints[quic].isComplete
    let (block, section) = http3RequestBlock(of: request, on: number, session, connection)
    let head = HTTP3Frame.bytes(block)
    place(.headers, head, number, .client, session, connection, section: section)
    var bytes = head
    let content = content(of: request, beside: head)
    if content > 0 {
      let data = HTTP3Frame.bytes(content)
      place(.data, data, number, .client, session, connection)
      bytes += data
    }
    if log.level > .totals {
      log.requests[request].stream = number
      log.requests[request].requestBytes = bytes
    }
    requests[request].requestEnd = bytes
    let start = quicEndpoints[quic].write(bytes, on: number, isLast: true)
    recordRequest(.requestSent, request, offset: start, length: bytes)
    awaitCancelling(request)
  }

  /// The length of a request's field section, and its place among the session's; −1 where its size is
  /// given.
  private mutating func http3RequestBlock(
    of request: Int, on number: UInt32, _ session: Int, _ connection: Int
  ) -> (length: Int64, section: Int) {
    let settings = clients[requests[request].client].settings
    let ordinal = requests[request].ordinal
    if let given = settings.objects[ordinal].request ?? settings.requestBytes,
      !method(of: request).hasContent
    {
      return (max(given.bytes - 3, 1), -1)
    }
    let fields = requestFields(
      method(of: request), of: request, priority: settings.objects[ordinal].priority.field)
    let section = encode(fields, on: number, of: .client, session, connection)
    return (Int64(http3Sessions[session].sections[section].count), section)
  }

  /// Something changed at the client's end of a connection.
  mutating func http3ClientChanged(_ connection: Int) {
    guard let session = connections[connection].http3 else { return }
    let quic = quic(connection, .client)
    if quicEndpoints[quic].isComplete && connections[connection].totals.established == nil {
      connections[connection].totals.established = now
      secured(connection)
      settleRace(wonBy: connection)
    }
    while let number = quicEndpoints[quic].nextNews() {
      if let own = http3Sessions[session].place(ofOwn: number) {
        readOwn(own, by: .client, session, connection)
      } else if Int(number >> 2) < http3Sessions[session].streams.count {
        readHTTP3Response(on: number, session, connection)
      }
    }
    openHTTP3Streams(on: connection)
    openedAhead(connection)
    // The server may let it open more streams than before.
    let (client, origin) = (connections[connection].client, connections[connection].origin)
    if !clients[client].origins[origin].waiting.isEmpty { serveWaiting(client) }
    if quicEndpoints[quic].isClosed && !connections[connection].isOver { lose(connection) }
  }

  private mutating func readOwn(
    _ own: Int, by side: Side, _ session: Int, _ connection: Int
  ) {
    let number = http3Sessions[session].own[own].number
    let delivered = quicEndpoints[quic(connection, side)].delivered(of: number)
    while let frame = http3Sessions[session].own[own][from: side.peer].first,
      frame.end <= delivered
    {
      _ = http3Sessions[session].own[own][from: side.peer].removeFirst()
      record(.http3FrameReceived, frame, number, side, connection)
      if frame.kind == .settings { takeSettings(by: side, session, connection) }
    }
    if let kind = HTTP3Session.OwnStream(rawValue: Int(number >> 2)), kind != .control {
      readInstructions(on: kind, by: side, session, connection)
    }
  }

  /// Reads the frames of a stream that have come whole. Returns up to where the application can use it:
  /// behind fields that wait for the encoder's stream nothing is read.
  private mutating func readFrames(
    of number: UInt32, by side: Side, _ session: Int, _ connection: Int
  ) -> Int64 {
    let delivered = quicEndpoints[quic(connection, side)].delivered(of: number)
    let index = Int(number >> 2)
    while let frame = http3Sessions[session].streams[index][from: side.peer].first,
      frame.end <= delivered
    {
      if frame.section >= 0,
        !decode(Int(frame.section), on: number, by: side, session, connection)
      {
        return frame.start
      }
      _ = http3Sessions[session].streams[index][from: side.peer].removeFirst()
      record(.http3FrameReceived, frame, number, side, connection)
    }
    return delivered
  }

  mutating func readHTTP3Response(
    on number: UInt32, _ session: Int, _ connection: Int
  ) {
    let index = Int(number >> 2)
    if http3Sessions[session].streams[index].isClosed || isBlocked(index, .client, session) {
      return
    }
    let request = Int(http3Sessions[session].streams[index].request)
    let delivered = readFrames(of: number, by: .client, session, connection)
    askEarly(request, delivered)
    let (start, end) = (requests[request].responseStart, requests[request].responseEnd)
    if !requests[request].hasFirstByte && delivered >= requests[request].firstByteEnd {
      requests[request].hasFirstByte = true
      recordRequest(
        .responseFirstByte, request, offset: start, length: end == .max ? 0 : end - start)
    }
    guard requests[request].hasFirstByte, delivered >= end else {
      return awaitFrame(of: number, session, connection)
    }
    closeHTTP3Stream(index, session)
    noteCompletion(of: request, on: connection)
    openHTTP3Streams(on: connection)
    askMore(after: request)
  }

  /// Whatever a client learns from a response it learns from whole frames: the next one is awaited.
  private mutating func awaitFrame(of number: UInt32, _ session: Int, _ connection: Int) {
    let stream = http3Sessions[session].streams[Int(number >> 2)]
    if let frame = stream[from: .server].first, !readsOnTheWay(Int(stream.request)) {
      quicEndpoints[quic(connection, .client)].holdNews(of: number, upTo: frame.end)
    }
  }

  mutating func closeHTTP3Stream(_ index: Int, _ session: Int) {
    if http3Sessions[session].streams[index].isClosed { return }
    http3Sessions[session].streams[index].isClosed = true
    http3Sessions[session].openStreams -= 1
  }

  /// A client gives a request up: it resets its stream both ways (RFC 9114 §4.1.1).
  mutating func cancelHTTP3(_ request: Int, on connection: Int) {
    guard let session = connections[connection].http3, let number = requests[request].stream
    else { return }
    closeHTTP3Stream(Int(number >> 2), session)
    quicEndpoints[quic(connection, .client)].reset(number, code: Self.requestCancelled)
    pumpLater(connection * 2)
    openHTTP3Streams(on: connection)
  }

  /// H3_REQUEST_CANCELLED (RFC 9114 §8.1).
  private static var requestCancelled: Int64 { 0x10C }

  /// A connection is gone: its streams ask again elsewhere where that is safe.
  mutating func loseHTTP3Streams(on connection: Int) {
    guard let session = connections[connection].http3 else { return }
    for index in http3Sessions[session].streams.indices
    where !http3Sessions[session].streams[index].isClosed {
      let request = Int(http3Sessions[session].streams[index].request)
      closeHTTP3Stream(index, session)
      let wasOpen = connections[connection].totals.established != nil
      if wasOpen && maySendAgain(request) {
        sendElsewhere(request, wasSent: true)
      } else {
        fail(request)
      }
    }
  }

  /// The client ends a connection.
  mutating func closeHTTP3(_ connection: Int) {
    quicEndpoints[quic(connection, .client)].close(at: now, &log)
    pumpQUIC(connection * 2)
  }

  // MARK: The server

  /// Something changed at the server's end of a connection.
  mutating func http3ServerChanged(_ connection: Int) {
    guard let session = connections[connection].http3 else { return }
    let quic = quic(connection, .server)
    if quicEndpoints[quic].maySend { beginHTTP3(connection, .server) }
    while let number = quicEndpoints[quic].nextNews() {
      if let own = http3Sessions[session].place(ofOwn: number) {
        readOwn(own, by: .server, session, connection)
      } else if Int(number >> 2) < http3Sessions[session].streams.count {
        readHTTP3Request(on: number, session, connection)
      }
    }
  }

  mutating func readHTTP3Request(
    on number: UInt32, _ session: Int, _ connection: Int
  ) {
    let index = Int(number >> 2)
    if isBlocked(index, .server, session) { return }
    let request = Int(http3Sessions[session].streams[index].request)
    guard requests[request].stream == number, requests[request].connection == connection,
      requests[request].readyAt == nil, !requests[request].isTaken
    else { return }
    let delivered = readFrames(of: number, by: .server, session, connection)
    guard delivered >= requests[request].requestEnd else { return }
    requests[request].isTaken = true
    connections[connection].taken += 1
    let settings = clients[requests[request].client].settings
    let priority = settings.objects[requests[request].ordinal].priority.field
    quicEndpoints[quic(connection, .server)].prioritize(number, priority)
    receive(request)
  }

  /// There is more of a stream's response: it is written at once, and leaves as its turn comes.
  mutating func serveHTTP3(_ request: Int, on connection: Int) {
    guard let session = connections[connection].http3, let number = requests[request].stream
    else { return }
    let quic = quic(connection, .server)
    guard quicEndpoints[quic].maySend, !quicEndpoints[quic].isReset(number) else { return }
    var bytes: Int64 = 0
    let response = requests[request].response
    let headEnd = response.hintBytes + response.headBytes
    if response.written < response.hintBytes {
      bytes += writeFields(
        response.hintBytes, request, isFinal: false, number, session, connection)
    }
    if response.ready >= headEnd && requests[request].response.written < headEnd
      && response.headBytes > 0
    {
      bytes += writeFields(
        response.headBytes, request, isFinal: true, number, session, connection)
    }
    let body = response.ready - requests[request].response.written
    if body > 0 {
      requests[request].response.written += body
      let data = place(
        .data, HTTP3Frame.bytes(body), number, .server, session, connection)
      bytes += data.end - data.start
    }
    let isLast = requests[request].response.isWritten
    let start = quicEndpoints[quic].write(bytes, on: number, isLast: isLast)
    let end = start + bytes
    if readsOnTheWay(request) {
      requests[request].response.writes.append((requests[request].response.written, end))
    }
    if isLast { requests[request].responseEnd = end }
    recordRequest(.responseReady, request, side: .server)
    pumpLater(connection * 2 + 1)
  }

  /// Writes a field section of a response.
  private mutating func writeFields(
    _ block: Int64, _ request: Int, isFinal: Bool, _ number: UInt32, _ session: Int,
    _ connection: Int
  ) -> Int64 {
    requests[request].response.written += block
    let section = isFinal ? requests[request].section.map { Int($0) } ?? -1 : -1
    let frame = place(
      .headers, HTTP3Frame.bytes(block), number, .server, session, connection, section: section)
    if isFinal {
      requests[request].responseStart = frame.start
      requests[request].firstByteEnd = frame.end
      if log.level > .totals { log.requests[request].status = status(of: request) }
      recordRequest(
        .responseSent, request, side: .server, offset: frame.start,
        length: frame.end - frame.start)
    } else {
      requests[request].hintsEnd = frame.end
    }
    return frame.end - frame.start
  }

  /// The length of a response's field section: as the object says, or of the fields that nginx sends.
  mutating func http3ResponseBlock(of request: Int) -> Int64 {
    let settings = clients[requests[request].client].settings
    let object = settings.objects[requests[request].ordinal]
    requests[request].section = nil
    if let given = object.responseHead { return given.bytes }
    guard let connection = requests[request].connection,
      let session = connections[connection].http3, let number = requests[request].stream
    else { return 0 }
    let section = encode(
      HTTP2Fields.response(bodyBytes: requests[request].bodyBytes), on: number, of: .server,
      session, connection)
    requests[request].section = UInt32(section)
    return Int64(http3Sessions[session].sections[section].count)
  }
}
