/// The order of responses over HTTP/2: what clients say of it, at once and later, and that servers hear
/// it (RFC 9218, RFC 7540 §5.3). What servers make of it is `StreamQueue`.
extension Simulator {
  // MARK: Clients

  /// What a client says of a request's priority in its HEADERS frame; nil where it says nothing there,
  /// as of a default (RFC 7540 §5.3.5). What it says in the fields, their list has.
  mutating func prioritySignal(of request: Int, _ session: Int) -> HTTP2Priority? {
    let object = clients[requests[request].client].settings.objects[requests[request].ordinal]
    let signal = dependency(object.priority, of: request, session)
    let isDefault = signal == nil || signal == PriorityTree.standard
    if log.level > .totals {
      log.requests[request].priority.field = object.priority.field
      log.requests[request].priority.dependency = isDefault ? nil : signal
    }
    return isDefault ? nil : signal
  }

  /// A priority in the words of RFC 7540; nil where the client does not use them. Once it knows that
  /// the server does not either, it stops (RFC 9218 §2.1.1).
  private func dependency(
    _ priority: ObjectPriority, of request: Int, _ session: Int
  ) -> HTTP2Priority? {
    let client = sessions[session].client
    guard client.settings.scheduler == .tree,
      !client.knowsPeer || !sessions[session].server.settings.refusesTree
    else { return nil }
    return HTTP2Priority(
      dependency: priority.dependsOn.flatMap { stream(of: $0, like: request, session) } ?? 0,
      isExclusive: priority.isExclusive, weightLessOne: UInt8(priority.weight - 1))
  }

  /// The stream in which an object of a request's client was asked for on this connection; nil where it
  /// was not.
  private func stream(of ordinal: Int, like request: Int, _ session: Int) -> UInt32? {
    let index = sessions[session].streams.lastIndex {
      requests[Int($0.request)].ordinal == ordinal
        && requests[Int($0.request)].client == requests[request].client
    }
    return index.map { sessions[session].streams[$0].number }
  }

  private func reprioritization(of request: Int) -> Reprioritization? {
    clients[requests[request].client].settings.objects[requests[request].ordinal].reprioritization
  }

  /// A request was sent whose priority its client may change later.
  mutating func planReprioritization(of request: Int) {
    guard let later = reprioritization(of: request) else { return }
    queue.schedule(Target(.priority, request).rawValue, at: now + later.after)
  }

  /// A client gives a response another priority, unless it has all of it (RFC 9218 §7.1,
  /// RFC 7540 §5.3.3).
  mutating func reprioritize(_ request: Int) {
    guard let connection = requests[request].connection, let stream = requests[request].stream,
      let session = connections[connection].session,
      let priority = reprioritization(of: request)?.priority,
      sessions[session].knows(stream),
      sessions[session][stream: stream].request == UInt32(request),
      !sessions[session][stream: stream].isClosed
    else { return }
    let isOfTree = sessions[session].client.settings.scheduler == .tree
    let frame =
      isOfTree
      ? laterDependency(priority, of: request, stream, session)
      : laterField(priority.field, of: request, stream, session)
    if let frame { write([frame], at: connection * 2) }
  }

  private mutating func laterDependency(
    _ priority: ObjectPriority, of request: Int, _ stream: UInt32, _ session: Int
  ) -> SessionFrame? {
    guard let signal = dependency(priority, of: request, session) else { return nil }
    if log.level > .totals { log.requests[request].priority.laterDependency = signal }
    return SessionFrame(
      type: .priority, stream: stream, length: SessionFrame.bytes(of: signal),
      value: SessionFrame.value(of: signal))
  }

  /// RFC 9218 §2.1.1: once it knows a server that goes by RFC 7540 or by nothing, a client stops saying
  /// this.
  private mutating func laterField(
    _ field: HTTPPriority, of request: Int, _ stream: UInt32, _ session: Int
  ) -> SessionFrame? {
    guard !sessions[session].client.knowsPeer || sessions[session].server.settings.refusesTree
    else { return nil }
    if log.level > .totals { log.requests[request].priority.laterField = field }
    return SessionFrame(
      type: .priorityUpdate, stream: stream, length: 4 + Int64(field.fieldValue.count),
      value: SessionFrame.value(of: field))
  }

  // MARK: Servers

  /// A server reads what a request says of its order.
  mutating func takePriority(_ frame: SessionFrame, _ session: Int) {
    let request = Int(sessions[session][stream: frame.stream].request)
    let object = clients[requests[request].client].settings.objects[requests[request].ordinal]
    sessions[session].waiting.open(
      frame.stream, object.priority.field, frame.value == 0 ? nil : frame.dependency)
  }

  /// A server reads another priority of a stream: it holds from the next frame on.
  mutating func updatePriority(_ frame: SessionFrame, _ session: Int) {
    let isWaiting = sessions[session][stream: frame.stream].isWaiting
    if frame.type == .priority {
      sessions[session].waiting.update(frame.stream, frame.dependency)
    } else {
      sessions[session].waiting.update(frame.stream, frame.field, isWaiting: isWaiting)
    }
  }
}

extension SessionFrame {
  /// Bytes that a priority takes in HEADERS, or in PRIORITY (RFC 9113 §6.2, §6.3).
  static func bytes(of priority: HTTP2Priority?) -> Int64 { priority == nil ? 0 : 5 }

  /// A priority as the value of a frame, which is never 0.
  static func value(of priority: HTTP2Priority) -> Int64 {
    (Int64(priority.weightLessOne) + 1) << 32 | (priority.isExclusive ? 1 << 31 : 0)
      | Int64(priority.dependency)
  }

  static func value(of field: HTTPPriority) -> Int64 {
    Int64(field.urgency) << 1 | (field.isIncremental ? 1 : 0)
  }

  /// The priority that HEADERS or PRIORITY has.
  var dependency: HTTP2Priority {
    HTTP2Priority(
      dependency: UInt32(value & 0x7FFF_FFFF), isExclusive: value >> 31 & 1 == 1,
      weightLessOne: UInt8((value >> 32) - 1))
  }

  /// The priority that PRIORITY_UPDATE has.
  var field: HTTPPriority {
    HTTPPriority(urgency: UInt8(value >> 1), isIncremental: value & 1 == 1)
  }
}
