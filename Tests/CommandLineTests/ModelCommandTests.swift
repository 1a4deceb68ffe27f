import Foundation
import Testing

@Suite struct ModelCommandTests {
  @Test func presetsAreATable() throws {
    let result = try CommandLineProgram.run("model", "http2-presets", "--width", "100")
    #expect(result.status == 0)
    #expect(
      result.output.contains(
        """
        dynamo-low-latency      client    65535-16MiB        65535-16MiB    256KiB         500        16MiB
        dynamo-memory           client    65535-16MiB        65535-16MiB    512KiB         200        16MiB

        """))
  }

  @Test func presetsAreJSON() throws {
    let object = try CommandLineProgram.run("model", "http2-presets", "--format", "json").object()
    #expect(object["format"] as? String == "netsim.http2-presets/1")
    let presets = try #require(object["presets"] as? [[String: Any]])
    #expect(presets.count == 11)
    #expect(presets[5]["name"] as? String == "envoy-edge")
    #expect(presets[5]["ends"] as? [String] == ["server"])
    #expect(presets[5]["held_bytes"] as? Int == 1_048_576)
    #expect(presets.count { $0["adaptive"] as? Bool == true } == 5)
    #expect(presets[0]["max_concurrent_streams"] is NSNull)
  }

  @Test func anUnknownWordIsNamed() throws {
    let result = try CommandLineProgram.run("model", "http2-preset")
    #expect(result.status == 2)
    #expect(
      result.errors.contains(
        "unknown profile http2-preset; did you mean http2-presets?  (there are linux, rfc and ideal, and http2-presets)"
      ))
  }
}
