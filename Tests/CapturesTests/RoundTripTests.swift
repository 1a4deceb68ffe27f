import Captures
import NetSim
import Testing

@Suite struct RoundTripTests {
  private func connection(_ talk: Conversation) throws -> CapturedConnection {
    try talk.capture.read().connections[0]
  }

  /// Least, mean and greatest in milliseconds, and how many.
  private func figures(_ trips: RoundTripSummary?) -> [Double] {
    guard let trips else { return [] }
    return [trips.minimum, trips.mean, trips.maximum].map { Traces.ms($0) } + [Double(trips.count)]
  }

  @Test("At the server, its data have the round trip, and the client's its own delay")
  func atTheServer() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 40.5, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 90.5, seq: 11, ack: 1001)
    let found = try connection(talk)
    // SYN-ACK 40, data 50; SYN 0.1, request 0.3.
    #expect(figures(found.roundTrips.server) == [40, 45, 50, 2])
    #expect(figures(found.roundTrips.client) == [0.1, 0.2, 0.3, 2])
    #expect(Traces.ms(found.minimumRTT) == 40)
    #expect(found.stampedRoundTrips.client == nil && found.stampedRoundTrips.server == nil)
  }

  @Test("At the client it is the other way round")
  func atTheClient() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 50, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 110, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 110.3, seq: 11, ack: 1001)
    let found = try connection(talk)
    #expect(figures(found.roundTrips.client) == [40, 50, 60, 2])
    #expect(figures(found.roundTrips.server) == [0.1, 0.2, 0.3, 2])
    #expect(Traces.ms(found.minimumRTT) == 40)
  }

  /// A segment of which the first sending is at 41 ms and the second at 282 ms, each with 100 more as
  /// its timestamp, and the answer at 325 ms; then another that takes 45 ms.
  private func repeated(echo: UInt32) throws -> CapturedConnection {
    func stamps(_ value: UInt32, _ echo: UInt32) -> TCPTimestamps {
      TCPTimestamps(value: value, echo: echo)
    }
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(
      .client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10, timestamps: stamps(500, 100))
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000, timestamps: stamps(141, 500))
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000, timestamps: stamps(382, 500))
    try talk.send(.client, ms: 325, seq: 11, ack: 1001, timestamps: stamps(760, echo))
    try talk.send(.server, ms: 330, seq: 1001, ack: 11, length: 1000, timestamps: stamps(430, 760))
    try talk.send(.client, ms: 375, seq: 11, ack: 2001, timestamps: stamps(810, 430))
    return try connection(talk)
  }

  @Test("A repeated segment gives no sample by acknowledgements (Karn, RFC 6298 §3)")
  func karn() throws {
    let found = try repeated(echo: 141)
    #expect(figures(found.roundTrips.server) == [40, 42.5, 45, 2])
  }

  @Test("By timestamps it does, where its first sending is echoed: 325 − 41 ms (RFC 7323 §4.1)")
  func timestamps() throws {
    #expect(figures(try repeated(echo: 141).stampedRoundTrips.server) == [45, 164.5, 284, 2])
    // The echo of the second sending tells nothing of the first.
    #expect(figures(try repeated(echo: 382).stampedRoundTrips.server) == [45, 45, 45, 1])
    // The client's request: from 40.2 to 41 ms.
    #expect(figures(try repeated(echo: 382).stampedRoundTrips.client) == [0.8, 0.8, 0.8, 1])
  }
}
