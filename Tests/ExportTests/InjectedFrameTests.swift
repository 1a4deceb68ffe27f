import NetSim
import Scenarios
import Testing
import Timelines

/// Resets, ends and injected frames in exported files, as Wireshark's dissector reads them; skipped
/// where tshark is missing.
@Suite(.enabled(if: Tshark.path != nil, "tshark is not installed"))
struct InjectedFrameTests {
  private func run(
    _ options: [(name: String, value: String)], _ change: (inout ClientSettings) -> Void = { _ in }
  ) throws -> ExportedRun {
    var scenario = try ScenarioBuilder(
      [(name: "protocol", value: "http2"), (name: "tls", value: "none")] + options
    ).build()
    change(&scenario.clients[0])
    return ExportedRun(scenario)
  }

  private func frames(_ run: ExportedRun, _ vantage: Side) throws -> [Tshark.Frame] {
    try run.withFile(vantage) { try Tshark.frames($0, isHTTP2: true) }
  }

  private func values(_ frames: [Tshark.Frame], _ field: Tshark.Field) -> [String] {
    frames.flatMap { $0[field].split(separator: ",") }.map(String.init)
  }

  /// CANCEL is 8 (RFC 9113 §7).
  @Test(arguments: [Side.client, .server])
  func aResetSaysItsCode(vantage: Side) throws {
    let frames = try frames(
      run([("objects", "3x6kB"), ("server-time", "300ms")]) {
        $0.objects[1].cancelAfter = .milliseconds(30)
      }, vantage)
    #expect(values(frames, .resetCode) == ["8"])
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
  }

  /// REFUSED_STREAM is 7.
  @Test func aRefusalSaysItsCode() throws {
    let frames = try frames(
      run([
        ("profile", "ideal"), ("objects", "5x1kB"), ("server-time", "300ms"),
        ("max-concurrent-streams", "4"),
      ]), .server)
    #expect(values(frames, .resetCode) == ["7"])
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
  }

  /// First GOAWAY with all streams and NO_ERROR, a PING, then the last one.
  @Test(arguments: [Side.client, .server])
  func anEndInTwoStepsIsDissected(vantage: Side) throws {
    let frames = try frames(
      run([
        ("objects", "2x6kB"), ("server-time", "300ms"), ("goaway", "twice"),
        ("connection-lifetime", "200ms"),
      ]), vantage)
    #expect(values(frames, .goAwayCode) == ["0", "0"])
    #expect(values(frames, .lastStream) == ["2147483647", "3"])
    #expect(values(frames, .frameType).count { $0 == "6" } == 2)
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
  }

  /// What breaks a rule of a connection is answered with GOAWAY: FLOW_CONTROL_ERROR is 3.
  @Test(arguments: [Side.client, .server])
  func anErrorSaysItsCode(vantage: Side) throws {
    let frames = try frames(
      run([
        ("objects", "2x6kB"), ("server-time", "300ms"),
        ("inject", "from=client,after=120ms,frame=window-update,increment=2147483647"),
      ]), vantage)
    #expect(values(frames, .goAwayCode) == ["3"])
    #expect(values(frames, .increment).contains("2147483647"))
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
  }

  /// Windows that follow the path: SETTINGS with what they have become, without anything malformed.
  @Test func windowsThatGrowAreDissected() throws {
    let frames = try frames(
      run([
        ("objects", "2MB"), ("rate", "100Mbps"), ("rtt", "75ms"),
        ("client-http2", "dynamo-default"),
      ]), .client)
    #expect(frames.allSatisfy { $0[.malformed].isEmpty })
    let windows = values(frames, .initialWindow).compactMap { Int($0) }
    // nginx's first value stands among them.
    #expect(windows.filter { $0 != 65_536 }.first == 65_535)
    let own = windows.filter { $0 != 65_536 }
    #expect(own.count > 1 && own == own.sorted())
    #expect((windows.max() ?? 0) > 200_000)
  }

  /// Injected bytes are those of the scenario; tshark finds the WINDOW_UPDATE of three bytes malformed,
  /// and neither the frame of a type without a name nor any of the ends' own.
  @Test func injectedBytesAreAsGiven() throws {
    let run = try run([
      ("profile", "ideal"), ("objects", "1kB"), ("server-time", "900ms"),
      ("inject", "from=client,after=120ms,frame=0x16,flags=0xf5,stream=3,payload=c0ffee"),
      ("inject", "from=client,after=220ms,frame=window-update,stream=1,length=3"),
    ])
    let packets = try PcapngBlocks(PcapngExport(run.log, vantage: .client).bytes).packets
    let data = zip(packets, run.segments(.client)).filter { $0.1.length > 0 }.map {
      Array($0.0.bytes.suffix(Int($0.1.length)))
    }
    #expect(data.contains([0, 0, 3, 22, 0xF5, 0, 0, 0, 3, 0xC0, 0xFF, 0xEE]))
    #expect(data.contains([0, 0, 3, 8, 0, 0, 0, 0, 1, 0, 0, 0]))
    let malformed = try frames(run, .client).filter { !$0[.malformed].isEmpty }
    #expect(malformed.count == 1)
  }
}
