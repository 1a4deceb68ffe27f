import NetSim

/// What lost packets of QUIC cost the streams that had bytes in them, and which others went on: each
/// stream is delivered in its own order (RFC 9000 §2.2).
struct OwnStreamLosses {
  /// A lost packet that held streams.
  private struct Loss {
    let connection: UInt32
    let packet: Int64
    var held: [(stream: UInt32, time: SimDuration)]
    var others: Set<UInt32>
  }

  /// So many losses are told one by one.
  private static let mostSentences = 3

  /// What to say, a sentence a loss; nothing where no connection is QUIC's.
  let sentences: [String]

  /// The losses of `log` that held responses.
  init(_ log: EventLog) {
    var losses: [Loss] = []
    for index in log.connections.indices where log.connections[index].quic != nil {
      losses += Self.losses(log, UInt32(index))
    }
    let isAlone = log.connections.count == 1
    var told = losses.prefix(Self.mostSentences).map { Self.sentence($0, isAlone: isAlone) }
    let rest = losses.dropFirst(Self.mostSentences)
    if !rest.isEmpty {
      let held = rest.flatMap(\.held).reduce(SimDuration.zero) { $0 + $1.time }
      told.append(
        "\(Numbers.count(rest.count, "more lost packet")) held streams "
          + "for \(Numbers.milliseconds(held, digits: 1)) ms.")
    }
    sentences = told
  }

  private static func losses(_ log: EventLog, _ connection: UInt32) -> [Loss] {
    let datagrams = LoggedDatagrams(log, connection: connection)
    var losses: [Loss] = []
    for hold in StreamHolds(log, connection: connection, side: .client, datagrams).holds {
      guard let packet = hold.lost else { continue }
      let place = losses.firstIndex { $0.packet == packet } ?? losses.count
      if place == losses.count {
        losses.append(Loss(connection: connection, packet: packet, held: [], others: []))
      }
      let time = hold.released - hold.since
      if let stream = losses[place].held.firstIndex(where: { $0.stream == hold.stream }) {
        losses[place].held[stream].time = losses[place].held[stream].time + time
      } else {
        losses[place].held.append((hold.stream, time))
      }
      losses[place].others.formUnion(hold.others)
    }
    return losses
  }

  private static func sentence(_ loss: Loss, isAlone: Bool) -> String {
    let held = loss.held.sorted { $0.stream < $1.stream }
    let times = Numbers.list(held.map { Numbers.milliseconds($0.time, digits: 1) })
    let place = isAlone ? "" : " of connection \(loss.connection)"
    let others = loss.others.subtracting(held.map(\.stream)).sorted()
    let rest = others.isEmpty ? "." : "; \(StreamHolds.named(others)) went on."
    return "Lost packet \(loss.packet)\(place) held \(StreamHolds.named(held.map(\.stream))) for "
      + "\(times) ms\(rest)"
  }
}
