/// Responses: what a server has of them, and hands to their connection in the order of the requests
/// (RFC 9112 §9.3.2).
extension Simulator {
  /// The server has taken a request, and begins to think about it.
  mutating func beginAnswer(to request: Int) {
    if requests[request].purpose.isProbe { return has(more: request, after: .zero) }
    let settings = clients[requests[request].client].settings
    let object = settings.objects[requests[request].ordinal]
    let think = settings.serverTime(of: requests[request].ordinal)
    var wait = think
    if let hints = object.response.hintsAfter, hints < think, settings.application.knowsInterim {
      let links = hintedLinks(for: request)
      let head = HTTP1Head.earlyHints(links)
      let session = requests[request].connection.flatMap { connections[$0].session }
      requests[request].response.hintBytes =
        session.map { block(HTTP2Fields.earlyHints(links), $0) } ?? Int64(head.count)
      if log.level > .totals { log.requests[request].hints = head }
      wait = hints
    }
    has(more: request, after: wait)
  }

  /// A part of a response will be there after a while.
  private mutating func has(more request: Int, after wait: SimDuration) {
    requests[request].readyAt = now + wait
    if wait == .zero {
      respond(to: request)
    } else {
      queue.schedule(Target(.response, request).rawValue, at: now + wait)
    }
  }

  /// The server has what it answers a request with, or a part of it: it writes that as soon as the
  /// responses to earlier requests of the connection are written.
  mutating func respond(to request: Int) {
    // What was asked for on a connection that is gone is not answered on another.
    guard let connection = requests[request].connection,
      requests[request].isTooEarly || requests[request].readyAt == now
    else { return }
    let wasReady = requests[request].isReady
    requests[request].isReady = true
    takePart(of: request)
    if requests[request].stream != nil { return serve(request, on: connection) }
    let isTurn =
      connections[connection].answered < connections[connection].received
      && Int(connections[connection].requests[connections[connection].answered]) == request
    let isUnderWay = connections[connection].streaming == UInt32(request)
    if !wasReady && !isTurn && !isUnderWay {
      recordRequest(.responseReady, request, side: .server)
    }
    flush(connection)
  }

  /// Adds to what the server has of a response: the hints, or the head and the parts of the body that
  /// come with it, or the next part.
  private mutating func takePart(of request: Int) {
    let settings = clients[requests[request].client].settings
    if requests[request].isTooEarly {
      let bytes = Int64(HTTP1Head.tooEarly().count)
      requests[request].response.headBytes = bytes
      requests[request].response.total = bytes
      requests[request].response.ready = bytes
      return
    }
    let hints = requests[request].response.hintBytes
    if hints > 0 && requests[request].response.ready == 0 {
      requests[request].response.ready = hints
      let object = settings.objects[requests[request].ordinal]
      let think = settings.serverTime(of: requests[request].ordinal)
      return has(more: request, after: think - (object.response.hintsAfter ?? .zero))
    }
    takeBody(of: request, settings)
  }

  private mutating func takeBody(of request: Int, _ settings: ClientSettings) {
    let isBare = method(of: request) == .head
    let layout = layout(of: request)
    if requests[request].response.total == .max {
      let head = headBytes(ofResponseTo: request, settings, layout.framing)
      requests[request].response.headBytes = head
      requests[request].response.ready += head
      let body = isBare ? 0 : layout.framedBytes
      requests[request].response.total = requests[request].response.ready + body
      if isBare { return }
    } else {
      takeNextPart(of: request, layout)
    }
    while requests[request].response.partsReady < layout.partCount {
      let wait = layout.delay(of: requests[request].response.partsReady)
      if wait > .zero { return has(more: request, after: wait) }
      takeNextPart(of: request, layout)
    }
  }

  private mutating func takeNextPart(of request: Int, _ layout: ResponseLayout) {
    requests[request].response.ready +=
      layout.framedBytes(of: requests[request].response.partsReady)
    requests[request].response.partsReady += 1
  }

  /// The parts of what a request is answered with.
  func layout(of request: Int) -> ResponseLayout {
    let client = requests[request].client
    if requests[request].purpose.isProbe {
      return ResponseLayout(ResponseSettings(), bodyBytes: 0, for: clients[client].answers)
    }
    return ResponseLayout(
      clients[client].settings.objects[requests[request].ordinal].response,
      bodyBytes: requests[request].bodyBytes, for: clients[client].answers)
  }

  // MARK: Writing

  /// There is more of a response: it is written as its turn, or its stream's, comes.
  mutating func offer(_ request: Int, on connection: Int) {
    if requests[request].stream != nil { serve(request, on: connection) } else { flush(connection) }
  }

  /// Writes what servers have of the responses whose turn it is.
  mutating func flush(_ connection: Int) {
    while let request = nextToWrite(on: connection) {
      guard writeReady(request, on: connection) else { return }
    }
  }

  /// The response that is under way, if there is more of it, or the next one that is ready.
  private func nextToWrite(on connection: Int) -> Int? {
    if let streaming = connections[connection].streaming {
      return requests[Int(streaming)].response.hasMore ? Int(streaming) : nil
    }
    guard connections[connection].answered < connections[connection].received else { return nil }
    let next = Int(connections[connection].requests[connections[connection].answered])
    return requests[next].isReady ? next : nil
  }

  /// Writes what there is of a response. Returns false where nothing can be written any more.
  private mutating func writeReady(_ request: Int, on connection: Int) -> Bool {
    let endpoint = connection * 2 + 1
    guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing else { return false }
    if connections[connection].streaming == nil {
      connections[connection].streaming = UInt32(request)
      connections[connection].answered += 1
    }
    let settings = clients[requests[request].client].settings
    let progress = requests[request].response
    let headEnd = progress.hintBytes + progress.headBytes
    let plain = progress.ready - progress.written
    let bytes = wireBytes(of: plain, on: connection)
    // TLS gathers head and body in one record.
    let isApart =
      settings.writesHeadAlone && connections[connection].tls == nil
      && progress.written < headEnd && headEnd < progress.ready
    let first = isApart ? headEnd - progress.written : bytes
    let start = endpoints[endpoint].write(first)
    place(request, at: start, bytes: bytes, on: connection)
    recordResponse(request, from: progress, offset: start, length: bytes)
    endpoints[connection * 2].newsPosition = 0  // the client finds out what it waits for
    if isApart {
      pump(endpoint)
      _ = endpoints[endpoint].write(bytes - first)
    }
    if requests[request].response.isWritten {
      finish(request, on: connection, settings)
    } else {
      pump(endpoint)
    }
    return true
  }

  /// A response is written whole: the connection goes on, or is closed behind it.
  private mutating func finish(_ request: Int, on connection: Int, _ settings: ClientSettings) {
    let endpoint = connection * 2 + 1
    connections[connection].streaming = nil
    let isLast =
      !isRelayed(requests[request].client)
      && (!settings.keepAlive || settings.application == .raw || requests[request].isLast)
    if isLast && !requests[request].isTooEarly {
      closeInOrder(endpoint)
    } else {
      pump(endpoint)
    }
    if connections[connection].answered == connections[connection].received
      && !requests[request].isTooEarly
    {
      becameIdle(endpoint)
    }
  }

  /// Notes where what is written now stands in the stream, and what the client can tell from it.
  private mutating func place(
    _ request: Int, at start: Int64, bytes: Int64, on connection: Int
  ) {
    var response = requests[request].response
    let plain = response.ready - response.written
    let (before, hints) = (response.written, response.hintBytes)
    response.written = response.ready
    if readsOnTheWay(request) { response.writes.append((response.ready, start + bytes)) }
    func end(ofFirst count: Int64) -> Int64 {
      start + positionEnd(of: count, in: plain, on: connection)
    }
    if before == 0 { requests[request].streamStart = start }
    if before < hints { requests[request].hintsEnd = end(ofFirst: hints - before) }
    if before <= hints && hints < response.ready {
      requests[request].responseStart =
        start + (connections[connection].tls == nil ? hints - before : 0)
      requests[request].firstByteEnd = end(ofFirst: hints - before + 1)
    }
    let declared = declaredEnd(of: request, response)
    if declared <= response.ready && requests[request].responseEnd == .max {
      requests[request].responseEnd = end(ofFirst: declared - before)
    } else if response.isWritten && requests[request].responseEnd == .max {
      // What a server promises beyond the body's end never comes, or is another response.
      requests[request].responseEnd = start + bytes + declared - response.total
    }
    requests[request].response = response
  }

  /// Where a response ends in its plain stream as the client reads its head; where that is right,
  /// at its end.
  private func declaredEnd(of request: Int, _ response: ResponseProgress) -> Int64 {
    guard response.total != .max, let declared = falseLength(of: request) else {
      return response.total
    }
    return response.hintBytes + response.headBytes + declared
  }

  /// What `Content-Length` says of a response where that is wrong.
  func falseLength(of request: Int) -> Int64? {
    if requests[request].isTooEarly || requests[request].purpose.isProbe
      || method(of: request) == .head
    {
      return nil
    }
    let object = clients[requests[request].client].settings.objects[requests[request].ordinal]
    guard let declared = object.response.declaredLength?.bytes,
      layout(of: request).framing == .length
    else { return nil }
    return declared == requests[request].bodyBytes ? nil : declared
  }

  /// The end, from the beginning of what is written at once, of its first `count` bytes as the client
  /// can read them: over TLS that of the record which holds the last of them.
  func positionEnd(of count: Int64, in plain: Int64, on connection: Int) -> Int64 {
    guard connections[connection].tls != nil else { return count }
    let most = TLSRecords.mostPlaintext
    let whole = min((count + most - 1) / most * most, plain)
    return whole == 0 ? 0 : wireBytes(of: whole, on: connection)
  }

  private mutating func recordResponse(
    _ request: Int, from progress: ResponseProgress, offset: Int64, length: Int64
  ) {
    let isRaw = clients[requests[request].client].settings.application == .raw
    let part: ResponseWrite =
      requests[request].isTooEarly
      ? .tooEarly
      : progress.ready <= progress.hintBytes
        ? .hints : progress.written > progress.hintBytes ? .continuation : .beginning
    if log.level > .totals && !isRaw && part == .beginning {
      log.requests[request].status = status(of: request)
    }
    recordRequest(
      .responseSent, request, side: .server, offset: offset, length: length,
      detail: part.rawValue)
  }

  /// The status code of a response that is not interim.
  func status(of request: Int) -> UInt16 {
    if requests[request].isBadGateway { return 502 }
    return layout(of: request).framing == .upgrade ? 101 : 200
  }

  // MARK: Heads

  mutating func headBytes(
    ofResponseTo request: Int, _ settings: ClientSettings, _ framing: BodyFraming
  ) -> Int64 {
    if settings.application == .raw { return 0 }
    if requests[request].connection.map({ connections[$0].http3 != nil }) ?? false {
      return http3ResponseBlock(of: request)
    }
    if let session = requests[request].connection.flatMap({ connections[$0].session }) {
      return responseBlock(of: request, session)
    }
    let isKept = settings.keepAlive && !requests[request].isLast
    if requests[request].purpose.isProbe {
      return Int64(HTTP1Head.probeResponse(keepAlive: isKept).count)
    }
    let object = settings.objects[requests[request].ordinal]
    let via = proxy(behind: requests[request].client) == nil ? 0 : HTTP1Head.via().count
    if let given = object.responseHead { return given.bytes + Int64(via) }
    let head = HTTP1Head.response(
      bodyBytes: requests[request].bodyBytes,
      keepAlive: isKept, framing: framing,
      declaredLength: object.response.declaredLength?.bytes)
    return Int64(head.count + via)
  }

  /// The hints that come before a response name what waits for them.
  private func hintedLinks(for request: Int) -> [[UInt8]] {
    let client = requests[request].client
    var links: [[UInt8]] = []
    for ordinal in clients[client].order.early(after: requests[request].ordinal)
    where clients[client].settings.objects[ordinal].trigger == .hints {
      links.append(target(of: ordinal, client))
    }
    return links
  }

  /// The target that an object is asked for by.
  func target(of ordinal: Int, _ client: Int) -> [UInt8] {
    let given = clients[client].settings.objects[ordinal].target
    return given.isEmpty ? HTTP1Head.target(ordinal: ordinal) : given
  }
}
