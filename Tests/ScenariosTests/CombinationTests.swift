import Testing

@testable import Scenarios

/// Options of proxies and of HTTP/2 that do not go together: the last that was given is named, with the
/// reason.
@Suite struct CombinationTests {
  @Test(
    arguments: [
      (
        ["proxy": "blind", "tls": "1.3"],
        "--proxy blind: a relay has no certificate, and cannot read what TLS protects"
      ),
      (["proxy-rtt": "20ms"], "--proxy-rtt 20ms: there is no proxy, as with --proxy correct"),
      (
        ["protocol": "tcp", "proxy": "correct"],
        "--proxy correct: proxies pass on requests over HTTP; this client's protocol is tcp"
      ),
      (
        ["protocol": "http2", "tls": "none", "proxy": "blind"],
        "--proxy blind: of the proxies only correct ones know HTTP/2"
      ),
      (
        ["protocol": "http2", "keep-alive": "off"],
        "--keep-alive off: a connection of HTTP/2 serves all requests (RFC 9113 §9.1)"
      ),
      (
        ["protocol": "http2", "heartbeat": "30s"],
        "--heartbeat 30s: over HTTP/2 that is a PING, as with ping 30s:10s"
      ),
      (
        ["protocol": "http2", "tls": "1.3-0rtt-425"],
        "--tls 1.3-0rtt-425: 425 and replays are told of HTTP/1 only in this version; early data as "
          + "such goes"
      ),
      (
        ["tls-time": "2ms"],
        "--tls-time 2ms: without TLS there is no handshake to compute, as with tls 1.3"
      ),
    ] as [(KeyValuePairs<String, String>, String)])
  func refusesWhatDoesNotGoTogether(options: KeyValuePairs<String, String>, reason: String) {
    let given = options.map { (name: $0.key, value: $0.value) }
    #expect(OptionErrorTests.refusal(given) == reason)
  }
}
