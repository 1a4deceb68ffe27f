import NetSim

/// What lost packets cost streams that had no byte in them: TCP hands over nothing behind a hole
/// (RFC 9113 §9.1 leaves that to the transport).
struct StreamLosses {
  /// A lost packet that held streams of which it carried nothing.
  private struct Loss {
    let connection: UInt32
    /// Whose bytes it carried.
    let own: [UInt32]
    /// Who waited, and how long, by the numbers of streams.
    var held: [(stream: UInt32, time: SimDuration)]
  }

  /// So many losses are told one by one.
  private static let mostSentences = 3
  /// So many streams are named in one sentence.
  private static let mostNames = 3

  /// What to say, a sentence a loss; nothing where no connection has streams.
  let sentences: [String]

  /// The losses of `log` that held requests of `reports`.
  init(_ reports: [RequestReport], log: EventLog) {
    guard log.connections.contains(where: { $0.application == .http2 }) else {
      sentences = []
      return
    }
    var losses: [Loss] = []
    for index in log.connections.indices where log.connections[index].application == .http2 {
      let connection = UInt32(index)
      losses += Self.losses(reports.filter { $0.connection == connection }, log, connection)
    }
    let isAlone = log.connections.count == 1
    var told = losses.prefix(Self.mostSentences).map { Self.sentence($0, isAlone: isAlone) }
    let rest = losses.dropFirst(Self.mostSentences)
    if !rest.isEmpty {
      let held = rest.flatMap(\.held).reduce(SimDuration.zero) { $0 + $1.time }
      told.append(
        "\(Numbers.count(rest.count, "more lost packet")) held other streams "
          + "for \(Numbers.milliseconds(held, digits: 1)) ms.")
    }
    sentences = told
  }

  // MARK: Losses

  private static func losses(
    _ reports: [RequestReport], _ log: EventLog, _ connection: UInt32
  ) -> [Loss] {
    let streams = StreamRequests(log, connection: connection)
    let holes = Hole.all(log, connection: connection)
    return holes.compactMap { hole in
      let own = streams.streams(.server, from: hole.start, to: hole.end)
      if own.isEmpty { return nil }
      var held: [(stream: UInt32, time: SimDuration)] = []
      for report in reports {
        guard let stream = log.requests[Int(report.request)].stream, !own.contains(stream)
        else { continue }
        let time = report.intervals.reduce(SimDuration.zero) { sum, interval in
          let isHeld = interval.cause == .transportGap || interval.cause == .timeout
          return isHeld && hole.covers(interval) ? sum + (interval.end - interval.start) : sum
        }
        if time > .zero { held.append((stream, time)) }
      }
      if held.isEmpty { return nil }
      return Loss(
        connection: connection, own: own, held: held.sorted { $0.stream < $1.stream })
    }
  }

  /// Bytes that the client had to wait for, because the packet that brought them was lost.
  private struct Hole {
    let start: Int64
    let end: Int64
    /// When the delivery before it was, and when it was filled.
    let since: SimTime
    let filled: SimTime

    /// The waits that end with it are those that end after the delivery before.
    func covers(_ interval: CauseInterval) -> Bool {
      interval.end > since && interval.end <= filled
    }

    /// The holes in what a connection's server sent, in order.
    static func all(_ log: EventLog, connection: UInt32) -> [Hole] {
      var sent: [UInt32: EventRecord] = [:]
      var lost: [EventRecord] = []
      var holes: [Hole] = []
      var last = SimTime.zero
      for record in log.records where record.connection == connection {
        if record.kind == .segmentSent && record.side == .server && record.length > 0 {
          sent[record.item] = record
        } else if record.kind == .packetDropped, let segment = sent[record.item] {
          lost.append(segment)
        } else if record.kind == .bytesDelivered && record.side == .client {
          if let hole = lost.first(where: { $0.covers(record.offset) }) {
            let end = hole.offset + Int64(hole.length)
            holes.append(Hole(start: hole.offset, end: end, since: last, filled: record.time))
          }
          last = record.time
        }
      }
      return holes
    }
  }

  // MARK: Words

  private static func sentence(_ loss: Loss, isAlone: Bool) -> String {
    let place = isAlone ? "" : " of connection \(loss.connection)"
    let packet = "One lost packet of \(named(loss.own))\(place) held "
    if loss.held.count <= mostNames {
      let times = loss.held.map { Numbers.milliseconds($0.time, digits: 1) }
      return packet + named(loss.held.map(\.stream)) + " for " + Numbers.list(times) + " ms."
    }
    let times = loss.held.map(\.time).sorted()
    return packet + "\(loss.held.count) other streams for "
      + "\(Numbers.milliseconds(times[0], digits: 1)) to "
      + "\(Numbers.milliseconds(times[times.count - 1], digits: 1)) ms."
  }

  private static func named(_ streams: [UInt32]) -> String {
    (streams.count == 1 ? "stream " : "streams ") + Numbers.list(streams.map { "\($0)" })
  }
}

extension EventRecord {
  /// Whether a position lies in the span of a segment.
  fileprivate func covers(_ position: Int64) -> Bool {
    offset <= position && position < offset + Int64(length)
  }
}
