import NetSim
import Testing

/// Server push, and what a client has already: a page of 10,000 bytes that names a style sheet, 100 ms
/// away.
@Suite struct HTTP2PushTests: HTTP2Runs {
  private func scenario(
    style: Int64 = 1_000, rate: Bitrate = .unlimited,
    _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> Scenario {
    scenario([10_000, style], rate: rate) {
      $0.objects[1].after = 0
      change(&$0)
    }
  }

  /// A round trip less: the style sheet comes with the page.
  @Test func aPushSavesARoundTrip() {
    #expect(milliseconds(run(scenario()).report) == [200, 300])
    let (report, log) = run(scenario { $0.objects[1].isPushed = true })
    #expect(milliseconds(report) == [200, 200])
    #expect(report.complete == .zero + .milliseconds(200))
    let promises = frames(.pushPromise, of: .server, log)
    #expect(promises.map(\.item) == [2])
    // It stands before the page's own fields, and the style sheet's frames are those of stream 2.
    let order = log.records.filter { $0.kind == .frameSent && $0.side == .server && $0.item > 0 }
    #expect(order.prefix(2).map(\.detail) == [5, 1])
    #expect(order.contains { $0.item == 2 && $0.detail == 0x80 })
    #expect(log.requests[1].promisedOn == 1)
    #expect(frames(.headers, of: .client, log).map(\.item) == [1])
  }

  /// A client that says SETTINGS_ENABLE_PUSH = 0 gets no promises.
  @Test func aClientMayRefuseAllPushes() {
    let (report, log) = run(
      scenario {
        $0.objects[1].isPushed = true
        $0.http2.client.enablesPush = false
      })
    #expect(frames(.pushPromise, of: .server, log).isEmpty)
    #expect(milliseconds(report) == [200, 300])
  }

  /// What a client has, it takes when it is wanted, and asks nobody.
  @Test func whatIsCachedIsNotAskedFor() {
    let (report, log) = run(scenario { $0.objects[1].isCached = true })
    #expect(milliseconds(report) == [200, 200])
    #expect(frames(.headers, of: .client, log).map(\.item) == [1])
  }

  /// A push of what the client has is cancelled, but a round trip's worth of it has left by then: the
  /// first window of ten segments, which the page fills with 7 of them.
  @Test func aPushOfWhatIsCachedIsWasted() {
    let (report, log) = run(
      scenario(style: 100_000) {
        $0.objects[1].isPushed = true
        $0.objects[1].isCached = true
      })
    #expect(report.requests[0].complete == .zero + .milliseconds(200))
    #expect(report.complete == .zero + .milliseconds(200))
    let resets = frames(.resetStream, of: .client, log)
    #expect(resets.map(\.item) == [2] && resets.map(\.length) == [8])
    #expect(resets[0].time == .zero + .milliseconds(200))
    #expect(log.requests.filter { $0.purpose == .push }.count == 1)
    #expect(report.requests.filter { $0.complete != nil }.count == 2)
  }

  /// At 10 Mb/s the wasted push delays a page whose rest comes 5 ms after its beginning.
  @Test func aWastedPushDelaysThePage() throws {
    func page(_ isPushed: Bool) throws -> Double {
      let (report, _) = run(
        scenario(style: 50_000, rate: .megabits(10)) {
          $0.objects[0].response.parts = [
            ResponsePart(ByteCount(2_000), after: .zero),
            ResponsePart(ByteCount(8_000), after: .milliseconds(5)),
          ]
          $0.objects[1].isPushed = isPushed
          $0.objects[1].isCached = true
          $0.transport.initialWindow = 100
        })
      return Double(try #require(report.requests[0].complete).nanoseconds) / 1e6
    }
    let delay = try page(true) - page(false)
    // 50,000 bytes in 35 segments and four frames are 51.5 kB, 41.2 ms on the line. They begin behind the
    // page's first 2.2 kB, at 1.8 ms, and end at 43.0, where the rest would have begun at 5.
    #expect(delay > 37.5 && delay < 38.5)
  }

  /// What the client has asked for before the promise comes, it takes from its own request.
  @Test func aPromiseThatComesTooLateIsRefused() {
    let (report, log) = run(
      scenario {
        $0.serverTimes = [.milliseconds(100)]
        $0.objects[1].isPushed = true
        $0.objects[1].trigger = .hints
        $0.objects[0].response.hintsAfter = .milliseconds(10)
      })
    // The hints come at 210 ms, and the page with the promise at 300.
    #expect(frames(.headers, of: .client, log).map(\.item) == [1, 3])
    #expect(frames(.resetStream, of: .client, log).map(\.item) == [2])
    #expect(report.requests.filter { $0.complete != nil }.count == 2)
  }
}
