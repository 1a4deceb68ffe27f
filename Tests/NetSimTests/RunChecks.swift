import Testing

@testable import NetSim

/// What is checked of a run, whatever its scenario.
enum RunChecks {
  /// Runs a scenario to its end and checks all of the following.
  static func everything(_ scenario: Scenario, _ seed: UInt64) {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    #expect(report.complete != nil, "seed \(seed)")
    conservation(simulator.log, report, seed)
    deliveries(simulator.log, seed)
    causes(report, seed)
    idle(simulator, seed)
  }

  /// Runs a scenario in which requests may fail: each is complete or has failed, and nothing is left.
  static func ended(_ scenario: Scenario, _ seed: UInt64) {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    for request in report.requests {
      let hasEnded = (request.complete == nil) != (request.failed == nil)
      #expect(hasEnded, "seed \(seed), request \(request.request)")
    }
    conservation(simulator.log, report, seed)
    deliveries(simulator.log, seed)
    idle(simulator, seed)
  }

  /// Packets sent and copies made are packets arrived or lost; none is left under way.
  static func conservation(_ log: EventLog, _ report: RunReport, _ seed: UInt64) {
    let received = log.records.filter { $0.kind == .segmentReceived }.count
    let sent = report.connections.reduce(0) { $0 + $1.packets.up + $1.packets.down }
    let lost = report.connections.reduce(0) { $0 + $1.lost.up + $1.lost.down }
    let copied = report.connections.reduce(0) { $0 + $1.duplicated.up + $1.duplicated.down }
    #expect(sent + copied == Int64(received) + lost, "seed \(seed)")
    #expect(log.records.filter { $0.kind == .segmentSent }.count == Int(sent), "seed \(seed)")
  }

  /// Deliveries on each side of each connection are adjacent: every byte once, in order.
  static func deliveries(_ log: EventLog, _ seed: UInt64) {
    var fronts = [Int64](repeating: 1, count: log.connections.count * 2)
    var time = SimTime.zero
    for record in log.records {
      #expect(record.time >= time, "seed \(seed)")
      time = record.time
      guard record.kind == .bytesDelivered else { continue }
      let index = Int(record.connection) * 2 + Int(record.side.rawValue)
      #expect(record.offset == fronts[index], "seed \(seed)")
      fronts[index] += Int64(record.length)
    }
  }

  /// The causes of a request add up to its duration, to the nanosecond.
  static func causes(_ report: RunReport, _ seed: UInt64) {
    for request in report.requests {
      guard let complete = request.complete else { continue }
      var cursor = request.queued
      for interval in request.intervals {
        #expect(interval.start == cursor && interval.end > interval.start, "seed \(seed)")
        cursor = interval.end
      }
      #expect(cursor == complete, "seed \(seed)")
      let sum = Cause.allCases.reduce(SimDuration.zero) { $0 + request.time($1) }
      #expect(sum == complete - request.queued, "seed \(seed)")
      #expect(request.time(.unknown) == .zero, "seed \(seed)")
    }
  }

  /// No timer is left, nothing is outstanding, and every segment's place is free.
  static func idle(_ simulator: borrowing Simulator, _ seed: UInt64) {
    #expect(simulator.queue.count == 0, "seed \(seed)")
    #expect(simulator.segments.count == 0, "seed \(seed)")
    for index in simulator.endpoints.indices where simulator.endpoints[index].state != .listen {
      let deadline = simulator.endpoints[index].nextDeadline
      #expect(deadline == .never, "seed \(seed)")
      let isSettled = simulator.endpoints[index].scoreboard.isEmpty
      #expect(isSettled, "seed \(seed), endpoint \(index)")
      // Whose peer has reset the connection, and the reset was lost, waits for its FIN for ever.
      let isLeft =
        simulator.endpoints[index].state == .finWait2 && simulator.endpoints[index ^ 1].isClosed
      let isClosed = simulator.endpoints[index].isClosed || isLeft
      #expect(isClosed, "seed \(seed), endpoint \(index)")
    }
  }
}
