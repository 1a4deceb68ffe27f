import NetSim

/// Turns the records of one connection into the rows of a ladder, as seen from one side.
///
/// A simulated log has every segment twice, once for each side, a captured one only at the side of
/// the capture; both are drawn from the side that is asked for. A segment that was lost before it
/// reached that side stands where it would have arrived.
struct LadderBuilder {
  /// How many segments behind one hole, and duplicates of one acknowledgement, stand alone before
  /// the others are folded.
  private static let shownOfARow = 3

  private let log: EventLog
  private let connection: UInt32
  private let vantage: Side
  private let labels: MessageLabels
  private let segmentBytes: Int64
  private(set) var rows: [LadderRow] = []
  /// What the far side sent and was not received yet, by packet.
  private var farSegments: [UInt32: LoggedSegment] = [:]
  /// The row of each segment that the near side sent, by packet.
  private var nearRows: [UInt32: Int] = [:]
  /// Packets that a link sent twice, by the numbers of their copies.
  private var copies: Set<UInt32> = []
  private var windows: [Int64?] = [nil, nil]
  private var lastAcknowledged: [Int64] = [-1, -1]
  private var duplicates = [0, 0]
  private var heldSince: SimTime?
  private var heldSegments = 0
  private var heldBytes: Int64 = 0
  private var synTime: SimTime?
  private var synCount = 0

  init(_ log: EventLog, connection: UInt32, vantage: Side) {
    self.log = log
    self.connection = connection
    self.vantage = vantage
    labels = MessageLabels(log, connection: connection)
    segmentBytes = Int64(max(1, log.connections[Int(connection)].maximumSegmentSize))
    build()
  }

  private mutating func build() {
    let records = log.records
    var index = 0
    while index < records.count {
      let record = records[index]
      index += 1
      guard record.connection == connection else { continue }
      guard var segment = LoggedSegment(record) else {
        take(record)
        continue
      }
      // Records of other kinds and connections may stand between, at the same time.
      var next = index
      while next < records.count, records[next].connection == connection,
        segment.take(records[next])
      {
        next += 1
      }
      index = next
      take(segment, wasSent: record.kind == .segmentSent)
    }
    rows.sort { $0.time < $1.time }
  }

  // MARK: Segments

  private mutating func take(_ segment: LoggedSegment, wasSent: Bool) {
    if wasSent && segment.side != vantage {
      farSegments[segment.packet] = segment
      return
    }
    if !wasSent && segment.side != vantage { return }
    let sender = wasSent ? vantage : vantage.peer
    if !wasSent { farSegments[segment.packet] = nil }
    var row = makeRow(segment, sender: sender)
    if segment.flags.contains(.syn) { noteRoundTrip(segment, &row) }
    noteDuplicate(segment, sender, &row)
    if !wasSent && copies.remove(segment.packet) != nil {
      row.note = "copy"
      row.isPlain = false
    }
    if wasSent { nearRows[segment.packet] = rows.count }
    rows.append(row)
  }

  private func makeRow(_ segment: LoggedSegment, sender: Side) -> LadderRow {
    let direction: LadderRow.Direction = sender == .client ? .toServer : .toClient
    let message = labels.text(
      direction, from: segment.start, to: segment.start + segment.payload)
    var row = LadderRow(
      time: segment.time, direction: direction,
      kind: segment.retransmission == nil ? .segment : .retransmission,
      label: SegmentText.label(segment, message: message), message: message,
      window: windows[Int(sender.rawValue)],
      start: segment.start, payload: segment.payload, acknowledged: segment.acknowledged ?? 0,
      packet: segment.packet)
    if let kind = segment.retransmission { row.note = SegmentText.word(kind) }
    let isOrdinary = segment.flags.subtracting(.psh) == .ack && segment.sackBlocks.isEmpty
    if segment.payload > 0 {
      row.content = labels.content(
        direction, from: segment.start, to: segment.start + segment.payload)
    }
    let beginsNothing = message.isEmpty || row.content != nil
    row.isPlain = isOrdinary && beginsNothing && segment.retransmission == nil
    return row
  }

  private mutating func noteRoundTrip(_ segment: LoggedSegment, _ row: inout LadderRow) {
    if !segment.flags.contains(.ack) {
      synTime = segment.time
      synCount += 1
    } else if let synTime, synCount == 1, vantage == .client, row.note.isEmpty {
      // A SYN that was repeated measures nothing (Karn's rule, RFC 6298 §3).
      let roundTrip = segment.time - synTime
      row.note =
        "rtt " + Numbers.milliseconds(roundTrip, digits: roundTrip < .seconds(1) ? 1 : 0)
    }
  }

  /// Counts acknowledgements that repeat the one before (RFC 5681 §2).
  private mutating func noteDuplicate(
    _ segment: LoggedSegment, _ sender: Side, _ row: inout LadderRow
  ) {
    guard let acknowledged = segment.acknowledged else { return }
    let index = Int(sender.rawValue)
    if segment.isPureAcknowledgement && acknowledged == lastAcknowledged[index]
      && !segment.sackBlocks.isEmpty
    {
      duplicates[index] += 1
      row.note = "dup \(duplicates[index])"
      row.duplicateNumber = duplicates[index]
      row.isPlain = duplicates[index] > Self.shownOfARow
    } else if acknowledged > lastAcknowledged[index] {
      duplicates[index] = 0
    }
    lastAcknowledged[index] = max(lastAcknowledged[index], acknowledged)
  }

  // MARK: Everything else

  private mutating func take(_ record: EventRecord) {
    switch record.kind {
    case .congestionWindow:
      windows[Int(record.side.rawValue)] = record.offset / segmentBytes
    case .packetDropped: drop(record)
    case .packetDuplicated: copies.insert(record.item)
    case .bytesBuffered where record.side == vantage: hold(record)
    case .bytesDelivered where record.side == vantage: deliver(record)
    case .connectionReset where record.side == vantage: remark(record.time, "connection reset")
    case .connectionFailed where record.side == vantage: remark(record.time, "connection failed")
    case .packetEnqueued, .packetDequeued, .packetMarked, .packetArrived, .segmentSent,
      .segmentReceived,
      .segmentAcknowledgement, .segmentSACK, .segmentRetransmission, .segmentSpurious,
      .segmentDeclaredLost, .timerFired, .slowStartThreshold, .congestionPhase, .roundTripSample,
      .sendLimited, .bytesBuffered, .bytesDelivered, .connectionOpened, .connectionEstablished,
      .connectionClosed, .connectionReset, .connectionFailed, .requestQueued, .requestSent,
      .requestReceived, .responseSent, .responseFirstByte, .responseComplete, .requestFailed,
      .tlsMessage, .connectionSecured,
      .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
      .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
      .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
      .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
      .packetAddress, .pathChanged:
      break
    }
  }

  private mutating func drop(_ record: EventRecord) {
    if let index = nearRows[record.item] {
      rows[index].kind = .lost
      rows[index].note = "lost"
      rows[index].isPlain = false
    } else if let segment = farSegments.removeValue(forKey: record.item) {
      var row = makeRow(segment, sender: vantage.peer)
      row.time = record.time + SimDuration(nanoseconds: record.offset)
      row.kind = .lost
      row.note = "lost"
      row.isPlain = false
      rows.append(row)
    }
  }

  private mutating func hold(_ record: EventRecord) {
    heldSince = heldSince ?? record.time
    heldBytes += Int64(record.length)
    guard let last = rows.indices.last, rows[last].kind == .segment else { return }
    heldSegments += 1
    rows[last].kind = .held
    rows[last].note = "gap"
    rows[last].isPlain = rows[last].isPlain && heldSegments > Self.shownOfARow
  }

  private mutating func deliver(_ record: EventRecord) {
    guard let since = heldSince, let last = rows.last,
      Int64(record.length) > last.payload
    else { return }
    let held = Int64(record.length) - last.payload
    remark(
      record.time,
      "\(Numbers.bytes(Int64(record.length))) delivered at once; "
        + "\(Numbers.bytes(held)) had waited up to "
        + "\(Numbers.milliseconds(record.time - since, digits: 1)) ms")
    heldBytes -= held
    heldSegments = 0
    heldSince = heldBytes > 0 ? heldSince : nil
  }

  private mutating func remark(_ time: SimTime, _ text: String) {
    rows.append(LadderRow(time: time, direction: .toServer, kind: .remark, label: text))
  }
}
