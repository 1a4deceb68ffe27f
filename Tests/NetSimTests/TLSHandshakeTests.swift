import Testing

@testable import NetSim

/// The flights of TLS: their bytes as real programs sent them, and their round trips.
@Suite struct TLSHandshakeTests {
  private func flights(
    _ mode: TLSMode, names: ApplicationNames = ApplicationNames(for: .http11)
  ) -> [Int64] {
    TLSHandshake(TLSSettings(mode), names: names).flights.map(\.wireBytes)
  }

  /// `traces/h1-tls12-clean.pcap`: curl and nginx with an RSA key of 2,048 bits.
  @Test func aWholeHandshakeOf12HasTheBytesOfTheCapture() {
    #expect(flights(.full12) == [199, 1257, 93, 51])
    #expect(flights(.falseStart12) == [199, 1257, 93, 51])
  }

  /// `traces/h1-tls13-clean.pcap`, with its two tickets in packets of their own.
  @Test func aWholeHandshakeOf13HasTheBytesOfTheCapture() {
    #expect(flights(.full13) == [517, 1386, 80, 287, 287])
  }

  /// OpenSSL 3.0's `s_client` and `s_server` (`-msg`) resume with a ServerHello of 128 bytes, answer
  /// early data with four bytes more of EncryptedExtensions, and give out one ticket; in TLS 1.2 with a
  /// ServerHello of 100 bytes and 32 more bytes of ClientHello for the session's number.
  @Test func resumedHandshakesHaveTheBytesOfOpenSSL() {
    let session = flights(.session12, names: ApplicationNames(for: .raw))
    // ClientHello 226, ServerHello 100, both without the 15 bytes of ALPN here.
    #expect(session == [216, 141, 51])
    #expect(flights(.ticket12)[0] - flights(.session12)[0] == 180)
    let resumed = flights(.resumed13)
    let early = flights(.earlyData13)
    #expect(resumed.count == 4 && early.count == 4)
    #expect(resumed[1] == 256)  // 133, 6, 43 and 74
    #expect(early[0] - resumed[0] == 10)
    #expect(early[1] - resumed[1] == 4)
    #expect(early[2] - resumed[2] == 20)
  }

  /// The second ClientHello has a share of P-384 in place of X25519's; both are filled up to 512.
  @Test func aRetryIsARoundTripMore() {
    #expect(flights(.retry13) == [517, 99, 523, 1445, 74, 287, 287])
  }

  @Test func aLongCertificateIsCutIntoRecords() {
    let long = TLSHandshake(TLSSettings(.full13, certificate: ByteCount(40_000)))
    let messages = long.flights[1].messages
    let certificate = messages.first { $0.kind == .certificate }
    #expect(certificate?.wireBytes == 40_079)  // 40,013 in three records of 22 bytes more
  }

  @Test func recordsHaveTheBytesOfTheCaptures() {
    // A head of 242 bytes and a body of 30,000.
    #expect(TLSRecords(isVersion13: false).wireBytes(of: 30_242) == 16_413 + 13_887)
    #expect(TLSRecords(isVersion13: true).wireBytes(of: 30_242) == 16_406 + 13_880)
    #expect(TLSRecords(isVersion13: true).wireBytes(of: 79) == 101)
    #expect(TLSRecords(isVersion13: false).wireBytes(of: 79) == 108)
    #expect(TLSRecords(isVersion13: true).wireBytes(of: 16_384) == 16_406)
    #expect(TLSRecords(isVersion13: true).wireBytes(of: 16_385) == 16_385 + 44)
  }

  // MARK: Round trips

  /// Round trips before the first byte of the request leaves, and before the first byte of the response
  /// is there: the set-up table of every mode over TCP, at several distances.
  @Test(arguments: [
    (TLSMode?.none, false, 1), (.full13, false, 2), (.full12, false, 3), (.falseStart12, false, 2),
    (.ticket12, false, 2), (.session12, false, 2), (.resumed13, false, 2), (.earlyData13, false, 1),
    (.retry13, false, 3), (.full13, true, 1), (.earlyData13, true, 0),
  ])
  func theSetUpTableHolds(mode: TLSMode?, opensFast: Bool, setUp: Int64) throws {
    for roundTrip in [70, 75, 80, 333] as [Int64] {
      var scenario = Scenario.standard(.ideal)
      for index in scenario.links.indices {
        scenario.links[index].delay = .milliseconds(roundTrip) / 2
      }
      scenario.clients[0].tls = mode.map { TLSSettings($0, tickets: 0) }
      scenario.clients[0].transport.fastOpen = opensFast
      scenario.clients[0].objects = [ObjectSettings(ByteCount(1000))]
      var simulator = Simulator(scenario)
      let request = try #require(simulator.run().requests.first)
      #expect(request.sent == SimTime.zero + .milliseconds(roundTrip * setUp))
      #expect(request.firstByte == SimTime.zero + .milliseconds(roundTrip * (setUp + 1)))
    }
  }

  /// A server that refuses early data answers 425, and the request goes again when the handshake is
  /// complete (RFC 8470 §5.2): no better than no early data.
  @Test func aRequestThatCameTooEarlyGoesAgain() throws {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].tls = TLSSettings(.tooEarly13, tickets: 0)
    scenario.clients[0].objects = [ObjectSettings(ByteCount(1000))]
    var simulator = Simulator(scenario)
    let report = simulator.run()
    let request = try #require(report.requests.first)
    #expect(request.sent == SimTime.zero + .milliseconds(200))
    #expect(request.firstByte == SimTime.zero + .milliseconds(300))
    let kinds = simulator.log.records.filter { $0.kind == .requestReceived }.map(\.time)
    #expect(kinds == [SimTime.zero + .milliseconds(150), SimTime.zero + .milliseconds(250)])
  }

  /// Certificates of more than ten segments overflow the initial window: a round trip more.
  @Test(arguments: [(12_000, 2), (14_000, 3)] as [(Int64, Int64)])
  func aLongChainOverflowsTheInitialWindow(bytes: Int64, roundTrips: Int64) throws {
    var scenario = Scenario.standard(.rfc)
    for index in scenario.links.indices {
      scenario.links[index].rate = .unlimited
      scenario.links[index].delay = .milliseconds(50)
    }
    scenario.clients[0].tls = TLSSettings(.full13, certificate: ByteCount(bytes))
    var simulator = Simulator(scenario)
    let connection = try #require(simulator.run().connections.first)
    #expect(connection.secured == SimTime.zero + .milliseconds(100 * roundTrips))
  }

  @Test func waitingForTLSIsChargedToIt() throws {
    var scenario = Scenario.standard(.ideal)
    for index in scenario.links.indices { scenario.links[index].delay = .milliseconds(50) }
    scenario.clients[0].tls = TLSSettings(.full12)
    var simulator = Simulator(scenario)
    let request = try #require(simulator.run().requests.first)
    #expect(request.time(.handshake) == .milliseconds(100))
    #expect(request.time(.tls) == .milliseconds(200))
    #expect(request.time(.pool) == .zero)
  }

  /// Of a record nothing can be read before all of it has arrived: with TLS the first byte comes with
  /// the last segment of 16 KiB, in the clear with the first.
  @Test func aRecordIsReadWhole() throws {
    func firstByte(_ tls: TLSSettings?) throws -> SimTime {
      var scenario = Scenario.standard(.ideal)
      for index in scenario.links.indices {
        scenario.links[index].rate = .megabits(10)
        scenario.links[index].delay = .milliseconds(50)
      }
      scenario.clients[0].tls = tls
      scenario.clients[0].objects = [ObjectSettings(ByteCount(13_000))]
      var simulator = Simulator(scenario)
      return try #require(simulator.run().requests.first?.firstByte)
    }
    let (plain, secured) = (try firstByte(nil), try firstByte(TLSSettings(.full13, tickets: 0)))
    // Eight more segments of 1,500 bytes, and the ninth's rest, at 1.2 ms a segment.
    let handshake = SimDuration.milliseconds(100) + .microseconds(1715)  // 2,143 bytes at 10 Mb/s
    let later = secured - plain - handshake
    #expect(later > .milliseconds(9) && later < .milliseconds(11), "\(later)")
  }
}
