/// The QUIC endpoints: what wakes them, and what becomes of what they say. What runs on them stands in
/// `Simulator+HTTP3.swift`.
extension Simulator {
  /// A datagram has reached its host.
  @inline(never)
  mutating func arrive(
    _ packet: UInt32, datagram: UInt32, ecn: CongestionCodepoint, at endpoint: Int
  ) {
    let quic = Int(attachments[endpoint].quic)
    datagrams[datagram].codepoint = ecn
    if endpoint % 2 == 1 && datagrams[datagram].address.port > 0 {
      recordAddress(
        datagrams[datagram].address, identity: datagrams[datagram].identity, of: packet,
        endpoint / 2, .server)
    }
    quicEndpoints[quic].receive(&datagrams[datagram], packet: packet, at: now, log: &log)
    datagrams.release(datagram)
    quicChanged(endpoint)
    pumpQUIC(endpoint)
  }

  /// A deadline of a QUIC endpoint has come.
  mutating func wakeQUIC(_ endpoint: Int) {
    quicEndpoints[Int(attachments[endpoint].quic)].timerFired(at: now, log: &log)
    quicChanged(endpoint)
    pumpQUIC(endpoint)
  }

  /// Sends what an endpoint has to send and keeps an event pending for its deadline.
  mutating func pumpQUIC(_ endpoint: Int) {
    let quic = Int(attachments[endpoint].quic)
    while true {
      let place = datagrams.reserve(filler: Datagram())
      let isThere = quicEndpoints[quic].pollTransmit(
        into: &datagrams[place], packet: packetsSent + 1, at: now, log: &log)
      if !isThere {
        datagrams.release(place)
        break
      }
      send(datagram: place, from: endpoint)
    }
    let deadline = quicEndpoints[quic].nextDeadline
    if deadline < attachments[endpoint].wakesAt {
      attachments[endpoint].wakesAt = max(deadline, now)
      queue.schedule(Target(.endpoint, endpoint).rawValue, at: max(deadline, now))
    }
  }

  /// Lets an endpoint send once its application has written all that it writes now.
  mutating func pumpLater(_ endpoint: Int) {
    if attachments[endpoint].hasWritten { return }
    attachments[endpoint].hasWritten = true
    written.append(UInt32(endpoint))
  }

  /// Sends what applications have written.
  mutating func pumpWritten() {
    while !written.isEmpty {
      let endpoint = Int(written.removeFirst())
      attachments[endpoint].hasWritten = false
      pumpQUIC(endpoint)
    }
  }

  /// Sends the datagram at `place` as the next packet.
  private mutating func send(datagram place: UInt32, from endpoint: Int) {
    packetsSent += 1
    let bytes = datagrams[place].ipBytes
    let packet = Packet(
      number: packetsSent, connection: UInt32(endpoint / 2), body: place, ipBytes: bytes,
      payloadBytes: datagrams[place].bytes, hop: 0, sender: Side(ofEndpoint: endpoint),
      isPureAcknowledgement: datagrams[place].isPureAcknowledgement,
      ecn: datagrams[place].codepoint)
    attachments[endpoint].packets += 1
    attachments[endpoint].bytes += Int64(bytes)
    recordAddress(
      datagrams[place].address, identity: datagrams[place].identity, of: packetsSent,
      endpoint / 2, packet.sender)
    log.recordHeader(.none(packet.ecn))
    forward(packet)
  }

  /// Tells the application what changed at an endpoint.
  private mutating func quicChanged(_ endpoint: Int) {
    guard quicEndpoints[Int(attachments[endpoint].quic)].takeNews() else { return }
    if endpoint % 2 == 0 {
      http3ClientChanged(endpoint / 2)
    } else {
      http3ServerChanged(endpoint / 2)
    }
  }

  /// Opens the QUIC connection that was described at `index`.
  mutating func openQUIC(_ index: Int, _ settings: ClientSettings, seeds: (UInt32, UInt32)) {
    let tls = settings.tls ?? TLSSettings(.full13)
    log.connections[index].tls = tls
    log.connections[index].quic = settings.quic
    let server = settings.serverTransport ?? settings.transport
    connections[index].quic = quicEndpoints.count
    connections[index].http3 = http3Sessions.count
    http3Sessions.append(HTTP3Session(settings.quic))
    for (side, transport, seed) in [
      (Side.client, settings.transport, seeds.0), (.server, server, seeds.1),
    ] {
      attachments[index * 2 + Int(side.rawValue)].quic = Int32(quicEndpoints.count)
      if let path = settings.pathAfterMoving {
        attachments[index * 2 + Int(side.rawValue)].routeAfterMoves = path * 2 + Int(side.rawValue)
      }
      quicEndpoints.append(
        QUICEndpoint(
          connection: UInt32(index), side: side, settings: transport, policy: settings.quic,
          tls: tls, scheduler: settings.quic[side].scheduler, seed: seed))
    }
    quicEndpoints[Int(attachments[index * 2].quic)].connect(at: now, log: &log)
  }

  /// The endpoint of a side of a QUIC connection.
  func quic(_ connection: Int, _ side: Side) -> Int {
    Int(attachments[connection * 2 + Int(side.rawValue)].quic)
  }

  /// Whether a connection may take another stream.
  func takesHTTP3Stream(_ connection: Int) -> Bool {
    let end = quic(connection, .client)
    return !quicEndpoints[end].isClosed
      && quicEndpoints[end].mayOpenStream(beside: connections[connection].requests.count)
  }

  /// Adds what the ends of a QUIC connection have counted.
  func addQUIC(to report: inout ConnectionReport, _ connection: Int) {
    for side in [Side.client, .server] {
      let end = quic(connection, side)
      report.retransmitted += quicEndpoints[end].repeated
      report.spurious += quicEndpoints[end].spurious
      report.timeouts += quicEndpoints[end].timeouts
      report.failed = report.failed || quicEndpoints[end].hasFailed
    }
    report.congestionWindowMax = quicEndpoints[quic(connection, .server)].windowMax
  }
}
