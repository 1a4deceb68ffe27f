import NetSim
import TestSupport
import Testing

@testable import Scenarios

/// NATs that forget, clients that move, PINGs and rare acknowledgements, given by options and in files.
@Suite struct AddressChangeOptionTests {
  private func build(_ options: KeyValuePairs<String, String>) throws -> Scenario {
    let given =
      options.map { (name: $0.key, value: $0.value) } + [(name: "protocol", value: "http3")]
    return try ScenarioBuilder(given).build()
  }

  @Test func aNATHasItsTimes() throws {
    for scenario in [
      try build(["rebind-at": "2s,5s", "nat-udp-timeout": "30s"]),
      try TemporaryFile.with(
        "link: {rebind-at: [2s, 5s], nat-udp-timeout: 30s}\nhttp: {protocol: http3}\n"
      ) { try ScenarioFile(path: $0, presets: nil).scenario() },
    ] {
      for link in scenario.links {
        #expect(link.rebindings == [.zero + .seconds(2), .zero + .seconds(5)])
        #expect(link.datagramStateLimit == .seconds(30) && link.stateLimit == nil)
      }
    }
  }

  /// Another path where something of it is said, and an ID to spare at both ends.
  @Test func aClientMoves() throws {
    let plain = try build(["profile": "rfc", "migrate-at": "2s", "rtt": "40ms"])
    #expect(plain.clients[0].quic.movesAt == .seconds(2))
    #expect(plain.clients[0].pathAfterMoving == nil && plain.links.count == 2)
    #expect(plain.clients[0].quic.client.moreConnectionIDs == 1)
    #expect(plain.clients[0].quic.server.moreConnectionIDs == 1)
    let other = try build([
      "migrate-at": "2s", "migrate-rtt": "120ms", "rate": "10Mbps", "loss": "1%",
    ])
    #expect(other.clients[0].pathAfterMoving == 1 && other.paths.count == 2)
    #expect(other.paths[1].up == [2] && other.paths[1].down == [3])
    #expect(other.links[2].delay == .milliseconds(60) && other.links[2].rate == .megabits(10))
    #expect(other.links[2].loss == .zero)
    let slower = try build(["migrate-at": "2s", "migrate-rate": "1Mbps", "rtt": "40ms"])
    #expect(slower.links[3].rate == .megabits(1) && slower.links[3].delay == .milliseconds(20))
  }

  @Test func eachEndAsksForItself() throws {
    let quic = try TemporaryFile.with(
      """
      http: {protocol: http3}
      quic: {min-ack-delay: 1ms}
      client: {quic-keepalive: 15s}
      server: {ack-frequency: "10,25ms"}
      """
    ) { try ScenarioFile(path: $0, presets: nil).scenario() }.clients[0].quic
    #expect(quic.client.keepAlive == .seconds(15) && quic.server.keepAlive == nil)
    #expect(quic.server.asksForAnswers == AnswerRequest(packets: 10, delay: .milliseconds(25)))
    #expect(quic.client.asksForAnswers == nil)
    #expect(quic.client.leastDelay == .milliseconds(1))
    #expect(quic.server.leastDelay == .milliseconds(1))
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func readsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let values: [(String, [String])] = [
      ("profile", ["linux", "rfc", "ideal"]), ("rebind-at", ["none", "0ms", "1s,2s,3600s"]),
      ("nat-udp-timeout", ["none", "30s"]), ("nat-timeout", ["none", "60s"]),
      ("migrate-at", ["1s", "2500us"]), ("migrate-rtt", ["1ns", "120ms"]),
      ("migrate-rate", ["1Mbps", "unlimited"]), ("quic-keepalive", ["off", "15s", "1ms"]),
      ("rtt", ["40ms", "3ns"]), ("rate", ["5Mbps"]),
    ]
    var options = [(name: "protocol", value: "http3"), (name: "migrate-at", value: "1s")]
    if Bool.random(using: &random) {
      options += [("min-ack-delay", "10us"), ("ack-delay", "5ms"), ("ack-frequency", "7,30ms")]
    }
    for (name, choices) in values where Bool.random(using: &random) {
      options.append((name, choices.randomElement(using: &random) ?? ""))
    }
    let scenario = try ScenarioBuilder(options).build()
    let yaml = ScenarioDescription(scenario).yaml
    let again = try TemporaryFile.with(yaml) {
      try ScenarioFile(path: $0, presets: nil).scenario()
    }
    #expect(String(reflecting: again) == String(reflecting: scenario), "seed \(seed): \(yaml)")
  }

  @Test(
    arguments: [
      ("rebind-at", "5s,2s", "each time is later than the one before"),
      ("rebind-at", "-2s", ""), ("rebind-at", "2", "a duration needs a unit"),
      ("migrate-at", "-1s", ""), ("migrate-at", "soon", ""),
      ("migrate-rtt", "20ms", "the client stays where it is; migrate-at 2s lets it move"),
      ("migrate-rate", "1Mbps", "the client stays where it is"),
      ("quic-keepalive", "0ms", "PINGs are 1ms or more apart"),
      ("ack-frequency", "10", "a number of packets and a delay are wanted"),
      ("ack-frequency", "0,25ms", "the number of packets lies between 1 and 1000"),
      ("ack-frequency", "10,20s", "an acknowledgement waits between 1us and 16s"),
      ("ack-frequency", "10,25ms", "both ends must say that they know it, as with min-ack-delay"),
      ("min-ack-delay", "30ms", "at most ack-delay (draft-ietf-quic-ack-frequency §3)"),
    ] as [(String, String, String)])
  func refusesInOneLine(name: String, value: String, reason: String) {
    let refusal = OptionErrorTests.refusal([("protocol", "http3"), (name, value)])
    #expect(refusal.hasPrefix("--\(name) \(value): \(reason)"), "\(refusal)")
    #expect(!refusal.contains("\n"))
  }

  @Test func whoIsForbiddenToMoveDoesNot() {
    #expect(
      OptionErrorTests.refusal([
        ("protocol", "http3"), ("forbid-migration", "on"), ("migrate-at", "2s"),
      ])
        == "--migrate-at 2s: the server forbids it with forbid-migration on "
        + "(disable_active_migration, RFC 9000 §18.2)")
  }

  @Test(arguments: ["http1", "http2"], ["migrate-at", "quic-keepalive", "nat"])
  func onlyHTTP3Moves(spoken: String, name: String) {
    if name == "nat" {
      #expect((try? ScenarioBuilder([("protocol", spoken), ("rebind-at", "2s")]).build()) != nil)
      return
    }
    #expect(
      OptionErrorTests.refusal([("protocol", spoken), (name, "2s")])
        == "--\(name) 2s: only http3 has QUIC below it; this client's protocol is \(spoken)")
  }
}
