/// HTTP/2 connections: their beginning, their frames, and what either end reads (RFC 9113).
///
/// What a client asks stands here; how a server serves streams, in `Simulator+HTTP2Server.swift`.
extension Simulator {
  // MARK: Beginning

  /// A client may send: it says how it begins, before its first request (RFC 9113 §3.4).
  mutating func beginHTTP2(_ connection: Int) {
    guard let session = connections[connection].session, !sessions[session].client.hasBegun
    else { return }
    sessions[session].client.hasBegun = true
    write(
      greeting(of: .client, session), before: Int64(HTTP2FrameReader.preface.count),
      at: connection * 2)
    beginInjecting(on: connection, session)
  }

  /// What an end announces: its SETTINGS, and a larger window for the connection.
  private func greeting(of side: Side, _ session: Int) -> [SessionFrame] {
    let settings = sessions[session][side].settings
    var frames = [
      SessionFrame(
        type: .settings, length: 6 * Int64(settings.settingsCount + (settings.refusesTree ? 1 : 0)))
    ]
    let more = sessions[session][side].connectionWindow - HTTP2EndPolicy.initialWindow
    if more > 0 { frames.append(.windowUpdate(by: more)) }
    return frames
  }

  // MARK: Requests

  /// Sends what waits of a connection's requests, each in a stream of its own.
  mutating func openStreams(on connection: Int) {
    guard let session = connections[connection].session else { return }
    while let request = connections[connection].requests.first.map({ Int($0) }) {
      guard sessions[session].mayOpen, maySend(request, on: connection) else { return }
      _ = connections[connection].requests.removeFirst()
      beginHTTP2(connection)
      openStream(for: request, on: connection, session)
    }
  }

  private mutating func openStream(for request: Int, on connection: Int, _ session: Int) {
    let stream = sessions[session].addStream(for: UInt32(request))
    sessions[session].openStreams += 1
    requests[request].stream = stream
    if log.level > .totals { log.requests[request].stream = stream }
    let signal = prioritySignal(of: request, session)
    let beside = SessionFrame.bytes(of: signal)
    let block = requestBlock(of: request, session, beside: beside)
    let content = content(of: request, beside: block + beside)
    let slot = sessions[session].slot(of: stream)
    sessions[session].streams[slot].clientState = content > 0 ? .open : .halfClosedLocal
    var frames = headers(
      block + beside, on: stream, of: .client, session, endsStream: content == 0)
    frames[0].value = signal.map { SessionFrame.value(of: $0) } ?? 0
    let bytes = frames.reduce(0) { $0 + $1.bytes }
    if log.level > .totals { log.requests[request].requestBytes = bytes + content }
    if content > 0 { sessions[session].hasContent = true }
    let start = write(frames, at: connection * 2)
    requests[request].isEarly = connections[connection].tls.map { !$0.isSecured } ?? false
    recordRequest(
      .requestSent, request, offset: start, length: wireBytes(of: bytes, on: connection))
    endpoints[connection * 2 + 1].newsPosition = 0
    awaitCancelling(request)
    awaitKeepAlive(at: connection * 2, session)
    planReprioritization(of: request)
    beginUpload(of: content, on: stream, connection, session)
  }

  /// A block of fields in HEADERS, and in CONTINUATION where the peer takes no longer frames
  /// (RFC 9113 §4.3).
  func headers(
    _ block: Int64, on stream: UInt32, of side: Side, _ session: Int, endsStream: Bool,
    type: HTTP2FrameType = .headers
  ) -> [SessionFrame] {
    let most = sessions[session][side].peerFrameSize
    var frames = [
      SessionFrame(
        type: type, stream: stream, length: min(block, most), isFlagged: endsStream)
    ]
    var left = block - frames[0].length
    while left > 0 {
      frames.append(SessionFrame(type: .continuation, stream: stream, length: min(left, most)))
      left -= min(left, most)
    }
    return frames
  }

  /// The length of a request's block of fields: as its size says, or of the fields that its client
  /// sends. `beside` is what else is in its frame.
  private mutating func requestBlock(
    of request: Int, _ session: Int, beside: Int64
  ) -> Int64 {
    let settings = clients[requests[request].client].settings
    let ordinal = requests[request].ordinal
    if let given = settings.objects[ordinal].request ?? settings.requestBytes,
      !method(of: request).hasContent
    {
      return max(given.bytes - SessionFrame.headerBytes - beside, 1)
    }
    let fields = requestFields(
      method(of: request), of: request, priority: settings.objects[ordinal].priority.field)
    return Int64(sessions[session].client.encoder.encode(fields).count)
  }

  /// The fields of a request as its client sends them, or would.
  func requestFields(
    _ method: HTTPMethod, of request: Int, priority: HTTPPriority = HTTPPriority()
  ) -> [HeaderField] {
    let (client, ordinal) = (requests[request].client, requests[request].ordinal)
    let settings = clients[client].settings
    let target = target(of: ordinal, client)
    return HTTP2Fields.request(
      method, target: target,
      host: Address.serverHost(clients[client].firstHost + requests[request].origin),
      isSecured: settings.tls != nil, style: settings.style(of: ordinal, target: target),
      priority: priority)
  }

  // MARK: Writing

  /// Hands frames to an end's connection, all in one write. Returns where the first begins.
  @discardableResult
  mutating func write(
    _ frames: [SessionFrame], before: Int64 = 0, at endpoint: Int
  ) -> Int64 {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    guard let session = connections[connection].session else { return 0 }
    let plain = frames.reduce(before) { $0 + $1.bytes }
    let start = endpoints[endpoint].write(wireBytes(of: plain, on: connection))
    var position = before
    for frame in frames {
      if frame.type == .headers { sessions[session][side].isSilent = false }
      let begin = wireStart(ofPlain: position, on: connection)
      position += frame.bytes
      let end = positionEnd(of: position, in: plain, on: connection)
      let placed = PlacedFrame(frame: frame, start: start + begin, end: start + end)
      sessions[session][side].sent.append(placed)
      recordFrame(.frameSent, placed, side, connection)
      if side == .server && frame.injection < 0 { note(placed, session) }
    }
    // What is no answer fits its flight where handshakes do.
    let isFree =
      side == .client ? !sessions[session].hasContent : sessions[session].server.isSilent
    if endpoints[endpoint].settings.handshakesAreFree && isFree {
      endpoints[endpoint].freeEnd = endpoints[endpoint].writeEnd
    }
    endpoints[endpoint ^ 1].newsPosition = 0
    pump(endpoint)
    return start
  }

  /// Where a byte of what is written at once stands, from the beginning of the write.
  private func wireStart(ofPlain plain: Int64, on connection: Int) -> Int64 {
    guard let tls = connections[connection].tls else { return plain }
    let before = plain / TLSRecords.mostPlaintext * TLSRecords.mostPlaintext
    let records = before > 0 ? tls.records.wireBytes(of: before) : 0
    return records + TLSRecords.headerBytes + plain - before
  }

  private mutating func recordFrame(
    _ kind: EventKind, _ placed: PlacedFrame, _ side: Side, _ connection: Int
  ) {
    guard log.level > .totals else { return }
    let frame = placed.frame
    if frame.injection >= 0 {
      if kind == .frameSent { recordInjection(placed, side, connection) }
      return
    }
    let isNumber =
      frame.type == .windowUpdate || frame.type == .goAway || frame.type == .resetStream
    if frame.type == .settings, let session = connections[connection].session {
      var policy = HTTP2Policy(
        client: sessions[session].client.settings, server: sessions[session].server.settings)
      policy.injections = sessions[session].injections
      log.connections[connection].http2 = policy
    }
    log.recordMilestone(
      EventRecord(
        time: now, kind: kind, connection: UInt32(connection), side: side,
        item: frame.type == .pushPromise ? UInt32(frame.value) : frame.stream,
        offset: placed.start, length: UInt32(clamping: isNumber ? frame.value : frame.bytes),
        detail: EventRecord.detail(of: frame.type, isFlagged: frame.isFlagged)))
  }

  // MARK: Reading

  /// Something came to an end: it reads the frames that are whole, and of DATA what is there.
  mutating func readFrames(at endpoint: Int) {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    guard let session = connections[connection].session else { return }
    // Who has closed the connection reads no more.
    if side == .client && endpoints[endpoint].isClosing { return }
    let delivered = endpoints[endpoint].delivered
    if delivered > sessions[session][side].heardEnd {
      sessions[session][side].heardAt = now
      sessions[session][side].heardEnd = delivered
    }
    while let placed = sessions[session][side.peer].sent.first {
      if placed.frame.type == .data && placed.frame.injection < 0 {
        readData(placed, upTo: delivered, at: endpoint, session)
      }
      guard placed.end <= delivered else { break }
      _ = sessions[session][side.peer].sent.removeFirst()
      sessions[session][side].readOfFront = 0
      recordFrame(.frameReceived, placed, side, connection)
      guard passes(placed.frame, at: endpoint, session) else { return }
    }
    payOwed(at: endpoint, session)
  }

  /// An end reads what has come of a DATA frame, and gives window back.
  private mutating func readData(
    _ placed: PlacedFrame, upTo delivered: Int64, at endpoint: Int, _ session: Int
  ) {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    let isWhole = placed.end <= delivered
    // Over TLS nothing can be read before the record is whole.
    let came =
      isWhole
      ? placed.frame.length
      : connections[connection].tls == nil
        ? max(delivered - placed.start - SessionFrame.headerBytes, 0) : 0
    let more = came - sessions[session][side].readOfFront
    guard more > 0 else { return }
    sessions[session][side].readOfFront = came
    measure(more, by: side, session)
    returnWindow(
      more, of: placed.frame, to: side, session, endsStream: isWhole && placed.frame.isFlagged)
  }

  /// Notes that an end has read so much, and owes its peer window for it.
  mutating func returnWindow(
    _ bytes: Int64, of frame: SessionFrame, to side: Side, _ session: Int, endsStream: Bool
  ) {
    let end = sessions[session][side]
    sessions[session][side].unreturned += bytes
    let ofAll = sessions[session][side].unreturned
    if end.returns(ofAll, of: end.connectionWindow) {
      sessions[session][side].unreturned = 0
      owe(.windowUpdate(by: ofAll), side, session)
    }
    let index = sessions[session].slot(of: frame.stream)
    if sessions[session].streams[index].isOver(for: side) { return }
    let ofStream = sessions[session].streams[index].unreturned(by: side) + bytes
    // A stream that has ended needs no window.
    let isDue = !endsStream && end.returns(ofStream, of: end.streamWindow)
    sessions[session].streams[index].setUnreturned(isDue ? 0 : ofStream, by: side)
    if isDue {
      owe(.windowUpdate(by: ofStream, on: frame.stream), side, session)
    }
  }

  mutating func owe(_ frame: SessionFrame, _ side: Side, _ session: Int) {
    sessions[session][side].owed.append(frame)
  }

  /// Sends the frames that an end owes, together.
  mutating func payOwed(at endpoint: Int, _ session: Int) {
    let side = Side(ofEndpoint: endpoint)
    if sessions[session][side].owed.isEmpty { return }
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return }
    var frames: [SessionFrame] = []
    while !sessions[session][side].owed.isEmpty {
      frames.append(sessions[session][side].owed.removeFirst())
    }
    write(frames, at: endpoint)
  }

  // MARK: What frames mean

  mutating func read(
    _ frame: SessionFrame, at endpoint: Int, _ session: Int
  ) throws(HTTP2Error) {
    let (connection, side) = (endpoint / 2, Side(ofEndpoint: endpoint))
    switch frame.type {
    case .settings: readSettings(frame, at: endpoint, session)
    case .windowUpdate:
      if frame.stream == 0 {
        sessions[session][side].window += frame.value
      } else {
        sessions[session][stream: frame.stream].widen(by: frame.value, for: side)
        if side == .server { enroll(frame.stream, session) }
      }
      if side == .client { sendUploads(on: connection) }
    case .headers, .continuation, .data:
      if side == .server {
        if frame.type == .headers {
          takePriority(frame, session)
          receive(stream: frame.stream, on: connection, session, isWhole: frame.isFlagged)
        } else if frame.type == .data && frame.isFlagged {
          receiveRest(of: frame.stream, on: connection, session)
        }
      } else {
        readResponse(frame, on: connection, session)
      }
    case .goAway: readGoAway(frame, on: connection, session)
    case .ping: try readPing(frame, at: endpoint, session)
    case .resetStream: readReset(frame, at: endpoint, session)
    case .priority, .priorityUpdate: updatePriority(frame, session)
    case .pushPromise: readPromise(frame, on: connection, session)
    case .alternativeService, .origin: break
    }
  }

  /// The peer says what it takes (RFC 9113 §6.5).
  private mutating func readSettings(_ frame: SessionFrame, at endpoint: Int, _ session: Int) {
    if frame.isFlagged { return }
    let side = Side(ofEndpoint: endpoint)
    sessions[session][side].knowsPeer = true
    let isFirst = frame.value == 0
    let peer = sessions[session][side.peer]
    let window = isFirst ? peer.firstStreamWindow : frame.value
    let more = window - sessions[session][side].peerStreamWindow
    sessions[session][side].peerStreamWindow = window
    sessions[session].allAreHeld = false
    for index in sessions[session].streams.indices {
      sessions[session].streams[index].widen(by: more, for: side)  // RFC 9113 §6.9.2
      if side == .server && sessions[session].streams[index].stall == .streamWindow {
        enroll(sessions[session].streams[index].number, session)
      }
    }
    if isFirst { readFirstSettings(peer.settings, at: endpoint, session) }
    if side == .client { sendUploads(on: endpoint / 2) }
    owe(SessionFrame(type: .settings, isFlagged: true), side, session)
  }

  private mutating func readFirstSettings(
    _ peer: HTTP2EndPolicy, at endpoint: Int, _ session: Int
  ) {
    let side = Side(ofEndpoint: endpoint)
    sessions[session][side].peerFrameSize = peer.maxFrameSize
    sessions[session][side].encoder.setTableLimit(peer.headerTableSize)
    if side == .server {
      sayHello(at: endpoint, session)
    } else {
      sessions[session].client.mostStreams = peer.maxConcurrentStreams ?? .max
    }
  }

  /// A server says its settings when it has the client's beginning.
  private mutating func sayHello(at endpoint: Int, _ session: Int) {
    if sessions[session].server.hasBegun { return }
    sessions[session].server.hasBegun = true
    for frame in greeting(of: .server, session) { owe(frame, .server, session) }
    awaitEnd(of: endpoint / 2)
  }

  private mutating func readResponse(_ frame: SessionFrame, on connection: Int, _ session: Int) {
    let index = sessions[session].slot(of: frame.stream)
    if sessions[session].streams[index].isClosed { return }  // what comes after a reset
    let request = Int(sessions[session].streams[index].request)
    let isInterim = frame.value != 0
    if frame.type == .headers && !isInterim && !requests[request].hasFirstByte {
      requests[request].hasFirstByte = true
      recordRequest(.responseFirstByte, request, offset: requests[request].responseStart)
      learnAlternative(from: request)
    }
    if !requests[request].awaitsUse { askEarly(request, endpoints[connection * 2].delivered) }
    if frame.isFlagged { complete(stream: index, on: connection, session) }
  }

  /// A stream's response is whole.
  private mutating func complete(stream index: Int, on connection: Int, _ session: Int) {
    let request = Int(sessions[session].streams[index].request)
    close(stream: index, session)
    if requests[request].awaitsUse {
      pushArrived(request)
      return streamEnded(on: connection, session)
    }
    if requests[request].isBadGateway {
      noteFailure(of: request)
    } else {
      noteCompletion(of: request, on: connection)
    }
    streamEnded(on: connection, session)
    askMore(after: request)
  }

  /// A stream is over for the client.
  mutating func close(stream index: Int, byReset: Bool = false, _ session: Int) {
    let wasKnown = sessions[session].streams[index].clientState != .idle
    sessions[session].streams[index].clientState = byReset ? .closedByReset : .closed
    if sessions[session].streams[index].isPushed {
      if wasKnown { sessions[session].awaitedPushes -= 1 }
    } else {
      sessions[session].openStreams -= 1
    }
  }

  /// The client has one stream less: it may open others, or has nothing to do.
  mutating func streamEnded(on connection: Int, _ session: Int) {
    if sessions[session].isQuiet {
      becameIdle(connection * 2)
      becameIdle(connection * 2 + 1)
      if sessions[session].lastStream != nil { closeClient(connection) }
    }
    openStreams(on: connection)
  }

  /// The server takes no streams above the last that it names: others ask again elsewhere
  /// (RFC 9113 §6.8).
  mutating func readGoAway(_ frame: SessionFrame, on connection: Int, _ session: Int) {
    sessions[session].lastStream = UInt32(truncatingIfNeeded: frame.value)
    loseStreams(on: connection, session, above: UInt32(truncatingIfNeeded: frame.value))
    leave(connection)
    if sessions[session].isQuiet { closeClient(connection) }
    serveWaiting(connections[connection].client)
  }

  /// Streams above a number will not be answered: they ask again elsewhere where that is safe. What the
  /// server has not taken is (RFC 9113 §8.7).
  mutating func loseStreams(
    on connection: Int, _ session: Int, above last: UInt32, wereTaken: Bool = false
  ) {
    for index in sessions[session].streams.indices
    where sessions[session].streams[index].isLost(above: last, withPushes: wereTaken) {
      let request = Int(sessions[session].streams[index].request)
      close(stream: index, session)
      if requests[request].awaitsUse {
        losePush(request)
        continue
      }
      if !wereTaken || maySendAgain(request) {
        sendElsewhere(request, wasSent: true)
      } else {
        fail(request)
      }
    }
  }
}
