import NetSim
import Scenarios
import Testing

/// The options about pools, arrivals and header fields.
@Suite struct PoolOptionTests {
  @Test func setsThePool() throws {
    let client = try ScenarioBuilder([
      ("connections", "8"), ("pool-queue", "100"), ("pool-wait", "500ms"),
      ("pool-lifetime", "300s"), ("pool-order", "fifo"), ("pool-validate", "2s:500ms"),
      ("heartbeat", "30s"), ("pool-watch", "off"), ("pool-warm", "8"), ("headers", "browser"),
      ("cookie", "1kB"),
    ]).build().clients[0]
    var pool = PoolPolicy()
    (pool.queueLimit, pool.longestWait) = (100, .milliseconds(500))
    (pool.lifetime, pool.order) = (.seconds(300), .oldestFirst)
    pool.validation = ProbePolicy(after: .seconds(2), patience: .milliseconds(500))
    pool.heartbeat = ProbePolicy(after: .seconds(30), patience: .seconds(5))
    (pool.noticesClosing, pool.openedAhead) = (false, 8)
    #expect(client.pool == pool)
    #expect(client.fields == .browser && client.cookieBytes == ByteCount(1000))
  }

  @Test(arguments: [
    ("every:10ms", Arrivals(.even(.milliseconds(10)))),
    ("every:0ms,from:1s", Arrivals(.even(.zero), from: .seconds(1))),
    ("poisson:100/s", Arrivals(.poisson(mean: .milliseconds(10)))),
    ("poisson:0.2/s, from:2s", Arrivals(.poisson(mean: .seconds(5)), from: .seconds(2))),
    ("poisson:3/s", Arrivals(.poisson(mean: SimDuration(nanoseconds: 333_333_333)))),
    ("poisson:250us", Arrivals(.poisson(mean: .microseconds(250)))),
  ])
  func readsArrivals(text: String, arrivals: Arrivals) throws {
    #expect(try ScenarioBuilder([("arrivals", text)]).build().clients[0].arrivals == arrivals)
  }

  @Test(arguments: [
    [("arrivals", "poisson:3/s,from:1s"), ("pool-wait", "1s"), ("heartbeat", "30s:1s")],
    [
      ("connections", "6"), ("pool-queue", "0"), ("pool-validate", "0s"), ("pool-warm", "6"),
      ("arrivals", "every:0ms"),
    ],
    [("pool-order", "fifo"), ("pool-watch", "off"), ("pool-lifetime", "2s")],
    [("headers", "browser"), ("cookie", "4B"), ("tls", "1.3")],
    [("tls", "1.3-0rtt"), ("early-data", "any"), ("replay-early", "0ms"), ("anti-replay", "on")],
  ])
  func readsBack(options: [(name: String, value: String)]) throws {
    let scenario = try ScenarioBuilder(options).build()
    let yaml = ScenarioDescription(scenario).yaml
    let again = try TemporaryFile.with(yaml) { try ScenarioFile(path: $0, presets: nil).scenario() }
    #expect(ScenarioDescription(again).yaml == yaml)
    let (one, other) = (scenario.clients[0], again.clients[0])
    #expect(one.pool == other.pool && one.arrivals == other.arrivals)
    #expect(one.tls == other.tls && one.fields == other.fields)
    #expect(one.cookieBytes == other.cookieBytes)
  }

  @Test(arguments: [
    ("pool-wait", "0s", "a wait is longer than zero; pool-queue 0 lets no request wait"),
    (
      "pool-lifetime", "0s",
      "a lifetime is longer than zero; keep-alive off uses each connection once"
    ),
    ("pool-queue", "-1", "the number of requests that wait lies between 0 and 1000000"),
    ("pool-validate", "2", "a duration needs a unit, such as 50ms"),
    ("pool-validate", "2s:0s", "an answer takes longer than zero, such as 2s:500ms"),
    ("heartbeat", "0s", "heartbeats are 1ms apart or more, such as 30s"),
    ("pool-order", "random", "it takes lifo or fifo"),
    ("pool-warm", "2", "at most as many as there may be connections, which are 1"),
    ("cookie", "2", "a cookie lies between 4 bytes and 200KiB"),
    ("headers", "firefox", "it takes curl or browser"),
    ("arrivals", "poisson:0/s", rateReason), ("arrivals", "poisson:fast/s", rateReason),
    ("arrivals", "poisson:0s", "the mean gap is longer than zero, such as poisson:100/s"),
    ("arrivals", "every:7200s", "a gap is at most 3600s"),
    ("arrivals", "often", shapeReason), ("arrivals", "every:1s,to:2s", shapeReason),
  ])
  func refuses(name: String, value: String, reason: String) {
    #expect(OptionErrorTests.refusal([(name, value)]) == "--\(name) \(value): \(reason)")
  }

  private static let rateReason =
    "a rate of arrivals is a number up to 1000000000 with at most six decimals, such as "
    + "poisson:100/s"
  private static let shapeReason =
    "arrivals are every:10ms or poisson:100/s, and may have a beginning: every:10ms,from:1s"

  @Test(arguments: [
    (
      ("protocol", "tcp"), ("heartbeat", "30s"),
      "over tcp each download has a connection of its own; a pool needs HTTP"
    ),
    (
      ("keep-alive", "off"), ("pool-validate", "2s"),
      "with keep-alive off no connection waits in a pool"
    ),
    (
      ("protocol", "http1.0"), ("pool-lifetime", "2s"),
      "with keep-alive off no connection waits in a pool"
    ),
    (
      ("protocol", "http1-pipelined"), ("pool-wait", "2s"),
      "pipelined requests wait on their connection, and not for one"
    ),
    (
      ("start", "together"), ("arrivals", "every:1s"),
      "either arrivals or start says when objects are asked for"
    ),
    (
      ("protocol", "tcp"), ("cookie", "20B"),
      "only requests over HTTP have fields; this client's protocol is tcp"
    ),
    (
      ("request", "300"), ("headers", "browser"),
      "the size of requests is given, so that their fields are not counted"
    ),
    (("tls", "1.3"), ("replay-early", "1s"), "only tls 1.3-0rtt and 1.3-0rtt-425 send early data"),
    (("tls", "none"), ("early-data", "any"), "only tls 1.3-0rtt and 1.3-0rtt-425 send early data"),
  ])
  func refusesTogether(
    first: (String, String), second: (String, String), reason: String
  ) {
    let options = [first, second].map { (name: $0.0, value: $0.1) }
    #expect(
      OptionErrorTests.refusal(options) == "--\(second.0) \(second.1): \(reason)")
  }

  @Test func oldHTTPHasNoOPTIONS() {
    #expect(
      OptionErrorTests.refusal([
        ("protocol", "http1.0"), ("keep-alive", "on"), ("heartbeat", "3s"),
      ]) == "--heartbeat 3s: OPTIONS is a method of HTTP/1.1; this client speaks http1.0")
  }
}
