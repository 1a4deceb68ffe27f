/// What is outstanding: the segments that were sent and not acknowledged cumulatively, in order,
/// with what is known of each (RFC 6675 §3).
///
/// Counts are in segments, as Linux counts them.
struct Scoreboard {
  /// One outstanding segment.
  struct Entry {
    /// Its first position, as a relative sequence number.
    var start: Int64
    /// The position after its last.
    var end: Int64
    /// When it was sent last, and which of all sendings that was, from 1.
    var sentAt: SimTime
    var sending: Int
    /// How often it was sent.
    var transmissions: UInt16 = 1
    /// Whether the receiver reported that it has it.
    var isSACKed = false
    /// The absolute number up to which the entries after this one are known to be SACKed too; counts
    /// only where this one is.
    var sackedThrough = 0
    /// Whether it is taken for lost; cleared by nothing but its acknowledgement.
    var isLost = false
    /// Whether it was sent again since it was taken for lost.
    var isRetransmitted = false
  }

  /// What an acknowledgement changed.
  struct Update {
    /// Segments acknowledged for the first time, cumulatively or selectively.
    var newlyAcknowledged: UInt32 = 0
    /// When the first and the last of the segments were sent that are cumulatively acknowledged, and
    /// of those that are newly SACKed; nil where there is none that was sent only once.
    var firstAcknowledged: SimTime?
    var lastAcknowledged: SimTime?
    var firstSACKed: SimTime?
    var lastSACKed: SimTime?
    /// Whether any of those covered by the cumulative acknowledgement was sent more than once
    /// (Karn's rule, RFC 6298 §3).
    var sawRetransmission = false
    /// Whether a segment was delivered that was sent only once, before the time-out.
    var sawOriginal = false
    /// Whether anything was newly SACKed.
    var sawSACK = false
    /// What recent acknowledgement knows, brought up to date with each segment delivered.
    var rack: RACK
    /// When the acknowledgement arrived, and the least round trip before it.
    let time: SimTime
    let minimumRTT: SimDuration?

    /// The delivered segment that was sent last, with what it remembers.
    var latest = DeliveryRate.Choice()

    /// The point of the recovery that is under way.
    private let recoveryPoint: Int64

    init(_ rack: RACK, at time: SimTime, minimumRTT: SimDuration?, recoveryPoint: Int64) {
      self.rack = rack
      self.time = time
      self.minimumRTT = minimumRTT
      self.recoveryPoint = recoveryPoint
    }

    /// A segment is acknowledged for the first time, cumulatively.
    mutating func acknowledged(_ entry: Entry) {
      delivered(entry)
      guard entry.transmissions == 1 else { return }
      if firstAcknowledged == nil { firstAcknowledged = entry.sentAt }
      lastAcknowledged = entry.sentAt
    }

    /// A segment is SACKed for the first time.
    mutating func sacked(_ entry: Entry) {
      delivered(entry)
      sawSACK = true
      guard entry.transmissions == 1 else { return }
      if firstSACKed == nil { firstSACKed = entry.sentAt }
      lastSACKed = entry.sentAt
    }

    private mutating func delivered(_ entry: Entry) {
      newlyAcknowledged += 1
      rack.delivered(entry, at: time, minimumRTT: minimumRTT)
      if entry.transmissions == 1 && entry.end <= recoveryPoint { sawOriginal = true }
    }
  }

  /// One sending of one segment, in the order of time.
  private struct Transmission {
    /// The absolute number of its entry.
    var number: Int
    /// Which of all sendings this is, from 1.
    var sending: Int
  }

  private var entries = RingBuffer<Entry>()
  /// How many entries were removed at the front: the absolute number of the first.
  private var base = 0
  private(set) var sackedCount: UInt32 = 0
  private(set) var lostCount: UInt32 = 0
  private(set) var retransmittedCount: UInt32 = 0
  /// The absolute number up to which every entry was judged by `markLost`.
  private var judged = 0
  /// The absolute number after the highest SACKed entry.
  private var highestSACKed = 0
  /// Where the search for the next retransmission begins.
  private var retransmitFrom = 0
  /// What was sent when, for RACK; old sendings are taken out as they come to the front. It is written
  /// down only while something is outstanding that was sent more than once: else the entries
  /// themselves are in that order, from the absolute number `unjudged` on.
  private var order = RingBuffer<Transmission>()
  private var orderIsWritten = false
  private var unjudged = 0
  /// How many entries were sent more than once.
  private var repeatedCount = 0
  private var sendings = 0
  var keepsDeliveries = false
  /// Whether the order of what is sent from now on is kept.
  var keepsOrder = false { didSet { unjudged = base + entries.count } }
  /// How often a segment was taken for lost.
  private(set) var lossesFound: UInt32 = 0
  /// What each entry remembers of deliveries, for those who measure their rate.
  private var deliveries = RingBuffer<DeliveryRate.Snapshot>()

  /// How many segments are outstanding.
  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }

  /// How many segments are taken to be in the network: RFC 6675's pipe, in segments.
  @inline(__always)
  var pipe: UInt32 { UInt32(entries.count) - sackedCount - lostCount + retransmittedCount }

  /// When the oldest outstanding segment was sent last.
  @inline(__always)
  var oldestSending: SimTime? { entries.isEmpty ? nil : entries[0].sentAt }

  /// Takes note of a segment that was sent for the first time.
  mutating func append(
    start: Int64, end: Int64, at now: SimTime,
    delivery: DeliveryRate.Snapshot = DeliveryRate.Snapshot()
  ) {
    sendings += 1
    if keepsDeliveries { deliveries.append(delivery) }
    entries.append(Entry(start: start, end: end, sentAt: now, sending: sendings))
    if orderIsWritten {
      order.append(Transmission(number: base + entries.count - 1, sending: sendings))
    }
  }

  /// Removes what a cumulative acknowledgement covers whole.
  mutating func acknowledge(upTo position: Int64, _ update: inout Update) {
    while !entries.isEmpty && entries[0].end <= position {
      let entry = entries.removeFirst()
      base += 1
      if keepsDeliveries {
        let delivery = deliveries.removeFirst()
        if !entry.isSACKed { update.latest.delivered(entry, delivery) }
      }
      if entry.transmissions > 1 {
        update.sawRetransmission = true
        repeatedCount -= 1
      }
      if entry.isSACKed {
        sackedCount -= 1
      } else {
        update.acknowledged(entry)
      }
      if entry.isLost { lostCount -= 1 }
      if entry.isRetransmitted { retransmittedCount -= 1 }
    }
    if orderIsWritten && repeatedCount == 0 { forgetOrder() }
  }

  /// Marks what a SACK block covers whole.
  ///
  /// A block is reported again with each acknowledgement and mostly grows at its end, so its first
  /// entry remembers how far it was marked, and the walk goes on from there.
  mutating func markSACKed(start: Int64, end: Int64, _ update: inout Update) {
    let first = firstEntry(atOrAfter: start)
    var index = first
    while index < entries.count && entries[index].end <= end {
      if entries[index].isSACKed {
        index = max(index + 1, entries[index].sackedThrough - base)
      } else {
        markSACKed(at: index, &update)
        index += 1
      }
    }
    if index > first { entries[first].sackedThrough = base + index }
  }

  private mutating func markSACKed(at index: Int, _ update: inout Update) {
    entries[index].isSACKed = true
    sackedCount += 1
    update.sacked(entries[index])
    if keepsDeliveries { update.latest.delivered(entries[index], deliveries[index]) }
    if entries[index].isLost {
      entries[index].isLost = false
      lostCount -= 1
    }
    if entries[index].isRetransmitted {
      entries[index].isRetransmitted = false
      retransmittedCount -= 1
    }
    highestSACKed = max(highestSACKed, base + index + 1)
  }

  /// The index of the first entry that begins at or after `position`. O(log n).
  private func firstEntry(atOrAfter position: Int64) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].start < position { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Takes for lost what lies below `threshold` SACKed segments (RFC 6675 §4, IsLost), and writes it
  /// into the log. Returns whether there was anything new.
  mutating func markLost(threshold: UInt32, _ report: LossReport, _ log: inout EventLog) -> Bool {
    guard sackedCount >= threshold else { return false }
    var above: UInt32 = 0
    var limit = highestSACKed
    while above < threshold && limit > base {
      limit -= 1
      if entries[limit - base].isSACKed { above += 1 }
    }
    if above < threshold { return false }
    var found = false
    var number = max(judged, base)
    while number < limit {
      found = markLost(at: number - base, report, &log) || found
      number += 1
    }
    judged = max(judged, limit)
    return found
  }

  private mutating func markLost(
    at index: Int, _ report: LossReport, _ log: inout EventLog
  ) -> Bool {
    if entries[index].isSACKed || entries[index].isLost { return false }
    entries[index].isLost = true
    lostCount += 1
    lossesFound &+= 1
    retransmitFrom = min(retransmitFrom, base + index)
    report.record(entries[index], &log)
    return true
  }

  /// Takes for lost what was sent so long before the segment delivered latest that it should have
  /// arrived (RFC 8985 §6.2 step 5), repeated segments included, and writes it into the log.
  mutating func markLost(
    by rack: RACK, window: SimDuration, _ report: LossReport, _ log: inout EventLog
  ) -> Judgement {
    var judgement = Judgement()
    while transmissionCount > 0 {
      let transmission = transmission(at: 0)
      if transmission.sending >= rack.latestSending { return judgement }
      if isCurrent(transmission) {
        let entry = entries[transmission.number - base]
        guard rack.deadline(entry, window: window) <= report.time else {
          judgement.deadline = latestDeadline(rack, window)
          return judgement
        }
        if entry.isLost { judgement.foundAgain = true }
        if markLostAgain(at: transmission.number - base, report, &log) { judgement.found = true }
      }
      removeFirstTransmission()
    }
    return judgement
  }

  // MARK: The order of sending

  /// How many sendings are in `order`, or would be.
  @inline(__always)
  private var transmissionCount: Int {
    orderIsWritten ? order.count : base + entries.count - max(unjudged, base)
  }

  /// The sending at a place of the order.
  @inline(__always)
  private func transmission(at place: Int) -> Transmission {
    if orderIsWritten { return order[place] }
    let number = max(unjudged, base) + place
    return Transmission(number: number, sending: entries[number - base].sending)
  }

  @inline(__always)
  private mutating func removeFirstTransmission() {
    if orderIsWritten { _ = order.removeFirst() } else { unjudged = max(unjudged, base) + 1 }
  }

  /// Writes the order down before something is sent again.
  private mutating func writeOrder() {
    for place in 0..<transmissionCount { order.append(transmission(at: place)) }
    orderIsWritten = true
  }

  /// What is outstanding was sent once: from the first that is still in the order on, all are.
  private mutating func forgetOrder() {
    unjudged = base + entries.count
    while !order.isEmpty {
      let transmission = order.removeFirst()
      guard transmission.number >= base else { continue }
      if entries[transmission.number - base].sending == transmission.sending {
        unjudged = transmission.number
        order.removeAll()
      }
    }
    orderIsWritten = false
  }

  /// What recent acknowledgement found.
  struct Judgement {
    /// Whether there was anything new.
    var found = false
    /// Whether a segment was lost that had been sent again.
    var foundAgain = false
    /// When to look again; `never` where nothing waits.
    var deadline = SimTime.never
  }

  /// When the last of the segments that were sent before the one delivered latest is due.
  ///
  /// Sendings are in order, so it is found by halves; those that no longer count are stepped over.
  private func latestDeadline(_ rack: RACK, _ window: SimDuration) -> SimTime {
    var low = 0
    var high = transmissionCount
    while low < high {
      let middle = (low + high) / 2
      if transmission(at: middle).sending < rack.latestSending {
        low = middle + 1
      } else {
        high = middle
      }
    }
    while low > 0 {
      low -= 1
      let transmission = transmission(at: low)
      if isCurrent(transmission) {
        return rack.deadline(entries[transmission.number - base], window: window)
      }
    }
    return .never
  }

  /// Whether a sending is the last one of a segment that is outstanding and not known as lost.
  private func isCurrent(_ transmission: Transmission) -> Bool {
    guard transmission.number >= base else { return false }
    let entry = entries[transmission.number - base]
    return !entry.isSACKed && entry.sending == transmission.sending
      && (!entry.isLost || entry.isRetransmitted)
  }

  /// Takes a segment for lost, be it for the first time or after it was sent again.
  private mutating func markLostAgain(
    at index: Int, _ report: LossReport, _ log: inout EventLog
  ) -> Bool {
    guard entries[index].isLost else { return markLost(at: index, report, &log) }
    entries[index].isRetransmitted = false
    retransmittedCount -= 1
    lossesFound &+= 1
    retransmitFrom = min(retransmitFrom, base + index)
    report.record(entries[index], &log)
    return true
  }

  /// Takes the oldest outstanding segment for lost.
  mutating func markFirstLost(_ report: LossReport, _ log: inout EventLog) -> Bool {
    entries.isEmpty ? false : markLost(at: 0, report, &log)
  }

  /// Takes everything for lost that was not SACKed, after a time-out (RFC 6675 §5.1); but for the
  /// first segment not what was sent after `recent` (RFC 8985 §6.3).
  mutating func markAllLost(
    sentBefore recent: SimTime, _ report: LossReport, _ log: inout EventLog
  ) {
    for index in 0..<entries.count where index == 0 || entries[index].sentAt <= recent {
      if entries[index].isRetransmitted {
        entries[index].isRetransmitted = false
        retransmittedCount -= 1
      }
      _ = markLost(at: index, report, &log)
    }
    retransmitFrom = base
  }

  /// What was taken for lost was not: nothing is.
  mutating func clearLost() {
    for index in 0..<entries.count where entries[index].isLost {
      entries[index].isLost = false
      if entries[index].isRetransmitted { retransmittedCount -= 1 }
      entries[index].isRetransmitted = false
    }
    lostCount = 0
    judged = base
  }

  /// The index of the first segment that is lost and was not sent again.
  @inline(__always)
  mutating func nextToRetransmit() -> Int? {
    // Only what is lost is counted as sent again.
    lostCount == retransmittedCount ? nil : findNextToRetransmit()
  }

  private mutating func findNextToRetransmit() -> Int? {
    var number = max(retransmitFrom, base)
    let end = base + entries.count
    while number < end {
      let entry = entries[number - base]
      if entry.isLost && !entry.isRetransmitted {
        retransmitFrom = number
        return number - base
      }
      number += 1
    }
    retransmitFrom = end
    return nil
  }

  /// The outstanding segment at `index`.
  func entry(at index: Int) -> Entry { entries[index] }

  /// Takes note that the segment at `index` was sent again.
  mutating func retransmitted(
    at index: Int, at now: SimTime, delivery: DeliveryRate.Snapshot = DeliveryRate.Snapshot()
  ) {
    if keepsOrder && !orderIsWritten { writeOrder() }
    if entries[index].transmissions == 1 { repeatedCount += 1 }
    sendings += 1
    if keepsDeliveries { deliveries[index] = delivery }
    entries[index].sentAt = now
    entries[index].sending = sendings
    entries[index].transmissions = entries[index].transmissions &+ 1
    if entries[index].isLost && !entries[index].isRetransmitted {
      entries[index].isRetransmitted = true
      retransmittedCount += 1
    }
    if keepsOrder {
      order.append(Transmission(number: base + index, sending: sendings))
    }
  }

  /// Forgets everything: the connection is over.
  mutating func removeAll() {
    base += entries.count
    entries.removeAll()
    order.removeAll()
    orderIsWritten = false
    repeatedCount = 0
    deliveries.removeAll()
    sackedCount = 0
    lostCount = 0
    retransmittedCount = 0
  }
}

/// Who judges segments lost, when and how: what the log wants to know with each of them.
struct LossReport {
  let connection: UInt32
  let side: Side
  let kind: RetransmissionKind
  let time: SimTime

  func record(_ entry: Scoreboard.Entry, _ log: inout EventLog) {
    log.record(
      EventRecord(
        time: time, kind: .segmentDeclaredLost, connection: connection, side: side,
        offset: entry.start, length: UInt32(entry.end - entry.start), detail: kind.rawValue))
  }
}
