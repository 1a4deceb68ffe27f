import NetSim

/// What was under way in one direction of a connection, column by column, as one of its ends can tell.
///
/// At the sender that is what it has sent and not got acknowledged. At the receiver an acknowledgement
/// meets the data that it releases a round trip later: under way is what arrives within one more round
/// trip.
struct FlightEstimate {
  private let sent: [(time: SimTime, end: Int64)]
  private let acknowledged: [(time: SimTime, position: Int64)]
  private let shift: SimDuration

  /// The estimate of what `sender` has under way, seen by the sender or, a round trip off, by its peer.
  init(_ rows: [PacketRow], of sender: Side, seenBy vantage: Side, roundTrip: SimDuration?) {
    var sent: [(SimTime, Int64)] = []
    var acknowledged: [(SimTime, Int64)] = []
    for row in rows {
      if row.sender == sender {
        sent.append((row.time, max(sent.last?.1 ?? 0, row.end)))
      } else if let position = row.acknowledgement {
        acknowledged.append((row.time, max(acknowledged.last?.1 ?? 0, position)))
      }
    }
    self.sent = sent
    self.acknowledged = acknowledged
    shift = vantage == sender ? .zero : roundTrip ?? .zero
  }

  /// The most that was under way in each column of a scale; nil before the first packet.
  func most(_ scale: LaneScale) -> [Int64?] {
    var values = [Int64?](repeating: nil, count: scale.columns)
    var next = (sent: 0, acknowledged: 0)
    var current: (end: Int64, position: Int64) = (0, 0)
    for column in values.indices {
      let end = column == scale.columns - 1 ? SimTime.never : scale.time(ofColumn: column + 1)
      var most: Int64?
      while true {
        let isSent = next.sent < sent.count
        let sentAt = isSent ? sent[next.sent].time + (.zero - shift) : .never
        let isAcknowledged = next.acknowledged < acknowledged.count
        let acknowledgedAt = isAcknowledged ? acknowledged[next.acknowledged].time : .never
        // What stands at the column's beginning counts, too.
        if current.end > 0 { most = max(most ?? 0, current.end - max(1, current.position)) }
        guard min(sentAt, acknowledgedAt) < end else { break }
        if sentAt < acknowledgedAt {
          current.end = sent[next.sent].end
          next.sent += 1
        } else {
          current.position = acknowledged[next.acknowledged].position
          next.acknowledged += 1
        }
      }
      values[column] = most.map { max(0, $0) }
    }
    return values
  }
}
