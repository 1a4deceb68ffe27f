import NetSim
import TestSupport
import Testing

@testable import Scenarios

/// HTTP/3 and what the ends of QUIC connections do, given by options and in files.
@Suite struct QUICOptionTests {
  private func build(_ options: KeyValuePairs<String, String>) throws -> ClientSettings {
    let given =
      options.map { (name: $0.key, value: $0.value) } + [(name: "protocol", value: "http3")]
    return try ScenarioBuilder(given).build().clients[0]
  }

  private func read(_ yaml: String) throws -> Scenario {
    try TemporaryFile.with(yaml) { try ScenarioFile(path: $0, presets: nil).scenario() }
  }

  @Test(arguments: ["linux", "rfc", "ideal"])
  func theProfileIsTheBase(name: String) throws {
    let profile = try #require(Profile.allCases.first { "\($0)" == name })
    let client = try build(["profile": name])
    #expect(client.quic == .standard(profile))
    #expect(client.application == .http3 && client.tls?.mode == .full13)
  }

  @Test func bothEndsUnlessOneIsConcerned() throws {
    let client = try build([
      "stream-aware": "off", "retry": "on", "address-token": "on", "version-negotiation": "on",
      "max-datagram-size": "1350", "pmtud-probes": "1400, 1452", "idle-timeout": "5s",
      "ack-threshold": "10", "connection-id-length": "0", "streams-per-packet": "3",
      "pacing-burst": "4", "pto-probes": "1", "crypto-buffer": "128KiB", "stream-window": "70kB",
      "connection-window": "16KiB", "max-concurrent-streams": "7", "scheduler": "round-robin",
      "ack-delay": "10ms", "initial-window": "32", "congestion": "reno",
    ])
    let policy = client.quic
    #expect(!policy.isStreamAware && policy.retries && policy.hasToken && policy.negotiatesVersion)
    for end in [policy.client, policy.server] {
      #expect(end.datagramSize == 1_350 && end.countedSize == nil)
      #expect(end.triedSizes == [1_400, 1_452] && end.idleTimeout == .seconds(5))
      #expect(end.answersEvery == 10 && end.mostDelay == .milliseconds(10))
      #expect(end.connectionIDBytes == 0 && end.streamsPerPacket == 3 && end.burst == 4)
      #expect(!end.sendsTwoProbes && end.cryptoBuffer == 131_072)
      #expect(end.streamWindow == 70_000 && end.connectionWindow == 16_384)
      #expect(end.scheduler == .roundRobin)
    }
    #expect(policy.server.mostStreams == 7 && policy.client.mostStreams == 100)
    #expect(client.transport.initialWindow == 32 && client.transport.congestion == .reno)
  }

  @Test func eachEndHasItsSection() throws {
    let policy = try read(
      """
      http: {protocol: http3, stream-window: 1MiB}
      quic: {idle-timeout: 20s, retry: on}
      client: {connection-id-length: 4, pacing: off, stream-window: 2MiB}
      server: {idle-timeout: 60s, ack-delay: 5ms, max-datagram-size: 1400, pmtud-probes: off}
      """
    ).clients[0].quic
    #expect(policy.retries)
    #expect(policy.client.connectionIDBytes == 4 && policy.server.connectionIDBytes == 18)
    #expect(policy.client.burst == 0 && policy.server.burst == 10)
    #expect(policy.client.streamWindow == 2 << 20 && policy.server.streamWindow == 1 << 20)
    #expect(policy.client.idleTimeout == .seconds(20) && policy.server.idleTimeout == .seconds(60))
    #expect(policy.client.mostDelay == .milliseconds(25))
    #expect(policy.server.mostDelay == .milliseconds(5))
    #expect(policy.client.datagramSize == 1_200 && policy.client.countedSize == 1_452)
    #expect(policy.server.datagramSize == 1_400 && policy.server.countedSize == nil)
    #expect(policy.client.triedSizes == [1_406, 1_444] && policy.server.triedSizes.isEmpty)
  }

  /// In `ideal` a delay holds each second packet's answer back, unless a threshold says otherwise, and
  /// datagrams have TCP's size until another is given.
  @Test func idealBecomesLessSo() throws {
    #expect(try build(["profile": "ideal", "ack-delay": "25ms"]).quic.client.answersEvery == 2)
    let given = try build(["profile": "ideal", "ack-threshold": "1", "ack-delay": "25ms"]).quic
    #expect(given.client.answersEvery == 1)
    let segments = try build(["profile": "ideal", "mss": "1000"])
    #expect(segments.quic.server.carriesSegments && segments.transport.maximumSegmentSize == 1_000)
    let sized = try build(["profile": "ideal", "max-datagram-size": "1200"]).quic
    #expect(!sized.server.carriesSegments && sized.server.datagramSize == 1_200)
    #expect(try build(["profile": "ideal", "pacing": "on"]).quic.server.burst == 10)
  }

  @Test func describesEachEnd() throws {
    let yaml = ScenarioDescription(
      try read(
        """
        http: {protocol: http3}
        client: {connection-id-length: 18, pacing-burst: 10, stream-window: 1MiB}
        """)
    ).yaml
    #expect(
      yaml.contains(
        """
        http:
          protocol: http3
          connections: 1
        quic:
          stream-aware: on
          retry: off
          address-token: off
          version-negotiation: off
          alt-svc: off
          race-tcp: off
          max-datagram-size: 1200
          pmtud-probes: 1406,1444
          idle-timeout: 30s
          ack-threshold: 2
          connection-id-length: 18
          streams-per-packet: 1
          pacing-burst: 10
          pto-probes: 2
          crypto-buffer: 64KiB
        workload:
        """), "\(yaml)")
    #expect(
      yaml.hasSuffix(
        """
        server:
          stream-window: 256KiB
          connection-window: 1MiB
          scheduler: urgency
          max-concurrent-streams: 100
          server-time: 0ms
        client:
          stream-window: 1MiB
          connection-window: 15MiB
          scheduler: urgency

        """), "\(yaml)")
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func readsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let values: [(String, [String])] = [
      ("profile", ["linux", "rfc", "ideal"]), ("stream-aware", ["on", "off"]),
      ("retry", ["on", "off"]), ("address-token", ["on", "off"]),
      ("version-negotiation", ["on", "off"]), ("max-datagram-size", ["1200", "1452", "65507"]),
      ("pmtud-probes", ["off", "1201,1300,1452"]), ("idle-timeout", ["5s", "unlimited", "1ns"]),
      ("ack-threshold", ["1", "1000"]), ("connection-id-length", ["0", "20"]),
      ("streams-per-packet", ["1", "5"]), ("pacing-burst", ["1", "45"]),
      ("pto-probes", ["1", "2"]), ("crypto-buffer", ["4096", "16MiB"]),
      ("stream-window", ["1", "64KiB", "unlimited"]),
      ("connection-window", ["1", "5MiB", "unlimited"]),
      ("max-concurrent-streams", ["1", "128", "unlimited"]),
      ("scheduler", ["sequential", "round-robin", "urgency"]), ("pacing", ["on", "off"]),
      ("ack-delay", ["0ms", "25ms", "1ns"]), ("initial-window", ["1", "100"]),
      ("congestion", ["cubic", "reno"]), ("tcp-ecn", ["on", "off"]),
      ("tls", ["1.3", "1.3-retry", "1.3-resumed", "1.3-0rtt"]), ("tls-time", ["5ms"]),
      ("certificate-size", ["1", "4096"]), ("connections", ["1", "6"]),
      ("request-timeout", ["500ms", "unlimited"]), ("objects", ["3x5kB", "u0:1kB,u7i:2kB"]),
      ("headers", ["curl", "browser"]), ("start", ["together", "in-series"]),
    ]
    var options = [(name: "protocol", value: "http3")]
    for (name, choices) in values where Bool.random(using: &random) {
      options.append((name, choices.randomElement(using: &random) ?? ""))
    }
    options.shuffle(using: &random)
    let scenario = try ScenarioBuilder(options).build()
    let again = try read(ScenarioDescription(scenario).yaml)
    #expect(String(reflecting: again) == String(reflecting: scenario), "seed \(seed): \(options)")
  }

  // MARK: What is refused

  @Test(
    arguments: [
      (
        "max-datagram-size", "1199",
        "a datagram has at least 1200 bytes of UDP payload (RFC 9000 §14)"
      ),
      ("max-datagram-size", "65528", "a datagram has at most 65507 bytes of UDP payload"),
      ("pmtud-probes", "1100", "a datagram has at least 1200 bytes"),
      ("pmtud-probes", "1406,1300", "each size is larger than the one before"),
      ("pmtud-probes", "1406,", "a size is"),
      ("idle-timeout", "0ms", "an idle time-out is longer than zero"),
      ("idle-timeout", "30", "a duration needs a unit"),
      ("ack-threshold", "0", "the number of packets lies between 1 and 1000"),
      (
        "connection-id-length", "21", "the bytes of a connection ID (RFC 9000 §17.2) lies between 0"
      ),
      ("streams-per-packet", "0", "the number of streams lies between 1 and 1000"),
      ("pacing-burst", "0", "the number of datagrams lies between 1 and 10000"),
      ("pto-probes", "3", "the number of probes (RFC 9002 §6.2.4) lies between 1 and 2"),
      ("crypto-buffer", "4095", "a buffer of CRYPTO frames has between 4096 bytes (RFC 9000 §7.5)"),
      ("stream-aware", "yes", "it takes on or off"),
      (
        "tls", "none",
        "QUIC requires TLS 1.3 (RFC 9001 §4.2): 1.3, 1.3-retry, 1.3-resumed or 1.3-0rtt"
      ),
      ("tls", "1.2-resumed", "QUIC requires TLS 1.3 (RFC 9001 §4.2)"),
      ("tls", "1.3-0rtt-425", "425, replays and what is not safe are told of HTTP/1 only"),
      ("certificate-size", "65537", "a client that keeps 65536 bytes of CRYPTO frames ends the"),
      ("client-alpn", "h2", "over QUIC both ends name h3 (RFC 9114 §3.1"),
      ("server-alpn", "h2,http/1.1", "nothing that both ends know"),
      ("keep-alive", "off", "a connection of HTTP/3 serves all requests (RFC 9114 §3.3)"),
      ("keep-alive-timeout", "5s", "idle-timeout says how long QUIC keeps a connection"),
      ("pool-warm", "1", "over HTTP/3 in this version connections are kept"),
      ("proxy", "correct", "proxies pass on HTTP over TCP; QUIC goes from end to end"),
      ("read-rate", "5kB", "a reader's pace is modelled over TCP only"),
      ("scheduler", "tree", "HTTP/3 has no tree of priorities, but urgency"),
      ("congestion", "bbr", "BBR over QUIC is not modelled yet"),
      ("push", "on", "only http2 has it; this client's protocol is http3"),
      ("client-http2", "curl", "only http2 has it"),
      ("inject", "from=client,after=0ms,frame=ping", "only http2 has it"),
      ("fast-open", "on", "only TCP has it; this client's protocol is http3"),
      ("timestamps", "off", "only TCP has it"), ("sack", "off", "only TCP has it"),
      ("receive-window", "64KiB", "only TCP has it"), ("min-rto", "1s", "only TCP has it"),
      ("mss", "1400", "the size of QUIC's datagrams is max-datagram-size"),
      ("response-head", "alone", "over HTTP/3 a response's head and body share packets"),
      ("queue", "1200B", "a queue must hold at least one packet, here of 1228 bytes"),
    ] as [(String, String, String)])
  func refusesInOneLine(name: String, value: String, reason: String) {
    let refusal = OptionErrorTests.refusal([("protocol", "http3"), (name, value)])
    #expect(refusal.hasPrefix("--\(name) \(value): \(reason)"), "\(refusal)")
    #expect(!refusal.contains("\n"))
  }

  @Test(
    arguments: [
      ("http2", "retry", "on"), ("http1", "idle-timeout", "5s"), ("tcp", "stream-aware", "off"),
    ] as [(String, String, String)])
  func onlyHTTP3HasQUIC(spoken: String, name: String, value: String) {
    #expect(
      OptionErrorTests.refusal([("protocol", spoken), (name, value)])
        == "--\(name) \(value): only http3 has QUIC below it; this client's protocol is \(spoken)")
  }

  @Test func h3IsSpokenOverQUICOnly() {
    let options = [("protocol", "http2"), ("client-alpn", "h3,h2")]
    #expect(
      OptionErrorTests.refusal(options)
        == "--client-alpn h3,h2: h3 is spoken over QUIC only, as with protocol http3 (RFC 9114 §3.1)"
    )
  }

  /// A longer chain goes where the client keeps more of it, and where none is sent.
  @Test func longChainsNeedRoom() throws {
    _ = try build(["certificate-size": "70kB", "crypto-buffer": "128KiB"])
    _ = try build(["certificate-size": "70kB", "tls": "1.3-resumed"])
  }

  @Test func objectsHaveWhatHTTP3Has() throws {
    for (object, reason) in [
      ("size: 1kB, framing: upgrade", "of 1: HTTP/3 has no 101 and no upgrade (RFC 9114 §4.5)"),
      ("size: 1kB, content-length: 2kB", "of 1: a wrong content-length is told of HTTP/1 only"),
      ("size: 1kB, weight: 5", "of 1: weight, depends-on and exclusive are HTTP/2's"),
    ] {
      let yaml = "http: {protocol: http3}\nworkload: {objects: [{\(object)}]}\n"
      let problems = try TemporaryFile.with(yaml) { ScenarioFile(path: $0, presets: nil).problems }
      #expect(problems.count == 1)
      #expect(problems.first?.message.hasPrefix("objects \(reason)") ?? false, "\(problems)")
    }
  }

  /// What a file says of TCP, and the command line replaces by QUIC, is not refused.
  @Test func whatIsReplacedIsNotRefused() throws {
    let yaml = "transport: {timestamps: off}\nhttp: {protocol: http1, keep-alive-max: 5}\n"
    var builder = try TemporaryFile.with(yaml) { ScenarioFile(path: $0, presets: nil).builder }
    try builder.set("protocol", "http3")
    #expect(try builder.build().clients[0].application == .http3)
  }
}
