/// Server push: responses that a server sends before it is asked, and what its client makes of them
/// (RFC 9113 §8.4); and what a client need not ask for, because it has it.
extension Simulator {
  // MARK: Promises

  /// A server promises, before the fields of a response, the objects that it pushes with it.
  mutating func promise(
    with request: Int, _ stream: UInt32, to batch: inout [SessionFrame], _ session: Int
  ) {
    let client = requests[request].client
    guard !clients[client].promised.isEmpty, sessions[session].client.settings.enablesPush,
      !requests[request].isPushed, clients[client].next == nil  // A proxy promises nothing itself.
    else { return }
    let response = requests[request].response
    if response.written < response.hintBytes { return }  // The hints come first.
    let settings = clients[client].settings
    for (ordinal, object) in settings.objects.enumerated()
    where object.isPushed && object.origin == requests[request].origin
      && settings.parent(of: ordinal) == requests[request].ordinal
    {
      let most = sessions[session].client.settings.maxConcurrentStreams ?? .max
      if sessions[session].openPushes >= most { return }
      batch += promise(ordinal, on: stream, of: request, session)
    }
  }

  /// The frames of a promise: the request that the server answers (RFC 9113 §6.6).
  private mutating func promise(
    _ ordinal: Int, on stream: UInt32, of parent: Int, _ session: Int
  ) -> [SessionFrame] {
    let client = requests[parent].client
    let index = requests.count
    var request = makeRequest(ordinal: ordinal, of: client)
    request.connection = requests[parent].connection
    (request.isPushed, request.awaitsUse) = (true, true)
    let number = sessions[session].addStream(for: UInt32(index), isPromise: true)
    request.stream = number
    requests.append(request)
    let slot = sessions[session].slot(of: number)
    sessions[session].streams[slot].serverState = .reservedLocal
    sessions[session].openPushes += 1
    // RFC 7540 §5.3.5: it depends on the stream with which it was promised.
    sessions[session].waiting.open(
      number, HTTPPriority(),
      HTTP2Priority(dependency: stream, isExclusive: false, weightLessOne: 15))
    var frames = headers(
      block(requestFields(.get, of: index), session) + 4, on: stream, of: .server, session,
      endsStream: false, type: .pushPromise)
    frames[0].value = Int64(number)
    if log.level > .totals {
      log.requests[index].stream = number
      log.requests[index].promisedOn = stream
      log.requests[index].requestBytes = frames.reduce(0) { $0 + $1.bytes }
    }
    recordRequest(.requestPromised, index, side: .server, offset: Int64(number))
    // The server takes it up when it has written the promise.
    let think = clients[client].settings.serverTime(of: ordinal)
    requests[index].readyAt = now + think
    queue.schedule(Target(.response, index).rawValue, at: now + think)
    return frames
  }

  // MARK: Clients

  /// A client reads a promise: it takes it, unless it has the object or has asked for it.
  mutating func readPromise(_ frame: SessionFrame, on connection: Int, _ session: Int) {
    let stream = UInt32(frame.value)
    guard sessions[session].hasPromised(stream) else { return }
    let slot = sessions[session].slot(of: stream)
    let request = Int(sessions[session].streams[slot].request)
    let (client, ordinal) = (requests[request].client, requests[request].ordinal)
    if clients[client].asked[ordinal] || clients[client].settings.objects[ordinal].isCached {
      sessions[session].streams[slot].clientState = .closedByReset
      noteUseless(request, .cancelled)
      owe(.reset(stream, .cancel), .client, session)
    } else {
      sessions[session].streams[slot].clientState = .reservedRemote
      sessions[session].awaitedPushes += 1
      clients[client].promised[ordinal] = UInt32(request)
    }
  }

  /// A pushed response is whole before anybody wants it.
  mutating func pushArrived(_ request: Int) {
    requests[request].completedAt = now
    recordRequest(.responseComplete, request, offset: requests[request].responseEnd)
  }

  /// A pushed response that nobody wants yet is lost with its connection.
  mutating func losePush(_ request: Int) {
    clients[requests[request].client].promised[requests[request].ordinal] = .max
    noteUseless(request, .connection)
    requests[request].forgetConnection()
  }

  private mutating func noteUseless(_ request: Int, _ failure: RequestFailure) {
    requests[request].hasFailed = true
    requests[request].purpose = .push
    if log.level > .totals { log.requests[request].purpose = .push }
    recordRequest(.requestFailed, request, detail: failure.rawValue)
  }

  /// An object is wanted: whether a request for it, pushed or not, need not be sent. Notes that it was
  /// asked for.
  mutating func promisedRequest(for ordinal: Int, _ client: Int) -> Int? {
    if clients[client].asked.isEmpty { return nil }
    clients[client].asked[ordinal] = true
    let request = clients[client].promised[ordinal]
    return request == .max ? nil : Int(request)
  }

  /// A client takes an object from what it has, or has been promised. Returns whether it does.
  mutating func takesWithoutAsking(_ request: Int) -> Bool {
    let client = requests[request].client
    if requests[request].awaitsUse {
      requests[request].awaitsUse = false
      if requests[request].hasFailed {  // It was lost, and has to be asked for.
        requests[request].hasFailed = false
        requests[request].purpose = .object
        if log.level > .totals { log.requests[request].purpose = .object }
        return false
      }
      if requests[request].completedAt != nil {
        clients[client].completed += 1
        askMore(after: request)
      }
      return true
    }
    guard clients[client].leg == 0,
      clients[client].settings.objects[requests[request].ordinal].isCached
    else { return false }
    recordRequest(.requestQueued, request)
    requests[request].completedAt = now
    recordRequest(.responseComplete, request)
    clients[client].completed += 1
    askMore(after: request)
    return true
  }
}
