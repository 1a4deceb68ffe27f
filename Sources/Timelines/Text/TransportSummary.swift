import NetSim

/// What the connections of QUIC did beside sending, in the summary of a run.
struct TransportSummary {
  private struct Seen: Hashable {
    let connection: UInt32
    let type: QUICPacketType
  }

  /// The connections whose client's address changed and was validated.
  private var movers: Set<UInt32> = []
  /// The kinds of packets that were sent on each connection.
  private var seen: Set<Seen> = []

  /// What became of the connections of `log`.
  init(_ log: EventLog) {
    for record in log.records where record.kind == .quicPacketSent || record.kind == .pathChanged {
      if record.kind == .pathChanged {
        let isValidated = record.detail == PathChange.validated.rawValue
        if isValidated && record.side == .server { movers.insert(record.connection) }
        continue
      }
      guard let type = QUICPacketType(rawValue: record.detail) else { continue }
      seen.insert(Seen(connection: record.connection, type: type))
    }
  }

  /// Whether a kind of packets was sent on a connection.
  func has(_ type: QUICPacketType, on connection: Int) -> Bool {
    seen.contains(Seen(connection: UInt32(connection), type: type))
  }

  /// The lines, without their margin.
  var lines: [String] {
    let told: [(type: QUICPacketType, words: String)] = [
      (.retry, "proved the client's address first (Retry)"),
      (.versionNegotiation, "tried another version first"), (.zeroRTT, "sent requests as 0-RTT"),
    ]
    let moved =
      movers.isEmpty
      ? []
      : ["QUIC: \(Numbers.count(movers.count, "connection")) went on from another address"]
    let rest: [String] = told.compactMap { type, words in
      let count = seen.count { $0.type == type }
      return count == 0 ? nil : "QUIC: \(Numbers.count(count, "connection")) \(words)"
    }
    return moved + rest
  }
}
