import NetSim

/// The UDP conversations of a capture, and what of QUIC can be read in them without keys.
struct DatagramFlows {
  private struct Flow {
    /// In the direction of the first datagram.
    var ends: PacketEnds
    var packets: Int64 = 0
    /// Set once a long header was seen.
    var quic: CapturedQUIC?
    var firstInitialNs: Int64?
    /// What came before the first long header: datagrams and bytes, forth and back.
    var earlier = (forth: (Int64, Int64)(0, 0), back: (Int64, Int64)(0, 0))
    var firstNs: Int64
  }

  /// Conversations followed, at most.
  private static let limit = 1 << 18

  private var table = FlowTable()
  private var flows: [Flow] = []

  /// Takes a datagram; a conversation is QUIC's once a long header was seen in it. Gives false where
  /// there are too many conversations.
  mutating func take(_ datagram: borrowing CapturedSegment, looksLikeQUIC: Bool) -> Bool {
    let ends = datagram.ends
    let hash = table.hash(ends)
    let known = table.value(hash) {
      flows[Int($0)].ends == ends || ends.isReverse(of: flows[Int($0)].ends)
    }
    if known == nil {
      guard flows.count < Self.limit else { return false }
      table.insert(UInt32(flows.count), hash: hash)
      flows.append(Flow(ends: ends, firstNs: datagram.timeNs))
    }
    let place = known.map { Int($0) } ?? flows.count - 1
    flows[place].packets += 1
    if looksLikeQUIC || flows[place].quic != nil {
      takeQUIC(datagram, place, isLong: looksLikeQUIC || isGreased(datagram, place))
    } else if flows[place].ends == ends {
      flows[place].earlier.forth.0 += 1
      flows[place].earlier.forth.1 += Int64(datagram.packetLength)
    } else {
      flows[place].earlier.back.0 += 1
      flows[place].earlier.back.1 += Int64(datagram.packetLength)
    }
    return true
  }

  /// Whether a datagram of a QUIC connection begins with a long header whose fixed bit is not set, as it
  /// need not be once both ends have agreed to that (RFC 9287 §3).
  private func isGreased(_ datagram: borrowing CapturedSegment, _ place: Int) -> Bool {
    guard let first = datagram.payload.byte(at: 0), first & 0x80 != 0,
      let version = datagram.payload.uint32(at: 1)
    else { return false }
    return version == flows[place].quic?.version || version == 0
  }

  private mutating func takeQUIC(
    _ datagram: borrowing CapturedSegment, _ place: Int, isLong: Bool
  ) {
    var reader = QUICPacketReader(datagram.payload, shortIDBytes: 0, takesGreasedBit: true)
    var packet = isLong ? (try? reader.next()) ?? nil : nil
    var quic = flows[place].quic ?? opened(datagram, place, packet)
    let isUp =
      Endpoint(address: datagram.ends.source, port: datagram.ends.sourcePort) == quic.client
    let sender: Side = isUp ? .client : .server
    quic.last = max(quic.last, SimTime(nanoseconds: datagram.timeNs))
    quic.datagrams[sentBy: sender] += 1
    quic.bytes[sentBy: sender] += Int64(datagram.packetLength)
    if sender == .server, isLong, quic.answeredAfter == nil,
      let askedNs = flows[place].firstInitialNs
    {
      quic.answeredAfter = SimDuration(nanoseconds: datagram.timeNs - askedNs)
    }
    while let one = packet {
      note(one, from: sender, datagram, place, &quic)
      packet = (try? reader.next()) ?? nil
    }
    flows[place].quic = quic
  }

  /// Notes one packet of a datagram.
  private mutating func note(
    _ packet: QUICPacket, from sender: Side, _ datagram: borrowing CapturedSegment, _ place: Int,
    _ quic: inout CapturedQUIC
  ) {
    switch packet.type {
    case .initial:
      quic.initialPackets[sentBy: sender] += 1
      if sender == .client, flows[place].firstInitialNs == nil {
        flows[place].firstInitialNs = datagram.timeNs
        quic.originalID = [UInt8](datagram.payload.bytes[packet.destination])
      }
    case .zeroRTT: quic.earlyPackets[sentBy: sender] += 1
    case .handshake: quic.handshakePackets[sentBy: sender] += 1
    case .retry: quic.wasRetried = true
    case .versionNegotiation: quic.wasRefused = true
    case .oneRTT, .otherVersion: break
    }
  }

  /// A connection of which the first long header was seen: its Initial packets are padded by the client,
  /// which also has the higher port as a rule.
  private func opened(
    _ datagram: borrowing CapturedSegment, _ place: Int, _ packet: QUICPacket?
  ) -> CapturedQUIC {
    let ends = datagram.ends
    let source = Endpoint(address: ends.source, port: ends.sourcePort)
    let destination = Endpoint(address: ends.destination, port: ends.destinationPort)
    let isFirst = flows[place].packets == 1
    let isUp =
      packet?.type == .initial && isFirst || ends.sourcePort > ends.destinationPort
    let earlier = flows[place].earlier
    let isForth = flows[place].ends == ends
    let (own, other) = isForth ? (earlier.forth, earlier.back) : (earlier.back, earlier.forth)
    let (up, down) = isUp ? (own, other) : (other, own)
    return CapturedQUIC(
      client: isUp ? source : destination, server: isUp ? destination : source,
      version: datagram.payload.uint32(at: 1) ?? 0,
      first: SimTime(nanoseconds: flows[place].firstNs),
      last: SimTime(nanoseconds: datagram.timeNs),
      datagrams: DirectionCounts(up: up.0, down: down.0),
      bytes: DirectionCounts(up: up.1, down: down.1))
  }

  /// Adds the conversations up; gives those of QUIC, in the order of their first datagrams.
  func count(in summary: inout CaptureSummary) -> [CapturedQUIC] {
    for flow in flows {
      if flow.quic != nil {
        summary.quicPackets += flow.packets
        summary.quicConversations += 1
      } else {
        summary.udpPackets += flow.packets
        summary.udpConversations += 1
      }
    }
    return flows.compactMap(\.quic)
  }
}
