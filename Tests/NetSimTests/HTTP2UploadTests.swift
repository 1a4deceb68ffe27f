import NetSim
import Testing

/// Requests with content over HTTP/2, in `ideal`.
@Suite struct HTTP2UploadTests: HTTP2Runs {
  private func run(
    _ request: Int64, roundTrip: Int64 = 100, _ change: (inout ClientSettings) -> Void = { _ in }
  ) -> (milliseconds: Double, log: EventLog) {
    let (report, log) = run(
      scenario([1_000], roundTrip: roundTrip) {
        $0.objects[0].request = ByteCount(request)
        $0.objects[0].method = .post
        change(&$0)
      })
    return (milliseconds(report.complete) ?? -1, log)
  }

  private func data(_ log: EventLog) -> [EventRecord] {
    frames(.data, of: .client, log)
  }

  /// SETTINGS and the fields take two packets of the first window: rounds of 8, 19 and 38 segments carry
  /// 94,900 bytes. They leave at 100, 200 and 300 ms, and the answer is there at 400; what is more takes
  /// a round trip more.
  @Test func contentTakesItsRoundTrips() {
    #expect(run(94_000).milliseconds == 400)
    let (time, log) = run(100_000)
    #expect(time == 500)
    let frames = data(log)
    #expect(frames.last?.detail == 0x80)
    // The fields, two headers less than the size, and a header for each frame more.
    let content = frames.reduce(0) { $0 + Int64($1.length) - 9 }
    #expect(content < 100_000 && content > 99_900)
    #expect(frames.allSatisfy { $0.length <= 16_393 })
  }

  /// What a client may put into a frame, the server says; what it says itself changes nothing
  /// (RFC 9113 §6.5.2).
  @Test func theServersFrameSizeHolds() {
    let clients = data(run(100_000) { $0.http2.client.maxFrameSize = 1 << 20 }.log)
    #expect(clients.map(\.length).max() == 16_393)
    // The first frame leaves before the server has said anything.
    let servers = data(run(400_000) { $0.http2.server.maxFrameSize = 1 << 20 }.log)
    #expect(servers.first?.length == 16_393)
    #expect((servers.map(\.length).max() ?? 0) > 100_000)
  }

  /// The server's window caps an upload as the client's caps a download: 65,535 bytes a round trip.
  @Test(arguments: [(65_535, 1_310_700), (131_070, 2_621_400)] as [(Int64, Int64)])
  func theServersWindowCapsIt(window: Int64, bytes: Int64) {
    func time(_ bytes: Int64) -> Double {
      run(bytes) {
        $0.http2.server.streamWindow = window
        $0.http2.server.connectionWindow = window
        $0.http2.server.windowUpdates = .each
      }.milliseconds
    }
    // Ten windows more are ten round trips more.
    #expect(time(bytes) - time(bytes - 10 * window) == 1_000)
    #expect(time(bytes) > run(bytes).milliseconds)
  }

  /// A reset stops it.
  @Test func aCancelledUploadStops() {
    let (_, log) = run(1_000_000) { $0.objects[0].cancelAfter = .milliseconds(150) }
    let reset = log.records.first { $0.kind == .frameSent && $0.detail == 3 }
    #expect(reset?.time == .zero + .milliseconds(250))
    #expect(data(log).allSatisfy { $0.time <= .zero + .milliseconds(250) })
  }
}
