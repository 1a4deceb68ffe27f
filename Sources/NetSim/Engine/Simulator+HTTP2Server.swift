/// How a server answers the streams of an HTTP/2 connection: which is served next, and how much of it
/// (RFC 9113 §5.2, §5.3).
extension Simulator {
  /// The server has a request's fields, and all of it where no content follows.
  mutating func receive(
    stream: UInt32, on connection: Int, _ session: Int, isWhole: Bool
  ) {
    // What comes after the last stream that it answers, a server does not look at (RFC 9113 §6.8).
    if let last = sessions[session].lastAnswered, stream > last { return }
    let index = sessions[session].slot(of: stream)
    let request = Int(sessions[session].streams[index].request)
    guard requests[request].stream == stream, requests[request].connection == connection else {
      return
    }
    let server = sessions[session].server.settings
    if sessions[session].takenStreams >= server.maxConcurrentStreams ?? .max {
      return reset(stream, .refusedStream, by: .server, on: connection, session)
    }
    sessions[session].streams[index].serverState = isWhole ? .halfClosedRemote : .open
    sessions[session].takenStreams += 1
    sessions[session].lastTaken = stream
    connections[connection].taken += 1
    if isWhole { receive(request) }
    let most = clients[connections[connection].client].settings.persistence.mostRequests
    if connections[connection].taken == most { endInOrder(connection, session) }
    awaitKeepAlive(at: connection * 2 + 1, session)
  }

  /// The server names the last stream that this connection serves (RFC 9113 §6.8).
  mutating func sayGoAway(
    after last: UInt32, _ code: HTTP2ErrorCode = .noError, on connection: Int, _ session: Int
  ) {
    sessions[session].lastAnswered = last
    write([.goAway(after: last, code)], at: connection * 2 + 1)
  }

  /// There is more of a stream's response.
  mutating func serve(_ request: Int, on connection: Int) {
    if connections[connection].http3 != nil { return serveHTTP3(request, on: connection) }
    guard let session = connections[connection].session, let stream = requests[request].stream
    else { return }
    enroll(stream, session)
    let before = requests[request].response.written
    serveStreams(on: connection)
    if requests[request].response.written == before {
      recordRequest(.responseReady, request, side: .server)
    }
    pump(connection * 2 + 1)
  }

  /// A stream has something to send, or may have: it waits for its turn.
  mutating func enroll(_ stream: UInt32, _ session: Int) {
    sessions[session].allAreHeld = false
    let index = sessions[session].slot(of: stream)
    if sessions[session].streams[index].isWaiting { return }
    sessions[session].streams[index].isWaiting = sessions[session].waiting.add(stream)
  }

  /// Lets a server write while there is room in the buffer of its connection: twice the congestion
  /// window, as Linux sizes it (`tcp_sndbuf_expand`), and again when a third of it is free.
  mutating func serveStreams(on connection: Int) {
    guard let session = connections[connection].session, !sessions[session].waiting.isEmpty
    else { return }
    let endpoint = connection * 2 + 1
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return }
    let room = endpoints[endpoint].sendBufferBytes
    if endpoints[endpoint].bufferedBytes * 3 > room * 2 { return }
    while endpoints[endpoint].bufferedBytes < room {
      let batch = nextBatch(session)
      if batch.isEmpty { break }
      forgivePings(.server, session)
      write(batch, at: endpoint)
    }
    noteStall(on: connection, session)
  }

  /// The frames that are written at once: as many as fill a TLS record, with TLS or without.
  private mutating func nextBatch(_ session: Int) -> [SessionFrame] {
    var batch: [SessionFrame] = []
    var bytes: Int64 = 0
    while bytes < TLSRecords.mostPlaintext {
      let before = batch.count
      guard appendNext(to: &batch, session) else { break }
      for frame in batch[before...] { bytes += frame.bytes }
    }
    return batch
  }

  /// Appends the next frames of a stream that may send: its head, or data. Returns false where none may.
  private mutating func appendNext(to batch: inout [SessionFrame], _ session: Int) -> Bool {
    if sessions[session].server.window > 0 {
      sessions[session].waiting.release()
    } else if sessions[session].allAreHeld {
      return false
    }
    sessions[session].allAreHeld = false
    var looked = 0
    let count = sessions[session].waiting.count
    while looked < count, let stream = sessions[session].waiting.first {
      looked += 1
      if append(stream, to: &batch, session) { return true }
      // It has nothing, or its window is used up: what changes that puts it back.
      let index = sessions[session].slot(of: stream)
      let stall = stall(of: index, session)
      note(stall, of: index, session)
      if stall == .connectionWindow {
        sessions[session].waiting.hold(stream)
      } else {
        sessions[session].waiting.drop(stream)
        sessions[session].streams[index].isWaiting = false
      }
    }
    sessions[session].allAreHeld = true
    return false
  }

  /// Which window holds a stream that has something to send.
  private func stall(of index: Int, _ session: Int) -> Cause? {
    let request = Int(sessions[session].streams[index].request)
    guard sessions[session].streams[index].takesAnswer, requests[request].response.hasMore else {
      return nil
    }
    if sessions[session].streams[index].window <= 0 { return .streamWindow }
    return sessions[session].server.window <= 0 ? .connectionWindow : nil
  }

  /// Notes what holds a stream now, where that has changed.
  mutating func note(_ stall: Cause?, of index: Int, _ session: Int) {
    let before = sessions[session].streams[index].stall
    if before == stall { return }
    sessions[session].streams[index].stall = stall
    sessions[session].stalledStreams +=
      (stall == .streamWindow ? 1 : 0) - (before == .streamWindow ? 1 : 0)
    recordRequest(
      .streamLimited, Int(sessions[session].streams[index].request), side: .server,
      detail: stall.map { $0.rawValue + 1 } ?? 0)
  }

  private mutating func append(
    _ stream: UInt32, to batch: inout [SessionFrame], _ session: Int
  ) -> Bool {
    let index = sessions[session].slot(of: stream)
    guard sessions[session].streams[index].takesAnswer else { return false }
    let request = Int(sessions[session].streams[index].request)
    let response = requests[request].response
    let headEnd = response.hintBytes + response.headBytes
    if response.written < headEnd {
      guard response.hasMore else { return false }
      promise(with: request, stream, to: &batch, session)
      batch += headFrames(of: request, stream, session)
      return true
    }
    guard response.hasMore else { return false }
    let server = sessions[session].server
    let most = min(server.settings.mostData ?? .max, server.peerFrameSize)
    let length = min(
      response.ready - response.written, most, sessions[session].streams[index].window,
      server.window)
    guard length > 0 else { return false }
    note(nil, of: index, session)
    sessions[session].streams[index].window -= length
    sessions[session].server.window -= length
    requests[request].response.written += length
    let isLast = requests[request].response.isWritten
    endTurn(stream, session, bytes: length, isDone: isLast)
    batch.append(
      SessionFrame(type: .data, stream: stream, length: length, isFlagged: isLast))
    return true
  }

  private mutating func headFrames(
    of request: Int, _ stream: UInt32, _ session: Int
  ) -> [SessionFrame] {
    let response = requests[request].response
    let end =
      response.written < response.hintBytes
      ? response.hintBytes : response.hintBytes + response.headBytes
    let block = end - response.written
    requests[request].response.written = end
    let index = sessions[session].slot(of: stream)
    if sessions[session].streams[index].serverState == .reservedLocal {
      sessions[session].streams[index].serverState = .halfClosedRemote
    }
    let isInterim = end < response.hintBytes + response.headBytes || response.headBytes == 0
    let isLast = !isInterim && requests[request].response.isWritten
    if isLast { endTurn(stream, session, bytes: 0, isDone: true) }
    var frames = headers(block, on: stream, of: .server, session, endsStream: isLast)
    if isInterim { frames[0].value = 1 }
    return frames
  }

  /// A stream had its turn: what comes next the scheduler says.
  private mutating func endTurn(
    _ stream: UInt32, _ session: Int, bytes: Int64, isDone: Bool
  ) {
    sessions[session].waiting.endTurn(of: stream, bytes: bytes, isDone: isDone)
    if isDone {
      sessions[session][stream: stream].isWaiting = false
      endAnswer(of: sessions[session].slot(of: stream), session)
    }
  }

  /// Notes where a stream's response begins and ends in the connection's bytes.
  mutating func note(_ placed: PlacedFrame, _ session: Int) {
    let frame = placed.frame
    guard frame.type == .data || frame.type == .headers || frame.type == .continuation else {
      return
    }
    let request = Int(sessions[session][stream: frame.stream].request)
    if readsOnTheWay(request) {
      requests[request].response.writes.append((written(through: placed, request), placed.end))
    }
    if frame.type == .headers && frame.value != 0 {
      requests[request].hintsEnd = placed.end
    } else if frame.type == .headers && requests[request].firstByteEnd == .max {
      requests[request].responseStart = placed.start
      requests[request].firstByteEnd = placed.end
      if log.level > .totals { log.requests[request].status = status(of: request) }
      recordRequest(
        .responseSent, request, side: .server, offset: placed.start, length: frame.bytes)
    }
    if frame.isFlagged { requests[request].responseEnd = placed.end }
  }

  /// How much of a response is written with a frame.
  private func written(through placed: PlacedFrame, _ request: Int) -> Int64 {
    (requests[request].response.writes.last?.plain ?? 0) + placed.frame.length
  }

  /// Where streams have something and no window, that holds the connection, and not the application.
  private mutating func noteStall(on connection: Int, _ session: Int) {
    let cause: Cause =
      sessions[session].server.window <= 0
      ? .connectionWindow : sessions[session].stalledStreams > 0 ? .streamWindow : .server
    endpoints[connection * 2 + 1].idleCause = cause
  }

  // MARK: Fields

  /// The length of a response's block of fields: as the object says, or of the fields that nginx sends.
  mutating func responseBlock(of request: Int, _ session: Int) -> Int64 {
    let settings = clients[requests[request].client].settings
    let object = settings.objects[requests[request].ordinal]
    if let given = object.responseHead { return given.bytes }
    let namesHTTP3 = settings.application == .http3
    return block(
      HTTP2Fields.response(bodyBytes: requests[request].bodyBytes, namesHTTP3: namesHTTP3), session)
  }

  /// The length of a block of fields that a server sends.
  mutating func block(_ fields: [HeaderField], _ session: Int) -> Int64 {
    if sessions[session].server.settings.indexesFields {
      return Int64(sessions[session].server.encoder.encode(fields).count)
    }
    var encoder = HPACKEncoder()  // without anything to refer to
    return Int64(encoder.encode(fields).count)
  }
}
