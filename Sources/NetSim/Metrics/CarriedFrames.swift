/// What the datagrams of QUIC connections carried of streams, gathered in one pass over a log.
struct CarriedFrames {
  /// A STREAM frame in a datagram.
  struct Carried {
    let datagram: UInt32
    let sentAt: SimTime
    let stream: UInt32
    let bytes: UInt32
    /// Whether its bytes had been sent before.
    let isRepeated: Bool
  }

  /// By connection and side, in the order of datagrams.
  private var frames: [[Carried]]
  /// The position after the last byte that was sent, by connection and side, then by stream.
  private var ends: [[Int64]]
  /// The datagram that the latest packet of each end left in, and when a probe was due there.
  private var latest: [UInt32]
  private var probedAt: [SimTime?]

  init(connections: Int) {
    frames = Array(repeating: [], count: connections * 2)
    ends = Array(repeating: [], count: connections * 2)
    latest = Array(repeating: 0, count: connections * 2)
    probedAt = Array(repeating: nil, count: connections * 2)
  }

  private func index(_ record: EventRecord) -> Int {
    Int(record.connection) * 2 + Int(record.side.rawValue)
  }

  /// A packet left.
  mutating func takePacket(_ record: EventRecord) { latest[index(record)] = record.item }

  /// A probe was due.
  mutating func takeTimer(_ record: EventRecord) {
    if record.detail == TimerKind.probe.rawValue { probedAt[index(record)] = record.time }
  }

  /// Takes a frame of the latest packet. Returns its datagram, and what made its sender repeat it, where
  /// it carries again what was sent before.
  mutating func takeFrame(_ record: EventRecord) -> (datagram: UInt32, kind: RetransmissionKind)? {
    guard record.detail & 0x7F == QUICItem.Kind.stream.rawValue else { return nil }
    let (index, stream) = (index(record), Int(record.item))
    while ends[index].count <= stream { ends[index].append(0) }
    let end = record.offset + Int64(record.length)
    // An end without bytes comes again where it is sent again; it was not sent before its bytes.
    let isRepeated = record.length > 0 && record.offset < ends[index][stream]
    ends[index][stream] = max(ends[index][stream], end)
    frames[index].append(
      Carried(
        datagram: latest[index], sentAt: record.time, stream: record.item, bytes: record.length,
        isRepeated: isRepeated))
    guard isRepeated else { return nil }
    return (latest[index], probedAt[index] == record.time ? .timeout : .fast)
  }

  /// When the server had sent the last bytes of other streams of requests before a datagram; nil where it
  /// had sent none.
  func othersSent(
    before datagram: UInt32, than stream: UInt32, on connection: UInt32
  ) -> SimTime? {
    let all = frames[Int(connection) * 2 + 1]
    let end = all.partitionIndex { $0.datagram >= datagram }
    return all[..<end].last { $0.bytes > 0 && $0.stream != stream && $0.stream & 3 == 0 }?.sentAt
  }

  /// When the server sent a stream's first bytes.
  func firstSent(of stream: UInt32, on connection: UInt32) -> SimTime? {
    frames[Int(connection) * 2 + 1].first { $0.stream == stream }?.sentAt
  }

  /// What a datagram that a server sent carried of a stream: bytes, and whether any were repeated; nil
  /// where it carried nothing of it.
  func carried(
    by datagram: UInt32, of stream: UInt32, on connection: UInt32
  ) -> (bytes: Int64, isRepeated: Bool)? {
    let all = frames[Int(connection) * 2 + 1]
    var place = all.partitionIndex { $0.datagram >= datagram }
    var found: (bytes: Int64, isRepeated: Bool)?
    while place < all.count && all[place].datagram == datagram {
      if all[place].stream == stream {
        found = (
          (found?.bytes ?? 0) + Int64(all[place].bytes),
          (found?.isRepeated ?? false) || all[place].isRepeated
        )
      }
      place += 1
    }
    return found
  }
}
