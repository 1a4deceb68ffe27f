import NetSim

/// What happened to a connection's requests that no segment shows, in words below the segments.
struct LadderRemarks {
  private let log: EventLog
  private let connection: UInt32
  private let numbers: RequestNumbers
  private(set) var rows: [LadderRow] = []

  /// The remarks on a connection of `log`.
  init(_ log: EventLog, connection: UInt32, _ numbers: RequestNumbers) {
    self.log = log
    self.connection = connection
    self.numbers = numbers
    let resets = StreamResets(log, connection: connection)
    for refusal in resets.refusals {
      remark(refusal.time, "request \(numbers[refusal.request]) is refused, and asked again")
    }
    var complete: UInt32?
    var begun: Set<UInt32> = []
    for record in log.records where record.connection == connection {
      switch record.kind {
      case .responseComplete: complete = record.item
      case .responseGarbled: remark(record.time, garbled(after: complete))
      case .requestFailed:
        remark(
          record.time,
          ended(record, resets) ?? failed(record.item, hasBegun: begun.contains(record.item)))
      case .frameError:
        if let error = FrameError(record) { remark(error) }
      case .responseFirstByte: begun.insert(record.item)
      case .pathChanged:
        if let text = PathRemarks.text(record) { remark(record.time, text) }
      case .packetEnqueued, .packetDequeued, .packetMarked, .packetDuplicated, .packetDropped,
        .packetArrived, .segmentSent, .segmentReceived, .segmentAcknowledgement, .segmentSACK,
        .segmentRetransmission, .segmentSpurious, .segmentDeclaredLost, .timerFired,
        .congestionWindow, .slowStartThreshold, .congestionPhase, .roundTripSample, .sendLimited,
        .bytesBuffered, .bytesDelivered, .connectionOpened, .connectionEstablished,
        .connectionClosed, .connectionReset, .connectionFailed, .requestQueued, .requestSent,
        .requestReceived, .responseSent, .tlsMessage, .connectionSecured,
        .responseReady, .requestRepeated, .hintsReceived, .frameSent, .frameReceived,
        .frameInjected, .requestPromised, .streamLimited,
        .quicPacketSent, .quicPacketReceived, .quicFrame, .quicPacketLost, .quicPacketSpurious,
        .streamDelivered, .streamBuffered, .http3FrameSent, .http3FrameReceived, .fieldsBlocked,
        .packetAddress:
        break
      }
    }
  }

  /// Adds a remark, where a packet is named below its row.
  private mutating func remark(_ time: SimTime, _ text: String, below packet: UInt32 = 0) {
    rows.append(
      LadderRow(time: time, direction: .toServer, kind: .remark, label: text, packet: packet))
  }

  /// Who found what, and below it what ends for that.
  private mutating func remark(_ error: FrameError) {
    remark(error.time, "the \(error.finderName): \(error.reason)")
    remark(error.time, "\(error.reach) ends with \(FrameErrors.name(error.code))")
  }

  /// Why a request ended before its answer was whole; nil where it failed with its connection.
  private func ended(_ record: EventRecord, _ resets: StreamResets) -> String? {
    guard Int(record.item) < log.requests.count,
      let failure = RequestFailure(rawValue: record.detail)
    else { return nil }
    let name = "request \(numbers[record.item]): "
    switch failure {
    case .connection, .queueFull, .waitedTooLong: return nil
    case .cancelled: return name + "cancelled by the client"
    case .tooLate: return name + "not answered in time, given up by the client"
    case .reset: return name + resets.reason(log.requests[Int(record.item)].stream)
    }
  }

  private func failed(_ request: UInt32, hasBegun: Bool) -> String {
    guard Int(request) < log.requests.count else { return "request failed" }
    let description = log.requests[Int(request)]
    let text = "request \(numbers[request]) failed"
    if description.relays != nil { return text + " behind the proxy" }
    guard hasBegun, let declared = description.response.declaredLength?.bytes,
      declared > description.bodyBytes
    else { return text }
    let missing = Numbers.bytes(declared - description.bodyBytes)
    return text + ": \(missing) of its Content-Length never came"
  }

  // MARK: Wrong lengths

  /// Why a client finds something else where a response should begin: the one before was longer or
  /// shorter than its head said.
  private func garbled(after complete: UInt32?) -> String {
    guard let complete, Int(complete) < log.requests.count,
      let declared = log.requests[Int(complete)].response.declaredLength?.bytes
    else { return "not HTTP" }
    let request = log.requests[Int(complete)]
    let name = MessageLabels.text(request.target)
    let beyond = request.bodyBytes - declared
    return beyond > 0
      ? "not HTTP: \(Numbers.bytes(beyond)) of \(name) beyond its Content-Length"
      : "not HTTP: the middle of a response, \(Numbers.bytes(-beyond)) of which went to \(name)"
  }

  // MARK: Proxies

  /// Adds what a relay behind the connection leaves unread, and ends that nobody asked for; `hosts`
  /// are the names of its two ends, and `behind` the connections of the next leg.
  mutating func addProxies(_ hosts: [String], behind: [UInt32]) {
    if !behind.isEmpty { addUnread(hosts[1]) }
    addIdleEnd(hosts[1], behind: behind)
    addRepetitions()
  }

  /// Requests that are sent again elsewhere, because this connection ended.
  private mutating func addRepetitions() {
    var places: [UInt32: UInt32] = [:]
    for record in log.records {
      if record.kind == .requestSent { places[record.item] = record.connection }
      if record.kind == .requestRepeated, places[record.item] == connection {
        remark(record.time, "request \(numbers[record.item]) is sent again elsewhere")
      }
    }
  }

  /// Requests whose bytes reached the proxy and that it never took.
  private mutating func addUnread(_ proxy: String) {
    let own = log.records.filter { $0.connection == connection }
    for sent in own where sent.kind == .requestSent {
      let end = sent.offset + Int64(sent.length)
      let wasTaken = own.contains { $0.kind == .requestReceived && $0.item == sent.item }
      let delivery = own.first {
        $0.kind == .bytesDelivered && $0.side == .server && $0.offset + Int64($0.length) >= end
      }
      if let delivery, !wasTaken {
        remark(
          delivery.time, "request \(numbers[sent.item]): not read by \(LadderHosts.spoken(proxy))")
      }
    }
  }

  /// An end that the far host sent of its own accord, after a time in which it had nothing to do.
  private mutating func addIdleEnd(_ host: String, behind: [UInt32]) {
    var since: SimTime?
    var end: EventRecord?
    for record in log.records where record.connection == connection && end == nil {
      let isEnd = TCPFlags(rawValue: record.detail).contains(.fin)
      switch (record.kind, record.side) {
      case (.responseSent, _), (.requestReceived, _): since = record.time
      case (.segmentReceived, .server) where isEnd: return
      case (.segmentSent, .server) where isEnd: end = record
      default: break
      }
    }
    guard let end, let since, end.time > since, !ends(behind, at: end.time) else { return }
    remark(
      end.time, "idle \(Self.span(end.time - since)): \(LadderHosts.spoken(host)) closes",
      below: end.item)
  }

  /// Whether one of the connections ended for its asking end at a moment.
  private func ends(_ connections: [UInt32], at time: SimTime) -> Bool {
    log.records.contains { record in
      record.time == time && connections.contains(record.connection)
        && (record.kind == .connectionFailed || record.kind == .connectionReset
          || (record.kind == .segmentReceived && record.side == .client
            && TCPFlags(rawValue: record.detail).contains(.fin)))
    }
  }

  /// Whole seconds, or milliseconds.
  private static func span(_ span: SimDuration) -> String {
    span.nanoseconds % 1_000_000_000 == 0
      ? "\(span.nanoseconds / 1_000_000_000) s" : Numbers.milliseconds(span, digits: 1) + " ms"
  }
}
