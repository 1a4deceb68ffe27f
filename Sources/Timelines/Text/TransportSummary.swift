import NetSim

/// What the connections of QUIC did beside sending, in the summary of a run.
struct TransportSummary {
  /// Connections whose server asked for a token, or for another version.
  private(set) var retries = 0
  private(set) var negotiations = 0
  /// Connections with requests in 0-RTT packets.
  private(set) var early = 0

  /// What became of the connections of `log`, or of one.
  init(_ log: EventLog, connection: Int? = nil) {
    var types: Set<Seen> = []
    for record in log.records where record.kind == .quicPacketSent {
      if let connection, Int(record.connection) != connection { continue }
      types.insert(Seen(connection: record.connection, type: record.detail))
    }
    func count(_ type: QUICPacketType) -> Int { types.count { $0.type == type.rawValue } }
    retries = count(.retry)
    negotiations = count(.versionNegotiation)
    early = count(.zeroRTT)
  }

  private struct Seen: Hashable {
    let connection: UInt32
    let type: UInt8
  }

  /// The lines, without their margin.
  var lines: [String] {
    var lines: [String] = []
    if retries > 0 {
      lines.append("QUIC: \(Self.connections(retries)) proved the client's address first (Retry)")
    }
    if negotiations > 0 {
      lines.append("QUIC: \(Self.connections(negotiations)) tried another version first")
    }
    if early > 0 {
      lines.append("QUIC: \(Self.connections(early)) sent requests as 0-RTT")
    }
    return lines
  }

  private static func connections(_ count: Int) -> String { Numbers.count(count, "connection") }
}
