/// Streams that end before their answer is whole (RFC 9113 §5.4.2, §8.7), and what a client does that
/// will not wait for one.
extension Simulator {
  // MARK: Clients that give up

  /// A request was sent: its client may have said for how long it wants the answer.
  mutating func awaitCancelling(_ request: Int) {
    let settings = clients[requests[request].client].settings
    if requests[request].purpose != .object { return }
    guard let patience = settings.objects[requests[request].ordinal].cancelAfter else { return }
    requests[request].cancelledAt = now + patience
    queue.schedule(Target(.cancel, request).rawValue, at: now + patience)
  }

  /// A request is wanted: its answer must be there within the client's time limit, if there is one.
  mutating func awaitDeadline(of request: Int) {
    let settings = clients[requests[request].client].settings
    guard let limit = settings.requestTimeout else { return }
    requests[request].deadline = now + limit
    queue.schedule(Target(.cancel, request).rawValue, at: now + limit)
  }

  /// A client may have no use for the answer of a request any more.
  mutating func cancelTimerFired(_ request: Int) {
    guard requests[request].completedAt == nil, !requests[request].hasFailed else { return }
    if requests[request].cancelledAt == now {
      cancel(request, .cancelled)
    } else if requests[request].deadline == now {
      cancel(request, .tooLate)
    }
  }

  /// A client gives a request up. A stream is reset; before HTTP/2 there is nothing but to end the
  /// connection (RFC 9112 §9.6).
  private mutating func cancel(_ request: Int, _ failure: RequestFailure) {
    guard let connection = requests[request].connection else {
      return cancelWaiting(request, failure)
    }
    if connections[connection].http3 != nil {
      if requests[request].stream == nil {
        connections[connection].requests.remove(UInt32(request))
        noteFailure(of: request, failure)
      } else {
        noteFailure(of: request, failure, forgetsConnection: false)
        cancelHTTP3(request, on: connection)
      }
      return askMore(after: request)
    }
    if let session = connections[connection].session {
      if let stream = requests[request].stream {
        noteFailure(of: request, failure, forgetsConnection: false)
        reset(stream, .cancel, by: .client, on: connection, session)
      } else {
        connections[connection].requests.remove(UInt32(request))
        noteFailure(of: request, failure)
      }
      return askMore(after: request)
    }
    connections[connection].cancelled = (UInt32(request), failure)
    abandon(connection)
  }

  private mutating func cancelWaiting(_ request: Int, _ failure: RequestFailure) {
    if requests[request].waitsSince != nil {
      let client = requests[request].client
      clients[client].origins[requests[request].origin].waiting.remove(UInt32(request))
      leaveQueue(request)
    }
    noteFailure(of: request, failure)
    askMore(after: request)
  }

  /// A client gives a connection up with everything that it serves.
  mutating func abandon(_ connection: Int) {
    lose(connection)
    if !endpoints[connection * 2].isClosed {
      endpoints[connection * 2].abort()
      pump(connection * 2)
    }
  }

  // MARK: RST_STREAM

  /// An end resets a stream (RFC 9113 §6.4).
  mutating func reset(
    _ stream: UInt32, _ code: HTTP2ErrorCode, by side: Side, on connection: Int, _ session: Int
  ) {
    let index = sessions[session].slot(of: stream)
    if side == .server {
      endAnswer(of: index, byReset: true, session)
    } else if !sessions[session].streams[index].isClosed {
      close(stream: index, byReset: true, session)
    }
    owe(.reset(stream, code), side, session)
    payOwed(at: side.endpoint(of: connection), session)
    if side == .client { streamEnded(on: connection, session) }
  }

  /// A server sends no more on a stream.
  mutating func endAnswer(of index: Int, byReset: Bool = false, _ session: Int) {
    if sessions[session].streams[index].isPushed {
      if sessions[session].streams[index].takesAnswer { sessions[session].openPushes -= 1 }
    } else if sessions[session].streams[index].serverState.isActive {
      sessions[session].takenStreams -= 1
    }
    sessions[session].streams[index].serverState = byReset ? .closedByReset : .closed
    let isWaiting = sessions[session].streams[index].isWaiting
    sessions[session].waiting.close(sessions[session].streams[index].number, isWaiting: isWaiting)
    sessions[session].streams[index].isWaiting = false
    note(nil, of: index, session)
  }

  /// The peer has reset a stream: a client asks again for what was refused, as nothing was done with it
  /// (RFC 9113 §8.7); all else is lost.
  mutating func readReset(_ frame: SessionFrame, at endpoint: Int, _ session: Int) {
    guard sessions[session].knows(frame.stream) || sessions[session].hasPromised(frame.stream)
    else { return }
    let (connection, index) = (endpoint / 2, sessions[session].slot(of: frame.stream))
    let request = Int(sessions[session].streams[index].request)
    if endpoint % 2 == 1 {
      endAnswer(of: index, session)
      if requests[request].stream == frame.stream { requests[request].forgetConnection() }
      return
    }
    if sessions[session].streams[index].isClosed { return }
    close(stream: index, session)
    if requests[request].awaitsUse {
      losePush(request)
      return streamEnded(on: connection, session)
    }
    if frame.value == Int64(HTTP2ErrorCode.refusedStream.rawValue) {
      sendElsewhere(request, wasSent: true)
      streamEnded(on: connection, session)
      serveWaiting(connections[connection].client)
    } else {
      noteFailure(of: request, .reset)
      streamEnded(on: connection, session)
      askMore(after: request)
    }
  }
}
