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
    if more > 0 { frames.append(SessionFrame(type: .windowUpdate, length: 4, value: more)) }
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
    sessions[session].streams[sessions[session].slot(of: stream)].clientState = .halfClosedLocal
    sessions[session].openStreams += 1
    requests[request].stream = stream
    if log.level > .totals { log.requests[request].stream = stream }
    let signal = prioritySignal(of: request, session)
    let beside = SessionFrame.bytes(of: signal)
    let block = requestBlock(of: request, session, beside: beside)
    var frames = headers(block + beside, on: stream, of: .client, session, endsStream: true)
    frames[0].value = signal.map { SessionFrame.value(of: $0) } ?? 0
    let bytes = frames.reduce(0) { $0 + $1.bytes }
    if log.level > .totals { log.requests[request].requestBytes = bytes }
    let start = write(frames, at: connection * 2)
    requests[request].isEarly = connections[connection].tls.map { !$0.isSecured } ?? false
    recordRequest(
      .requestSent, request, offset: start, length: wireBytes(of: bytes, on: connection))
    endpoints[connection * 2 + 1].newsPosition = 0
    awaitCancelling(request)
    awaitKeepAlive(at: connection * 2, session)
    planReprioritization(of: request)
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
    if let given = settings.objects[ordinal].request ?? settings.requestBytes {
      return max(given.bytes - SessionFrame.headerBytes - beside, 1)
    }
    let client = requests[request].client
    let host = Address.serverHost(clients[client].firstHost + requests[request].origin)
    let target = target(of: ordinal, client)
    let fields = HTTP2Fields.request(
      method(of: request), target: target, host: host, isSecured: settings.tls != nil,
      style: settings.style(of: ordinal, target: target),
      priority: settings.objects[ordinal].priority.field)
    return Int64(sessions[session].client.encoder.encode(fields).count)
  }

  // MARK: Writing

  /// Hands frames to an end's connection, all in one write. Returns where the first begins.
  @discardableResult
  mutating func write(
    _ frames: [SessionFrame], before: Int64 = 0, at endpoint: Int
  ) -> Int64 {
    let (connection, side) = (endpoint / 2, endpoint % 2 == 0 ? Side.client : .server)
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
    let isFree = side == .client || sessions[session].server.isSilent
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
      log.connections[connection].http2 = HTTP2Policy(
        client: sessions[session].client.settings, server: sessions[session].server.settings)
    }
    log.recordMilestone(
      EventRecord(
        time: now, kind: kind, connection: UInt32(connection), side: side,
        item: frame.type == .pushPromise ? UInt32(frame.value) : frame.stream,
        offset: placed.start, length: UInt32(clamping: isNumber ? frame.value : frame.bytes),
        detail: frame.type.rawValue | (frame.isFlagged ? 0x80 : 0)))
  }

  // MARK: Reading

  /// Something came to an end: it reads the frames that are whole, and of DATA what is there.
  mutating func readFrames(at endpoint: Int) {
    let (connection, side) = (endpoint / 2, endpoint % 2 == 0 ? Side.client : .server)
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
        readData(placed, upTo: delivered, on: connection, session)
      }
      guard placed.end <= delivered else { break }
      _ = sessions[session][side.peer].sent.removeFirst()
      sessions[session][side].readOfFront = 0
      recordFrame(.frameReceived, placed, side, connection)
      guard passes(placed.frame, at: endpoint, session) else { return }
    }
    payOwed(at: endpoint, session)
  }

  /// The client reads what has come of a DATA frame, and gives window back.
  private mutating func readData(
    _ placed: PlacedFrame, upTo delivered: Int64, on connection: Int, _ session: Int
  ) {
    let isWhole = placed.end <= delivered
    // Over TLS nothing can be read before the record is whole.
    let came =
      isWhole
      ? placed.frame.length
      : connections[connection].tls == nil
        ? max(delivered - placed.start - SessionFrame.headerBytes, 0) : 0
    let more = came - sessions[session].client.readOfFront
    guard more > 0 else { return }
    sessions[session].client.readOfFront = came
    measure(more, at: connection * 2, session)
    returnWindow(more, of: placed.frame, session, endsStream: isWhole && placed.frame.isFlagged)
  }

  /// Notes that the client has read so much, and owes the server window for it.
  mutating func returnWindow(
    _ bytes: Int64, of frame: SessionFrame, _ session: Int, endsStream: Bool
  ) {
    let client = sessions[session].client
    func isDue(_ unreturned: Int64, of window: Int64) -> Bool {
      switch client.settings.windowUpdates {
      case .each: true
      case .half: unreturned * 2 >= window
      case .third, .adaptive: unreturned * 3 >= window
      }
    }
    sessions[session].client.unreturned += bytes
    let ofAll = sessions[session].client.unreturned
    if isDue(ofAll, of: client.connectionWindow) {
      sessions[session].client.unreturned = 0
      owe(SessionFrame(type: .windowUpdate, length: 4, value: ofAll), .client, session)
    }
    let index = sessions[session].slot(of: frame.stream)
    if sessions[session].streams[index].isClosed { return }
    sessions[session].streams[index].unreturned += bytes
    let ofStream = sessions[session].streams[index].unreturned
    // A stream that has ended needs no window.
    if !endsStream && isDue(ofStream, of: client.streamWindow) {
      sessions[session].streams[index].unreturned = 0
      owe(
        SessionFrame(type: .windowUpdate, stream: frame.stream, length: 4, value: ofStream),
        .client, session)
    }
  }

  mutating func owe(_ frame: SessionFrame, _ side: Side, _ session: Int) {
    sessions[session][side].owed.append(frame)
  }

  /// Sends the frames that an end owes, together.
  mutating func payOwed(at endpoint: Int, _ session: Int) {
    let side = endpoint % 2 == 0 ? Side.client : .server
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
    let (connection, side) = (endpoint / 2, endpoint % 2 == 0 ? Side.client : .server)
    switch frame.type {
    case .settings: readSettings(frame, at: endpoint, session)
    case .windowUpdate:
      if frame.stream == 0 {
        sessions[session][side].window += frame.value
      } else {
        sessions[session].streams[sessions[session].slot(of: frame.stream)].window += frame.value
        enroll(frame.stream, session)
      }
    case .headers, .continuation, .data:
      if side == .server {
        if frame.type == .headers {
          takePriority(frame, session)
          receive(stream: frame.stream, on: connection, session)
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
    let side = endpoint % 2 == 0 ? Side.client : .server
    sessions[session][side].knowsPeer = true
    let isFirst = frame.value == 0
    let peer = sessions[session][side.peer]
    let window = isFirst ? peer.firstStreamWindow : frame.value
    let more = window - sessions[session][side].peerStreamWindow
    sessions[session][side].peerStreamWindow = window
    if side == .server {
      for index in sessions[session].streams.indices {
        sessions[session].streams[index].window += more  // RFC 9113 §6.9.2
        if sessions[session].streams[index].stall == .streamWindow {
          enroll(sessions[session].streams[index].number, session)
        }
      }
    }
    if isFirst { readFirstSettings(peer.settings, at: endpoint, session) }
    owe(SessionFrame(type: .settings, isFlagged: true), side, session)
  }

  private mutating func readFirstSettings(
    _ peer: HTTP2EndPolicy, at endpoint: Int, _ session: Int
  ) {
    let side = endpoint % 2 == 0 ? Side.client : .server
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
