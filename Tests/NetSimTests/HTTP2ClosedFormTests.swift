import NetSim
import Testing

/// HTTP/2 where its times can be counted: in `ideal`, whose windows have no limit unless one is given.
@Suite struct HTTP2ClosedFormTests: HTTP2Runs {
  private func tls13(_ client: inout ClientSettings) {
    client.tls = TLSSettings(.full13, tickets: 0)
  }

  // MARK: Against six connections of HTTP/1.1

  /// 60 objects of 10,000 bytes: the one window doubles (10, 20, 40 … segments), six connections serve
  /// ten rounds of objects. 6 of 100,000: six windows beat the one.
  @Test(arguments: [(60, 10_000, 8, 12), (6, 100_000, 8, 5)] as [(Int, Int64, Double, Double)])
  func roundTripsOfAPage(count: Int, size: Int64, http2: Double, http1: Double) {
    let sizes = Array(repeating: size, count: count)
    let one = run(scenario(sizes) { tls13(&$0) }).report
    let six = run(
      scenario(sizes) {
        tls13(&$0)
        $0.application = .http11
        $0.connections = 6
      }
    ).report
    #expect(milliseconds(one.complete) == http2 * 100)
    #expect(milliseconds(six.complete) == http1 * 100)
    #expect(one.connections.count == 1 && six.connections.count == 6)
  }

  /// The least initial window with which one connection loads 6 × 100,000 bytes in five round trips,
  /// as six connections do: it needs 600,000 bytes in three rounds, 7 times the window.
  @Test func theTie() {
    func rounds(_ window: UInt32) -> Double? {
      milliseconds(
        run(
          scenario(Array(repeating: 100_000, count: 6)) {
            tls13(&$0)
            $0.transport.initialWindow = window
          }
        ).report.complete)
    }
    #expect(rounds(58) == 600)
    #expect(rounds(60) == 500)
  }

  // MARK: Streams

  /// On a warm connection two fast answers do not wait for a slow one: 85 ms and 575 ms.
  @Test func fastAnswersPassASlowOne() {
    let report = run(
      scenario([100, 1000, 1000, 1000], roundTrip: 75) { client in
        for (index, time) in [500, 10, 10].enumerated() {
          client.objects[index + 1].after = 0
          client.objects[index + 1].serverTime = .milliseconds(Int64(time))
        }
      }
    ).report
    let times = report.requests.map { milliseconds($0.complete.map { $0 }) }
    // The first is there after two round trips; the others run from then on.
    let expected: [Double?] = [150, 725, 235, 235]
    #expect(times == expected)
  }

  /// A stream that is ready earlier goes first: R1's head at 0 ms and body at 60, R2's body at 20 make
  /// the order R1 R2 R2 R1 R1 of frames; where R1 has nothing early, R2 R2 R1 R1 R1.
  @Test(arguments: [(true, [1, 3, 3, 1, 1]), (false, [3, 3, 1, 1, 1])] as [(Bool, [UInt32])])
  func theOrderComesOutOfReadiness(isEarly: Bool, order: [UInt32]) {
    var scenario = scenario([20_000, 5000]) { client in
      client.http2.server.mostData = 16_384
      client.objects[0].serverTime = isEarly ? .zero : .milliseconds(60)
      client.objects[0].response.parts = [
        ResponsePart(ByteCount(20_000), after: isEarly ? .milliseconds(60) : .zero)
      ]
      client.objects[1].serverTime = .milliseconds(20)
    }
    scenario.clients[0].tls = nil
    var simulator = Simulator(scenario)
    _ = simulator.run()
    let frames = simulator.log.records.filter {
      $0.kind == .frameSent && $0.side == .server && $0.item > 0
    }
    #expect(frames.map(\.item) == order)
  }

  /// Three streams of three segments each, sent by turns over 10 Mb/s, one frame in each segment; the
  /// n-th of the nine is lost behind the line. The third that comes behind it comes `n + 3` times 1.2 ms
  /// and 50 ms after the first was sent, its acknowledgement 50 ms later, and the repetition takes 1.2
  /// and 50: 157.2 ms where the second is lost. A link that loses packets before the line lets all that
  /// follow come 1.2 ms earlier. The last one has nobody behind it: the acknowledgement of the eighth,
  /// after 109.6 ms, sets the timer of a second.
  @Test(
    arguments: [
      (0, true, [58.4, 59.6, 60.8]), (1, true, [156, 156, 156]), (2, true, [157.2, 157.2, 157.2]),
      (2, false, [156, 156, 156]), (6, true, [162, 162, 162]), (9, true, [58.4, 59.6, 1_160.8]),
    ] as [(UInt32, Bool, [Double])])
  func oneHoleHoldsAllStreams(lost: UInt32, isBehindLine: Bool, expected: [Double]) throws {
    var scenario = scenario([20, 4303, 4303, 4303]) { client in
      client.objects[0].responseHead = ByteCount(20)
      for index in 1...3 {
        client.objects[index].after = 0
        client.objects[index].responseHead = ByteCount(41)
        client.objects[index].serverTime = .microseconds(Int64(index) * 100)
        client.objects[index].response.parts = [
          ResponsePart(ByteCount(1401), after: .zero),
          ResponsePart(ByteCount(1451), after: .microseconds(300)),
          ResponsePart(ByteCount(1451), after: .microseconds(300)),
        ]
      }
    }
    let free = LinkSettings(rate: .unlimited, delay: .zero, acknowledgementsAreFree: true)
    scenario.links += [free, free]
    scenario.links[3].rate = .megabits(10)
    if lost > 0 {
      scenario.links[isBehindLine ? 1 : 3].drops = [
        DropRule(ordinal: lost, minimumPayload: 1400)
      ]
    }
    scenario.paths = [PathSettings(up: [0, 2], down: [3, 1])]
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let records = simulator.log.records
    let first = try #require(
      records.first { $0.kind == .segmentSent && $0.side == .server && $0.length == 1460 })
    let ends = report.requests[1...].map { request in
      request.complete.map { Double(($0 - first.time).nanoseconds) / 1e6 }
    }
    #expect(ends == expected)
    let parked = records.lazy.filter { $0.kind == .bytesBuffered && $0.side == .client }
      .reduce(0) { $0 + Int($1.length) }
    #expect(parked == (lost == 0 ? 0 : (9 - Int(lost)) * 1460))
  }

  // MARK: Flow control

  /// A window of 65,535 bytes a round trip of 75 ms: 6.99 Mb/s, whatever the link.
  @Test(arguments: [(1_000, 75), (100, 75), (1_000, 10)] as [(UInt64, Int64)])
  func aWindowCapsTheRate(rate: UInt64, roundTrip: Int64) throws {
    let bytes: Int64 = 4_000_000
    let report = run(
      scenario([bytes], roundTrip: roundTrip, rate: Bitrate(bitsPerSecond: rate * 1_000_000)) {
        $0.transport.initialWindow = 100
        $0.http2.client.streamWindow = 65_535
        $0.http2.client.connectionWindow = 65_535
        $0.http2.client.windowUpdates = .each
      }
    ).report
    let first = try #require(report.requests[0].firstByte)
    let complete = try #require(report.complete)
    let seconds = Double((complete - first).nanoseconds) / 1e9
    // The last window of bytes needs no round trip after it.
    let megabits = Double(bytes - 65_535) * 8 / seconds / 1e6
    let windowBits = 65_535.0 * 8
    let cap: Double = windowBits / Double(roundTrip) / 1e3
    // Bytes on their way on the link count in the round trip as well, so that it is a little less.
    let serialization: Double = windowBits / Double(rate) / 1e3
    let least: Double = windowBits / (Double(roundTrip) + serialization) / 1e3
    #expect(megabits <= cap)
    #expect(megabits > least * 0.97)  // The window is not all in use at first.
    let held = report.requests[0].time(.streamWindow) + report.requests[0].time(.connectionWindow)
    #expect(held > .zero)
  }

  /// 1,000,000 bytes over 100 Mb/s and 75 ms, from when the server sends the first of them. A round
  /// begins 75.12 ms after the one before. With windows without limit the seventh has 55 packets; with
  /// 65,535 bytes three rounds of slow start bring 102,200 bytes, and 14 more the rest, of which the last
  /// has 32 packets. TCP's own window of 65,535 takes whole segments only, 44 in a round, so that 43
  /// are left for the last.
  @Test(
    arguments: [
      (ApplicationProtocol.http2, nil, 0.4948), (.http2, 65_535, 1.2433), (.raw, nil, 0.4948),
      (.raw, 65_535, 1.2446),
    ] as [(ApplicationProtocol, Int64?, Double)])
  func aMegabyteBehindAWindow(
    application: ApplicationProtocol, window: Int64?, expected: Double
  ) throws {
    // HTTP/2 says its settings before: they would take a place in the first flight.
    let sizes: [Int64] = application == .http2 ? [20, 1_000_000] : [1_000_000]
    var scenario = scenario(sizes, roundTrip: 75) { client in
      client.application = application
      client.objects[0].responseHead = ByteCount(20)
      if application == .http2 {
        client.objects[1].after = 0
        client.objects[1].responseHead = ByteCount(1)
        client.http2.client.maxFrameSize = HTTP2EndPolicy.mostFrameSize
      }
      client.http2.client.windowUpdates = .each
      if let window, application == .http2 {
        client.http2.client.streamWindow = window
        client.http2.client.connectionWindow = window
      } else if let window {
        client.transport.receiveWindow = ByteCount(window)
        client.transport.receivePolicy.initialBuffer = ByteCount(window)
      }
    }
    scenario.links[1].rate = .megabits(100)
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let first = try #require(
      simulator.log.records.first {
        $0.kind == .segmentSent && $0.side == .server && $0.length == 1460
      })
    let complete = try #require(report.complete)
    let seconds = Double((complete - first.time).nanoseconds) / 1e9
    #expect(abs(seconds - expected) < 0.00005, "\(seconds)")
  }

  /// A stream whose window is used up does not hold another, as long as the connection has window.
  @Test func aStalledStreamLetsOthersPass() {
    let report = run(
      scenario([200_000, 1000]) {
        $0.transport.initialWindow = 100
        $0.http2.client.streamWindow = 20_000
        $0.http2.client.connectionWindow = 1_000_000
      }
    ).report
    #expect(milliseconds(report.requests[1].complete) == 200)
    #expect(report.requests[0].time(.streamWindow) > .zero)
    #expect(report.requests[1].time(.streamWindow) == .zero)
  }

  // MARK: Limits

  /// A server that lets 100 streams be open answers 250 requests in three waves; the client does not
  /// know before the server's SETTINGS, and opens as many as it takes to be allowed.
  @Test func aLimitOfStreamsMakesWaves() {
    let report = run(
      scenario(Array(repeating: 100, count: 251)) { client in
        client.http2.server.maxConcurrentStreams = 100
        client.transport.initialWindow = 1000
        client.serverTimes = [.milliseconds(50)]
        client.start = .afterFirst
      }
    ).report
    let first: Double = milliseconds(report.requests[0].complete) ?? 0
    let waits: [Double] = report.requests.dropFirst().map {
      (milliseconds($0.complete) ?? 0) - first
    }
    let waves = [150.0, 300, 450].map { wave in waits.filter { $0 == wave }.count }
    #expect(waves == [100, 100, 50])
  }

  /// After its last request a server says GOAWAY, and the client goes on elsewhere.
  @Test func aServerThatEndsLosesNothing() {
    let report = run(
      scenario(Array(repeating: 1000, count: 25)) { $0.persistence.mostRequests = 10 }
    ).report
    #expect(report.complete != nil)
    #expect(report.connections.count == 3)
    #expect(report.requests.allSatisfy { $0.complete != nil && $0.failed == nil })
  }

  /// The first answer has used the connection's window up at 150 ms; the client reads that at 200 ms and
  /// gives back half of it or more, at 250 ms for the server: enough for the rest of both. The second
  /// answer is there at 200 ms: its fields need no window (RFC 9113 §6.9) and are written at once.
  @Test(arguments: [StreamScheduler.roundRobin, .urgency])
  func fieldsNeedNoWindow(scheduler: StreamScheduler) {
    let log = run(
      scenario([90_000, 1000]) {
        $0.transport.initialWindow = 100
        $0.http2.client.connectionWindow = 65_535
        $0.http2.server.scheduler = scheduler
        $0.objects[1].serverTime = .milliseconds(50)
      }
    ).log
    let second = [HTTP2FrameType.headers, .data].map { type in
      milliseconds(frames(type, of: .server, log).filter { $0.item == 3 })
    }
    #expect(second == [[200], [250]])
  }
}
