/// What a client learns from a response before it is complete, and where its end deceives it.
extension Simulator {
  // MARK: Objects that are named on the way

  /// Whether something is to be asked for before a response is complete.
  func readsOnTheWay(_ request: Int) -> Bool {
    requests[request].purpose == .object
      && clients[requests[request].client].order.hasEarly(after: requests[request].ordinal)
  }

  /// Asks for what the client knows of by now: what the hints name, and what stands in as much of a
  /// response as has come.
  mutating func askEarly(_ request: Int, _ delivered: Int64) {
    if !requests[request].hasHints && requests[request].hintsEnd <= delivered {
      requests[request].hasHints = true
      recordRequest(.hintsReceived, request, offset: requests[request].hintsEnd)
    }
    let client = requests[request].client
    var wasAsked = false
    while let ordinal = nextEarly(of: request), mark(of: ordinal, in: request) <= delivered {
      requests[request].earlyAsked += 1
      ask(for: ordinal, client)
      wasAsked = true
    }
    if wasAsked { serveWaiting(client) }
  }

  /// Asks for the rest of what a request's object makes wanted: nothing more comes of it.
  mutating func askRest(_ request: Int) {
    while let ordinal = nextEarly(of: request) {
      requests[request].earlyAsked += 1
      ask(for: ordinal, requests[request].client)
    }
  }

  /// The position in the stream at which the client learns of the next object, or of hints.
  func nextMark(of request: Int) -> Int64 {
    let hints = requests[request].hasHints ? .max : requests[request].hintsEnd
    return nextEarly(of: request).map { min(hints, mark(of: $0, in: request)) } ?? hints
  }

  private func nextEarly(of request: Int) -> Int? {
    guard requests[request].purpose == .object else { return nil }
    return clients[requests[request].client].order
      .early(after: requests[request].ordinal, requests[request].earlyAsked)
  }

  /// Where in the stream the client learns of an object; `max` while that is not written.
  private func mark(of ordinal: Int, in request: Int) -> Int64 {
    let response = requests[request].response
    switch clients[requests[request].client].settings.objects[ordinal].trigger {
    case .complete: return .max
    case .hints: return requests[request].hintsEnd
    case .bytes(let offset):
      guard response.total != .max else { return .max }
      let body = layout(of: request).position(of: offset.bytes)
      // Not before the head is there, which tells that a body follows.
      return wireEnd(ofFirst: response.hintBytes + response.headBytes + body, request)
    }
  }

  /// Where in the stream the first `count` bytes of a response can be read.
  private func wireEnd(ofFirst count: Int64, _ request: Int) -> Int64 {
    guard let connection = requests[request].connection else { return .max }
    var before: Int64 = 0
    for write in requests[request].response.writes {
      if count <= write.plain {
        if requests[request].stream != nil { return write.wire }  // the frame's end
        let plain = write.plain - before
        return write.wire - wireBytes(of: plain, on: connection)
          + positionEnd(of: count - before, in: plain, on: connection)
      }
      before = write.plain
    }
    return .max
  }

  // MARK: Ends

  /// Whether a response ends only with its connection.
  func endsByClose(_ request: Int) -> Bool {
    layout(of: request).framing == .untilClose && method(of: request) != .head
  }

  /// The server has closed: a response that ends so is complete.
  mutating func completeByClose(_ connection: Int) {
    guard connections[connection].answered > 0 else { return }
    let request = Int(connections[connection].requests[0])
    guard requests[request].hasFirstByte, endsByClose(request) else { return }
    requests[request].responseEnd = min(
      requests[request].responseEnd, endpoints[connection * 2].delivered)
    complete(request, on: connection)
  }

  /// Whether the client has, where a response should begin, what is none: the rest of the one before,
  /// or the middle of the next.
  func findsGarbage(_ connection: Int) -> Bool {
    guard let from = connections[connection].garbledFrom, !connections[connection].isOver else {
      return false
    }
    return endpoints[connection * 2].delivered > from
  }

  /// A client that finds no response where one should begin fails what it waited for, and uses the
  /// connection no more (RFC 9112 §9.2).
  mutating func giveUp(garbled connection: Int) {
    let from = connections[connection].garbledFrom ?? 0
    let waiting = connections[connection].sent > 0 ? connections[connection].requests[0] : nil
    log.recordMilestone(
      EventRecord(
        time: now, kind: .responseGarbled, connection: UInt32(connection), side: .client,
        item: waiting ?? EventRecord.noRequest, offset: from))
    if waiting != nil {
      // It was answered, in a way that cannot be read: nobody knows what was done.
      let request = Int(connections[connection].removeFirstRequest())
      fail(request)
    }
    lose(connection)
    closeClient(connection)
  }
}
