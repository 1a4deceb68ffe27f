/// TLS between TCP and the application: handshakes, and the records of application data.
extension Simulator {
  /// Sends the flights of a connection's handshake whose turn has come.
  mutating func continueHandshake(_ connection: Int) {
    guard connections[connection].tls != nil else { return }
    while let flight = connections[connection].tls?.next {
      let endpoint = flight.sender.endpoint(of: connection)
      let awaited = connections[connection].tls?.awaited(by: flight.sender) ?? 0
      guard endpoints[endpoint].mayWrite, !endpoints[endpoint].isClosing,
        endpoints[endpoint].delivered >= awaited, !isSealed(flight, after: awaited, on: connection)
      else { break }
      if flight.sender == .server && computes(connection) { break }
      write(flight, at: endpoint)
    }
    let wasSecured = connections[connection].tls?.isSecured ?? true
    let delivered = readable(on: connection)
    connections[connection].tls?.clientHas(upTo: delivered)
    if !wasSecured && connections[connection].tls?.isSecured ?? false { secured(connection) }
  }

  /// Whether a server has still to compute its next flight.
  private mutating func computes(_ connection: Int) -> Bool {
    let client = connections[connection].client
    guard let work = clients[client].settings.tls?.serverTime, work > .zero else { return false }
    if let due = connections[connection].tls?.serverDue {
      if due > now { return true }
      connections[connection].tls?.serverDue = nil
      return false
    }
    connections[connection].tls?.serverDue = now + work
    endpoints[connection * 2 + 1].applicationIsBusy = true
    queue.schedule(Target(.flight, connection).rawValue, at: now + work)
    return true
  }

  /// A server has computed its flight: it sends it, and reads what has come meanwhile.
  mutating func flightComputed(_ connection: Int) {
    continueHandshake(connection)
    let endpoint = connection * 2 + 1
    endpoints[endpoint].applicationIsBusy = false
    serverChanged(connection)
    endpoints[endpoint].applicationReads()
    pump(endpoint)
    clientChanged(connection)
  }

  /// Whether a server reads nothing for now, because it computes.
  func isComputing(_ connection: Int) -> Bool {
    connections[connection].tls?.serverDue.map { $0 > now } ?? false
  }

  /// Whether anything that arrives may be a part of a handshake.
  func isHandshaking(_ connection: Int) -> Bool {
    connections[connection].tls.map { !$0.isSecured || $0.next != nil } ?? false
  }

  private mutating func write(_ flight: TLSHandshake.Flight, at endpoint: Int) {
    let connection = endpoint / 2
    let start = endpoints[endpoint].write(flight.wireBytes)
    let end = start + flight.wireBytes
    if endpoints[endpoint].settings.handshakesAreFree { endpoints[endpoint].freeEnd = end }
    connections[connection].tls?.wrote(upTo: end)
    recordMessages(flight.messages, at: endpoint, from: start)
    // A SYN that carries data waits for the request, too.
    if !endpoints[endpoint].mayWriteEarly { pump(endpoint) }
  }

  private mutating func recordMessages(
    _ messages: [TLSMessage], at endpoint: Int, from start: Int64
  ) {
    guard log.level > .totals else { return }
    var position = start
    for message in messages {
      log.recordMilestone(
        EventRecord(
          time: now, kind: .tlsMessage, connection: UInt32(endpoint / 2),
          side: Side(ofEndpoint: endpoint), offset: position,
          length: UInt32(clamping: message.wireBytes), detail: message.kind.rawValue))
      position += message.wireBytes
    }
  }

  mutating func secured(_ connection: Int) {
    connections[connection].totals.secured = now
    log.recordMilestone(
      EventRecord(
        time: now, kind: .connectionSecured, connection: UInt32(connection), side: .client))
  }

  /// Ends an end's stream, over TLS with the alert that says so.
  mutating func closeInOrder(_ endpoint: Int) {
    sayGoodbye(endpoint)
    endpoints[endpoint].close()
    pump(endpoint)
  }

  /// Says that nothing more comes from this end, where there is TLS (RFC 8446 §6.1).
  private mutating func sayGoodbye(_ endpoint: Int) {
    guard let tls = connections[endpoint / 2].tls, endpoints[endpoint].mayWrite,
      !endpoints[endpoint].isClosing
    else { return }
    let alert = TLSMessage.closeNotify(tls.records)
    let start = endpoints[endpoint].write(alert.wireBytes)
    recordMessages([alert], at: endpoint, from: start)
    pump(endpoint)
  }

  /// What `plain` bytes of application data take in a connection's stream.
  func wireBytes(of plain: Int64, on connection: Int) -> Int64 {
    connections[connection].tls?.records.wireBytes(of: plain) ?? plain
  }

  /// How many bytes must arrive before the first byte of these can be read: one, or a whole record.
  func firstByteBytes(of plain: Int64, on connection: Int) -> Int64 {
    connections[connection].tls?.records.firstRecord(of: plain) ?? 1
  }

  /// The server wants a request again (RFC 8470 §5.2). Returns whether its answer was whole.
  mutating func takeTooEarly(_ request: Int, on connection: Int) -> Bool {
    guard endpoints[connection * 2].delivered >= requests[request].responseEnd else { return false }
    requests[request].isTooEarly = false
    requests[request].isReady = false
    requests[request].response = ResponseProgress()
    (requests[request].responseEnd, requests[request].firstByteEnd) = (.max, .max)
    let index = connections[connection].removeFirstRequest()
    connections[connection].requests.append(index)
    sendRequests(on: connection)
    return true
  }
}
