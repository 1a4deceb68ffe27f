/// Middleboxes at the links' ends next to clients: what passes them, and what a NAT makes of addresses
/// (RFC 4787, RFC 5382).
extension Simulator {
  /// Whether a packet passes the middlebox at a link's end next to the client, if there is one: it
  /// does while its connection is remembered, or if it opens one. One that does not is lost.
  @inline(never)
  mutating func passesMiddlebox(_ packet: Packet, _ index: Int) -> Bool {
    if links[index].blocksDatagrams && isDatagram(packet) {
      return turnAway(packet, .blocked, index)
    }
    guard links[index].keepsState else { return true }
    let connection = Int(packet.connection)
    if let seen = connections[connection].seenAt {
      let hasRebound = links[index].hasRebound(since: seen, at: now)
      if hasRebound || links[index].forgets(seen, isDatagram: isDatagram(packet), at: now) {
        guard opens(packet, hasRebound: hasRebound) else {
          return turnAway(packet, .forgotten, index)
        }
        rebind(connection)
      }
    }
    if packet.sender == .server && port(of: packet) != connections[connection].port {
      return turnAway(packet, .forgotten, index)
    }
    connections[connection].seenAt = now
    if packet.sender == .client { translate(packet) }
    return true
  }

  private mutating func turnAway(_ packet: Packet, _ reason: DropReason, _ index: Int) -> Bool {
    links[index].turnAway(packet, reason, at: now, log: &log)
    lose(packet)
    return false
  }

  /// Whether a packet opens a way where there is none. Any of a client's datagrams does, and of TCP a
  /// SYN; a NAT that has lost its memory takes any segment for that of a connection that it does not
  /// know yet.
  private func opens(_ packet: Packet, hasRebound: Bool) -> Bool {
    guard packet.sender == .client else { return false }
    return isDatagram(packet) || hasRebound || segments[packet.body].flags.contains(.syn)
  }

  private mutating func rebind(_ connection: Int) {
    connections[connection].port &+= 1
    let address = ClientAddress(port: connections[connection].port)
    log.recordMilestone(
      EventRecord(
        time: now, kind: .pathChanged, connection: UInt32(connection), side: .client,
        offset: address.number, detail: PathChange.rebound.rawValue))
  }

  /// The port at the NAT that a packet was sent to.
  private func port(of packet: Packet) -> UInt8 {
    isDatagram(packet) ? datagrams[packet.body].address.port : segments[packet.body].port
  }

  private mutating func translate(_ packet: Packet) {
    let port = connections[Int(packet.connection)].port
    if isDatagram(packet) {
      datagrams[packet.body].address.port = port
    } else {
      segments[packet.body].port = port
    }
  }

  /// Takes a segment from a port at which the server knows no connection: it answers with a reset
  /// (RFC 9293 §3.10.7.1). A SYN opens one there.
  @inline(never)
  mutating func isStranger(_ packet: Packet) -> Bool {
    let (connection, segment) = (Int(packet.connection), segments[packet.body])
    if segment.port == connections[connection].serverPort { return false }
    if segment.flags.contains(.syn) {
      connections[connection].serverPort = segment.port
      return false
    }
    segments.release(packet.body)
    recordAddress(ClientAddress(port: segment.port), of: packet.number, connection, .server)
    let endpoint = connection * 2 + 1
    endpoints[endpoint].logReceived(segment, packet.number, at: now, &log)
    guard let answer = PendingReset(answering: segment)?.answer else { return true }
    let place = segments.insert(answer)
    let known = connections[connection].serverPort
    connections[connection].serverPort = segment.port
    recordAddress(ClientAddress(port: segment.port), of: packetsSent + 1, connection, .server)
    send(place, from: endpoint)
    connections[connection].serverPort = known
    return true
  }

  /// Takes note of an address that is not the connection's first.
  mutating func recordAddress(
    _ address: ClientAddress, identity: UInt32 = 0, of packet: UInt32, _ connection: Int,
    _ side: Side
  ) {
    if address == .first && identity == 0 { return }
    log.record(
      EventRecord(
        time: now, kind: .packetAddress, connection: UInt32(connection), side: side, item: packet,
        offset: address.number, length: identity))
  }
}
