import Foundation
import NetSim
import Scenarios
import Testing

@Suite struct ScenarioFileTests {
  private static let presets = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Scenarios").path(percentEncoded: false)

  private func read(_ text: String) throws -> ScenarioFile {
    try TemporaryFile.with(text) { ScenarioFile(path: $0, presets: Self.presets) }
  }

  @Test func hasTheOptionsOfTheCommandLine() throws {
    let scenario = try read(
      """
      seed: 7
      profile: rfc
      link: {rate: 8Mbps, up: {rate: 1Mbps}, rtt: 30ms, drop: ["down:5", "up:1"]}
      transport: {congestion: reno}
      workload: {objects: [20kB, 2x3kB], start: in-series}
      server: {server-time: [1ms, 2ms, 3ms]}
      """
    ).scenario()
    #expect(scenario.profile == .rfc && scenario.seed == 7)
    #expect(scenario.links.map(\.rate) == [.megabits(1), .megabits(8)])
    #expect(scenario.links.map(\.drops) == [[DropRule(ordinal: 1)], [DropRule(ordinal: 5)]])
    #expect(scenario.clients[0].transport.congestion == .reno)
    #expect(scenario.clients[0].objects.map(\.bytes.bytes) == [20_000, 3_000, 3_000])
    #expect(scenario.clients[0].serverTimes == [1, 2, 3].map { .milliseconds($0) })
    #expect(scenario.clients[0].start == .inSeries)
  }

  /// Editors of other systems mark a file's beginning, and end lines with two characters.
  @Test func readsWhatOtherEditorsWrite() throws {
    let file = try read("\u{FEFF}seed: 7\r\nlink: {rtt: 30ms}\r\n")
    #expect(file.problems.isEmpty)
    #expect(try file.scenario().seed == 7)
    let wrong = try read("\u{FEFF}seed: seven\r\n")
    #expect(wrong.problems.count == 1 && wrong.problems[0].text.contains(":1:7: "))
  }

  /// The lines of `docs/scenarios.md`.
  @Test func linksTakeImpairments() throws {
    let links = try read(
      """
      link:
        aqm: codel
        ecn: on
        loss: "burst:1%,30%,90%,0.1%"
        jitter: 5ms
        reorder: "1%:5ms"
        duplicate: 0.1%
        outage: [2s-3s, "hold:7s-8s"]
        rate-steps: ["5s:1Mbps", "8s:10Mbps"]
        up: {aqm: red, rate-steps: none}
      """
    ).scenario().links
    #expect(links.map(\.discipline) == [.red(REDSettings()), .codel(CoDelSettings())])
    #expect(links.map(\.outages.count) == [2, 2] && links[0].outages[1].holds)
    #expect(links.map(\.rateSteps.count) == [0, 2])
    #expect(links[0].bursts?.lossInGood == Probability(partsPerBillion: 1_000_000))
    #expect(links[0].marksECN && links[0].jitter == .milliseconds(5))
    #expect(links[0].reordering?.delay == .milliseconds(5))
  }

  @Test func anEmptyFileIsTheDefault() throws {
    #expect(
      String(reflecting: try read("# nothing\n").scenario())
        == String(reflecting: try ScenarioBuilder().build()))
  }

  @Test func givesEachEndItsTransport() throws {
    let client = try read(
      """
      transport: {initial-window: 4}
      server: {initial-window: 20, receive-window: 1MiB}
      client: {receive-window: 64KiB}
      """
    ).scenario().clients[0]
    #expect(client.transport.initialWindow == 4)
    #expect(client.transport.receiveWindow == ByteCount(65_536))
    #expect(client.serverTransport?.initialWindow == 20)
    #expect(client.serverTransport?.receiveWindow == ByteCount(1 << 20))
  }

  @Test func joinsLinksIntoPaths() throws {
    let scenario = try read(
      """
      link: {rtt: 10ms}
      links:
        home: {rate: 1Mbps}
        core: {rate: 1Gbps, rtt: 20ms}
        back: {}
      paths:
        near: [home]
        far: [home, core]
        odd: {up: [home], down: [back]}
      clients:
        page: {path: far, workload: {objects: 1kB}}
        late: {path: odd, start-at: 250ms, count: 2}
      """
    ).scenario()
    #expect(scenario.links.count == 6)
    #expect(
      scenario.links[0].rate == .megabits(1)
        && scenario.links[2].rate == Bitrate(bitsPerSecond: 1_000_000_000))
    #expect(scenario.links.map(\.delay) == [5, 5, 10, 10, 5, 5].map { .milliseconds($0) })
    #expect(scenario.paths.map(\.up) == [[0], [0, 2], [0]])
    #expect(scenario.paths.map(\.down) == [[1], [3, 1], [5]])
    #expect(scenario.clients.map(\.origins) == [[1], [2], [2]])
    #expect(scenario.clients[1].startsAt == .zero + .milliseconds(250))
  }

  @Test func objectsHaveTheirOwn() throws {
    let client = try read(
      """
      links: {a: {}, b: {}}
      paths: {p: [a], q: [b]}
      clients:
        page:
          origins: {www: {path: p}, cdn: {path: q}}
          workload:
            objects:
              - 2x1kB
              - {size: 9kB, target: /x, request: 80, head: 200, server-time: 5ms, after: 1,
                 client-time: 2ms, origin: cdn}
      """
    ).scenario().clients[0]
    #expect(client.origins == [0, 1])
    #expect(
      client.objects.prefix(2) == [
        ObjectSettings(ByteCount(1_000)), ObjectSettings(ByteCount(1_000)),
      ])
    #expect(
      client.objects[2]
        == ObjectSettings(
          ByteCount(9_000), request: ByteCount(80), responseHead: ByteCount(200),
          serverTime: .milliseconds(5), after: 1, clientTime: .milliseconds(2), origin: 1,
          target: Array("/x".utf8)))
  }

  @Test func whatIsIncludedGivesWay() throws {
    let file = try read("link: {rtt: 99ms}\ninclude: dsl\nabout: mine\n")
    let scenario = try file.scenario()
    #expect(scenario.links.map(\.delay) == [.microseconds(49_500), .microseconds(49_500)])
    #expect(scenario.links.map(\.rate) == [384_000, 1_500_000].map { Bitrate(bitsPerSecond: $0) })
    #expect(file.about == "mine")
  }

  @Test func theCommandLineTakesPrecedence() throws {
    var builder = try read(
      """
      links: {a: {rate: 1Mbps, drop: "down:5"}}
      clients: {page: {workload: {objects: [{size: 1kB, target: /x}]}}}
      """
    ).builder
    try builder.set("rate", "5Mbps")
    try builder.set("drop", "down:9")
    try builder.set("objects", "3kB")
    let scenario = try builder.build()
    #expect(scenario.links.map(\.rate) == [.megabits(5), .megabits(5)])
    #expect(scenario.links[1].drops == [DropRule(ordinal: 5), DropRule(ordinal: 9)])
    #expect(scenario.clients[0].objects == [ObjectSettings(ByteCount(3_000))])
  }

  @Test func oneOfSeveralLinksHasToBeNamed() throws {
    var builder = try read("links: {a: {}, b: {}}").builder
    #expect(
      throws: OptionError(
        message: "--rtt 5ms: the scenario has several links (a and b); change them in its file")
    ) { try builder.set("rtt", "5ms") }
    try builder.set("congestion", "reno")
    #expect(try builder.build().clients[0].transport.congestion == .reno)
  }

  /// Of several links a list of packets is for the one that has such a list in the file, also when it was
  /// given before. What every link has is for none of them alone.
  @Test func packetsToLoseAreForTheLinkThatHasSome() throws {
    var builder = try read(
      """
      link: {rtt: 0ms}
      links: {air: {rtt: 60ms, drop: "down:2"}, line: {rate: 10Mbps}, last: {rate: 1Gbps}}
      """
    ).builder
    try builder.set("drop", "none")
    try builder.set("drop", "down:5")
    let scenario = try builder.build()
    #expect(scenario.links.map(\.delay) == [30, 30, 0, 0, 0, 0].map { .milliseconds($0) })
    #expect(scenario.links[1].drops == [DropRule(ordinal: 5)])
    #expect(scenario.links[3].drops.isEmpty)
    #expect(throws: OptionError.self) { try builder.set("rtt", "80ms") }
    #expect(throws: OptionError.self) { try builder.set("rate", "5Mbps") }
    #expect(throws: OptionError.self) { try builder.set("loss", "1%") }
  }

  @Test(arguments: ["dsl", "lte", "3g", "wifi", "satellite", "datacentre", "shared-home"])
  func presetsRunAndSayWhatTheyAre(name: String) throws {
    let file = ScenarioFile(path: name, presets: Self.presets)
    #expect(file.problems.isEmpty && file.about?.isEmpty == false)
    var simulator = Simulator(try file.scenario())
    #expect(simulator.run().complete != nil)
  }

  @Test func theLongFormReadsBackToTheSameRun() throws {
    let file = ScenarioFile(path: "shared-home", presets: Self.presets)
    let scenario = try file.scenario()
    let yaml = ScenarioDescription(scenario, names: file.builder.names).yaml
    let second = try read(yaml)
    #expect(String(reflecting: try second.scenario()) == String(reflecting: scenario))
    #expect(second.builder.names == file.builder.names)
    #expect(
      ScenarioDescription(try second.scenario(), names: second.builder.names).yaml == yaml)
  }
}
