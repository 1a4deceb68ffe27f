import NetSim
import Testing

@testable import Scenarios

/// The names of protocols in TLS, given by options and in files.
@Suite struct ApplicationNameOptionTests {
  private func read(_ yaml: String) throws -> Scenario {
    try TemporaryFile.with(yaml) { try ScenarioFile(path: $0, presets: nil).scenario() }
  }

  @Test func aServersListStandsInItsSection() throws {
    let scenario = try read(
      """
      http: {protocol: http2}
      server: {alpn: [http/1.1, http/1.0]}
      """)
    let client = scenario.clients[0]
    #expect(client.tls?.names?.client == [.http2, .http11])
    #expect(client.tls?.names?.server == [.http11, .http10])
    #expect(client.spoken == .http11)
    let again = try read(ScenarioDescription(scenario).yaml)
    #expect(again.clients[0].tls == client.tls && again.clients[0].application == .http2)
  }

  @Test func bothListsOnTheCommandLine() throws {
    let client = try ScenarioBuilder([
      ("protocol", "http2"), ("client-alpn", "off"), ("server-alpn", "h2"),
    ]).build().clients[0]
    #expect(client.tls?.names == ApplicationNames(client: [], server: [.http2]))
    #expect(client.spoken == .http2)
    let usual = try ScenarioBuilder([("protocol", "http2"), ("client-alpn", "h2,http/1.1")])
    #expect(try usual.build().clients[0].tls?.names == nil)
  }

  @Test(
    arguments: [
      (
        ["protocol": "http2", "client-alpn": "h2", "server-alpn": "http/1.1"],
        "--server-alpn http/1.1: nothing that both ends know: the server ends the handshake with the "
          + "alert no_application_protocol (120, RFC 7301 §3.2)"
      ),
      (
        ["protocol": "http2", "tls": "none", "server-alpn": "http/1.1"],
        "--server-alpn http/1.1: without TLS the client takes HTTP/2 for known; this server would answer "
          + "its preface with 400 and close"
      ),
      (
        ["protocol": "http2", "client-alpn": "off", "server-alpn": "http/1.1"],
        "--server-alpn http/1.1: the client knows beforehand that the server speaks h2, which it does not"
      ),
      (
        ["protocol": "http1", "client-alpn": "http/1.1"],
        "--client-alpn http/1.1: protocols are named in TLS, as with tls 1.3 (RFC 7301)"
      ),
      (
        ["protocol": "http2", "server-alpn": "h3"],
        "--server-alpn h3: nothing that both ends know: the server ends the handshake with the alert "
          + "no_application_protocol (120, RFC 7301 §3.2)"
      ),
      (
        ["protocol": "http2", "server-alpn": "h2,h2"],
        "--server-alpn h2,h2: h2 is named twice"
      ),
    ] as [(KeyValuePairs<String, String>, String)])
  func refusesWithTheReason(options: KeyValuePairs<String, String>, reason: String) {
    let given = options.map { (name: $0.key, value: $0.value) }
    #expect(OptionErrorTests.refusal(given) == reason)
  }
}
