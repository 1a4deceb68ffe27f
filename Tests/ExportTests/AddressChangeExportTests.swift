import NetSim
import Testing
import Timelines

/// What a capture shows of a client's address that changes.
@Suite struct AddressChangeExportTests {
  private struct Seen: Equatable {
    var source: [UInt8]
    var port: UInt16
    var identity: [UInt8]
  }

  /// The addresses, ports and connection IDs of what clients send, in the order in which they change.
  private func seen(_ run: ExportedRun, _ vantage: Side) throws -> [Seen] {
    var all: [Seen] = []
    for packet in try PcapngBlocks(PcapngExport(run.log, vantage: vantage).bytes).packets {
      let bytes = packet.bytes
      let isShort = bytes[9] == 17 && bytes[28] & 0x80 == 0
      let isToServer = bytes[22] == 1 && bytes[23] == 0xBB
      if !isToServer || (bytes[9] == 17 && !isShort) { continue }
      let seen = Seen(
        source: Array(bytes[12..<16]), port: UInt16(bytes[20]) << 8 | UInt16(bytes[21]),
        identity: isShort ? Array(bytes[29..<37]) : [])
      if !all.contains(seen) { all.append(seen) }
    }
    return all
  }

  private func run(
    _ protocolName: String, objects: String = "1MB", _ options: [(name: String, value: String)]
  ) throws -> ExportedRun {
    try ExportedRun(
      [
        ("profile", "rfc"), ("protocol", protocolName), ("tls", "1.3"), ("rtt", "40ms"),
        ("rate", "10Mbps"), ("objects", objects),
      ] + options)
  }

  /// A NAT's other port is seen behind it alone, and the connection ID stays.
  @Test func theServerSeesAnotherPort() throws {
    let run = try run("http3", [("rebind-at", "500ms")])
    #expect(try seen(run, .client).count == 1)
    let server = try seen(run, .server)
    try #require(server.count == 2)
    #expect(server[0].source == server[1].source && server[0].identity == server[1].identity)
    #expect(server[0].port == 49_152 && server[1].port != server[0].port)
  }

  /// Who moves has another address at both places, and another connection ID.
  @Test(arguments: [Side.client, .server])
  func bothSeeAnotherAddress(vantage: Side) throws {
    let run = try run("http3", [("migrate-at", "500ms")])
    let seen = try seen(run, vantage)
    #expect(seen.map(\.source) == [[10, 0, 0, 1], [10, 128, 0, 1]])
    #expect(seen.map(\.port) == [49_152, 49_152])
    try #require(seen.count == 2)
    #expect(seen[0].identity != seen[1].identity)
  }

  /// Over TCP the server gets the next request from a port of which it knows nothing, and once more on
  /// another connection.
  @Test func aStrangerIsReset() throws {
    let run = try run(
      "http2", objects: "20kB,20kB", [("rebind-at", "1s"), ("arrivals", "every:2s")])
    let server = try seen(run, .server)
    try #require(server.count == 3)
    #expect(server[0].source == server[1].source)
    #expect(server[0].port == 49_152 && server[1].port != 49_152)
    #expect(try seen(run, .client).map(\.port) == [49_152, 49_153])
  }
}
