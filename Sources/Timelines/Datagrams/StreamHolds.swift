import NetSim

/// What a stream of QUIC waited for because a packet of its own was lost or late, whether bytes behind it
/// had arrived or not; and which streams went on meanwhile.
struct StreamHolds {
  /// A wait of a stream, up to when something of it went on.
  struct Hold {
    let stream: UInt32
    /// When the first of what waited arrived; where nothing did, when the lost packet was due.
    let since: SimTime
    let released: SimTime
    /// Bytes that were delivered at its end, and those of them that had waited.
    let delivered: Int64
    let waited: Int64
    /// The packet whose loss had made the hole; nil where it was only late.
    let lost: Int64?
    /// The streams for requests of which something was delivered meanwhile.
    let others: [UInt32]
  }

  /// In the order of their ends.
  private(set) var holds: [Hold] = []

  /// The waits at one end of a connection of `log`.
  init(_ log: EventLog, connection: UInt32, side: Side, _ datagrams: LoggedDatagrams) {
    var last: UInt32 = 0
    var since: [UInt32: SimTime] = [:]
    var waiting: [UInt32: Int64] = [:]
    var deliveries: [(time: SimTime, stream: UInt32)] = []
    for record in log.records where record.connection == connection && record.side == side {
      let stream = record.item
      if record.kind == .quicPacketReceived {
        last = record.item
      } else if record.kind == .streamBuffered {
        since[stream] = since[stream] ?? record.time
        waiting[stream, default: 0] += Int64(record.length)
      } else if record.kind == .streamDelivered {
        defer { if Self.isForRequest(stream) { deliveries.append((record.time, stream)) } }
        let cause = datagrams[last]
        let delivered = Int64(record.length)
        let waited = delivered - (cause?.payload(of: stream) ?? 0)
        let again = cause?.repeated(of: stream)
        let due = again.flatMap { datagrams.wasDue($0, of: side.peer) }
        guard let begun = since[stream] ?? due, waited > 0 || since[stream] == nil,
          begun < record.time
        else { continue }
        let others = deliveries.filter {
          $0.time >= begun && $0.time < record.time && $0.stream != stream
        }
        let lost = again ?? cause?.repeated.first
        holds.append(
          Hold(
            stream: stream, since: begun, released: record.time, delivered: delivered,
            waited: max(waited, 0), lost: lost,
            others: Set(others.map(\.stream)).sorted()))
        waiting[stream, default: 0] -= max(waited, 0)
        since[stream] = waiting[stream, default: 0] > 0 ? record.time : nil
      }
    }
  }

  /// Whether a client opened a stream for a request (RFC 9000 §2.1).
  static func isForRequest(_ stream: UInt32) -> Bool { stream & 3 == 0 }

  /// "stream 4", "streams 0 and 8".
  static func named(_ streams: [UInt32]) -> String {
    (streams.count == 1 ? "stream " : "streams ") + Numbers.list(streams.map { "\($0)" })
  }
}
