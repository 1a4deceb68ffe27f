import NetSim
import TestSupport
import Testing

@testable import Scenarios

/// What the ends of HTTP/2 connections do, given by options and in files.
@Suite struct StreamOptionTests {
  private func build(_ options: KeyValuePairs<String, String>) throws -> HTTP2Policy {
    let given =
      options.map { (name: $0.key, value: $0.value) } + [(name: "protocol", value: "http2")]
    return try ScenarioBuilder(given).build().clients[0].http2
  }

  private func read(_ yaml: String) throws -> Scenario {
    try TemporaryFile.with(yaml) { try ScenarioFile(path: $0, presets: nil).scenario() }
  }

  @Test func bothEndsUnlessOneIsConcerned() throws {
    let policy = try build([
      "stream-window": "70kB", "connection-window": "unlimited", "max-frame-size": "32KiB",
      "max-concurrent-streams": "7", "assumed-streams": "3", "window-updates": "each",
      "header-table-size": "64KiB", "settings-count": "6", "scheduler": "round-robin",
    ])
    for end in [policy.client, policy.server] {
      #expect(end.streamWindow == 70_000 && end.connectionWindow == 2_147_483_647)
      #expect(end.maxFrameSize == 32_768 && end.mostData == nil)
      #expect(end.windowUpdates == .each && end.headerTableSize == 65_536)
      #expect(end.settingsCount == 6 && end.scheduler == .roundRobin)
    }
    #expect(policy.server.maxConcurrentStreams == 7 && policy.client.maxConcurrentStreams == 100)
    #expect(policy.client.assumedStreams == 3 && policy.server.assumedStreams == .max)
  }

  /// Whatever the order, a preset comes first and single values change it.
  @Test func presetsComeFirst() throws {
    let policy = try build([
      "stream-window": "64KiB", "client-http2": "hyper", "server-http2": "envoy-edge",
    ])
    #expect(policy.client.streamWindow == 65_536 && policy.client.connectionWindow == 5_242_880)
    #expect(policy.server.maxConcurrentStreams == 100)
  }

  @Test func aClientsPoolIsThePresetsUnlessItIsGiven() throws {
    let options = [(name: "protocol", value: "http2"), ("client-http2", "dynamo-memory")]
    let idle = try ScenarioBuilder(options).build().clients[0].persistence.clientIdleLimit
    #expect(idle == .seconds(60))
    let given = options + [(name: "pool-idle", value: "5s")]
    #expect(
      try ScenarioBuilder(given).build().clients[0].persistence.clientIdleLimit == .seconds(5))
  }

  @Test func eachEndHasItsSection() throws {
    let policy = try read(
      """
      http: {protocol: http2, stream-window: 1MiB}
      client: {http2: dynamo-default, max-concurrent-streams: 1000, initial-window: 3}
      server: {http2: envoy-edge, max-data: 4KiB, connection-window: 2MiB, header-table-size: 0}
      """
    ).clients[0].http2
    #expect(policy.client.streamWindow == 1 << 20 && policy.client.connectionWindow == 16 << 20)
    #expect(policy.client.maxFrameSize == 1 << 20 && policy.client.maxConcurrentStreams == 1_000)
    #expect(policy.server.streamWindow == 1 << 20 && policy.server.connectionWindow == 2 << 20)
    #expect(policy.server.mostData == 4_096 && policy.server.headerTableSize == 0)
    #expect(policy.server.maxConcurrentStreams == 100)
  }

  /// Of a preset the name, of the profile's own end nothing, and what is changed.
  @Test func describesEachEnd() throws {
    let scenario = try read(
      """
      http: {protocol: http2}
      client: {http2: hyper, stream-window: 64KiB}
      server: {max-concurrent-streams: 10}
      """)
    let yaml = ScenarioDescription(scenario).yaml
    #expect(
      yaml.hasSuffix(
        """
        server:
          max-concurrent-streams: 10
          server-time: 0ms
        client:
          http2: hyper
          stream-window: 64KiB

        """), "\(yaml)")
  }

  @Test(arguments: 1...100 as ClosedRange<UInt64>)
  func readsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let values: [(String, [String])] = [
      ("profile", ["linux", "rfc", "ideal"]), ("client-http2", WordChoice.preset(.client).allWords),
      ("server-http2", WordChoice.preset(.server).allWords),
      ("stream-window", ["1", "64KiB", "unlimited"]), ("connection-window", ["65535", "5MiB"]),
      ("max-frame-size", ["16KiB", "16777215"]), ("max-data", ["1", "8KiB", "unlimited"]),
      ("max-concurrent-streams", ["1", "128", "unlimited"]),
      ("assumed-streams", ["1", "unlimited"]),
      ("window-updates", ["each", "half", "third", "adaptive"]),
      ("header-table-size", ["0", "4096", "16MiB"]),
      ("settings-count", ["0", "7"]), ("scheduler", ["sequential", "round-robin"]),
      ("pool-idle", ["5s", "unlimited"]), ("ping", ["30s", "1ms:5s", "10s:20s:idle", "off"]),
      ("ping-limit", ["300s:2", "0ms:0", "unlimited"]), ("goaway", ["once", "twice"]),
      ("reset-limit", ["0:0", "1000:33", "unlimited"]), ("control-limit", ["5:1", "unlimited"]),
      ("max-header-list", ["1", "16MiB"]), ("max-header-block", ["4000", "64KiB"]),
      ("connection-lifetime", ["1s", "unlimited"]), ("request-timeout", ["500ms", "unlimited"]),
    ]
    var options = [(name: "protocol", value: "http2")]
    for (name, choices) in values where Bool.random(using: &random) {
      options.append((name, choices.randomElement(using: &random) ?? ""))
    }
    let scenario = try ScenarioBuilder(options).build()
    let again = try read(ScenarioDescription(scenario).yaml)
    #expect(String(reflecting: again) == String(reflecting: scenario), "seed \(seed): \(options)")
  }

  // MARK: Who asks, and how often

  /// A client asks; a server limits that, and ends connections.
  @Test func eachLimitHasItsEnd() throws {
    let policy = try build([
      "ping": "30s:10s:idle", "ping-limit": "300s:2", "goaway": "twice", "reset-limit": "50:5",
      "control-limit": "unlimited", "max-header-list": "8KiB", "max-header-block": "16KiB",
    ])
    #expect(
      policy.client.keepAlive
        == KeepAlivePings(interval: .seconds(30), timeout: .seconds(10), whileIdle: true))
    #expect(policy.server.keepAlive == nil && policy.client.pingLimit == nil)
    #expect(policy.server.pingLimit == PingLimit(leastInterval: .seconds(300), mostStrikes: 2))
    #expect(policy.server.ending == .twice && policy.client.ending == .once)
    for end in [policy.client, policy.server] {
      #expect(end.resetLimit == FloodLimit(burst: 50, perSecond: 5) && end.controlLimit == nil)
      #expect(end.mostListBytes == 8_192 && end.mostBlockBytes == 16_384)
    }
  }

  /// In its section an end has what it says; without a time an answer may take 20 s.
  @Test func anEndMayAskAndLimitTheOther() throws {
    let client = try read(
      """
      http: {protocol: http2, connection-lifetime: 90s, request-timeout: 2s}
      client: {ping-limit: 10s:0}
      server: {ping: 60s}
      workload: {objects: [{size: 1kB, cancel: 200ms}, 2kB]}
      """
    ).clients[0]
    #expect(client.http2.server.keepAlive?.timeout == .seconds(20))
    #expect(client.http2.client.pingLimit?.mostStrikes == 0)
    #expect(client.persistence.serverLifetime == .seconds(90))
    #expect(client.requestTimeout == .seconds(2))
    #expect(client.objects.map(\.cancelAfter) == [.milliseconds(200), nil])
  }

  /// A preset's PINGs and windows are taken away by one value each.
  @Test func aPresetAsksByPing() throws {
    let preset = try build(["client-http2": "dynamo-low-latency"]).client
    #expect(
      preset.keepAlive
        == KeepAlivePings(interval: .seconds(15), timeout: .seconds(10), whileIdle: true))
    #expect(preset.windowUpdates == .adaptive)
    let plain = try build([
      "client-http2": "dynamo-low-latency", "ping": "off", "window-updates": "half",
    ]).client
    #expect(plain.keepAlive == nil && plain.windowUpdates == .half)
    #expect(plain.streamWindow == 1 << 20)
  }

  // MARK: What is refused

  @Test(
    arguments: [
      ("stream-window", "2147483648", "a stream's window lies between 1 and 2147483647 bytes"),
      ("connection-window", "65534", "a connection's window lies between 65535, which it begins"),
      ("max-frame-size", "16383", "a frame lies between 16384 and 16777215 bytes"),
      ("max-frame-size", "16MiB", "a frame lies between 16384 and 16777215 bytes"),
      ("max-data", "0", "what is put into a frame lies between 1 and 16777215 bytes"),
      ("header-table-size", "17MiB", "a table of fields lies between 0 and 16MiB"),
      ("window-updates", "all", "did you mean half? It takes each, half, third or adaptive"),
      ("ping", "30s:10s:no", "a time and how long the answer may take are wanted"),
      ("ping", "0ms", "PINGs are 1ms apart or more, such as 30s"),
      ("ping", "1s:0ms", "an answer takes longer than zero, such as 30s:10s"),
      (
        "ping-limit", "300s",
        "a time and how many sooner PINGs are forgiven are wanted, such as 300s:2"
      ),
      ("goaway", "thrice", "did you mean twice? It takes once or twice"),
      ("reset-limit", "33", "how many at once and how many a second are wanted, such as 1000:33"),
      (
        "control-limit", "1:x", "the number of frames that carry nothing a second is a whole number"
      ),
      ("max-header-list", "0", "a list of fields has between 1 byte and 16MiB"),
      ("request-timeout", "0ms", "an answer takes longer than zero, such as 500ms"),
      ("client-http2", "hypr", "did you mean hyper? It takes rfc9113, curl, hyper, envoy, dynamo-"),
      ("client-http2", "nginx", "nginx is a server; a client takes rfc9113, curl"),
      (
        "server-http2", "curl",
        "curl is a client; a server takes rfc9113, nginx, envoy or envoy-edge"
      ),
      ("server-http2", "apache", "it takes rfc9113, nginx, envoy or envoy-edge"),
    ] as [(String, String, String)])
  func refusesWithItsBounds(name: String, value: String, reason: String) {
    let refusal = OptionErrorTests.refusal([("protocol", "http2"), (name, value)])
    #expect(refusal.hasPrefix("--\(name) \(value): \(reason)"))
  }

  @Test func onlyHTTP2HasThem() throws {
    #expect(
      OptionErrorTests.refusal([("protocol", "http1"), ("stream-window", "64KiB")])
        == "--stream-window 64KiB: only http2 and http3 have streams and their windows; this client's protocol is "
        + "http1")
    #expect(
      OptionErrorTests.refusal([("client-http2", "hyper"), ("protocol", "tcp")])
        == "--client-http2 hyper: only http2 has streams and their windows; this client's protocol is tcp"
    )
  }

  /// What a file says of the protocol that a command line replaces is not refused, nor what is given to
  /// several protocols.
  @Test func whatIsReplacedOrComparedIsNotRefused() throws {
    let yaml = "http: {protocol: http2, stream-window: 1MiB}"
    var builder = try TemporaryFile.with(yaml) { ScenarioFile(path: $0, presets: nil).builder }
    try builder.set("protocol", "http1")
    #expect(try builder.build().clients[0].application == .http11)
    var compared = try ScenarioBuilder([("stream-window", "1MiB"), ("protocol", "http1")])
    compared.compareProtocols()
    #expect(try compared.build().clients[0].application == .http11)
  }

  // MARK: Presets told

  /// Windows that follow the path may grow to hyper's 16 MiB, whatever the guide's presets say.
  @Test func tellsWhatMayBeHeld() {
    let held = PresetNote.all.map { "\($0.name) \($0.mostHeldBytes)" }
    #expect(
      held == [
        "rfc9113 65535", "curl 33554432", "nginx 8388608", "hyper 5242880", "envoy 268435456",
        "envoy-edge 1048576", "dynamo-default 16777216", "dynamo-high-throughput 16777216",
        "dynamo-balanced 16777216", "dynamo-low-latency 16777216", "dynamo-memory 16777216",
      ])
  }

  @Test func tellsWhatHasNoEffect() throws {
    let note = try #require(PresetNote.all.first { $0.name == "dynamo-low-latency" })
    #expect(
      note.ineffective == [
        "500 streams: a client's limit is for what servers push",
        "50 idle connections: all requests share one",
        "windows of 1MiB and 4MiB: adaptive ones begin with 65535 bytes",
      ])
  }
}
