import Testing

@testable import NetSim

@Suite struct HandshakeTests {
  @Test func threeSegmentsOpenAConnectionInOneRoundTrip() {
    var pair = EndpointPair()
    pair.open()
    #expect(pair.client.state == .established)
    #expect(pair.sent.map(\.segment.flags) == [.syn, [.syn, .ack], .ack])
    #expect(pair.sent.map { $0.time.nanoseconds / 1_000_000 } == [0, 50, 100])
    pair.run(milliseconds: 50)
    #expect(pair.server.state == .established)
  }

  @Test func theSYNsAgreeOnOptions() {
    var pair = EndpointPair()
    pair.open()
    let syn = pair.sent[0].segment
    #expect(syn.maximumSegmentSize == 1460)
    #expect(syn.permitsSACK)
    #expect(syn.windowScalePlusOne == 7)  // 3,840 KiB >> 6 = 61,440 fits 16 bits
    #expect(syn.hasTimestamps)
    #expect(syn.ipBytes == 60)  // 20 IP, 20 TCP, 20 options
    #expect(pair.client.payloadLimit == 1448)  // RFC 6691: timestamps take 12 bytes
    #expect(pair.client.usesSACK && pair.server.usesSACK)
  }

  @Test func withoutTimestampsASegmentCarriesTheWholeMSS() {
    var pair = EndpointPair(.standard(.ideal))
    pair.open()
    #expect(pair.client.payloadLimit == 1460)
    #expect(!pair.server.usesTimestamps)
  }

  /// RFC 6298 §2.1 and §5.5: 1 s, then doubled.
  @Test func byTheRFCALostSYNIsRepeatedAfterOneSecondThenDoubled() {
    var pair = EndpointPair(.standard(.rfc))
    pair.loses = { $0.side == .client }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(until: SimTime(nanoseconds: 40_000_000_000))
    #expect(pair.synTimes(.client) == [0, 1000, 3000, 7000, 15000, 31000])
  }

  /// Linux 6: four linear time-outs first, then doubled, as measured.
  @Test func asOnLinuxALostSYNIsRepeatedEachSecondFourTimesThenDoubled() {
    var pair = EndpointPair(.prompt)
    pair.loses = { $0.side == .client }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(until: SimTime(nanoseconds: 20_000_000_000))
    #expect(pair.synTimes(.client) == [0, 1000, 2000, 3000, 4000, 5000, 7000, 11000, 19000])
  }

  @Test func aConnectionFailsWhenEverySYNIsLost() {
    var pair = EndpointPair(.standard(.rfc))
    pair.loses = { _ in true }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(until: SimTime(nanoseconds: 1_000_000_000_000))
    #expect(pair.client.hasFailed)
    #expect(pair.synTimes(.client).count == 7)  // the first and six more
    #expect(pair.client.nextDeadline == .never)
    #expect(pair.log.records.last?.kind == .connectionFailed)
  }

  @Test func aLostSYNACKIsRepeatedByItsSender() {
    var pair = EndpointPair()
    var lost = false
    pair.loses = { sent in
      if sent.segment.flags == [.syn, .ack] && !lost {
        lost = true
        return true
      }
      return false
    }
    pair.client.connect(at: .zero, log: &pair.log)
    pair.run(until: SimTime(nanoseconds: 1_300_000_000))
    #expect(pair.client.isEstablished)
    #expect(pair.server.isEstablished)
    // The client's SYN goes again at 1,000 and the server answers it at 1,050, its own timer being
    // due then as well.
    #expect(pair.synTimes(.client) == [0, 1000])
    #expect(pair.synTimes(.server).first == 50)
    #expect(pair.synTimes(.server)[1] == 1050)
  }

  @Test func aResetAnswersASYNByFailing() {
    var pair = EndpointPair()
    pair.client.connect(at: .zero, log: &pair.log)
    _ = pair.client.pollTransmit(at: .zero, log: &pair.log)
    var reset = Segment(
      sequence: SequenceNumber(0), acknowledgement: SequenceNumber(1001), flags: [.rst, .ack],
      window: 0, payloadBytes: 0)
    reset.acknowledgement = SequenceNumber(999)  // not the acknowledgement of our SYN
    pair.client.receive(reset, packet: 1, at: .zero, log: &pair.log)
    #expect(!pair.client.hasFailed)
    reset.acknowledgement = SequenceNumber(1001)
    pair.client.receive(reset, packet: 2, at: .zero, log: &pair.log)
    #expect(pair.client.hasFailed)
    #expect(pair.client.state == .closed)
  }

  /// RFC 5681 §3.1: after a lost SYN or SYN-ACK the initial window is one segment; Linux forgives one
  /// repetition.
  @Test(arguments: [(UInt32(0), 1, UInt32(1)), (1, 1, 10), (1, 2, 1)])
  func aLossyHandshakeLeavesOneSegment(forgiven: UInt32, losses: Int, window: UInt32) {
    var settings = TransportSettings.prompt
    settings.forgivenHandshakeRetries = forgiven
    var pair = EndpointPair(settings)
    var lost = 0
    pair.loses = { sent in
      guard sent.side == .client, sent.segment.flags.contains(.syn), lost < losses else {
        return false
      }
      lost += 1
      return true
    }
    pair.open()
    pair.run(milliseconds: 4000)
    #expect(pair.client.state == .established)
    #expect(pair.client.congestion.window == window)
    #expect(pair.server.congestion.window == 10)
  }
}
