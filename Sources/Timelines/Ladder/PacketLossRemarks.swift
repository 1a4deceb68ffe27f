import NetSim

/// What senders take for lost, in words: which packets and why, and what was not lost after all.
struct PacketLossRemarks {
  /// A remark at a time.
  struct Remark {
    let time: SimTime
    let text: String
  }

  /// Losses that a sender finds at once for one reason.
  private struct Found {
    let time: SimTime
    let side: Side
    let why: String
    var numbers: [Int64]
  }

  private let datagrams: LoggedDatagrams
  private var found: Found?
  /// The largest number of which each side heard last, and when.
  private var acknowledged: [(time: SimTime, largest: Int64)?] = [nil, nil]

  init(_ datagrams: LoggedDatagrams) { self.datagrams = datagrams }

  /// Takes the records of a connection in order; gives what is complete with one.
  mutating func take(_ record: EventRecord) -> Remark? {
    switch record.kind {
    case .quicPacketLost where record.detail == 0: return lose(record)
    case .quicPacketLost:
      return Remark(
        time: record.time,
        text: "\(DatagramLadder.name(record.side)): \(Numbers.bytes(Int64(record.length)))"
          + " do not get through")
    case .quicPacketSpurious:
      return Remark(
        time: record.time,
        text: "\(DatagramLadder.name(record.side)): \(record.offset) was not lost, only late")
    case .quicPacketReceived:
      if let range = datagrams.packet(record)?.acknowledged.first {
        acknowledged[Int(record.side.rawValue)] = (record.time, range.upperBound - 1)
      }
      return finish()
    default: return finish()
    }
  }

  /// What is not told yet.
  mutating func finish() -> Remark? {
    guard let found else { return nil }
    self.found = nil
    return Remark(
      time: found.time,
      text: "\(DatagramLadder.name(found.side)) finds \(Self.text(found.numbers)) lost: "
        + found.why)
  }

  private mutating func lose(_ record: EventRecord) -> Remark? {
    let why = reason(record)
    if let last = found, last.time == record.time, last.side == record.side, last.why == why {
      found?.numbers.append(record.offset)
      return nil
    }
    defer {
      found = Found(time: record.time, side: record.side, why: why, numbers: [record.offset])
    }
    return finish()
  }

  /// Enough later packets arrived (RFC 9002 §6.1.1), or enough time passed (§6.1.2).
  private func reason(_ record: EventRecord) -> String {
    if let heard = acknowledged[Int(record.side.rawValue)], heard.time == record.time,
      heard.largest >= record.offset + Self.packetThreshold
    {
      return "\(heard.largest) arrived"
    }
    guard let sent = datagrams[record.item]?.time else { return "too late" }
    return Numbers.milliseconds(record.time - sent, digits: 1) + " ms passed"
  }

  /// RFC 9002 §6.1.1: kPacketThreshold.
  private static let packetThreshold: Int64 = 3

  /// "12", "12 and 14", "12…20".
  private static func text(_ numbers: [Int64]) -> String {
    guard let first = numbers.first, let last = numbers.last, numbers.count > 2 else {
      return Numbers.list(numbers.map { "\($0)" })
    }
    return last - first == Int64(numbers.count - 1)
      ? "\(first)…\(last)" : "\(first) … \(last) (\(numbers.count) packets)"
  }
}
