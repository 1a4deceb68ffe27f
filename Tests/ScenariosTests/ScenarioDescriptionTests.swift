import NetSim
import Scenarios
import TestSupport
import Testing

@Suite struct ScenarioDescriptionTests {
  /// All that a scenario is, for comparison.
  private func contents(_ scenario: Scenario) -> String {
    String(reflecting: scenario)
  }

  /// The scenario that the description of `scenario` makes as a file.
  private func again(_ scenario: Scenario, names: ScenarioNames? = nil) throws -> ScenarioFile {
    try TemporaryFile.with(ScenarioDescription(scenario, names: names).yaml) { path in
      ScenarioFile(path: path, presets: nil)
    }
  }

  @Test func describesTheDefaults() throws {
    #expect(
      ScenarioDescription(try ScenarioBuilder().build()).yaml == """
        profile: linux
        seed: 1
        time-limit: 86400s
        link:
          rate: 10Mbps
          rtt: 40ms
          queue: 100packets
          loss: 0%
          drop: none
        transport:
          congestion: cubic
          initial-window: 10
          mss: 1460
          ack-delay: 40ms
          min-rto: 200ms
          receive-window: 3840KiB
          receive-buffer: 3840KiB
          pacing: on
          slow-start-after-idle: on
          timestamps: on
          sack: on
          tcp-ecn: off
          tcp-keepalive: off
          fast-open: off
        tls: none
        http:
          protocol: http1
          connections: 1
          keep-alive: on
          keep-alive-timeout: 75s
          keep-alive-max: 1000
          pool-idle: 118s
          response-head: alone
        workload:
          objects: 100kB
          request: auto
          start: together
          read-rate: unlimited
        server:
          server-time: 0ms

        """)
  }

  @Test func separatesWaysThatDiffer() throws {
    let scenario = try ScenarioBuilder([
      ("rate-up", "1Mbps"), ("rtt-up", "10ms"), ("queue-down", "64KiB"), ("loss-down", "1%"),
      ("drop", "down:5,9,down:data:3,up:1,down:seq:14601,1/2"),
    ]).build()
    let yaml = ScenarioDescription(scenario).yaml
    #expect(
      yaml.contains(
        """
        link:
          drop: up:1,down:5,9,down:data:3,down:seq:14601,1/2
          up:
            rate: 1Mbps
            rtt: 10ms
            queue: 100packets
            loss: 0%
          down:
            rate: 10Mbps
            rtt: 40ms
            queue: 64KiB
            loss: 1%

        """), "\(yaml)")
  }

  @Test func writesImpairmentsWhereThereAreAny() throws {
    let scenario = try ScenarioBuilder([
      ("loss", "burst:1%,30%"), ("aqm-down", "codel"), ("ecn", "on"), ("jitter", "5ms"),
      ("reorder", "1%"), ("duplicate-up", "0.1%"), ("outage", "2s-3s, hold:5s-6s"),
      ("rate-steps-down", "0s:8Mbps,5s:1Mbps"),
    ]).build()
    let yaml = ScenarioDescription(scenario).yaml
    #expect(
      yaml.contains(
        """
          loss: burst:1%,30%,100%,0%
          drop: none
          ecn: on
          jitter: 5ms
          reorder: 1%:5ms
          outage: 2s-3s,hold:5s-6s
          up:
            aqm: droptail
            duplicate: 0.1%
            rate-steps: none
          down:
            aqm: codel:5ms,100ms
            duplicate: 0%
            rate-steps: 0ms:8Mbps,5s:1Mbps

        """), "\(yaml)")
  }

  @Test(arguments: ["linux", "rfc", "ideal"])
  func readsBackForEachProfile(profile: String) throws {
    for name in ["tcp", "http1.0", "http1", "http1-pipelined", "http2", "http3"] {
      let scenario = try ScenarioBuilder([("profile", profile), ("protocol", name)]).build()
      #expect(contents(try again(scenario).scenario()) == contents(scenario))
    }
  }

  @Test(arguments: 1...300 as ClosedRange<UInt64>)
  func readsBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let options = ScenarioDescriptionTests.options(using: &random)
    let scenario = try ScenarioBuilder(options).build()
    #expect(
      contents(try again(scenario).scenario()) == contents(scenario), "seed \(seed): \(options)")
  }

  /// A random choice of options with random values.
  private static func options(
    using random: inout SeededGenerator
  ) -> [(name: String, value: String)] {
    let nanoseconds = random.spread(1...3_000_000_000)
    let bits = random.spread(1...1_000_000_000_000)
    let bytes = random.spread(1...1_000_000)
    let share = random.spread(0...1_000_000_000)
    let chance = Quantity.text(Probability(partsPerBillion: UInt32(share)))
    let values: [(String, [String])] = [
      ("profile", ["linux", "rfc", "ideal"]), ("seed", ["\(random.next())"]),
      ("rate", ["\(bits)bps", "unlimited"]), ("rate-up", ["\(bits)bps"]),
      ("rate-down", ["3Mbps"]), ("rtt", ["\(nanoseconds)ns"]), ("rtt-up", ["\(nanoseconds)ns"]),
      ("rtt-down", ["\(nanoseconds)ns"]), ("queue", ["70000B", "unlimited", "9packets"]),
      ("queue-up", ["\(bytes + 65_535)B"]), ("loss", [chance]), ("loss-down", [chance]),
      ("drop", ["up:1,up:data:2,3,down:4,down:data:5", "down:data:7", "none"]),
      ("drop", ["down:\(bytes)", "up:data:\(bytes)", "down:seq:\(bytes),1/3"]),
      ("loss", ["burst:1%,30%", "burst:\(chance),\(chance),90%,\(chance)"]),
      ("aqm", ["droptail", "red", "codel", "red:0,65535,100%,1/65536", "red:2,9"]),
      ("aqm-down", ["codel:1ns,4s", "red:5,15,\(chance),1/1", "codel:\(nanoseconds)ns,4s"]),
      ("ecn", ["on", "off"]), ("ecn-up", ["on"]), ("jitter", ["none", "\(nanoseconds)ns"]),
      ("jitter-down", ["4s"]), ("reorder", ["none", "1%", "1%:\(nanoseconds)ns"]),
      ("reorder-up", ["\(chance):1ms"]), ("duplicate", ["none", chance]),
      ("duplicate-down", ["100%"]), ("outage", ["none", "2s-3s,hold:5s-6s", "0ms-1ns"]),
      ("nat-timeout", ["none", "60s", "\(nanoseconds)ns"]),
      ("outage-up", ["hold:0s-\(nanoseconds)ns,1s-2s"]),
      ("rate-steps", ["none", "0s:10Mbps,\(nanoseconds)ns:\(bits)bps", "5s:unlimited"]),
      ("rate-steps-down", ["1ns:1bps"]), ("congestion", ["reno", "cubic"]),
      ("initial-window", ["1", "10000"]), ("mss", ["88", "65495", "1400"]),
      ("ack-delay", ["0ms", "\(nanoseconds)ns"]), ("min-rto", ["\(nanoseconds)ns", "120s"]),
      ("receive-window", ["\(bytes)"]),
      ("protocol", ["tcp", "http1.0", "http1", "http1-pipelined"]),
      ("objects", ["\(bytes)", "5x\(bytes),7,7", "1kB,2x3MiB"]), ("request", ["auto", "\(bytes)"]),
      ("connections", ["1", "6"]), ("keep-alive", ["on", "off"]),
      ("keep-alive-timeout", ["unlimited", "\(nanoseconds)ns"]),
      ("keep-alive-max", ["unlimited", "\(bytes)"]), ("pool-idle", ["unlimited", "5s"]),
      ("tls", ["none", "1.2", "1.3-0rtt-425"]),
      ("start", ["together", "in-series", "after-first"]),
      ("server-time", ["0ms", "\(nanoseconds)ns"]), ("timestamps", ["on", "off"]),
      ("pacing", ["on", "off"]),
      ("slow-start-after-idle", ["on", "off"]),
      ("receive-buffer", ["64KiB", "\(bytes + 2000)"]),
      ("read-rate", ["unlimited", "\(bytes)B/s", "3MB"]), ("tcp-ecn", ["on", "off"]),
      ("tcp-keepalive", ["off", "30s", "\(nanoseconds + 1_000_000_000)ns"]),
      ("fast-open", ["on", "off"]),
      ("sack", ["on", "off"]), ("time-limit", ["\(nanoseconds)ns"]),
    ]
    let chosen: [(name: String, value: String)] =
      values.shuffled(using: &random).compactMap { name, choices in
        guard Bool.random(using: &random), let value = choices.randomElement(using: &random) else {
          return nil
        }
        return (name, value)
      }
    // What is pipelined needs connections that are kept.
    let isPipelined = chosen.contains { $0 == ("protocol", "http1-pipelined") }
    return chosen.filter { !isPipelined || $0.name != "keep-alive" }
  }
}
