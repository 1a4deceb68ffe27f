import NetSim
import Testing

/// Heads of other clients than curl, and probes, stand in the file with the bytes that were counted.
@Suite struct ComposedHeadTests {
  @Test func aBrowsersRequestsAreExported() throws {
    let run = try ExportedRun([
      ("objects", "3x4kB"), ("headers", "browser"), ("cookie", "2kB"),
    ])
    let capture = try run.readBack(.server)
    #expect(capture.problem == nil)
    // The page's 413 bytes for "/", 7 for its longer target, and the cookie's field of 2,010. The others
    // lack the wish for security (30) and 132 bytes of types, and have the referrer (27).
    #expect(capture.requests.map(\.requestBytes) == [2_430, 2_295, 2_295])
    #expect(capture.connections[0].payloadBytes.up == 2430 + 2 * 2295)
    #expect(capture.requests.map(\.targetText) == ["/o00.bin", "/o01.bin", "/o02.bin"])
  }

  /// A heartbeat and a check between two requests: four in the file, in the order in which they went.
  @Test(arguments: [Side.client, .server])
  func probesAreExported(vantage: Side) throws {
    let run = try ExportedRun([
      ("objects", "2x3kB"), ("arrivals", "every:50s"), ("heartbeat", "30s"),
      ("pool-validate", "2s"), ("profile", "ideal"),
    ])
    let capture = try run.readBack(vantage)
    #expect(capture.problem == nil)
    #expect(capture.requests.map(\.targetText) == ["/o00.bin", "*", "*", "/o01.bin"])
    #expect(capture.requests.map(\.requestBytes) == [79, 76, 76, 79])
    #expect(capture.requests.map(\.status) == [200, 200, 200, 200])
    #expect(capture.requests.map(\.bodyBytes) == [3000, 0, 0, 3000])
  }
}
