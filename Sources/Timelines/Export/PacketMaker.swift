import NetSim

/// Makes the bytes of a run's packets. It has to be shown every record in order, because a packet's
/// identification, hops and content follow from what happened before.
struct PacketMaker {
  private let log: EventLog
  private let ends: [ConnectionEnds]
  /// What each sender's next packet is numbered, two for each connection: the client's, the
  /// server's. Hosts count for each connection from a place of its own, as Linux does.
  private var nextIdentifications: [UInt16]
  private var identifications: [UInt16]
  /// Which packets a queue has marked.
  private var marked: Set<UInt32> = []
  /// The clients' addresses that packets have, where those are not their connections' first.
  private var addresses: [UInt32: ClientAddress] = [:]
  /// How many links each packet has crossed.
  private var linksCrossed: [UInt8]
  /// What flows, two for each connection: from the client, from the server.
  private var streams: [StreamContent]
  private let answers: AnsweredRequests
  /// Datagrams, which have no sequence.
  private let datagrams: LoggedDatagrams
  private var payloads: DatagramMaker

  /// What a Linux host sends packets with.
  private static let initialHopLimit: UInt8 = 64

  init(_ log: EventLog, ends: [ConnectionEnds]) {
    self.log = log
    self.ends = ends
    answers = AnsweredRequests(log)
    datagrams = LoggedDatagrams(log)
    // What the server's side sees comes later, and is more.
    for record in log.records where record.kind == .packetAddress {
      addresses[record.item] = ClientAddress(number: record.offset)
    }
    payloads = DatagramMaker(log, datagrams)
    // Any start will do; a multiplicative hash keeps the connections apart.
    nextIdentifications = (0..<UInt32(log.connections.count * 2)).map {
      UInt16(truncatingIfNeeded: (($0 &+ 1) &* 0x9E37_79B1) >> 16)
    }
    identifications = [UInt16](repeating: 0, count: log.segmentHeaders.count)
    linksCrossed = [UInt8](repeating: 0, count: log.segmentHeaders.count)
    streams = log.connections.indices.flatMap { index in
      [Side.client, .server].map {
        FrameContent.stream(log, connection: UInt32(index), from: $0)
      }
    }
  }

  /// Takes a record, before `packet` is asked about it.
  mutating func take(_ record: EventRecord) {
    switch record.kind {
    case .segmentSent:
      let sender = Self.slot(record.connection, record.side)
      identify(record.item, from: sender)
    case .quicPacketSent:
      if isFirst(record) { identify(record.item, from: Self.slot(record.connection, record.side)) }
      payloads.take(record)
    case .quicPacketReceived: payloads.take(record)
    case .packetArrived:
      let index = Int(record.item) - 1
      if linksCrossed[index] < .max { linksCrossed[index] += 1 }
    case .packetMarked: marked.insert(record.item)
    case .packetDuplicated:
      if marked.contains(UInt32(truncatingIfNeeded: record.offset)) { marked.insert(record.item) }
      let (copy, packet) = (Int(record.item) - 1, Int(record.offset) - 1)
      identifications[copy] = identifications[packet]
      linksCrossed[copy] = linksCrossed[packet]
    // What TLS protects nobody can read: its bytes are those of a raw stream. HTTP/2's frames are there
    // from the beginning.
    case .requestSent where !isMessage(record), .responseSent where !isMessage(record):
      break
    case .requestSent:
      let request = log.requests[Int(record.item)]
      streams[Self.slot(record.connection, .client)].append(
        .request(request, on: log.connections[Int(record.connection)], at: record.offset))
    case .responseSent where streams[Self.slot(record.connection, .server)].covers(record.offset):
      break  // more of the response before
    case .responseSent:
      streams[Self.slot(record.connection, .server)].append(answers.message(record))
    case .packetEnqueued, .packetDequeued, .packetDropped, .segmentReceived,
      .segmentAcknowledgement, .segmentSACK,
      .segmentRetransmission, .segmentSpurious, .segmentDeclaredLost, .timerFired,
      .congestionWindow, .slowStartThreshold, .congestionPhase, .roundTripSample, .sendLimited,
      .bytesBuffered, .bytesDelivered, .connectionOpened, .connectionEstablished,
      .connectionClosed, .connectionReset, .connectionFailed, .requestQueued, .requestReceived,
      .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
      .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
      .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
      .quicFrame, .quicPacketLost, .quicPacketSpurious,
      .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
      .packetAddress, .pathChanged:
      break
    }
  }

  private mutating func identify(_ packet: UInt32, from sender: Int) {
    identifications[Int(packet) - 1] = nextIdentifications[sender]
    nextIdentifications[sender] &+= 1
  }

  private func isMessage(_ record: EventRecord) -> Bool {
    let connection = log.connections[Int(record.connection)]
    return connection.tls == nil && !connection.application.hasStreams
  }

  // MARK: Where packets are seen

  /// Whether the host on a side sends a packet with the record at a place of the log, or receives one;
  /// nil where it does neither.
  func isOutbound(_ record: EventRecord, at index: Int, seenBy side: Side) -> Bool? {
    switch record.kind {
    case .segmentSent where record.side == side: true
    case .segmentReceived where record.side == side: false
    case .quicPacketSent where record.side == side && isFirst(record): true
    case .packetArrived where reaches(side, record, at: index): false
    default: nil
    }
  }

  /// Whether a QUIC packet is the first of its datagram.
  private func isFirst(_ record: EventRecord) -> Bool {
    guard let first = datagrams[record.item]?.packets.first else { return false }
    return first.type.rawValue == record.detail && first.number == record.offset
  }

  /// Whether a datagram ends its way.
  private func reaches(_ side: Side, _ record: EventRecord, at index: Int) -> Bool {
    guard let datagram = datagrams[record.item] else { return false }
    return datagram.sender != side && datagram.arrival == index && !datagram.isLost
  }

  /// The IP packet of a record with which a packet is seen, as it is at that host.
  func packet(_ record: EventRecord) -> [UInt8] {
    guard let datagram = datagrams[record.item] else { return segment(record) }
    let isArrival = record.kind == .packetArrived
    let viewer = isArrival ? datagram.sender.peer : datagram.sender
    let from = end(datagram.sender, of: record, seenBy: viewer)
    let to = end(datagram.sender.peer, of: record, seenBy: viewer)
    do {
      var bytes: [UInt8] = []
      try UDPHeader(sourcePort: from.port, destinationPort: to.port).write(
        payload: payloads.payload(of: datagram, record.connection), source: from.address,
        destination: to.address, to: &bytes)
      return try packet(
        record.item, from, to, transport: IPProtocol.udp, isArrival: isArrival, bytes)
    } catch {
      preconditionFailure("lengths are checked before: \(error)")
    }
  }

  /// The address and port of a packet's end, as those see them who are on a side of the NATs.
  private func end(
    _ side: Side, of record: EventRecord, seenBy viewer: Side
  ) -> ConnectionEnds.End {
    let end = ends[Int(record.connection)][side]
    guard side == .client, let address = addresses[record.item] else { return end }
    return end.changed(to: viewer == .client ? address.own : address)
  }

  /// The IP packet of a `segmentSent` or `segmentReceived` record.
  private func segment(_ record: EventRecord) -> [UInt8] {
    let sender = record.kind == .segmentSent ? record.side : record.side.peer
    let from = end(sender, of: record, seenBy: record.side)
    let to = end(sender.peer, of: record, seenBy: record.side)
    let index = Int(record.item) - 1
    let fields = log.segmentHeaders[index]
    let flags = TCPFlags(rawValue: record.detail)
    // Data that goes with a SYN comes after it (RFC 7413).
    let start = record.offset + (flags.contains(.syn) ? 1 : 0)
    let payload = streams[Self.slot(record.connection, sender)]
      .bytes(at: start, count: Int(record.length))
    let header = TCPHeader(
      sourcePort: from.port, destinationPort: to.port, sequence: fields.sequence,
      acknowledgement: fields.acknowledgement, flags: flags,
      window: fields.window, options: fields.options)
    do {
      var segment: [UInt8] = []
      try header.write(
        payload: payload, source: from.address, destination: to.address, to: &segment)
      return try packet(
        record.item, from, to, transport: IPProtocol.tcp,
        isArrival: record.kind == .segmentReceived, segment)
    } catch {
      preconditionFailure("lengths are checked before: \(error)")
    }
  }

  /// An IP packet as it leaves or arrives.
  private func packet(
    _ item: UInt32, _ from: ConnectionEnds.End, _ to: ConnectionEnds.End, transport: UInt8,
    isArrival: Bool, _ payload: [UInt8]
  ) throws(WireError) -> [UInt8] {
    let index = Int(item) - 1
    // A router stands between each two links and takes one hop (RFC 1812 §5.3.1).
    let hops = max(linksCrossed[index], 1) - 1
    var packet: [UInt8] = []
    packet.reserveCapacity(20 + payload.count)
    try IPv4Header(
      source: from.address, destination: to.address, transport: transport,
      identification: identifications[index],
      hopLimit: Self.initialHopLimit - min(hops, Self.initialHopLimit - 1),
      codepoint: marked.contains(item) && isArrival
        ? .congestionExperienced : log.segmentHeaders[index].codepoint
    ).write(payloadLength: payload.count, to: &packet)
    return packet + payload
  }

  private static func slot(_ connection: UInt32, _ sender: Side) -> Int {
    Int(connection) * 2 + Int(sender.rawValue)
  }
}
