import NetSim

/// Datagrams in words: the QUIC packets in them, and what those carry.
enum DatagramText {
  /// So many ranges of an ACK are named.
  private static let mostRanges = 3

  /// The packets of a datagram; where there are several, each with less. Without `control`, frames are
  /// left out that name no bytes, unless a packet has nothing else.
  static func label(_ datagram: LoggedDatagram, hasControl: Bool = true) -> String {
    if datagram.packets.count == 1, let packet = datagram.packets.first {
      return name(packet) + rest(of: packet, datagram, hasControl: hasControl)
    }
    let isShort = datagram.packets.count > 2
    return datagram.packets.map { packet in
      if isShort && (packet.type == .initial || packet.type == .handshake) { return name(packet) }
      let carried = carried(packet, isBrief: true, hasControl: hasControl)
      let what = carried.isEmpty ? (packet.acknowledged.isEmpty ? "" : " ACK") : " " + carried
      return name(packet) + what
    }.joined(separator: " + ")
  }

  /// The frames of a datagram's packets that name no bytes.
  static func control(_ datagram: LoggedDatagram) -> String {
    datagram.packets.flatMap(control).joined(separator: ", ")
  }

  /// "1-RTT 12"; packets without a number have a name alone.
  static func name(_ packet: LoggedDatagram.Packet) -> String {
    packet.type.hasFrames ? "\(packet.type.name) \(packet.number)" : packet.type.name
  }

  private static func rest(
    of packet: LoggedDatagram.Packet, _ datagram: LoggedDatagram, hasControl: Bool
  ) -> String {
    if packet.triesSize { return " tries \(Numbers.bytes(packet.bytes))" }
    var text = carried(packet, isBrief: false, hasControl: hasControl)
    if !packet.acknowledged.isEmpty {
      text += (text.isEmpty ? "ACK " : " ack ") + ranges(packet.acknowledged)
      if packet.isPureAcknowledgement && packet.acknowledgementDelay >= .microseconds(50) {
        text += " delay " + Numbers.milliseconds(packet.acknowledgementDelay, digits: 1) + " ms"
      }
    }
    if packet.frames.contains(where: { $0.type == .padding }) {
      text += " + padding, " + Numbers.bytes(datagram.bytes)
    }
    return text.isEmpty ? "" : " " + text
  }

  // MARK: Frames

  /// What a packet has but ACK and padding.
  private static func carried(
    _ packet: LoggedDatagram.Packet, isBrief: Bool, hasControl: Bool
  ) -> String {
    let streams = packet.frames.filter { $0.type == .stream }
    var parts = packet.frames.filter { $0.type == .crypto }.map { frame in
      isBrief ? "CRYPTO" : "CRYPTO " + span(frame)
    }
    if !streams.isEmpty { parts.append(Self.streams(streams, isBrief: isBrief)) }
    if hasControl || (parts.isEmpty && !isBrief) { parts += control(packet) }
    return parts.joined(separator: ", ")
  }

  /// "stream 4 1159…2317", "streams 0 end, 4 0…141"; of more their numbers, those for requests first.
  private static func streams(_ frames: [LoggedDatagram.Frame], isBrief: Bool) -> String {
    let all = frames.reduce(into: [UInt32]()) { numbers, frame in
      if !numbers.contains(frame.stream) { numbers.append(frame.stream) }
    }
    let numbers =
      all.filter(StreamHolds.isForRequest) + all.filter { !StreamHolds.isForRequest($0) }
    let noun = numbers.count == 1 ? "stream " : "streams "
    if numbers.count > 2 || (isBrief && numbers.count > 1) {
      return noun + numbers.map { "\($0)" }.joined(separator: ", ")
    }
    return noun
      + numbers.map { number in
        "\(number) "
          + frames.filter { $0.stream == number }.map(piece).joined(separator: " and ")
      }.joined(separator: ", ")
  }

  private static func piece(_ frame: LoggedDatagram.Frame) -> String {
    if frame.length == 0 { return "end" }
    return span(frame) + (frame.isLast ? " end" : "")
  }

  private static func span(_ frame: LoggedDatagram.Frame) -> String {
    "\(frame.start)…\(frame.end - 1)"
  }

  /// The frames that name no bytes, those alike under one name.
  private static func control(_ packet: LoggedDatagram.Packet) -> [String] {
    var parts: [(name: String, count: Int)] = []
    for frame in packet.frames {
      let name = name(frame)
      if name.isEmpty { continue }
      if let last = parts.indices.last, parts[last].name == name {
        parts[last].count += 1
      } else {
        parts.append((name, 1))
      }
    }
    return parts.map { $0.count > 1 ? "\($0.name) ×\($0.count)" : $0.name }
  }

  private static func name(_ frame: LoggedDatagram.Frame) -> String {
    switch frame.type {
    case .padding, .stream, .crypto, .acknowledgement: ""
    case .maxData, .maxStreams: "\(frame.type.name) \(frame.start)"
    case .resetStream, .stopSending, .maxStreamData, .streamDataBlocked:
      "\(frame.type.name) \(frame.stream)"
    case .ping, .newToken, .dataBlocked, .streamsBlocked, .newConnectionID, .retireConnectionID,
      .pathChallenge, .pathResponse, .connectionClose, .applicationClose, .handshakeDone,
      .immediateAcknowledgement, .datagram:
      frame.type.name
    case .acknowledgementFrequency: "\(frame.type.name) \(frame.start + 1)"
    }
  }

  /// "12…14, 17": the lowest first, and of many the highest.
  private static func ranges(_ ranges: [Range<Int64>]) -> String {
    let shown = ranges.prefix(mostRanges).reversed().map { range in
      range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)…\(range.upperBound - 1)"
    }
    return (ranges.count > mostRanges ? "…, " : "") + shown.joined(separator: ", ")
  }
}
