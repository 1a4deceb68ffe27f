/// Packets on their way.
extension Simulator {
  /// Sends a segment that an endpoint has polled, as the next packet.
  mutating func send(_ segment: Segment, from endpoint: Int) {
    packetsSent += 1
    let side = endpoints[endpoint].side
    let connection = endpoint / 2
    let bytes = segment.ipBytes
    let packet = Packet(
      number: packetsSent, connection: UInt32(connection), body: segments.insert(segment),
      ipBytes: bytes, payloadBytes: segment.payloadBytes, hop: 0, sender: side,
      isPureAcknowledgement: segment.isPureAcknowledgement)
    connections[connection].totals.packets[sentBy: side] += 1
    connections[connection].totals.bytes[sentBy: side] += Int64(bytes)
    if log.level == .everything {
      log.recordHeader(segment.header)
      endpoints[endpoint].logSent(segment, packetsSent, at: now, &log)
    }
    forward(packet)
  }

  /// Lets a packet enter the next link of its path, or hands it to the host at the path's end.
  mutating func forward(_ packet: Packet) {
    let route = routes[connections[Int(packet.connection)].path * 2 + Int(packet.sender.rawValue)]
    guard Int(packet.hop) < route.count else {
      arrive(packet)
      return
    }
    let index = Int(hops[route.first + Int(packet.hop)])
    let wasIdle = links[index].nextArrival == .never
    let sequence = links[index].losesBySequence ? relativeSequence(of: packet) : nil
    if links[index].enter(packet, sequence: sequence, at: now, log: &log) {
      if wasIdle { queue.schedule(Target(.link, index).rawValue, at: links[index].nextArrival) }
    } else {
      connections[Int(packet.connection)].totals.lost[sentBy: packet.sender] += 1
      _ = segments.remove(at: packet.body)
    }
  }

  /// The span of a packet in its direction's sequence numbers: the SYN is 0.
  private func relativeSequence(of packet: Packet) -> Range<Int64> {
    let segment = segments[packet.body]
    let endpoint = Int(packet.connection) * 2 + (packet.sender == .client ? 0 : 1)
    let start = segment.sequence.offset(
      from: endpoints[endpoint].initialSequence, near: endpoints[endpoint].sendUnacknowledged)
    return start..<start + Int64(segment.sequenceLength)
  }

  /// The first packet of a link has reached the far end.
  mutating func deliver(from index: Int) {
    var packet = links[index].takeArrival(log: &log)
    let next = links[index].nextArrival
    if next != .never { queue.schedule(Target(.link, index).rawValue, at: next) }
    packet.hop += 1
    forward(packet)
  }
}
