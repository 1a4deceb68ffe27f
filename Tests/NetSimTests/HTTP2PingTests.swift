import NetSim
import Testing

/// PING, and what hangs on it: keep-alive, windows that follow the path, ends in good order.
@Suite struct HTTP2PingTests: HTTP2Runs {
  // MARK: Whether the peer is there

  /// The second object is wanted 100 s after the first. A client that asks after 30 s of silence, and
  /// waits 10 s for the answer, knows 40 s after it last heard something that the path is dead.
  @Test func aDeadPathIsFoundAfterIntervalAndTimeout() {
    var dead = scenario([1_000, 1_000]) {
      $0.objects[1].after = 0
      $0.objects[1].clientTime = .seconds(100)
      $0.http2.client.keepAlive = KeepAlivePings(
        interval: .seconds(30), timeout: .seconds(10), whileIdle: true)
    }
    for index in dead.links.indices {
      dead.links[index].outages = [
        Outage(from: .zero + .seconds(1), to: .zero + .seconds(90))
      ]
    }
    let (report, log) = run(dead)
    // The answer came at 200 ms, and the acknowledgement of SETTINGS went with it.
    #expect(milliseconds(frames(.ping, of: .client, log)).first == 30_200)
    let end = log.records.first {
      $0.kind == .segmentSent && TCPFlags(rawValue: $0.detail).contains(.rst)
    }
    #expect(end?.time == .zero + .milliseconds(40_200))
    #expect(report.requests[1].complete != nil && report.connections.count == 2)
  }

  /// Without `whileIdle` nobody asks before a stream is open again.
  @Test func noStreamNoPing() {
    let (_, log) = run(
      scenario([1_000, 1_000]) {
        $0.objects[1].after = 0
        $0.objects[1].clientTime = .seconds(100)
        $0.http2.client.keepAlive = KeepAlivePings(interval: .seconds(30), timeout: .seconds(10))
      })
    #expect(milliseconds(frames(.ping, of: .client, log)) == [100_200])
  }

  /// A server that wants 300 s between PINGs gets one every 30 s and a round trip: the first is free, the
  /// second and the third are forgiven, and the next ends the connection (gRPC proposal A8).
  @Test func tooManyPingsEndTheConnection() {
    let (_, log) = run(
      scenario([1_000, 1_000]) {
        $0.objects[1].after = 0
        $0.objects[1].clientTime = .seconds(1_000)
        $0.http2.client.keepAlive = KeepAlivePings(
          interval: .seconds(30), timeout: .seconds(10), whileIdle: true)
        $0.http2.server.pingLimit = PingLimit(leastInterval: .seconds(300), mostStrikes: 2)
      })
    let end = log.records.first { $0.kind == .frameError }
    #expect(end?.detail == 11)
    let pings = frames(.ping, of: .client, log).filter { $0.connection == 0 }
    #expect(milliseconds(pings) == [30_200, 60_300, 90_400, 120_500])
    #expect(end?.time == .zero + .milliseconds(120_550))
  }

  // MARK: Windows that follow the path

  /// 1 MB over 75 ms: the first sample is the whole first window, 65,535 bytes; each that is two thirds
  /// of the window and faster than all before sets the window to twice itself.
  @Test func adaptiveWindowsGrowWithThePath() {
    func time(_ change: @escaping (inout HTTP2EndPolicy) -> Void) -> (Double, EventLog) {
      let (report, log) = run(
        scenario([4_000_000], roundTrip: 75, rate: Bitrate(bitsPerSecond: 100_000_000)) {
          change(&$0.http2.client)
        })
      return (Double(report.complete?.nanoseconds ?? 0) / 1e6, log)
    }
    let fixed = time {
      $0.streamWindow = 65_535
      $0.connectionWindow = 65_535
    }
    let adaptive = time { $0.windowUpdates = .adaptive }
    let large = time { _ in }
    #expect(fixed.0 > adaptive.0 * 2)
    #expect(adaptive.0 > large.0)
    let updates = frames(.settings, of: .client, adaptive.1).filter { !$0.frameIsFlagged }
    // The first SETTINGS have three values; those that widen have one.
    #expect(updates.map(\.length).prefix(2) == [27, 15])
    #expect(updates.count > 2)
    let windows = frames(.windowUpdate, of: .client, adaptive.1).filter { $0.item == 0 }
    #expect(!windows.isEmpty && windows[0].length <= 65_535)
  }

  // MARK: Ends in good order

  /// A request every 10 ms, and a server that ends the connection after 500 ms. With one GOAWAY what is
  /// on its way then is asked elsewhere; with two, nothing is.
  @Test(arguments: [(HTTP2Ending.once, true), (.twice, false)])
  func twoStepsLoseNoRequest(ending: HTTP2Ending, isRepeated: Bool) {
    let (report, log) = run(
      scenario(Array(repeating: 1_000, count: 100)) {
        for index in $0.objects.indices {
          $0.objects[index].clientTime = .milliseconds(Int64(index) * 10)
        }
        $0.persistence.serverLifetime = .milliseconds(500)
        $0.http2.server.ending = ending
      })
    #expect(report.requests.allSatisfy { $0.complete != nil })
    #expect((report.retriedRequests > 0) == isRepeated)
    let ends = frames(.goAway, of: .server, log).filter { $0.connection == 0 }
    if ending == .twice {
      // 100 ms to connect, 50 ms to the server, 500 ms; the answer of the PING a round trip later.
      #expect(milliseconds(ends).prefix(2) == [650, 750])
      #expect(ends.first?.length == 0x7FFF_FFFF)
      #expect((ends.dropFirst().first?.length ?? .max) < 0x7FFF_FFFF)
    } else {
      #expect(milliseconds(ends).first == 650)
    }
  }
}
