import NetSim

/// TLS records of responses whose beginning was delivered long before their end: what lies in a record
/// can be read only when the record is whole (RFC 8446 §5.2).
///
/// The log has no records' boundaries; they follow from what the server wrote at once and from the
/// largest record. Only waits that mean something are told: those for a hole, and the first few for
/// the sender's next round.
struct RecordWaits {
  /// A record, or several that became whole together after the first of them had waited.
  struct Wait {
    /// The packet after whose delivery nothing came for a while, and how much of the record was there.
    var packet: UInt32
    var bytesThere: Int64
    /// The bytes of the record on the wire.
    var recordBytes: Int64
    var since: SimTime
    /// When it was whole, by which packet, and what could be read then.
    var end: SimTime
    var lastPacket: UInt32
    var readable: Int64
    var count = 1
  }

  /// A wait that no hole brought about is told so often on a connection.
  private static let mostRounds = 3

  private(set) var waits: [Wait] = []

  /// What has come of a record that is not whole.
  private struct Part {
    var first: SimTime
    var last: EventRecord
    var there: Int64
    /// Before the longest pause between two of its segments.
    var pause = SimDuration.zero
    var packet: UInt32 = 0
    var before: Int64 = 0

    /// The next delivery comes: notes the pause before it, if it is the longest.
    mutating func note(_ delivery: EventRecord) {
      let gap = delivery.time - last.time
      guard gap > pause else { return }
      (pause, packet, before) = (gap, last.item, there)
    }
  }

  /// The waits of a connection's records for its client; none without TLS, without a round-trip
  /// time, and in captures.
  init(_ log: EventLog, connection: UInt32, roundTrip: SimDuration?) {
    // A capture's writes are not known, and those of HTTP/2 are not told by responses.
    guard log.linkCount > 0, !log.connections[Int(connection)].application.hasStreams,
      let tls = log.connections[Int(connection)].tls, let roundTrip
    else { return }
    let own = log.records.filter { $0.connection == connection }
    let form = TLSRecords(isVersion13: tls.mode.isVersion13)
    let ends = Self.records(own, form)
    let deliveries = own.filter { $0.kind == .bytesDelivered && $0.side == .client }
    let repeats = Set(own.filter { $0.kind == .segmentRetransmission }.map(\.item))
    let pause = max(roundTrip / 4, Self.spacing(deliveries) * 3)
    var next = 0
    var part: Part?
    var rounds = 0
    for delivery in deliveries {
      let end = delivery.offset + Int64(delivery.length)
      part?.note(delivery)
      let first = next
      while next < ends.count && ends[next].end <= end { next += 1 }
      if next > first, let whole = part {
        part = nil
        let isHole = repeats.contains(delivery.item)
        if whole.pause > pause && (isHole || rounds < Self.mostRounds) {
          rounds += isHole ? 0 : 1
          waits.append(Self.wait(whole, ends[first..<next], delivery, form))
        }
      }
      guard next < ends.count, ends[next].start < end else { continue }
      let there = end - ends[next].start
      part = part ?? Part(first: delivery.time, last: delivery, there: there)
      part?.last = delivery
      part?.there = there
    }
  }

  private static func wait(
    _ part: Part, _ records: ArraySlice<(start: Int64, end: Int64)>, _ delivery: EventRecord,
    _ form: TLSRecords
  ) -> Wait {
    let first = records[records.startIndex]
    return Wait(
      packet: part.packet, bytesThere: part.before, recordBytes: first.end - first.start,
      since: part.first, end: delivery.time, lastPacket: delivery.item,
      readable: records.reduce(0) { $0 + $1.end - $1.start - form.overhead },
      count: records.count)
  }

  /// The records of what the server wrote for responses, in order.
  private static func records(
    _ own: [EventRecord], _ form: TLSRecords
  ) -> [(start: Int64, end: Int64)] {
    var records: [(start: Int64, end: Int64)] = []
    let most = form.firstRecord(of: TLSRecords.mostPlaintext)
    for write in own where write.kind == .responseSent {
      var start = write.offset
      let end = start + Int64(write.length)
      while start < end {
        records.append((start, min(start + most, end)))
        start += most
      }
    }
    return records
  }

  /// The time between two deliveries in the middle of all.
  private static func spacing(_ deliveries: [EventRecord]) -> SimDuration {
    let times = zip(deliveries, deliveries.dropFirst()).map { $1.time - $0.time }
      .filter { $0 > .zero }.sorted()
    return times.isEmpty ? .zero : times[times.count / 2]
  }

  // MARK: On the ladder

  /// Marks the rows after which a record waited, and adds what is said below them.
  func mark(_ rows: inout [LadderRow]) {
    for wait in waits {
      let there = "\(Numbers.grouped(wait.bytesThere)) of \(Numbers.bytes(wait.recordBytes))"
      if let index = rows.firstIndex(where: { $0.packet == wait.packet }), rows[index].note.isEmpty
      {
        rows[index].note = "record"
      }
      rows.put(Self.remark("record: \(there), none of it readable", below: wait.packet))
      let records = wait.count == 1 ? "record" : "\(wait.count) records"
      let time = Numbers.milliseconds(wait.end - wait.since, digits: 1)
      rows.put(
        Self.remark(
          "\(records) whole after \(time) ms: \(Numbers.bytes(wait.readable)) readable",
          below: wait.lastPacket))
    }
  }

  private static func remark(_ text: String, below packet: UInt32) -> LadderRow {
    LadderRow(time: .zero, direction: .toServer, kind: .remark, label: text, packet: packet)
  }
}
