import NetSim

/// Packets in, and packets out against what is expected.
extension ScriptDriver {
  mutating func inject(_ packet: ScriptPacket) throws(Stop) {
    note("< \(packet)", at: host.now)
    if let problem = host.receive(packet) { throw failed(problem) }
    try retryWaitingCall()
  }

  /// Takes the packets that make up the one expected, and compares.
  mutating func expect(_ expected: ScriptPacket, _ time: Expectation) throws(Stop) {
    var sent: [SimulatedHost.Sent] = []
    var payload: UInt32 = 0
    repeat {
      guard let next = try nextPacket(until: time.latest) else {
        let text = sent.isEmpty ? "no packet was sent" : "only \(payload) bytes were sent"
        throw failed(text, expected: "\(expected)", actual: texts(sent))
      }
      host.now = max(host.now, next.time)
      if sent.isEmpty { learn(expected, from: next) }
      sent.append(next)
      noteSent(next)
      payload += next.segment.payloadBytes
    } while payload < expected.payload
    if let difference = difference(expected, sent, payload) {
      throw failed(difference, expected: "\(expected)", actual: texts(sent))
    }
    try verify(time, sent, expected)
  }

  private mutating func learn(_ expected: ScriptPacket, from sent: SimulatedHost.Sent) {
    guard let index = sent.connection else { return }
    host.connections[index].learn(expected, from: sent.segment)
  }

  private func packet(_ sent: SimulatedHost.Sent) -> ScriptPacket? {
    sent.connection.map { host.connections[$0].packet(sent.segment) }
  }

  /// A packet that was sent, as a message shows it.
  private func text(_ sent: SimulatedHost.Sent) -> String? {
    guard var packet = packet(sent) else { return nil }
    if packet.mark == .exactly(.notCapable) { packet.mark = nil }
    return packet.description
  }

  private mutating func noteSent(_ sent: SimulatedHost.Sent) {
    if let text = text(sent) { note("> \(text)", at: sent.time) }
  }

  /// The packets with their times, as a message shows them.
  private func texts(_ sent: [SimulatedHost.Sent]) -> [String] {
    sent.compactMap { one in text(one).map { "\(TimeText.seconds(one.time)) \($0)" } }
  }

  // MARK: Time

  private func verify(
    _ time: Expectation, _ sent: [SimulatedHost.Sent], _ expected: ScriptPacket
  ) throws(Stop) {
    guard let earliest = time.earliest, let latest = time.latest, let last = sent.last else {
      return
    }
    let tolerance = host.settings.tolerance(after: earliest - lastEventTime)
    if last.time - earliest >= .zero - tolerance && last.time - latest <= tolerance { return }
    let wanted =
      earliest == latest
      ? TimeText.seconds(earliest)
      : "\(TimeText.seconds(earliest))~\(TimeText.seconds(latest))"
    throw failed(
      "this packet was expected at \(wanted) (± \(TimeText.seconds(tolerance))) and was sent at "
        + TimeText.seconds(last.time), expected: "\(expected)", actual: texts(sent))
  }

  // MARK: Comparison

  /// How the packets that were sent differ from the one expected; nil where they do not.
  ///
  /// Several segments count for one packet with all their payload: its first sequence number is that
  /// of the first segment, everything else is that of the last, as a device would have it that takes
  /// large packets.
  private func difference(
    _ expected: ScriptPacket, _ sent: [SimulatedHost.Sent], _ payload: UInt32
  ) -> String? {
    let packets = sent.compactMap(packet)
    guard packets.count == sent.count, let first = packets.first, var actual = packets.last else {
      return "a packet was sent that belongs to no connection"
    }
    for index in packets.indices.dropFirst() {
      let before = packets[index - 1]
      if packets[index].sequence != before.sequence &+ before.payload {
        return "segments that do not follow each other were sent for one packet"
      }
      if index < packets.count - 1 && packets[index].payload != before.payload {
        return "segments of different lengths were sent for one packet"
      }
      if packets[index].acknowledgement != before.acknowledgement {
        return "segments with different acknowledgements were sent for one packet"
      }
    }
    actual.sequence = first.sequence
    actual.payload = payload
    return difference(expected, actual)
  }

  private func difference(_ expected: ScriptPacket, _ actual: ScriptPacket) -> String? {
    if expected.sequence != actual.sequence {
      return "the sequence number is \(actual.sequence), not \(expected.sequence)"
    }
    if expected.payload != actual.payload {
      return "the payload is \(actual.payload) bytes long, not \(expected.payload)"
    }
    if expected.flags != actual.flags {
      let flags = (ScriptPacket.text(actual.flags), ScriptPacket.text(expected.flags))
      return "the flags are \(flags.0), not \(flags.1)"
    }
    if expected.acknowledgement != actual.acknowledgement {
      return "the acknowledgement is \(actual.acknowledgement), not \(expected.acknowledgement)"
    }
    if let window = expected.window, let sent = actual.window, window != sent {
      return "the window is \(sent), not \(window)"
    }
    if let mark = expected.mark, !matches(mark, actual.mark) {
      return "the congestion mark is another"
    }
    return optionDifference(expected, actual)
  }

  private func matches(
    _ expected: ScriptPacket.CongestionMark, _ actual: ScriptPacket.CongestionMark?
  ) -> Bool {
    guard case .exactly(let codepoint) = actual else { return false }
    return switch expected {
    case .exactly(let wanted): codepoint == wanted
    case .capable: codepoint == .capable0 || codepoint == .capable1
    case .byte(let byte): codepoint.rawValue == byte
    }
  }

  private func optionDifference(_ expected: ScriptPacket, _ actual: ScriptPacket) -> String? {
    guard let wanted = expected.options, let found = actual.options else { return nil }
    let isSame =
      wanted.count == found.count
      && zip(wanted, found).allSatisfy { pair in matches(pair.0, pair.1) }
    return isSame ? nil : "the TCP options are different"
  }

  private func matches(_ expected: ScriptPacket.Option, _ actual: ScriptPacket.Option) -> Bool {
    guard case .timestamps(let wanted, let wantedEcho) = expected,
      case .timestamps(let found, let foundEcho) = actual
    else { return expected == actual }
    if wantedEcho != foundEcho { return false }
    let tick = host.settings.timestampTick
    if tick == .zero { return true }  // packetdrill's default: values are not compared
    let distance = Int64(Int32(bitPattern: found &- wanted)).magnitude
    return tick * Int64(distance) <= host.settings.tolerance(after: host.now - .zero)
  }
}
