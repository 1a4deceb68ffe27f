import NetSim

/// Turns the records of one QUIC connection into the rows of a ladder, as seen from one side: a row a
/// datagram, and below it what it set free.
///
/// A datagram that was lost before it reached that side stands where it would have arrived.
struct DatagramLadder {
  /// How many datagrams behind one hole, and ACKs that tell of the same holes, stand alone before the
  /// others are folded.
  private static let shownOfARow = 3

  private let log: EventLog
  private let connection: UInt32
  private let vantage: Side
  private let datagrams: LoggedDatagrams
  private let messages: StreamMessages
  private let holds: [StreamHolds.Hold]
  private(set) var rows: [LadderRow] = []
  /// The row of each datagram, by its number.
  private var places: [UInt32: Int] = [:]
  private var windows: [Int64?] = [nil, nil]
  /// The holes of which each side's last ACK told, and how often.
  private var gaps: [(ranges: [Range<Int64>], count: Int)] = [([], 0), ([], 0)]
  private var heldInARow = 0
  private var lastReceived: UInt32 = 0
  private var hasRoundTrip = false
  private var nextHold = 0
  private var losses: PacketLossRemarks

  init(_ log: EventLog, connection: UInt32, vantage: Side) {
    self.log = log
    self.connection = connection
    self.vantage = vantage
    datagrams = LoggedDatagrams(log, connection: connection)
    messages = StreamMessages(log, connection: connection)
    holds = StreamHolds(log, connection: connection, side: vantage, datagrams).holds
    losses = PacketLossRemarks(datagrams)
    build()
  }

  private mutating func build() {
    for (index, record) in log.records.enumerated() where record.connection == connection {
      if let found = losses.take(record) { remark(found.time, found.text) }
      switch record.kind {
      case .quicPacketSent where record.side == vantage: send(record)
      case .packetArrived: arrive(record, index)
      case .packetDropped: drop(record)
      case .quicPacketReceived where record.side == vantage: receive(record)
      case .streamBuffered where record.side == vantage: hold(record)
      case .streamDelivered where record.side == vantage: deliver(record)
      case .congestionWindow:
        windows[Int(record.side.rawValue)] = record.offset / windowUnit(record.side)
      case .roundTripSample where record.side == vantage: noteRoundTrip(record)
      case .timerFired where record.detail == TimerKind.probe.rawValue:
        remark(record.time, Self.name(record.side) + ": probe time-out")
      case .connectionFailed where record.side == vantage:
        remark(record.time, "connection failed")
      case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .segmentSent,
        .segmentReceived, .segmentAcknowledgement, .segmentSACK, .segmentRetransmission,
        .segmentSpurious, .segmentDeclaredLost, .timerFired, .slowStartThreshold,
        .congestionPhase, .roundTripSample, .sendLimited, .bytesBuffered, .bytesDelivered,
        .connectionOpened, .connectionEstablished, .connectionClosed, .connectionReset,
        .connectionFailed, .requestQueued, .requestSent, .requestReceived, .responseSent,
        .responseFirstByte, .responseComplete, .requestFailed, .tlsMessage, .connectionSecured,
        .responseReady, .requestRepeated, .hintsReceived, .responseGarbled, .frameSent,
        .frameReceived, .frameInjected, .frameError, .requestPromised, .streamLimited,
        .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
        .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
        .packetAddress, .pathChanged:
        break
      }
    }
    if let found = losses.finish() { remark(found.time, found.text) }
    rows.sort { $0.time < $1.time }
  }

  static func name(_ side: Side) -> String { side == .client ? "client" : "server" }

  /// The bytes of a datagram that a side's window is counted in.
  private func windowUnit(_ side: Side) -> Int64 {
    log.connections[Int(connection)].datagramBytes(side)
  }

  // MARK: Datagrams

  private mutating func send(_ record: EventRecord) {
    // The second packet of a datagram stands in the row of the first.
    guard places[record.item] == nil, let datagram = datagrams[record.item] else { return }
    append(datagram, at: record.time)
  }

  private mutating func arrive(_ record: EventRecord, _ index: Int) {
    guard let datagram = datagrams[record.item], datagram.sender != vantage,
      datagram.arrival == index, !datagram.isLost
    else { return }
    append(datagram, at: record.time)
    if datagrams.original(of: record.item) != nil, let place = places[record.item] {
      rows[place].note = "copy"
      rows[place].isPlain = false
    }
  }

  private mutating func drop(_ record: EventRecord) {
    guard let datagram = datagrams[record.item] else { return }
    let place: Int
    if let sent = places[record.item] {
      place = sent
    } else if datagram.sender != vantage {
      place = rows.count
      append(datagram, at: record.time + SimDuration(nanoseconds: record.offset))
    } else {
      return
    }
    rows[place].kind = .lost
    rows[place].note = "lost"
    rows[place].isPlain = false
  }

  private mutating func append(_ datagram: LoggedDatagram, at time: SimTime) {
    let words = messages.words(datagram)
    let message = Self.joined(words)
    var label = DatagramText.label(datagram)
    var below: [String] = []
    if label.count > Self.mostCharacters {
      let short = DatagramText.label(datagram, hasControl: false)
      if short != label { below.append(DatagramText.control(datagram)) }
      label = short
    }
    if !message.isEmpty && label.count + 2 + message.count > Self.mostCharacters {
      below.insert(message, at: 0)
    } else if !message.isEmpty {
      label += "  " + message
    }
    places[datagram.item] = rows.count
    rows.append(makeRow(datagram, at: time, label: label, message: message))
    for text in below { remark(time, text) }
  }

  /// What has more characters stands below its row.
  private static let mostCharacters = 46

  /// Of many messages the first and the last, behind what is no request.
  private static func joined(_ words: [String]) -> String {
    let all = words.joined(separator: ", ")
    guard words.count > 2, all.count > mostCharacters, let last = words.last else { return all }
    return words.prefix(words[0] == "SETTINGS" ? 2 : 1).joined(separator: ", ") + " … " + last
  }

  private mutating func makeRow(
    _ datagram: LoggedDatagram, at time: SimTime, label: String, message: String
  ) -> LadderRow {
    var row = LadderRow(
      time: time, direction: datagram.sender == .client ? .toServer : .toClient,
      kind: datagram.repeated.isEmpty ? .segment : .retransmission,
      label: label, message: message,
      window: windows[Int(datagram.sender.rawValue)],
      payload: datagram.streamFrames.reduce(0) { $0 + $1.length }, packet: datagram.item)
    row.isDatagram = true
    noteContent(datagram, &row)
    if let first = datagram.repeated.first {
      row.note = datagram.isProbe ? "probe" : "\(first) again"
    } else if datagram.isProbe && datagram.isEliciting {
      row.note = "probe"
    } else {
      row.isPlain = message.isEmpty && isPlain(datagram, row)
    }
    return row
  }

  /// The span of a stream, where a datagram has nothing else that counts.
  private func noteContent(_ datagram: LoggedDatagram, _ row: inout LadderRow) {
    if let largest = datagram.packets.last?.acknowledged.first {
      row.acknowledged = largest.upperBound - 1
    }
    let frames = datagram.streamFrames
    guard datagram.packets.count == 1, let first = frames.first, let last = frames.last,
      datagram.streams.count == 1, frames.count == datagram.packets[0].frames.count,
      last.end - first.start == row.payload
    else { return }
    row.start = first.start
    row.content = LadderRow.Content(stream: first.stream, isEnd: last.isLast)
  }

  /// Whether a datagram is like others before and after it.
  private mutating func isPlain(_ datagram: LoggedDatagram, _ row: LadderRow) -> Bool {
    guard datagram.packets.count == 1, let packet = datagram.packets.first,
      packet.type == .oneRTT || packet.type == .zeroRTT
    else { return false }
    let isFull = row.content != nil && row.payload > 0
    if !isFull && !packet.isPureAcknowledgement { return false }
    return packet.acknowledged.isEmpty || !tellsNews(packet.acknowledged, of: datagram.sender)
  }

  /// Whether an ACK tells of holes that were not told of often enough.
  private mutating func tellsNews(_ ranges: [Range<Int64>], of sender: Side) -> Bool {
    var holes = Array(ranges.dropFirst())
    if let highest = ranges.first { holes.insert(highest.lowerBound..<highest.lowerBound, at: 0) }
    let side = Int(sender.rawValue)
    guard ranges.count > 1 else {
      gaps[side] = ([], 0)
      return false
    }
    gaps[side] = (holes, gaps[side].ranges == holes ? gaps[side].count + 1 : 1)
    return gaps[side].count <= Self.shownOfARow
  }

  private mutating func noteRoundTrip(_ record: EventRecord) {
    guard !hasRoundTrip else { return }
    hasRoundTrip = true
    guard let place = places[lastReceived], rows[place].note.isEmpty else { return }
    let sample = SimDuration(nanoseconds: record.offset)
    rows[place].note = "rtt " + Numbers.milliseconds(sample, digits: sample < .seconds(1) ? 1 : 0)
  }

  // MARK: What streams wait for

  private mutating func receive(_ record: EventRecord) {
    lastReceived = record.item
    // A packet whose keys came later than it did (RFC 9001 §5.7).
    guard let place = places[record.item], rows[place].time < record.time else { return }
    rows[place].kind = .held
    rows[place].note = "no keys"
    rows[place].isPlain = false
  }

  private mutating func hold(_ record: EventRecord) {
    guard let place = places[lastReceived] else { return }
    if rows[place].kind == .held && !rows[place].note.isEmpty {
      rows[place].note += ",\(record.item)"
    } else {
      rows[place].note = "gap \(record.item)"
      heldInARow += 1
    }
    if rows[place].kind == .segment { rows[place].kind = .held }
    rows[place].isPlain = rows[place].isPlain && heldInARow > Self.shownOfARow
  }

  private mutating func deliver(_ record: EventRecord) {
    guard nextHold < holds.count, holds[nextHold].released == record.time,
      holds[nextHold].stream == record.item
    else { return }
    let hold = holds[nextHold]
    nextHold += 1
    heldInARow = 0
    let time = Numbers.milliseconds(hold.released - hold.since, digits: 1)
    let bytes = "stream \(hold.stream): \(Numbers.bytes(hold.delivered))"
    remark(
      record.time,
      hold.waited > 0
        ? "\(bytes) at once; \(Numbers.bytes(hold.waited)) held up to \(time) ms"
        : "\(bytes) came \(time) ms late")
    if !hold.others.isEmpty {
      remark(record.time, "meanwhile \(StreamHolds.named(hold.others)) went on")
    }
  }

  private mutating func remark(_ time: SimTime, _ text: String) {
    rows.append(LadderRow(time: time, direction: .toServer, kind: .remark, label: text))
  }
}

extension ConnectionDescription {
  /// The bytes of a datagram with which a side's congestion control counts; of a segment over TCP.
  func datagramBytes(_ side: Side) -> Int64 {
    guard let policy = quic?[side], !policy.carriesSegments else {
      return Int64(max(1, maximumSegmentSize))
    }
    return Int64(max(1, policy.countedSize ?? policy.datagramSize))
  }
}
