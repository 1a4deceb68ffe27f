import Testing

@testable import NetSim

/// What is checked of a run over QUIC, whatever its scenario.
enum QUICRunChecks {
  /// Runs a scenario in which every request is answered, and checks all of the following.
  static func everything(_ scenario: Scenario, _ seed: UInt64) {
    guard var simulator = finished(scenario, seed) else { return }
    let report = simulator.run()
    #expect(report.complete != nil, "seed \(seed)")
    rest(simulator, report, scenario, seed)
  }

  /// Runs a scenario in which requests may fail: each is complete or has failed.
  static func ended(_ scenario: Scenario, _ seed: UInt64) {
    guard var simulator = finished(scenario, seed) else { return }
    let report = simulator.run()
    for request in report.requests {
      let hasEnded = (request.complete == nil) != (request.failed == nil)
      #expect(hasEnded, "seed \(seed), request \(request.request)")
    }
    rest(simulator, report, scenario, seed)
  }

  /// A run that has come to its end; nil where it goes on and on.
  private static func finished(_ scenario: Scenario, _ seed: UInt64) -> Simulator? {
    var simulator = Simulator(scenario)
    if !simulator.advance(events: 2_000_000) { return simulator }
    Issue.record("seed \(seed) does not end: \(simulator.progress.time)")
    return nil
  }

  private static func rest(
    _ simulator: borrowing Simulator, _ report: RunReport, _ scenario: Scenario, _ seed: UInt64
  ) {
    let log = simulator.log
    conservation(log, report, scenario, seed)
    deliveries(log, seed)
    numbers(log, seed)
    windows(log, scenario, seed)
    credit(log, scenario, seed)
    unvalidated(log, scenario, seed)
    idle(simulator, seed)
  }

  /// Packets sent and copies made are packets arrived or lost.
  static func conservation(
    _ log: EventLog, _ report: RunReport, _ scenario: Scenario, _ seed: UInt64
  ) {
    let lasts = scenario.paths.flatMap { [$0.up.last, $0.down.last] }
    let reached = log.records.count { $0.kind == .packetArrived && lasts.contains(Int($0.place)) }
    // A NAT turns away what has crossed its link.
    let downs = scenario.paths.map(\.down.last)
    let refused = log.records.count {
      $0.kind == .packetDropped && $0.detail == DropReason.forgotten.rawValue
        && downs.contains(Int($0.place))
    }
    let arrived = reached - refused
    let sent = report.connections.reduce(0) { $0 + $1.packets.up + $1.packets.down }
    let lost = report.connections.reduce(0) { $0 + $1.lost.up + $1.lost.down }
    let copied = report.connections.reduce(0) { $0 + $1.duplicated.up + $1.duplicated.down }
    #expect(sent + copied == Int64(arrived) + lost, "seed \(seed)")
  }

  /// Deliveries of each stream at each side are adjacent: every byte once, in order.
  static func deliveries(_ log: EventLog, _ seed: UInt64) {
    var fronts: [[UInt32]: Int64] = [:]
    var time = SimTime.zero
    for record in log.records {
      if record.time < time { Issue.record("seed \(seed): time went backwards") }
      time = record.time
      guard record.kind == .streamDelivered else { continue }
      let key = [record.connection, UInt32(record.place), record.item]
      if record.offset != fronts[key] ?? 0 {
        Issue.record("seed \(seed): stream \(record.item) at \(record.offset)")
      }
      fronts[key] = record.offset + Int64(record.length)
    }
  }

  /// Packets of a space have one number after the other, and only those that were sent are acknowledged
  /// (RFC 9000 §12.3, §13.1).
  static func numbers(_ log: EventLog, _ seed: UInt64) {
    var next: [[UInt32]: Int64] = [:]
    var space: UInt32 = 0
    for record in log.records {
      if record.kind == .quicPacketSent {
        guard let type = QUICPacketType(rawValue: record.detail),
          let name = PacketSpaceName(type)
        else { continue }
        space = UInt32(name.rawValue)
        let key = [record.connection, UInt32(record.place), space]
        if record.offset != next[key] ?? 0 {
          Issue.record("seed \(seed): packet \(record.offset) is out of turn")
        }
        next[key] = record.offset + 1
      } else if record.kind == .quicFrame && record.detail == 3 {
        let key = [record.connection, UInt32(record.side.peer.rawValue), space]
        let end = record.offset + Int64(record.length)
        if end > next[key] ?? 0 {
          Issue.record("seed \(seed): packet \(end - 1) was acknowledged and never sent")
        }
      }
    }
  }

  /// Nobody sends more on a stream, on all streams, or more streams, than its peer has ever allowed
  /// (RFC 9000 §4).
  static func windows(_ log: EventLog, _ scenario: Scenario, _ seed: UInt64) {
    var ends: [[UInt32]: Int64] = [:]
    var sums: [[UInt32]: Int64] = [:]
    var limits: [[UInt32]: Int64] = [:]
    for record in log.records where record.kind == .quicFrame {
      let policy = log.connections[Int(record.connection)].quic ?? .standard(.rfc)
      let own = [record.connection, UInt32(record.place)]
      let peer = [record.connection, UInt32(record.side.peer.rawValue)]
      let most = policy[record.side.peer]
      switch QUICItem.Kind(rawValue: record.detail & 0x7F) {
      case .stream:
        let key = own + [record.item]
        let end = record.offset + Int64(record.length)
        let before = ends[key] ?? 0
        if end <= before { continue }
        ends[key] = end
        sums[own, default: 0] += end - before
        if end > limits[key] ?? most.streamWindow {
          Issue.record("seed \(seed): stream \(record.item) exceeds its window")
        }
        if sums[own, default: 0] > limits[own] ?? most.connectionWindow {
          Issue.record("seed \(seed): the connection's window is exceeded")
        }
        if record.item & 3 == 0 && record.side == .client {
          let streams = limits[own + [.max]] ?? most.mostStreams
          #expect(Int64(record.item >> 2) < streams, "seed \(seed), stream \(record.item)")
        }
      case .maxData: limits[peer] = max(limits[peer] ?? 0, record.offset)
      case .maxStreamData:
        let key = peer + [record.item]
        limits[key] = max(limits[key] ?? 0, record.offset)
      case .maxStreams:
        let key = peer + [.max]
        limits[key] = max(limits[key] ?? 0, record.offset)
      default: break
      }
    }
  }

  /// A server sends at most three times what has come until the client's address is proved, by a packet
  /// of the handshake (RFC 9000 §8.1).
  static func credit(_ log: EventLog, _ scenario: Scenario, _ seed: UInt64) {
    let lasts = scenario.paths.map(\.up.last)
    var sizes: [UInt32: Int64] = [:]
    var credit: [UInt32: Int64] = [:]
    var proved: Set<UInt32> = []
    for record in log.records {
      let isUp = record.side == .client
      switch record.kind {
      case .quicPacketSent where isUp:
        sizes[record.item, default: 0] += Int64(record.length)
      case .packetDuplicated: sizes[record.item] = sizes[UInt32(record.offset)]
      case .packetArrived where lasts.contains(Int(record.place)):
        credit[record.connection, default: 0] += (sizes[record.item] ?? 0) * 3
      case .quicPacketReceived where !isUp:
        if record.detail == QUICPacketType.handshake.rawValue { proved.insert(record.connection) }
      case .quicPacketSent where !proved.contains(record.connection):
        let policy = log.connections[Int(record.connection)].quic ?? .standard(.rfc)
        // Where only content counts, datagrams are not as long as they stand for.
        if policy.hasToken || policy.retries || policy.client.carriesSegments { continue }
        credit[record.connection, default: 0] -= Int64(record.length)
        if credit[record.connection, default: 0] < 0 {
          Issue.record("seed \(seed): more was sent than three times what came")
        }
      default: break
      }
    }
  }

  /// To a client's new address a server sends three times what came from there at most, until that is
  /// validated (RFC 9000 §8.1, §9.3.1).
  static func unvalidated(_ log: EventLog, _ scenario: Scenario, _ seed: UInt64) {
    let lasts = scenario.paths.map(\.up.last)
    var (sizes, addresses) = ([UInt32: Int64](), [UInt32: Int64]())
    for record in log.records {
      if record.kind == .quicPacketSent { sizes[record.item, default: 0] += Int64(record.length) }
      if record.kind == .packetDuplicated { sizes[record.item] = sizes[UInt32(record.offset)] }
      if record.kind == .packetAddress && record.side == .server {
        addresses[record.item] = record.offset
      }
    }
    var arrived: [UInt32: UInt32] = [:]
    var credit: [UInt32: Int64] = [:]
    var current: [UInt32: Int64] = [:]
    for record in log.records {
      let key = record.connection
      switch record.kind {
      case .packetArrived where lasts.contains(Int(record.place)):
        arrived[key] = record.item
        credit[key]? += 3 * (sizes[record.item] ?? 0)
      case .pathChanged where record.side == .server:
        let hasFollowed = record.detail == PathChange.followed.rawValue
        credit[key] = hasFollowed ? 3 * (arrived[key].flatMap { sizes[$0] } ?? 0) : nil
        current[key] = record.offset
      case .quicPacketSent where record.side == .server && credit[key] != nil:
        if log.connections[Int(key)].quic?.client.carriesSegments ?? true { continue }
        guard addresses[record.item] ?? 0 == current[key] else { continue }
        credit[key]? -= Int64(record.length)
        if let left = credit[key], left < 0 {
          Issue.record("seed \(seed): more went to a new address than three times what came")
        }
      default: break
      }
    }
  }

  /// Nothing is under way, and nobody waits for anything.
  static func idle(_ simulator: borrowing Simulator, _ seed: UInt64) {
    #expect(simulator.queue.count == 0, "seed \(seed)")
    #expect(simulator.datagrams.count == 0, "seed \(seed)")
    for index in simulator.quicEndpoints.indices {
      let bytes = simulator.quicEndpoints[index].bytesInFlight
      #expect(bytes >= 0, "seed \(seed), endpoint \(index)")
      // Whom no packet has reached still listens.
      let state = simulator.quicEndpoints[index].state
      let isClosed = simulator.quicEndpoints[index].isClosed || state == .idle
      #expect(isClosed, "seed \(seed), endpoint \(index)")
      let deadline = simulator.quicEndpoints[index].nextDeadline
      #expect(deadline == .never, "seed \(seed), endpoint \(index)")
    }
  }
}
