import Captures
import NetSim
import Testing

/// What a capture at the receiver tells of repetitions by the identifications that it has and lacks, and
/// what at the sender tells a probe from a time-out.
@Suite struct RepetitionTests {
  /// Segments of 1,000 bytes from the server, each with its place from 0, its time in milliseconds and its
  /// identification, and the client's acknowledgements of those in `acknowledged`, 0.1 ms later.
  private func download(
    _ segments: [(place: Int64, ms: Double, identification: UInt16)], acknowledged: Set<Int64> = []
  ) throws -> CapturedConnection {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    for segment in segments {
      let sequence = segment.place * 1000 + 1
      try talk.send(
        .server, ms: segment.ms, seq: sequence, ack: 11, length: 1000,
        identification: segment.identification)
      if acknowledged.contains(segment.place) {
        try talk.send(.client, ms: segment.ms + 0.1, seq: 11, ack: sequence + 1000)
      }
    }
    return try talk.capture.read().connections[0]
  }

  /// Twenty segments a millisecond apart from 81 ms, with the identifications from 100.
  private let flight = (0..<20).map {
    (place: Int64($0), ms: 81 + Double($0), identification: UInt16(100 + $0))
  }

  @Test("What arrives behind its own repetition was late, and the repetition needless")
  func overtaken() throws {
    // The fourth, with 103, arrives behind its repetition, with 120.
    let found = try download(
      flight.filter { $0.place != 3 } + [(3, 130, 120), (3, 140, 103), (20, 150, 121)])
    #expect(
      found.findings.map(\.words) == [
        "needlessRetransmission fast 24 after 8 of server, certain by identification",
        "outOfOrder 25 after 24 of server, certain by identification",
      ])
    #expect(found.lost.isEmpty)
  }

  @Test("A repetition that was lost, too, is a lost packet more")
  func lostRepetition() throws {
    // The fourth, and its repetition with 120 among data that follow each other; the next has 122.
    let found = try download(
      flight.filter { $0.place != 3 } + [(20, 125, 121), (3, 170, 122), (21, 171, 123)])
    #expect(found.lost.map(\.sequence) == [3001, 3001])
    #expect(found.lost.allSatisfy { $0.evidence == .identification })
  }

  @Test("The last packets of a flight that were lost behind a hole are known by their numbers")
  func tailBehindHole() throws {
    // 103, and 120 and 121 at the end; 122 repeats the first, and its acknowledgement the others.
    let found = try download(
      flight.filter { $0.place != 3 } + [(3, 125, 122), (20, 166, 123), (21, 167, 124)])
    #expect(found.lost.map(\.sequence) == [3001, 20001, 21001])
  }

  @Test("A lost packet and the lost probe of it are two, and the third sending is the time-out's")
  func lostProbe() throws {
    let found = try download(flight + [(20, 560, 122)], acknowledged: [19])
    #expect(found.lost.map(\.sequence) == [20001, 20001])
    #expect(found.lost.map(\.kind) == [.timeout, .timeout])
  }

  @Test("Without identifications, what comes again sooner than a round trip is a copy")
  func copyWithoutIdentification() throws {
    let unnumbered = flight.map { (place: $0.place, ms: $0.ms, identification: UInt16(0)) }
    // 29 ms behind the last, with round trips of 40; and 51 ms behind it.
    #expect(try download(unnumbered + [(19, 129, 0)], acknowledged: [19]).duplicates.down == 1)
    let again = try download(unnumbered + [(19, 151, 0)], acknowledged: [19])
    #expect(again.duplicates.down == 0 && again.spuriousRetransmissions.down == 1)
  }

  /// A response in one segment, sent again 241 ms later, at the server.
  private func repeatedAlone(permitsSACK: Bool, withFIN: Bool = false) throws -> [String] {
    var talk = Conversation()
    talk.permitsSACK = permitsSACK
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    let flags: TCPFlags = withFIN ? [.fin, .ack] : .ack
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 41.1, flags, seq: 1001, ack: 11, length: 1000)
    try talk.send(.client, ms: 81, seq: 11, ack: 1001)
    try talk.send(.server, ms: 282, flags, seq: 1001, ack: 11, length: 1000)
    return try talk.capture.read().connections[0].findings.map(\.words)
  }

  @Test("Without SACK there are no probes: the last segment again is a time-out")
  func probesNeedSACK() throws {
    #expect(
      try repeatedAlone(permitsSACK: true) == [
        "retransmission tailLossProbe 8 after 6 of server, possible by repetition"
      ])
    #expect(
      try repeatedAlone(permitsSACK: false) == [
        "retransmission timeout 8 after 6 of server, possible by repetition"
      ])
  }

  @Test("The last segment with a FIN is the last segment still")
  func lastWithFIN() throws {
    #expect(
      try repeatedAlone(permitsSACK: true, withFIN: true) == [
        "retransmission tailLossProbe 8 after 6 of server, possible by repetition"
      ])
  }
}
