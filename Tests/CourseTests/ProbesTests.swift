import Course
import NetSim
import Scenarios
import Testing

/// What a run measures, by the names that lessons use: in `ideal`, so that it can be worked out by hand.
@Suite struct ProbesTests {
  private func probes(_ options: [(String, String)]) throws -> Probes {
    var builder = ScenarioBuilder()
    try builder.set("profile", "ideal")
    try builder.set("protocol", "http1")
    for (name, value) in options { try builder.set(name, value) }
    return ReferenceRuns.run(try builder.build()).probes
  }

  private let relay = [
    ("protocol", "http1.0"), ("keep-alive", "on"), ("rtt", "40ms"), ("proxy", "blind"),
    ("proxy-rtt", "20ms"), ("objects", "2x1000"), ("start", "in-series"),
  ]

  /// The server's time begins with its response, whose way its end takes as well.
  @Test(arguments: [("5s", 5_000.0), ("60s", 60_000), ("1250ms", 1_250)])
  func aRequestHangsForTheServersTime(limit: String, hung: Double) throws {
    let probes = try probes(relay + [("keep-alive-timeout", limit)])
    #expect(try probes.value("request[0].hung_ms") == 0)
    #expect(try probes.value("request[1].hung_ms") == hung)
    #expect(try probes.value("request[1].duration_ms") == hung + 120)
    #expect(try probes.value("standing_waits") == 0)
  }

  @Test func whoWaitsForEverIsCounted() throws {
    let probes = try probes(relay)
    #expect(try probes.value("standing_waits") == 3)
    #expect(try probes.value("failed") == 1)
  }

  /// One connection: 100 ms of handshake, and 100 for each of three requests wanted at once.
  @Test func waitsForAConnectionAreMeasured() throws {
    let probes = try probes([
      ("rtt", "100ms"), ("connections", "1"), ("objects", "3x1000"), ("arrivals", "every:0ms"),
    ])
    #expect(try probes.value("complete_ms") == 400)
    #expect(try probes.value("reused") == 2)
    #expect(try probes.value("waited") == 2)
    #expect(try probes.value("wait_longest_ms") == 300)
    #expect(try probes.value("wait_median_ms") == 200)
    #expect(try probes.value("wait_p99_ms") == 300)
    #expect(abs(try probes.value("wait_mean_ms") - 500.0 / 3) < 0.001)
    #expect(try probes.value("expired") == 0)
  }

  @Test func requestsThatGetNoConnectionAreCounted() throws {
    let common = [
      ("rtt", "100ms"), ("connections", "1"), ("objects", "4x1000"), ("arrivals", "every:0ms"),
    ]
    #expect(try probes(common + [("pool-queue", "1")]).value("turned_away") == 2)
    #expect(try probes(common + [("pool-wait", "250ms")]).value("timed_out") == 2)
  }

  /// The path dies behind the first response, at 150 ms: the heartbeat leaves 30 s later, and is
  /// waited for for 10.
  @Test func theEndOfAConnectionIsMeasured() throws {
    let probes = try probes([
      ("rtt", "75ms"), ("objects", "2x1000"), ("arrivals", "every:300s"),
      ("heartbeat", "30s:10s"), ("outage", "151ms-200s"),
    ])
    #expect(try probes.value("connection[0].established_ms") == 75)
    #expect(try probes.value("connection[0].ended_ms") == 40_150)
    #expect(try probes.value("heartbeats") == 1)
    #expect(try probes.value("heartbeats_failed") == 1)
    #expect(throws: Expression.Failure.self) { try probes.value("connection[2].ended_ms") }
  }

  @Test(arguments: [("off", 2.0), ("on", 1)])
  func aReplayedRequestIsExecutedTwice(antiReplay: String, executed: Double) throws {
    let probes = try probes([
      ("rtt", "75ms"), ("tls", "1.3-0rtt"), ("objects", "1000"), ("early-data", "any"),
      ("replay-early", "20ms"), ("anti-replay", antiReplay),
    ])
    #expect(try probes.value("request[0].executed") == executed)
  }

  // MARK: Streams

  private let streams = [("protocol", "http2"), ("tls", "none"), ("rtt", "100ms")]

  /// Clients open the odd streams; the response's last DATA closes each. Of a second request the fields
  /// are five indices of a byte each, and the path: an index, a length, and eight signs of 44 bits.
  @Test func streamsAreMeasured() throws {
    let probes = try probes(streams + [("objects", "3x100")])
    #expect(try probes.value("request[2].stream") == 5)
    #expect(try probes.value("request[2].closing_frame") == 0)
    #expect(try probes.value("request[1].fields_bytes") == 13)
    #expect(try probes.value("most_streams") == 3)
    #expect(try probes.value("request[1].frame[1].bytes") == 109)
    let head = try probes.value("request[1].frame[0].position")
    let body = try probes.value("request[1].frame[1].position")
    #expect(try probes.value("request[1].frame[0].bytes") == body - head)
    #expect(throws: Expression.Failure.self) { try probes.value("request[1].frame[2].bytes") }
    #expect(throws: Expression.Failure.self) { try probes.value("request[3].stream") }
  }

  @Test func noStreamsAreMeasuredWhereThereAreNone() throws {
    let probes = try probes([("rtt", "100ms"), ("objects", "1000")])
    #expect(try probes.value("most_streams") == 0)
    #expect(throws: Expression.Failure.self) { try probes.value("request[0].stream") }
  }

  @Test(arguments: [("2", 2.0), ("3", 3), ("10", 4)])
  func openStreamsAreCounted(limit: String, most: Double) throws {
    let options = [
      ("objects", "5x100"), ("start", "after-first"), ("max-concurrent-streams", limit),
    ]
    #expect(try probes(streams + options).value("most_streams") == most)
  }

  @Test(arguments: [("20000", true), ("200000", false)])
  func stalledStreamsAreCounted(window: String, isStalled: Bool) throws {
    let probes = try probes(
      streams + [("objects", "100kB"), ("stream-window", window), ("connection-window", "1MB")])
    #expect(try (probes.value("stalls") > 0) == isStalled)
  }

  /// A push of what a client has is wasted as far as it has left when the refusal comes; of what it has
  /// not nothing is.
  @Test(arguments: [(true, 5_000.0), (false, 0)])
  func wastedPushesAreCounted(isCached: Bool, wasted: Double) throws {
    var builder = ScenarioBuilder()
    for (name, value) in [("profile", "ideal")] + streams + [("objects", "100,5000")] {
      try builder.set(name, value)
    }
    var scenario = try builder.build()
    scenario.clients[0].objects[1].after = 0
    scenario.clients[0].objects[1].isPushed = true
    scenario.clients[0].objects[1].isCached = isCached
    #expect(try ReferenceRuns.run(scenario).probes.value("wasted_bytes") == wasted)
  }

  /// Before the client knows the limit of the server it opens a stream for each object: those beyond it
  /// are refused. Then it keeps to it.
  @Test(arguments: [("3", "unlimited", 2.0), ("3", "3", 0), ("5", "unlimited", 0)])
  func refusedStreamsAreCounted(limit: String, assumed: String, refused: Double) throws {
    let probes = try probes(
      streams + [
        ("objects", "5x100"), ("server-time", "10ms"), ("max-concurrent-streams", limit),
        ("assumed-streams", assumed),
      ])
    #expect(try probes.value("refused") == refused)
    #expect(try probes.value("repeated") == refused)
    #expect(try probes.value("failed") == 0)
  }

  /// 100,000 bytes are seven frames of DATA, the last with 1,696, behind a HEADERS; one; or 25, the
  /// last again with 1,696.
  @Test(
    arguments: [
      ("max-frame-size", "16KiB", 8.0), ("max-frame-size", "1MiB", 2), ("max-data", "4KiB", 26),
    ])
  func framesOfAStreamAreCounted(option: String, most: String, frames: Double) throws {
    let probes = try probes(
      streams + [
        ("objects", "100kB"), (option, most), ("stream-window", "1MB"),
        ("connection-window", "1MB"), ("initial-window", "100"),
      ])
    #expect(try probes.value("request[0].frames") == frames)
  }

  /// The least of the connection's window and the streams'; and what was used of it: here all, as the
  /// object is larger and the line has room.
  @Test(arguments: [("50000", "80000", 50_000.0, 80_000.0), ("90000", "80000", 80_000, 80_000)])
  func whatAClientHasToHold(
    stream: String, connection: String, used: Double, held: Double
  ) throws {
    let probes = try probes(
      streams + [
        ("objects", "300kB"), ("stream-window", stream), ("connection-window", connection),
        ("window-updates", "each"), ("initial-window", "100"),
      ])
    #expect(try probes.value("most_ahead_bytes") == used)
    #expect(try probes.value("client_held_bytes") == held)
    #expect(throws: Expression.Failure.self) {
      try self.probes([("objects", "100")]).value("client_held_bytes")
    }
  }

  /// The second of ten segments is lost: eight of 1,460 bytes wait behind the hole.
  @Test func bytesBehindAHoleAreCounted() throws {
    let probes = try probes([
      ("protocol", "tcp"), ("rtt", "100ms"), ("objects", "14600"), ("drop", "down:data:2"),
    ])
    #expect(try probes.value("parked_bytes") == 11_680)
  }

  /// A server of QUIC sends three times 1,200 bytes, and the rest a round trip later. Of these and of the
  /// response behind them there are three flights.
  @Test func flightsOfDatagramsAreMeasured() throws {
    let probes = try probes([
      ("profile", "rfc"), ("protocol", "http3"), ("rtt", "100ms"), ("rate", "unlimited"),
      ("pacing", "off"), ("certificate-size", "8000"), ("objects", "1000"),
    ])
    #expect(try probes.value("flight[0].segments") == 3)
    #expect(try probes.value("flight[0].bytes") == 3_600)
    #expect(try probes.value("rounds") == 3)
    let times = try (0..<3).map { try probes.value("flight[\($0)].at_ms") }
    #expect(times == [50, 150, 250])
  }

  /// 14,491 bytes and 109 of their head and frames are ten packets, of which the second is lost: what
  /// waits are eight of 1,460 bytes.
  @Test(arguments: [("on", 11_680.0), ("off", 11_680)])
  func bytesBehindAHoleOfAStreamAreCounted(isAware: String, parked: Double) throws {
    let probes = try probes([
      ("protocol", "http3"), ("rtt", "100ms"), ("objects", "20,14491"), ("start", "after-first"),
      ("initial-window", "20"), ("drop", "down:4"), ("stream-aware", isAware),
    ])
    #expect(try probes.value("lost_down") == 1)
    #expect(try probes.value("parked_bytes") == parked)
  }

  /// A loss at a window of 40 segments: Reno goes on with 20.
  @Test func whatALossTakesIsMeasured() throws {
    let probes = try probes([
      ("protocol", "tcp"), ("rtt", "100ms"), ("objects", "300kB"), ("drop", "down:data:31"),
      ("congestion", "reno"),
    ])
    #expect(try probes.value("reduction[0].before_segments") == 40)
    #expect(try probes.value("reduction[0].after_segments") == 20)
    #expect(throws: Expression.Failure.self) { try probes.value("reduction[1].after_segments") }
  }
}
