/// The TCP endpoints: what wakes them, and what becomes of what they say.
extension Simulator {
  /// A packet has reached its host, with the segment at `body`.
  @inline(never)
  mutating func arrive(
    _ packet: UInt32, body: UInt32, ecn: CongestionCodepoint, at endpoint: Int
  ) {
    var segment = segments.remove(at: body)
    segment.codepoint = ecn
    endpoints[endpoint].receive(segment, packet: packet, at: now, log: &log)
    if attachments[endpoint].servesStreams {
      if endpoint % 2 == 1 { serveStreams(on: endpoint / 2) } else { sendUploads(on: endpoint / 2) }
    }
    pump(endpoint)
    transportChanged(endpoint)
  }

  /// An endpoint's deadline has come, or one that it has given up since.
  mutating func wake(_ endpoint: Int) {
    guard attachments[endpoint].wakesAt == now else { return }
    attachments[endpoint].wakesAt = .never
    if attachments[endpoint].quic >= 0 { return wakeQUIC(endpoint) }
    endpoints[endpoint].timerFired(at: now, log: &log)
    pump(endpoint)
    transportChanged(endpoint)
  }

  /// Sends what an endpoint has to send and keeps an event pending for its deadline.
  mutating func pump(_ endpoint: Int) {
    if attachments[endpoint].quic >= 0 { return pumpQUIC(endpoint) }
    transmit(endpoint)
    let deadline = endpoints[endpoint].nextDeadline
    // A later deadline waits for the pending event, which looks again; an earlier one gets its own.
    if deadline < attachments[endpoint].wakesAt {
      attachments[endpoint].wakesAt = deadline
      queue.schedule(Target(.endpoint, endpoint).rawValue, at: deadline)
    }
  }

  /// Sends what an endpoint has to send. Its segments are written where they stay on their way.
  @inline(__always)
  private mutating func transmit(_ endpoint: Int) {
    while true {
      let place = segments.reserve(filler: Segment())
      let poll = endpoints[endpoint].pollTransmit(into: &segments[place], at: now, log: &log)
      if poll == .nothing {
        segments.release(place)
        return
      }
      send(place, from: endpoint)
      if poll == .last { return }
    }
  }

  /// Opens a connection of a client to an origin and returns its index.
  mutating func openConnection(
    for client: Int, _ origin: Int, over given: ApplicationProtocol? = nil
  ) -> Int {
    let index = connections.count
    let settings = clients[client].settings
    let application = given ?? nextApplication(of: client, origin)
    let server = settings.serverTransport ?? settings.transport
    connections.append(
      SimulatedConnection(client: client, origin: origin, path: settings.origins[origin]))
    connections[index].totals.opened = now
    let random = (sequenceRandom.next(), sequenceRandom.next())
    log.connections.append(
      ConnectionDescription(
        clientName: clientName(client, connection: index),
        serverName: serverName(client, origin, isSecured: settings.tls != nil),
        application: application,
        maximumSegmentSize: min(
          settings.transport.maximumSegmentSize, server.maximumSegmentSize)
          - (settings.transport.timestamps && server.timestamps ? 12 : 0),
        keepAlive: settings.keepAlive))
    log.connections[index].leg = UInt8(clamping: clients[client].leg)
    if let tls = settings.tls, application != .http3 {
      connections[index].tls = TLSProgress(tls, for: application)
      log.connections[index].tls = tls
    }
    log.connections[index].readsAtOnce = settings.readRate == nil
    let ends = [
      (Side.client, settings.transport, random.0), (Side.server, server, random.1),
    ]
    for (side, transport, bits) in ends {
      endpoints.append(
        TCPEndpoint(
          connection: UInt32(index), side: side, settings: transport,
          initialSequence: SequenceNumber(UInt32(truncatingIfNeeded: bits))))
      attachments.append(
        Attachment(route: settings.origins[origin] * 2 + Int(side.rawValue)))
    }
    if application == .http2 {
      connections[index].session = sessions.count
      let isFirst = !clients[client].hasInjected
      sessions.append(HTTP2Session(settings.http2, injects: isFirst))
      if isFirst { clients[client].hasInjected = true }
      attachments[index * 2 + 1].servesStreams = true
    }
    if application == .http3 {
      openQUIC(
        index, settings,
        seeds: (UInt32(truncatingIfNeeded: random.0), UInt32(truncatingIfNeeded: random.1)))
      awaitRace(index)
      return index
    }
    if let rate = settings.readRate {
      endpoints[index * 2].receiveBuffer.reader = ApplicationReader(bytesPerSecond: rate.bytes)
    }
    endpoints[index * 2 + 1].listen()
    endpoints[index * 2].connect(at: now, log: &log)
    // A SYN that may carry data waits for the request, which is written at once.
    if !settings.transport.fastOpen { pump(index * 2) }
    continueHandshake(index)
    return index
  }

  private func clientName(_ client: Int, connection: Int) -> [UInt8] {
    let (user, leg) = (clients[client].user, clients[client].leg)
    return leg == 0
      ? Address.client(user, connection: connection)
      : Address.proxy(user, leg, port: Address.clientPort(connection))
  }

  private func serverName(_ client: Int, _ origin: Int, isSecured: Bool) -> [UInt8] {
    clients[client].next == nil
      ? Address.server(clients[client].firstHost + origin, isSecured: isSecured)
      : Address.proxy(
        clients[client].user, clients[client].leg + 1, port: isSecured ? 443 : 3128)
  }

  /// Tells the application what changed at an endpoint, and sends what it answers.
  @inline(__always)
  private mutating func transportChanged(_ endpoint: Int) {
    guard endpoints[endpoint].takeNews() else { return }
    let connection = endpoint / 2
    if endpoint % 2 == 0 { clientChanged(connection) } else { serverChanged(connection) }
  }
}
