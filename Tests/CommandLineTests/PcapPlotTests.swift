import Testing

/// `simcli pcap plot`.
@Suite struct PcapPlotTests {
  @Test(arguments: [("h1-keepalive-drops", "receiver"), ("h1-keepalive-drops-server", "sender")])
  func theFourLossesAndRepetitionsAreMarked(_ name: String, _ place: String) throws {
    let result = try CommandLineProgram.run("pcap", "plot", "traces/\(name).pcap")
    #expect(result.status == 0)
    #expect(result.output.contains("R sent again (4)"))
    #expect(result.output.contains("✗ lost (4)"))
    #expect(result.output.contains("seen at the \(place)"))
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    // Two of the losses are next to each other, in one cell.
    let marks = result.output.split(separator: "\n").prefix(22).joined()
    #expect(marks.count { $0 == "✗" } == 3)
    #expect(marks.count { $0 == "R" } == 3)
  }

  @Test func aDirectionAndAConnectionAreChosen() throws {
    let result = try CommandLineProgram.run(
      "pcap", "plot", "traces/h1-six-clean.pcap", "--connection", "3", "--direction", "up",
      "--ascii", "--width", "100")
    #expect(result.status == 0)
    #expect(result.output.contains(" 3  10.8.0.1:"))
    #expect(result.output.utf8.allSatisfy { $0 < 0x80 })
  }

  @Test(
    arguments: [
      (["traces/sse.pcap", "--connection", "2"], 2),
      (["traces/sse.pcap", "--direction", "left"], 2),
      (["--ascii"], 2), (["traces/nothing.pcap"], 3),
    ] as [([String], Int32)])
  func wrongRequestsAreTold(_ arguments: [String], _ status: Int32) throws {
    #expect(try CommandLineProgram.run(["pcap", "plot"] + arguments).status == status)
  }

  @Test func aCaptureWithoutTCPHasNoPlot() throws {
    let result = try CommandLineProgram.run("pcap", "plot", "traces/h3-clean.pcap")
    #expect(result.status == 0)
    #expect(result.output == "no TCP connection in the capture\n")
  }
}
