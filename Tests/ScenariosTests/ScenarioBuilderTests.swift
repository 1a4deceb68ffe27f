import NetSim
import Scenarios
import Testing

@Suite struct ScenarioBuilderTests {
  private func build(_ options: (name: String, value: String)...) throws -> Scenario {
    try ScenarioBuilder(options).build()
  }

  @Test func hasTheDefaultsOfTheStandardScenario() throws {
    let scenario = try build()
    #expect(scenario.profile == .linux && scenario.seed == 1)
    #expect(scenario.links.map(\.rate) == [.megabits(10), .megabits(10)])
    #expect(scenario.links.map(\.delay) == [.milliseconds(20), .milliseconds(20)])
    #expect(scenario.links.map(\.queue) == [.packets(100), .packets(100)])
    #expect(scenario.clients[0].application == .http11)
    #expect(scenario.clients[0].objects == [ObjectSettings(ByteCount(100_000))])
    #expect(scenario.clients[0].keepAlive && scenario.clients[0].connections == 1)
  }

  @Test func putsTheProfileFirst() throws {
    let scenario = try build(("min-rto", "300ms"), ("profile", "rfc"))
    #expect(scenario.profile == .rfc)
    #expect(scenario.clients[0].transport.minimumRTO == .milliseconds(300))
    #expect(scenario.clients[0].transport.acknowledgements.delay == .milliseconds(200))
    #expect(try build(("profile", "rfc"), ("profile", "linux")).profile == .linux)
  }

  @Test func idealHasNoLimitsUnlessGiven() throws {
    let ideal = try build(("profile", "ideal"))
    #expect(ideal.links.allSatisfy { $0.rate.isUnlimited && $0.queue == .unlimited })
    #expect(ideal.links.allSatisfy { $0.acknowledgementsAreFree })
    #expect(ideal.clients[0].transport.acknowledgements.everySegments == 1)
    #expect(ideal.clients[0].transport.maximumSegmentSize == 1_460)
    let limited = try build(("rate", "5Mbps"), ("profile", "ideal"), ("ack-delay", "40ms"))
    #expect(limited.links.map(\.rate) == [.megabits(5), .megabits(5)])
    #expect(limited.links.allSatisfy { $0.queue == .unlimited })
    #expect(limited.clients[0].transport.acknowledgements.everySegments == 2)
  }

  @Test func setsOneWayOrBoth() throws {
    let scenario = try build(
      ("rate", "8Mbps"), ("rate-up", "1Mbps"), ("queue-down", "64KiB"), ("loss", "1%"),
      ("loss-up", "0%"))
    #expect(scenario.links.map(\.rate) == [.megabits(1), .megabits(8)])
    #expect(scenario.links.map(\.queue) == [.packets(100), .bytes(65_536)])
    #expect(scenario.links.map(\.loss.partsPerBillion) == [0, 10_000_000])
    #expect(try build(("rate-up", "1Mbps"), ("rate", "8Mbps")).links[0].rate == .megabits(8))
  }

  @Test func sharesTheRoundTrip() throws {
    let odd = try build(("rtt", "7ns"))
    #expect(odd.links.map(\.delay.nanoseconds) == [3, 4])
    let ways = try build(("rtt-up", "10ms"), ("rtt-down", "30ms"))
    #expect(ways.links.map(\.delay) == [.milliseconds(5), .milliseconds(15)])
  }

  @Test func addsDropsUp() throws {
    let scenario = try build(("drop", "down:5,9"), ("drop", "up:1,down:data:3"))
    #expect(scenario.links[0].drops == [DropRule(ordinal: 1)])
    #expect(
      scenario.links[1].drops == [
        DropRule(ordinal: 5), DropRule(ordinal: 9), DropRule(ordinal: 3, minimumPayload: 100),
      ])
    #expect(try build(("drop", "down:5"), ("drop", "none")).links[1].drops.isEmpty)
  }

  @Test func setsTheTransport() throws {
    let transport = try build(
      ("congestion", "reno"), ("initial-window", "4"), ("mss", "536"), ("ack-delay", "100ms"),
      ("min-rto", "1s"), ("receive-window", "64KiB")
    ).clients[0].transport
    #expect(transport.congestion == .reno && transport.initialWindow == 4)
    #expect(transport.maximumSegmentSize == 536)
    #expect(transport.acknowledgements.delay == .milliseconds(100))
    #expect(transport.acknowledgements.quickSegments == 16)
    #expect(transport.minimumRTO == .seconds(1) && transport.rtoFloor == .variance)
    #expect(transport.receiveWindow == ByteCount(65_536))
  }

  @Test func setsTheWorkload() throws {
    let scenario = try build(
      ("objects", "20000,3x30kB,7"), ("request", "400"), ("connections", "6"),
      ("start", "after-first"), ("server-time", "5ms,10ms,5ms,10ms,0ms"),
      ("seed", "18446744073709551615"))
    let client = scenario.clients[0]
    #expect(client.objects.map(\.bytes.bytes) == [20_000, 30_000, 30_000, 30_000, 7])
    #expect(client.requestBytes == ByteCount(400) && client.connections == 6)
    #expect(client.start == .afterFirst && scenario.seed == .max)
    #expect(client.serverTimes == [5, 10, 5, 10, 0].map { .milliseconds($0) })
    #expect(try build(("start", "in-series")).clients[0].start == .inSeries)
    #expect(try build(("server-time", "0ms")).clients[0].serverTimes.isEmpty)
  }

  @Test func objectsMayHaveMethods() throws {
    let objects = try build(("objects", "1kB,post:2kB,2xPUT: 3")).clients[0].objects
    #expect(objects.map(\.method) == [.get, .post, .put, .put])
    #expect(objects.map(\.bytes.bytes) == [1_000, 2_000, 3, 3])
    let refusal = OptionErrorTests.refusal([("objects", "pots:1kB")])
    #expect(refusal.contains("post"), "\(refusal)")
  }

  @Test func protocolsHaveDefaults() throws {
    #expect(try build(("protocol", "http1.0")).clients[0].keepAlive == false)
    #expect(try build(("keep-alive", "on"), ("protocol", "http1.0")).clients[0].keepAlive)
    #expect(try build(("keep-alive", "off")).clients[0].keepAlive == false)
    let raw = try build(("protocol", "tcp"), ("objects", "20x30kB")).clients[0]
    #expect(raw.application == .raw && raw.connections == 20 && raw.requestBytes == nil)
    let few = try build(("protocol", "tcp"), ("objects", "20x30kB"), ("connections", "2"))
    #expect(few.clients[0].connections == 2)
    #expect(
      try build(("protocol", "tcp"), ("objects", "100000x1")).clients[0].connections == 10_000)
  }

  @Test func runs() throws {
    for name in ["tcp", "http1.0", "http1"] {
      var simulator = Simulator(try build(("protocol", name), ("objects", "3x30kB,1")))
      let report = simulator.run()
      #expect(report.requests.count == 4, "\(name)")
      #expect(report.requests.allSatisfy { $0.complete != nil }, "\(name)")
    }
  }

  @Test func theTableIsWhole() {
    #expect(ScenarioOption.all.count == ScenarioOptionName.allCases.count)
    #expect(Set(ScenarioOption.all.map(\.filePath)).count == ScenarioOption.all.count)
    #expect(ScenarioOption(for: .rateUp).filePath == ["link", "up", "rate"])
    #expect(ScenarioOption(for: .seed).filePath == ["seed"])
    #expect(ScenarioOption.named("receive-window")?.filePath == ["transport", "receive-window"])
    #expect(ScenarioOption.named("ratee") == nil)
    for option in ScenarioOption.all {
      #expect(!option.meaning.isEmpty && !option.placeholder.isEmpty && !option.defaultText.isEmpty)
    }
  }

  @Test func linksTakeImpairments() throws {
    let links = try build(
      ("aqm", "red:4,12,5%,1/256"), ("aqm-down", "CoDel"), ("ecn-down", "on"),
      ("loss", "1%"), ("loss-up", "burst:1%,30%,90%"), ("jitter-up", "5ms"),
      ("reorder", "1%:7ms"), ("duplicate", "0.1%"), ("outage-down", "2s-3s"),
      ("rate-steps", "5s:1Mbps")
    ).links
    #expect(
      links[0].discipline
        == .red(
          REDSettings(
            minimum: 4, maximum: 12, maximumProbability: Probability(partsPerBillion: 50_000_000),
            weightShift: 8)))
    #expect(links[1].discipline == .codel(CoDelSettings()))
    #expect(links.map(\.marksECN) == [false, true])
    #expect(
      links[0].bursts
        == BurstLoss(
          entry: Probability(partsPerBillion: 10_000_000),
          exit: Probability(partsPerBillion: 300_000_000),
          lossInBad: Probability(partsPerBillion: 900_000_000)))
    #expect(links[0].loss == .zero && links[1].bursts == nil)
    #expect(links.map(\.jitter) == [.milliseconds(5), .zero])
    let late = Reordering(
      Probability(partsPerBillion: 10_000_000), delay: .milliseconds(7))
    #expect(links.map(\.reordering) == [late, late])
    #expect(links[1].duplication == Probability(partsPerBillion: 1_000_000))
    #expect(links[0].outages.isEmpty)
    #expect(
      links[1].outages == [Outage(from: .zero + .seconds(2), to: .zero + .seconds(3))])
    #expect(links[0].rateSteps == [RateStep(.zero + .seconds(5), .megabits(1))])
    #expect(try build(("loss", "burst:1%,30%"), ("loss", "1%")).links[0].bursts == nil)
  }

  @Test func aDefaultGivesWayToAFileAndToOptions() throws {
    var builder = ScenarioBuilder()
    try builder.setDefault("tls", "1.3")
    #expect(try builder.build().clients[0].tls?.mode == .full13)
    try builder.set("tls", "1.2")
    #expect(try builder.build().clients[0].tls?.mode == .full12)
    var given = try ScenarioBuilder([("tls", "none")])
    try given.setDefault("tls", "1.3")
    #expect(try given.build().clients[0].tls == nil)
    #expect(throws: OptionError.self) { try given.setDefault("tls", "9") }
    #expect(throws: OptionError.self) { try given.setDefault("tsl", "1.3") }
  }

  @Test func protocolsAreListed() throws {
    #expect(try ProtocolList.parse("tcp") == ["tcp"])
    #expect(
      try ProtocolList.parse("http1-pipelined, HTTP1.0 ,http1")
        == ["http1-pipelined", "http1.0", "http1"])
  }
}
