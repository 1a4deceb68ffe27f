import NetSim

/// What a finished run measures, by the names that lesson files use.
///
/// Times are milliseconds, sizes bytes. `request[i]`, `connection[i]` and `flight[i]` count from 0;
/// `Lessons/README.md` has the list for authors.
public struct Probes: Sendable {
  /// The names without an index, for authors' mistakes.
  static let plainNames = [
    "complete_ms", "connections", "packets_up", "packets_down", "lost_up", "lost_down",
    "retransmitted", "timeouts", "rounds", "rtt_ms", "rate_bps", "object_bytes", "objects",
    "segment_bytes", "packet_bytes", "packet_ms", "initial_window", "server_ms", "goodput_mbps",
    "mean_complete_ms", "first_flights_bytes", "repeated", "failed", "standing_waits",
  ]
  /// The names of what has an index.
  static let indexedNames = [
    "request[i].queued_ms", "request[i].sent_ms", "request[i].first_byte_ms",
    "request[i].complete_ms", "request[i].duration_ms", "request[i].hung_ms",
    "request[i].executed", "request[i].CAUSE_ms", "connection[i].established_ms",
    "connection[i].ended_ms", "flight[i].segments", "flight[i].bytes", "flight[i].at_ms",
    "threshold[i].segments",
  ]

  let scenario: Scenario
  let report: RunReport
  let log: EventLog
  private let flights: [Flight]

  /// The probes of a run with a whole log.
  public init(_ scenario: Scenario, _ report: RunReport, _ log: EventLog) {
    self.scenario = scenario
    self.report = report
    self.log = log
    flights = Probes.flights(of: log, scenario, connection: 0)
  }

  /// The value of that name. Throws when there is none, and what there is instead.
  public func value(_ name: String) throws(Expression.Failure) -> Double {
    if let value = plain(name) ?? indexed(name) { return value }
    let known =
      Probes.plainNames + Probes.poolNames + Probes.streamNames + Probes.indexedNames
      + Probes.streamIndexedNames
    throw Expression.Failure(
      message: "\(name): no such value of this run; there are \(known.joined(separator: ", "))")
  }

  private func plain(_ name: String) -> Double? {
    let client = scenario.clients[0]
    let down = scenario.links[1]
    switch name {
    case "complete_ms": return report.complete.map(Self.milliseconds)
    case "connections": return Double(report.connections.count)
    case "packets_up": return sum { $0.packets.up }
    case "packets_down": return sum { $0.packets.down }
    case "lost_up": return sum { $0.lost.up }
    case "lost_down": return sum { $0.lost.down }
    case "retransmitted": return sum { $0.retransmitted }
    case "timeouts": return sum { $0.timeouts }
    case "rounds": return Double(flights.count)
    case "rtt_ms":
      return Self.milliseconds(.zero + scenario.links[0].delay + down.delay)
    case "rate_bps": return down.rate.isUnlimited ? nil : Double(down.rate.bitsPerSecond)
    case "object_bytes": return client.objects.first.map { Double($0.bytes.bytes) }
    case "objects": return Double(client.objects.count)
    case "segment_bytes": return log.connections.first.map { Double($0.maximumSegmentSize) }
    case "initial_window": return Double(client.transport.initialWindow)
    case "server_ms": return Self.milliseconds(.zero + client.serverTime(of: 0))
    case "goodput_mbps": return goodput
    case "mean_complete_ms": return meanComplete
    case "first_flights_bytes": return firstFlights
    case "repeated": return Double(report.retriedRequests)
    case "failed": return Double(report.requests.lazy.filter { $0.complete == nil }.count)
    case "standing_waits": return Double(report.waits.count)
    case "packet_bytes": return largestPacket.map { Double($0.length) }
    case "packet_ms": return largestPacket.map { Double($0.offset) / 1e6 }
    default: return pool(name) ?? streams(name)
    }
  }

  private func indexed(_ name: String) -> Double? {
    guard let open = name.firstIndex(of: "["), let close = name.firstIndex(of: "]"),
      open < close, let index = Int(name[name.index(after: open)..<close]), index >= 0
    else { return nil }
    let field = name[name.index(after: close)...].dropFirst()
    switch name[..<open] {
    case "request" where index < report.requests.count:
      return request(report.requests[index], String(field))
    case "connection" where index < report.connections.count:
      switch field {
      case "established_ms": return report.connections[index].established.map(Self.milliseconds)
      case "ended_ms": return end(ofConnection: UInt32(index)).map(Self.milliseconds)
      default: return nil
      }
    case "flight" where index < flights.count:
      switch field {
      case "segments": return Double(flights[index].segments)
      case "bytes": return Double(flights[index].bytes)
      case "at_ms": return Self.milliseconds(flights[index].at)
      default: return nil
      }
    case "threshold" where index < thresholds.count && field == "segments":
      return thresholds[index]
    case "reduction": return reduction(index, field)
    default: return nil
    }
  }

  /// The slow-start thresholds that the first connection's server set, in segments.
  private var thresholds: [Double] {
    let records = log.records.lazy.filter {
      $0.kind == .slowStartThreshold && $0.side == .server && $0.connection == 0
    }
    let segment = log.connections.first.map { Double($0.maximumSegmentSize) } ?? 1
    return records.map { (Double($0.offset) / segment).rounded() }
  }

  /// The bytes of all objects over the time until the last had arrived.
  private var goodput: Double? {
    guard let complete = report.complete, complete > .zero else { return nil }
    return Double(log.bodyBytes) * 8_000 / Double(complete.nanoseconds)
  }

  /// The mean of the times at which the objects had arrived.
  private var meanComplete: Double? {
    let times = report.requests.compactMap(\.complete)
    if times.isEmpty || times.count < report.requests.count { return nil }
    return times.reduce(0) { $0 + Self.milliseconds($1) } / Double(times.count)
  }

  /// What servers sent at first, on all connections together.
  private var firstFlights: Double {
    let bytes = log.connections.indices.map { connection in
      Probes.flights(of: log, scenario, connection: UInt32(connection)).first?.bytes ?? 0
    }
    return Double(bytes.reduce(0, +))
  }

  private func request(_ request: RequestReport, _ field: String) -> Double? {
    switch field {
    case "queued_ms": return Self.milliseconds(request.queued)
    case "sent_ms": return request.sent.map(Self.milliseconds)
    case "first_byte_ms": return request.firstByte.map(Self.milliseconds)
    case "complete_ms": return request.complete.map(Self.milliseconds)
    case "duration_ms":
      return request.complete.map { Double(($0 - request.queued).nanoseconds) / 1e6 }
    case "hung_ms": return Double(hangs(request.request).nanoseconds) / 1e6
    case "executed": return Double(request.executed)
    default:
      let cause = Cause.allCases.first { $0.name + "_ms" == field }
      return cause.map { Double(request.time($0).nanoseconds) / 1e6 }
        ?? stream(of: request, field)
    }
  }

  /// How long a request had been under way on connections that ended before they answered it.
  private func hangs(_ request: UInt32) -> SimDuration {
    var sum = SimDuration.zero
    var sent: SimTime?
    for record in log.records where record.item == request {
      switch record.kind {
      case .requestSent: sent = record.time
      case .requestRepeated, .requestFailed:
        if let since = sent { sum += record.time - since }
        sent = nil
      default: break
      }
    }
    return sum
  }

  /// When the client had done with a connection: both FINs had passed, it gave it up, or one of them
  /// reset it.
  private func end(ofConnection connection: UInt32) -> SimTime? {
    log.records.first { record in
      guard record.connection == connection && record.side == .client else { return false }
      switch record.kind {
      case .connectionClosed, .connectionReset, .connectionFailed: return true
      case .segmentSent: return TCPFlags(rawValue: record.detail).contains(.rst)
      default: return false
      }
    }?.time
  }

  private func sum(_ value: (ConnectionReport) -> Int64) -> Double {
    Double(report.connections.reduce(0) { $0 + value($1) })
  }

  /// The record of the arrival of the largest packet that reached the client.
  private var largestPacket: EventRecord? {
    log.records.lazy.filter { $0.kind == .packetArrived && $0.place == 1 }
      .max { $0.length < $1.length }
  }

  private static func milliseconds(_ time: SimTime) -> Double { Double(time.nanoseconds) / 1e6 }
}
