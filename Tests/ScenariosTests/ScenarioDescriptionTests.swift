import NetSim
import Scenarios
import TestSupport
import Testing

@Suite struct ScenarioDescriptionTests {
  /// All that a scenario is, for comparison.
  private func contents(_ scenario: Scenario) -> String {
    String(reflecting: scenario)
  }

  private func lines(_ scenario: Scenario) -> [String] {
    ScenarioDescription(scenario).sections.flatMap { section in
      section.entries.map { "\(section.section.rawValue) \($0.key) \($0.value)" }
    }
  }

  @Test func describesTheDefaults() throws {
    #expect(
      lines(try ScenarioBuilder().build()) == [
        " profile linux", " seed 1", "link rate 10Mbps", "link rtt 40ms", "link queue 100packets",
        "link loss 0%", "link drop none", "transport congestion cubic",
        "transport initial-window 10", "transport mss 1460", "transport ack-delay 40ms",
        "transport min-rto 200ms", "transport receive-window 6MiB", "tls tls none",
        "http protocol http1", "http connections 1", "http keep-alive on",
        "workload objects 100kB", "workload request auto", "workload start together",
        "server server-time 0ms",
      ])
  }

  @Test func separatesWaysThatDiffer() throws {
    let scenario = try ScenarioBuilder([
      ("rate-up", "1Mbps"), ("rtt-up", "10ms"), ("queue-down", "64KiB"), ("loss-down", "1%"),
      ("drop", "down:5,9,down:data:3,up:1"),
    ]).build()
    #expect(
      lines(scenario).filter { $0.hasPrefix("link") } == [
        "link rate-up 1Mbps", "link rate-down 10Mbps", "link rtt-up 10ms", "link rtt-down 40ms",
        "link queue-up 100packets", "link queue-down 64KiB", "link loss-up 0%",
        "link loss-down 1%", "link drop up:1,down:5,9,down:data:3",
      ])
  }

  @Test(arguments: ["linux", "rfc", "ideal"])
  func parsesBackForEachProfile(profile: String) throws {
    for name in ["tcp", "http1.0", "http1"] {
      let scenario = try ScenarioBuilder([("profile", profile), ("protocol", name)]).build()
      let again = try ScenarioBuilder(ScenarioDescription(scenario).options).build()
      #expect(contents(again) == contents(scenario))
    }
  }

  @Test(arguments: 1...500 as ClosedRange<UInt64>)
  func parsesBack(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let options = ScenarioDescriptionTests.options(using: &random)
    let scenario = try ScenarioBuilder(options).build()
    let again = try ScenarioBuilder(ScenarioDescription(scenario).options).build()
    #expect(contents(again) == contents(scenario), "seed \(seed): \(options)")
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
      ("drop", ["down:\(bytes)", "up:data:\(bytes)"]), ("congestion", ["reno", "cubic"]),
      ("initial-window", ["1", "10000"]), ("mss", ["88", "65495", "1400"]),
      ("ack-delay", ["0ms", "\(nanoseconds)ns"]), ("min-rto", ["\(nanoseconds)ns", "120s"]),
      ("receive-window", ["\(bytes)"]), ("protocol", ["tcp", "http1.0", "http1"]),
      ("objects", ["\(bytes)", "5x\(bytes),7,7", "1kB,2x3MiB"]), ("request", ["auto", "\(bytes)"]),
      ("connections", ["1", "6"]), ("keep-alive", ["on", "off"]),
      ("start", ["together", "in-series", "after-first"]),
      ("server-time", ["0ms", "\(nanoseconds)ns", "1ms,\(nanoseconds)ns", "0ms,0ms"]),
    ]
    return values.shuffled(using: &random).compactMap { name, choices in
      guard Bool.random(using: &random), let value = choices.randomElement(using: &random) else {
        return nil
      }
      return (name, value)
    }
  }
}
