/// Packets on their way.
extension Simulator {
  /// Sends the segment at `place`, which an endpoint has written there, as the next packet.
  @inline(__always)
  mutating func send(_ place: UInt32, from endpoint: Int) {
    packetsSent += 1
    let side = Side(ofEndpoint: endpoint)
    let connection = endpoint / 2
    let bytes = segments[place].ipBytes
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
  private mutating func forward(_ packet: Packet) {
    let route = routes[attachments[packet.senderEndpoint].route]
    if Int(packet.hop) < route.count {
      enter(packet, on: Int(hops[route.first + Int(packet.hop)]))
    } else {
      arrive(
        packet.number, body: packet.body, ecn: packet.ecn, at: packet.senderEndpoint ^ 1)
    }
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

  /// Whether a packet passes the middlebox at a link's end next to the client, if there is one: it
  /// does while its connection is remembered, or if it opens one. One that does not is lost.
  @inline(never)
  private mutating func passesMiddlebox(_ packet: Packet, _ index: Int) -> Bool {
    guard let limit = links[index].stateLimit else { return true }
    let connection = Int(packet.connection)
    let opens = packet.sender == .client && segments[packet.body].flags.contains(.syn)
    if !opens, let seen = connections[connection].seenAt, now - seen > limit {
      links[index].forget(packet, at: now, log: &log)
      lose(packet)
      return false
    }
    connections[connection].seenAt = now
    return true
  }

  /// Lets a copy of a packet follow it onto a link, as a packet of its own.
  private mutating func duplicate(_ packet: Packet, on index: Int) {
    packetsSent += 1
    var segment = segments[packet.body]
    segment.retransmission = nil  // The link sends it again and not its sender.
    var copy = packet
    copy.number = packetsSent
    copy.body = segments.insert(segment)
    connections[Int(packet.connection)].totals.duplicated[sentBy: packet.sender] += 1
    log.recordHeader(segment.header)
    links[index].enter(copy: copy, of: packet.number, at: now, log: &log)
  }

  @inline(never)
  private mutating func lose(_ packet: Packet) {
    connections[Int(packet.connection)].totals.lost[sentBy: packet.sender] += 1
    segments.release(packet.body)
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
  private func relativeSequence(of packet: Packet) -> Range<Int64> {
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
