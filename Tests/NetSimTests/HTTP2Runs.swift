import NetSim

/// What suites of runs over HTTP/2 share: a scenario whose times can be counted, and what they read of
/// its run.
protocol HTTP2Runs {}

extension HTTP2Runs {
  /// Objects of these sizes over HTTP/2 in `ideal`, where nothing has a limit but what is given; the round
  /// trip in milliseconds.
  func scenario(
    _ sizes: [Int64], roundTrip: Int64 = 100, rate: Bitrate = .unlimited,
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices {
      scenario.links[index].delay = .microseconds(roundTrip * 500)
      scenario.links[index].rate = rate
    }
    scenario.clients[0].application = .http2
    scenario.clients[0].objects = sizes.map { ObjectSettings(ByteCount($0)) }
    change(&scenario.clients[0])
    return scenario
  }

  func run(_ scenario: Scenario) -> (report: RunReport, log: EventLog) {
    var simulator = Simulator(scenario)
    let report = simulator.run()
    return (report, simulator.log)
  }

  /// The frames of a type that a side sent.
  func frames(_ type: HTTP2FrameType, of side: Side, _ log: EventLog) -> [EventRecord] {
    log.records.filter { $0.kind == .frameSent && $0.side == side && $0.frameType == type }
  }

  func milliseconds(_ time: SimTime?) -> Double? {
    time.map { Double($0.nanoseconds) / 1e6 }
  }

  /// When its requests were complete.
  func milliseconds(_ report: RunReport) -> [Double?] {
    report.requests.map { milliseconds($0.complete) }
  }

  func milliseconds(_ records: [EventRecord]) -> [Int64] {
    records.map { $0.time.nanoseconds / 1_000_000 }
  }
}
