/// Packets on their way.
extension Simulator {
  /// Sends the segment at `place`, which an endpoint has written there, as the next packet.
  @inline(__always)
  mutating func send(_ place: UInt32, from endpoint: Int) {
    packetsSent += 1
    let side = Side(ofEndpoint: endpoint)
    let connection = endpoint / 2
    let bytes = segments[place].ipBytes
    if keepsState && side == .server { segments[place].port = connections[connection].serverPort }
    let packet = Packet(
      number: packetsSent, connection: UInt32(connection), body: place,
      ipBytes: bytes, payloadBytes: segments[place].payloadBytes, hop: 0, sender: side,
      isPureAcknowledgement: segments[place].isPureAcknowledgement,
      ecn: segments[place].codepoint)
    attachments[endpoint].packets += 1
    attachments[endpoint].bytes += Int64(bytes)
    if log.level == .everything { recordSent(place, from: endpoint) }
    forward(packet)
  }

  @inline(never)
  private mutating func recordSent(_ place: UInt32, from endpoint: Int) {
    let header = segments[place].header
    log.recordHeader(header)
    endpoints[endpoint].logSent(segments[place], packetsSent, at: now, &log)
  }

  /// Lets a packet enter the next link of its path, or hands it to the host at the path's end.
  @inline(__always)
  mutating func forward(_ packet: Packet) {
    let route = routes[route(of: packet)]
    if Int(packet.hop) < route.count {
      enter(packet, on: Int(hops[route.first + Int(packet.hop)]))
    } else {
      let endpoint = packet.senderEndpoint ^ 1
      if attachments[endpoint].quic >= 0 {
        arrive(packet.number, datagram: packet.body, ecn: packet.ecn, at: endpoint)
      } else {
        if keepsState && packet.sender == .client && isStranger(packet) { return }
        arrive(packet.number, body: packet.body, ecn: packet.ecn, at: endpoint)
      }
    }
  }

  /// Which way a packet takes.
  @inline(__always)
  private func route(of packet: Packet) -> Int {
    let sender = packet.senderEndpoint
    let other = attachments[sender].routeAfterMoves
    return other >= 0 && datagrams[packet.body].address.host > 0
      ? other : attachments[sender].route
  }

  @inline(__always)
  private mutating func enter(_ packet: Packet, on index: Int) {
    if keepsState && packet.sender == .client && !passesMiddlebox(packet, index) { return }
    let sequence = links[index].losesBySequence ? relativeSequence(of: packet) : nil
    if links[index].enter(packet, sequence: sequence, at: now, log: &log) {
      if links[index].duplicates(packet) { duplicate(packet, on: index) }
      if !links[index].isServed { settle(index) }
    } else {
      lose(packet)
    }
  }

  /// Lets a copy of a packet follow it onto a link, as a packet of its own.
  private mutating func duplicate(_ packet: Packet, on index: Int) {
    packetsSent += 1
    var copy = packet
    copy.number = packetsSent
    let header: SegmentHeader
    if isDatagram(packet) {
      copy.body = datagrams.insert(datagrams[packet.body])
      header = .none(datagrams[packet.body].codepoint)
    } else {
      var segment = segments[packet.body]
      segment.retransmission = nil  // The link sends it again and not its sender.
      copy.body = segments.insert(segment)
      header = segment.header
    }
    connections[Int(packet.connection)].totals.duplicated[sentBy: packet.sender] += 1
    log.recordHeader(header)
    links[index].enter(copy: copy, of: packet.number, at: now, log: &log)
  }

  @inline(never)
  mutating func lose(_ packet: Packet) {
    connections[Int(packet.connection)].totals.lost[sentBy: packet.sender] += 1
    if isDatagram(packet) {
      datagrams.release(packet.body)
    } else {
      segments.release(packet.body)
    }
  }

  /// Whether a packet's body is a datagram.
  func isDatagram(_ packet: Packet) -> Bool {
    attachments[packet.senderEndpoint].quic >= 0
  }

  /// Lets a link send what it may send now, and keeps an event pending for what is next.
  @inline(__always)
  private mutating func settle(_ index: Int) {
    if links[index].decidesOnLeaving { serve(index) }
    let next = links[index].nextEvent
    if next < links[index].due {
      links[index].due = next
      queue.schedule(Target(.link, index).rawValue, at: next)
    }
  }

  private mutating func serve(_ index: Int) {
    links[index].serve(at: now, log: &log)
    while let packet = links[index].takeDropped(at: now, log: &log) { lose(packet) }
  }

  /// The span of a packet in its direction's sequence numbers: the SYN is 0.
  private func relativeSequence(of packet: Packet) -> Range<Int64>? {
    if isDatagram(packet) { return nil }
    let segment = segments[packet.body]
    let endpoint = packet.senderEndpoint
    let start = segment.sequence.offset(
      from: endpoints[endpoint].initialSequence, near: endpoints[endpoint].sendUnacknowledged)
    return start..<start + Int64(segment.sequenceLength)
  }

  /// Something happens on a link: a packet reaches the far end, or leaves the queue.
  mutating func deliver(from index: Int) {
    guard links[index].due == now else { return }  // An earlier event has done it.
    links[index].due = .never
    guard links[index].nextArrival <= now else {
      settle(index)
      return
    }
    var packet = links[index].takeArrival(log: &log)
    settle(index)
    if keepsState && packet.sender == .server && !passesMiddlebox(packet, index) { return }
    packet.hop += 1
    forward(packet)
  }
}
