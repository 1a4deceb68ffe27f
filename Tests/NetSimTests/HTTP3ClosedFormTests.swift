import NetSim
import Testing

/// HTTP/3 where its times can be counted: in `ideal`.
@Suite struct HTTP3ClosedFormTests: HTTP2Runs {
  private func overQUIC(_ client: inout ClientSettings) {
    client.application = .http3
    client.tls = TLSSettings(.full13, tickets: 0)
  }

  /// One object that fits the first window: one round trip for the handshake, one for the object.
  @Test func aSmallObjectTakesTwoRoundTrips() {
    let report = run(scenario([10_000]) { overQUIC(&$0) }).report
    #expect(milliseconds(report.complete) == 200)
  }

  /// Without loss, HTTP/3 is one round trip ahead of HTTP/2 over TLS 1.3: that of TCP's handshake.
  @Test(arguments: [(1, 10_000), (60, 10_000), (6, 100_000), (3, 1_000_000)])
  func isOneRoundTripAheadOfHTTP2(count: Int, size: Int64) {
    let sizes = Array(repeating: size, count: count)
    let three = run(scenario(sizes) { overQUIC(&$0) }).report
    let two = run(scenario(sizes) { $0.tls = TLSSettings(.full13, tickets: 0) }).report
    #expect(milliseconds(two.complete).map { $0 - 100 } == milliseconds(three.complete))
  }
}
