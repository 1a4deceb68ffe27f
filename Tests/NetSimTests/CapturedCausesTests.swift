import Testing

@testable import NetSim

/// Causes from a log that shows the client's end only, as a capture's does.
@Suite struct CapturedCausesTests {
  /// A request at 0, half of the response at 50 ms, and the other half at 450 ms, a round trip after
  /// the client's second acknowledgement. The first one announces `window` bytes.
  private func log(window: UInt32) -> EventLog {
    var log = EventLog()
    log.connections = [ConnectionDescription(), ConnectionDescription()]
    log.requests = [RequestDescription(bodyBytes: 1000)]
    func add(
      _ ms: Int64, _ kind: EventKind, item: UInt32 = 0, offset: Int64 = 0, length: UInt32 = 0
    ) {
      log.record(
        EventRecord(
          time: SimTime.zero + .milliseconds(ms), kind: kind, connection: 0, side: .client,
          item: item, offset: offset, length: length))
    }
    add(0, .requestQueued)
    add(0, .requestSent, offset: 1, length: 10)
    add(0, .segmentSent, item: 1, offset: 1, length: 10)
    add(0, .segmentAcknowledgement, item: 1, offset: 1, length: 65_535)
    add(50, .segmentReceived, item: 2, offset: 1, length: 500)
    add(50, .bytesDelivered, item: 2, offset: 1, length: 500)
    add(50, .responseFirstByte, offset: 1, length: 1000)
    add(50, .segmentSent, item: 3)
    add(50, .segmentAcknowledgement, item: 3, offset: 501, length: window)
    add(400, .segmentSent, item: 4)
    add(400, .segmentAcknowledgement, item: 4, offset: 501, length: 65_535)
    add(450, .segmentReceived, item: 5, offset: 501, length: 500)
    add(450, .bytesDelivered, item: 5, offset: 501, length: 500)
    add(450, .responseComplete, offset: 1001)
    return log
  }

  private func report(_ log: EventLog, roundTrip: Int64 = 50) -> RequestReport {
    BlockedTime.reports(
      of: log, estimates: [PathEstimate(minimumRTT: .milliseconds(roundTrip))])[0]
  }

  @Test func dataReleasedByAnAcknowledgementWaitedForTheCongestionWindow() {
    let report = report(log(window: 65_535))
    #expect(report.time(.propagation) == .milliseconds(50))
    #expect(report.time(.congestionWindow) == .milliseconds(400))
  }

  @Test func dataReleasedByAWindowUpdateWaitedForTheReceiveWindow() {
    #expect(report(log(window: 0)).time(.receiveWindow) == .milliseconds(400))
  }

  @Test func dataThatNothingReleasedIsUnknown() {
    // With a round trip of 20 ms the last acknowledgement was 50 ms before: far too early.
    #expect(report(log(window: 0), roundTrip: 20).time(.unknown) == .milliseconds(400))
  }

  @Test func aWaitIsTheServersOnlyWhereNobodyElseWasBusy() {
    var alone = log(window: 0)
    #expect(report(alone, roundTrip: 20).time(.server) == .milliseconds(30))
    alone.record(
      EventRecord(
        time: SimTime.zero + .milliseconds(40), kind: .segmentReceived, connection: 1,
        side: .client, item: 9, offset: 1, length: 100))
    alone.sortByTime()
    #expect(report(alone, roundTrip: 20).time(.server) == .zero)
    #expect(report(alone, roundTrip: 20).time(.unknown) == .milliseconds(430))
  }
}
