import NetSim

/// Makes the bytes of a run's UDP payloads: the headers of their QUIC packets as far as anybody can read
/// them on the way (RFC 9000 §17), and in place of what keys protect, bytes without a meaning. It has to
/// be shown every record in order, because a client addresses its packets by what it has heard.
struct DatagramMaker {
  private let log: EventLog
  private let datagrams: LoggedDatagrams
  private var clients: [Client]
  /// What was in force as a client sent a datagram, by its number.
  private var sent: [UInt32: Client] = [:]

  /// What a client knows of its server.
  private struct Client {
    var destination = Identity.original
    var tokenBytes: Int64
    /// Whether it speaks a version that the server knows.
    var isUnderstood: Bool
  }

  /// Whose connection ID it is, or who made it up.
  private enum Identity: UInt64 {
    /// The client, for a server of which it knows nothing (RFC 9000 §7.2).
    case original
    case client
    case server
    case retry
  }

  /// A version of the pattern that no server knows (RFC 9000 §15).
  private static let unknownVersion: [UInt8] = [0x1A, 0x2A, 0x3A, 0x4A]

  init(_ log: EventLog, _ datagrams: LoggedDatagrams) {
    self.log = log
    self.datagrams = datagrams
    clients = log.connections.map { connection in
      let policy = connection.quic
      return Client(
        tokenBytes: policy?.hasToken ?? false ? policy?.server.tokenBytes ?? 0 : 0,
        isUnderstood: !(policy?.negotiatesVersion ?? false))
    }
  }

  /// Takes a record about a QUIC packet.
  mutating func take(_ record: EventRecord) {
    let connection = Int(record.connection)
    if record.kind == .quicPacketSent && record.side == .client && sent[record.item] == nil {
      sent[record.item] = clients[connection]
    }
    guard record.kind == .quicPacketReceived, record.side == .client else { return }
    switch QUICPacketType(rawValue: record.detail) {
    case .retry:
      clients[connection].destination = .retry
      let bytes = datagrams[record.item]?.packets.first?.bytes ?? 0
      clients[connection].tokenBytes = bytes - Int64(retryBytes(connection, token: 0))
    case .versionNegotiation: clients[connection].isUnderstood = true
    case .initial, .handshake: clients[connection].destination = .server
    case .zeroRTT, .oneRTT, .otherVersion, nil: break
    }
  }

  private func retryBytes(_ connection: Int, token: Int) -> Int {
    let policy = log.connections[connection].quic
    return QUICPacketSize.retry(
      destination: Int(policy?.client.connectionIDBytes ?? 0),
      source: Int(policy?.server.connectionIDBytes ?? 0), token: token)
  }

  /// The UDP payload of a datagram of a connection.
  func payload(of datagram: LoggedDatagram, _ connection: UInt32) -> [UInt8] {
    let original = datagrams.original(of: datagram.item) ?? datagram.item
    let client = sent[original] ?? clients[Int(connection)]
    var bytes: [UInt8] = []
    do {
      for packet in datagram.packets {
        try append(
          packet, of: datagram.sender, connection, client, destination: datagram.identity,
          to: &bytes)
      }
    } catch {
      preconditionFailure("packets have the lengths that the run counted: \(error)")
    }
    return bytes
  }

  private func append(
    _ packet: LoggedDatagram.Packet, of sender: Side, _ connection: UInt32, _ client: Client,
    destination number: UInt32, to bytes: inout [UInt8]
  ) throws(QUICPacketError) {
    let own = identity(.client, connection)
    switch packet.type {
    case .retry:
      let token = Int(packet.bytes) - retryBytes(Int(connection), token: 0)
      try QUICPacketHeader.appendRetry(
        destination: own, source: identity(.retry, connection), token: Self.filler(token),
        tag: Self.filler(QUICPacketSize.retryTag), to: &bytes)
    case .versionNegotiation:
      try QUICPacketHeader.appendVersionNegotiation(
        destination: own, source: identity(.original, connection),
        versions: [QUICPacketHeader.version1], to: &bytes)
    case .initial, .zeroRTT, .handshake, .oneRTT, .otherVersion:
      let server = identity(sender == .client ? client.destination : .server, connection)
      let header = QUICPacketHeader(
        packet.type,
        destination: number > 0
          ? identity(sender == .client ? .server : .client, connection, number)
          : sender == .client ? server : own,
        source: sender == .client ? own : server, number: UInt64(packet.number),
        numberSize: QUICPacketNumber.size(UInt64(packet.number), largestAcknowledged: nil))
      let isFirst = packet.type == .initial && sender == .client
      let start = bytes.count
      try append(
        packet, header, token: isFirst ? Int(client.tokenBytes) : 0, connection, to: &bytes)
      if sender == .client && !client.isUnderstood && packet.type.hasLongHeader {
        bytes.replaceSubrange(start + 1..<start + 5, with: Self.unknownVersion)
      }
    }
  }

  /// A packet with frames: as long as it was, but never too short for its header's protection
  /// (RFC 9001 §5.4.2). Where a run counts content alone, its header comes on top.
  private func append(
    _ packet: LoggedDatagram.Packet, _ header: QUICPacketHeader, token: Int,
    _ connection: UInt32, to bytes: inout [UInt8]
  ) throws(QUICPacketError) {
    let size = QUICPacketSize.header(
      packet.type, destination: header.destination.count, source: header.source.count,
      token: token, numberSize: header.numberSize)
    let countsContent = log.connections[Int(connection)].quic?.client.carriesSegments ?? false
    let counted =
      countsContent ? Int(packet.bytes) + QUICPacketSize.tag : Int(packet.bytes) - size
    let least =
      QUICPacketSize.leastNumberAndFrames + QUICPacketSize.tag - header.numberSize
    let protected = max(counted, least)
    try header.append(token: Self.filler(token), payloadBytes: protected, to: &bytes)
    bytes += Self.filler(protected)
  }

  // MARK: Bytes

  /// What stands for what nobody can read.
  private static func filler(_ count: Int) -> [UInt8] {
    (0..<count).map { StreamContent.pattern[$0 % StreamContent.pattern.count] }
  }

  /// A connection ID, other for each connection and whoever made it up.
  private func identity(
    _ identity: Identity, _ connection: UInt32, _ number: UInt32 = 0
  ) -> QUICConnectionID {
    let policy = log.connections[Int(connection)].quic
    let end = identity == .client ? policy?.client : policy?.server
    let count = UInt64(end?.connectionIDBytes ?? 0)
    let place = UInt64(connection) << 8 | identity.rawValue << 6 | UInt64(number) << 40
    // Any bytes will do that no other has: a multiplicative hash of the place keeps them apart.
    let bytes = (0..<count).map { index in
      UInt8(truncatingIfNeeded: ((place + index + 1) &* 0x9E37_79B9_7F4A_7C15) >> 48)
    }
    return QUICConnectionID(bytes) ?? QUICConnectionID()
  }
}
