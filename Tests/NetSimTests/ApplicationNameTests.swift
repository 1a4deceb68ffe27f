import NetSim
import Testing

/// Names of protocols in TLS: what is chosen, what it costs, and what is spoken then (RFC 7301).
@Suite struct ApplicationNameTests {
  private typealias Choice = (
    client: [ApplicationName], server: [ApplicationName], agreed: ApplicationName?, refused: Bool
  )

  /// The server's order counts, of what the client offers (RFC 7301 §3.2).
  @Test func theServerChooses() {
    let choices: [Choice] = [
      ([.http2, .http11], [.http2, .http11], .http2, false),
      ([.http2, .http11], [.http11, .http2], .http11, false),
      ([.http2, .http11], [.http11], .http11, false),
      ([.http11], [.http2, .http11], .http11, false),
      ([.http2], [.http11], nil, true),
      ([.http2, .http11], [], nil, false),
      ([], [.http2], nil, false),
    ]
    for choice in choices {
      let names = ApplicationNames(client: choice.client, server: choice.server)
      #expect(names.agreed == choice.agreed, "\(choice)")
      #expect(names.isRefused == choice.refused, "\(choice)")
    }
  }

  @Test func whatIsSpokenThen() {
    func spoken(_ client: [ApplicationName], _ server: [ApplicationName]) -> ApplicationProtocol {
      ApplicationNames(client: client, server: server).spoken(by: .http2)
    }
    #expect(spoken([.http2, .http11], [.http2]) == .http2)
    #expect(spoken([.http2, .http11], [.http11]) == .http11)
    #expect(spoken([.http2, .http11], []) == .http11)  // no answer: RFC 9113 §3.2
    #expect(spoken([], [.http2]) == .http2)  // it knows beforehand
    let pipelined = ApplicationNames(for: .http11Pipelined)
    #expect(pipelined.spoken(by: .http11Pipelined) == .http11Pipelined)
  }

  /// EncryptedExtensions as captured from nginx 1.22.1: 11 bytes with `h2`, 17 with `http/1.1`, both in a
  /// record of their own; the ClientHello is filled up to 512 bytes with either list. Without names it is 2.
  @Test(arguments: [(.http2, 11), (.http11, 17), (.raw, 2)] as [(ApplicationProtocol, Int64)])
  func namesHaveTheirBytes(application: ApplicationProtocol, bytes: Int64) throws {
    let handshake = TLSHandshake(
      TLSSettings(.full13), names: ApplicationNames(for: application))
    let extensions = try #require(
      handshake.flights[1].messages.first { $0.kind == .encryptedExtensions })
    // A header of four bytes, the record's of five, the type of its content and the tag of 16.
    #expect(extensions.wireBytes == bytes + 4 + 5 + 1 + 16)
    #expect(handshake.flights[0].wireBytes == 512 + 5)
  }

  // MARK: Runs

  private func scenario(_ names: ApplicationNames?) -> Scenario {
    var scenario = Scenario.standard(.ideal)
    scenario.clients[0].application = .http2
    scenario.clients[0].objects = [1_000, 1_000].map { ObjectSettings(ByteCount($0)) }
    scenario.clients[0].tls = TLSSettings(.full13, tickets: 0)
    scenario.clients[0].tls?.names = names
    return scenario
  }

  private func firstByte(_ scenario: Scenario) -> SimTime? {
    var simulator = Simulator(scenario)
    return simulator.run().requests[0].firstByte
  }

  /// Three round trips of 40 ms to the first byte whether names are sent or not, and whichever is chosen:
  /// TCP's, TLS's, the request's.
  @Test func agreeingTakesNoTime() {
    let lists: [ApplicationNames?] = [
      nil, ApplicationNames(client: [], server: []),
      ApplicationNames(client: [.http2], server: [.http2]),
      ApplicationNames(client: [.http2, .http11], server: [.http11]),
    ]
    for names in lists {
      #expect(
        firstByte(scenario(names)) == .zero + .milliseconds(120), "\(String(describing: names))")
    }
  }

  /// On the one connection HTTP/1.1 is spoken: no streams, and one request after the other.
  @Test func aServerWithoutHTTP2IsAskedInHTTP1() {
    let names = ApplicationNames(client: [.http2, .http11], server: [.http11])
    var simulator = Simulator(scenario(names))
    let report = simulator.run()
    #expect(simulator.log.connections.map(\.application) == [.http11])
    #expect(simulator.log.requests.allSatisfy { $0.stream == nil })
    #expect(report.requests[1].complete == .zero + .milliseconds(160))
    var same = scenario(nil)
    same.clients[0].application = .http11
    var plain = Simulator(same)
    #expect(plain.run().requests[1].complete == .zero + .milliseconds(160))
  }
}
