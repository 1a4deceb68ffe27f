import NetSim

/// Packets of the script into segments of the machine, and back.
extension HostConnection {
  /// Why a packet of the script cannot be made.
  struct Failure: Error { var message: String }

  /// The segment that a packet of the script stands for.
  func segment(_ packet: ScriptPacket, scalesEchoes: Bool) throws(Failure) -> Segment {
    let isSYN = packet.flags.contains(.syn)
    var segment = Segment(
      sequence: wire(peer: packet.sequence, isSYN: isSYN),
      acknowledgement: packet.flags.contains(.ack)
        ? wire(own: packet.acknowledgement, isSYN: isSYN) : SequenceNumber(0),
      flags: packet.flags, window: packet.window ?? 0, payloadBytes: packet.payload)
    switch packet.mark {
    case .exactly(let codepoint): segment.codepoint = codepoint
    case .byte(let byte): segment.codepoint = CongestionCodepoint(rawValue: byte & 3) ?? .notCapable
    case .capable, nil: break
    }
    for option in packet.options ?? [] {
      try apply(option, to: &segment, scalesEchoes: scalesEchoes)
    }
    return segment
  }

  private func apply(
    _ option: ScriptPacket.Option, to segment: inout Segment, scalesEchoes: Bool
  ) throws(Failure) {
    switch option {
    case .noOperation, .end, .fastOpen: break
    case .maximumSegmentSize(let bytes): segment.maximumSegmentSize = bytes
    case .windowScale(let shift): segment.windowScalePlusOne = min(shift, 14) + 1  // RFC 7323 §2.3
    case .permitsSACK: segment.permitsSACK = true
    case .timestamps(let value, let echo):
      segment.hasTimestamps = true
      segment.timestampValue = value
      if segment.flags.contains(.ack) {
        segment.timestampEcho = try wire(echo: echo, scalesEchoes: scalesEchoes)
      }
    case .sack(let ranges):
      for range in ranges.prefix(Segment.maximumSACKBlocks) {
        segment.sackBlocks[Int(segment.sackCount)] = Segment.Block(
          start: wire(own: range.start, isSYN: false), end: wire(own: range.end, isSYN: false))
        segment.sackCount += 1
      }
    }
  }

  private func wire(echo: UInt32, scalesEchoes: Bool) throws(Failure) -> UInt32 {
    if let actual = timestamps[echo] { return actual }
    if scalesEchoes, let timestampBase {
      return echo &- timestampBase.script &+ timestampBase.actual
    }
    throw Failure(
      message: "TS ecr \(echo) echoes a timestamp that was never expected in a packet before")
  }

  /// Tells the cutting into pieces what a segment of the peer acknowledges selectively.
  mutating func noteEdges(of segment: Segment) {
    for index in 0..<Int(segment.sackCount) {
      offload.sawEdge(machine.position(ofOwn: segment.sackBlocks[index].start))
      offload.sawEdge(machine.position(ofOwn: segment.sackBlocks[index].end))
    }
  }

  /// What the script would call a segment that this connection sent. Timestamps are those of the
  /// machine where the script has named none yet.
  func packet(_ segment: Segment) -> ScriptPacket {
    let isSYN = segment.flags.contains(.syn)
    var packet = ScriptPacket(
      mark: .exactly(segment.codepoint), flags: segment.flags,
      sequence: script(own: segment.sequence, isSYN: isSYN), payload: segment.payloadBytes)
    if segment.flags.contains(.ack) {
      packet.acknowledgement = script(peer: segment.acknowledgement, isSYN: isSYN)
    }
    packet.window = segment.window
    packet.options = options(segment)
    return packet
  }

  /// The options in the order that Linux gives them.
  private func options(_ segment: Segment) -> [ScriptPacket.Option] {
    var options: [ScriptPacket.Option] = []
    let isSYN = segment.flags.contains(.syn)
    if segment.maximumSegmentSize > 0 {
      options.append(.maximumSegmentSize(segment.maximumSegmentSize))
    }
    if segment.hasTimestamps {
      options += isSYN && segment.permitsSACK ? [.permitsSACK] : [.noOperation, .noOperation]
      options.append(
        .timestamps(value: script(timestamp: segment.timestampValue), echo: segment.timestampEcho))
    } else if segment.permitsSACK {
      options += [.noOperation, .noOperation, .permitsSACK]
    }
    if segment.windowScalePlusOne > 0 {
      options += [.noOperation, .windowScale(segment.windowScalePlusOne - 1)]
    }
    if segment.sackCount > 0 {
      let ranges = (0..<Int(segment.sackCount)).map { index in
        ScriptPacket.Range(
          start: script(peer: segment.sackBlocks[index].start, isSYN: false),
          end: script(peer: segment.sackBlocks[index].end, isSYN: false))
      }
      options += [.noOperation, .noOperation, .sack(ranges)]
    }
    return options
  }

  private func script(timestamp: UInt32) -> UInt32 {
    guard let timestampBase else { return timestamp }
    return timestamp &- timestampBase.actual &+ timestampBase.script
  }

  /// Learns what the script calls the numbers of a packet that it expects and that was sent.
  mutating func learn(_ expected: ScriptPacket, from segment: Segment) {
    if expected.flags.contains(.syn) { scriptSequence = expected.sequence }
    guard segment.hasTimestamps else { return }
    for option in expected.options ?? [] {
      guard case .timestamps(let value, _) = option else { continue }
      timestamps[value] = segment.timestampValue
      if timestampBase == nil { timestampBase = (value, segment.timestampValue) }
    }
  }
}
