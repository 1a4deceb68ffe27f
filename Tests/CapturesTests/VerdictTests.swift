import Captures
import NetSim
import Testing

/// What a repeated segment is judged by, and how surely.
@Suite struct VerdictTests {
  private func connection(_ talk: Conversation) throws -> CapturedConnection {
    try talk.capture.read().connections[0]
  }

  private func stamps(_ value: UInt32, _ echo: UInt32) -> TCPTimestamps {
    TCPTimestamps(value: value, echo: echo)
  }

  /// Three packets of a handshake at the server, a request, and 1,000 bytes as packet 5 at 41 ms.
  private func response(identification: UInt16? = nil) throws -> Conversation {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(
      .server, ms: 41, seq: 1, ack: 11, length: 1000, identification: identification)
    return talk
  }

  @Test("A D-SACK says for certain that nothing was lost")
  func duplicateSACK() throws {
    var talk = try response()
    try talk.send(.server, ms: 125, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 130, seq: 11, ack: 1001)
    try talk.send(.client, ms: 166, seq: 11, ack: 1001, sack: [1..<1001])
    #expect(
      try connection(talk).findings.map(\.words) == [
        "needlessRetransmission tailLossProbe 6 after 5 of server, certain by duplicateSACK"
      ])
  }

  @Test("A D-SACK behind the answer to the repetition is of a copy: the original was lost still")
  func duplicateSACKOfACopy() throws {
    var talk = try response()
    // 241 ms behind the original: the probe, which goes before the time-out.
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    // 40 ms, the least round trip, behind the repetition; the network's copy came right after it.
    try talk.send(.client, ms: 322, seq: 11, ack: 1001)
    try talk.send(.client, ms: 322.5, seq: 11, ack: 1001, sack: [1..<1001])
    let found = try connection(talk)
    #expect(
      found.findings.map(\.words) == [
        "retransmission tailLossProbe 6 after 5 of server, likely by time"
      ])
    #expect(found.lost.map(\.originalNumber) == [5])
    #expect(found.spuriousRetransmissions.total == 0)
  }

  @Test("A D-SACK long behind the answer to the repetition is of the original, which came late")
  func duplicateSACKOfALateOriginal() throws {
    var talk = try response()
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    // A round trip behind the repetition; the D-SACK comes 20 ms later, half of one.
    try talk.send(.client, ms: 322, seq: 11, ack: 1001)
    try talk.send(.client, ms: 342, seq: 11, ack: 1001, sack: [1..<1001])
    #expect(
      try connection(talk).findings.map(\.words) == [
        "needlessRetransmission tailLossProbe 6 after 5 of server, certain by duplicateSACK"
      ])
  }

  @Test("A D-SACK in the very acknowledgement says that an earlier one was lost, and no data")
  func duplicateSACKAtOnce() throws {
    var talk = try response()
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 322, seq: 11, ack: 1001, sack: [1..<1001])
    #expect(
      try connection(talk).findings.map(\.words) == [
        "needlessRetransmission tailLossProbe 6 after 5 of server, certain by duplicateSACK"
      ])
  }

  @Test("An acknowledgement sooner than half a round trip answers the original")
  func earlyAcknowledgement() throws {
    var talk = try response()
    try talk.send(.server, ms: 125, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 130, seq: 11, ack: 1001)
    #expect(
      try connection(talk).findings.map(\.words) == [
        "needlessRetransmission tailLossProbe 6 after 5 of server, likely by earlyAcknowledgement"
      ])
  }

  @Test("What was acknowledged before was sent again for nothing")
  func acknowledgedBefore() throws {
    var talk = try response()
    try talk.send(.client, ms: 82, seq: 11, ack: 1001)
    try talk.send(.server, ms: 100, seq: 1, ack: 11, length: 1000)
    #expect(
      try connection(talk).findings.map(\.words) == [
        "needlessRetransmission fast 7 after 5 of server, certain by acknowledgedBefore"
      ])
  }

  @Test("A repetition that nobody answers says nothing but that it is one")
  func unanswered() throws {
    var talk = try response()
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    #expect(
      try connection(talk).findings.map(\.words) == [
        "retransmission tailLossProbe 6 after 5 of server, possible by repetition"
      ])
  }

  /// Segments of 1,000 bytes as packets 5 and 6, and both again as 7 and 8 behind a time-out, each with
  /// its time in milliseconds and 100 as its timestamp.
  private func repeatedPair(echo: UInt32) throws -> [String] {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(
      .client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10, timestamps: stamps(500, 100))
    for (ms, start) in [(41.0, 1), (42, 1001), (282, 1), (283, 1001)] as [(Double, Int64)] {
      try talk.send(
        .server, ms: ms, seq: start, ack: 11, length: 1000,
        timestamps: stamps(100 + UInt32(ms), 500))
    }
    try talk.send(.client, ms: 323, seq: 11, ack: 2001, timestamps: stamps(783, echo))
    return try connection(talk).findings.map(\.words)
  }

  @Test("An echo tells of the segment at the left edge only (RFC 7323 §4.3)")
  func echoAtTheLeftEdge() throws {
    // 382 is the first repetition's time. That it is before the second's, 383, says nothing of that.
    #expect(
      try repeatedPair(echo: 382) == [
        "retransmission timeout 7 after 5 of server, certain by timestampEcho",
        "retransmission timeout 8 after 6 of server, likely by time",
      ])
    // 141 is the original's time (RFC 3522 §3.2).
    #expect(
      try repeatedPair(echo: 141) == [
        "needlessRetransmission timeout 7 after 5 of server, certain by timestampEcho",
        "retransmission timeout 8 after 6 of server, likely by time",
      ])
  }

  @Test("At the sender, SACK blocks above it tell of a loss behind the capture")
  func selectiveAcknowledgement() throws {
    var talk = try response()
    try talk.send(.server, ms: 41.1, seq: 1001, ack: 11, length: 1000)
    try talk.send(.client, ms: 82, seq: 11, ack: 1, sack: [1001..<2001])
    try talk.send(.server, ms: 82.1, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 123, seq: 11, ack: 2001)
    let found = try connection(talk)
    #expect(
      found.findings.map(\.words) == [
        "retransmission fast 8 after 5 of server, likely by selectiveAcknowledgement"
      ])
    #expect(found.lost.map(\.isBehindCapture) == [true])
    #expect(found.lost.map(\.evidence) == [.selectiveAcknowledgement])
    #expect(found.lost.map(\.sureness) == [.likely])
  }

  @Test("At the sender, repeated acknowledgements without SACK tell of it as well")
  func duplicateAcknowledgements() throws {
    var talk = try response()
    try talk.send(.server, ms: 41.1, seq: 1001, ack: 11, length: 1000)
    try talk.send(.client, ms: 82, seq: 11, ack: 1)
    try talk.send(.server, ms: 82.1, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 123, seq: 11, ack: 2001)
    #expect(
      try connection(talk).findings.map(\.words) == [
        "retransmission fast 8 after 5 of server, likely by duplicateAcknowledgements"
      ])
  }

  @Test("The same identification is the same packet, captured twice")
  func copy() throws {
    var talk = try response(identification: 9)
    try talk.send(.server, ms: 45, seq: 1, ack: 11, length: 1000, identification: 9)
    let found = try connection(talk)
    #expect(
      found.findings.map(\.words) == ["duplicate 6 after 5 of server, certain by identification"])
    #expect(found.duplicates == DirectionCounts(up: 0, down: 1))
    #expect(found.retransmissions.total == 0)
  }

  @Test("Where identifications are all 0, only a copy that comes at once is one")
  func copyWithoutIdentification() throws {
    for (ms, words) in [
      (41.01, "duplicate 6 after 5 of server, likely by time"),
      (45, "retransmission fast 6 after 5 of server, possible by repetition"),
    ] {
      var talk = try response(identification: 0)
      try talk.send(.server, ms: ms, seq: 1, ack: 11, length: 1000, identification: 0)
      #expect(try connection(talk).findings.map(\.words) == [words])
    }
  }

  /// Seen at the client: packets 5 to 11 in the order of these sequence numbers and identifications.
  private func arrivals(_ packets: [(Double, Int64, UInt16)]) throws -> CapturedConnection {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    for (ms, start, identification) in packets {
      try talk.send(
        .server, ms: ms, seq: start, ack: 11, length: 1000, identification: identification)
    }
    return try connection(talk)
  }

  @Test("At the receiver, a hole is filled by what left later or earlier than the packet behind it")
  func identificationOfAFilledHole() throws {
    // The SYN-ACK has 1, so that there are four small steps at least, as the judgement asks for.
    let lost = try arrivals([
      (81, 1, 2), (82, 1001, 3), (84, 3001, 5), (85, 4001, 6), (125, 2001, 7),
    ])
    #expect(
      lost.findings.map(\.words) == [
        "retransmission fast 9 after 7 of server, certain by identification"
      ])
    #expect(lost.lost.map(\.isBehindCapture) == [false])
    #expect(lost.lost.map(\.originalNumber) == [nil])
    let late = try arrivals([
      (81, 1, 2), (82, 1001, 3), (84, 3001, 5), (85, 4001, 6), (125, 2001, 4),
    ])
    #expect(
      late.findings.map(\.words) == [
        "outOfOrder 9 after 7 of server, certain by identification"
      ])
  }

  /// A receiver's capture that lacks what stands before a bare acknowledgement, packet 8 at 84 ms.
  private func acknowledgement(
    ahead sequence: Int64, then ms: Double, _ flags: TCPFlags, length: Int, _ identification: UInt16
  ) throws -> CapturedConnection {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    for index in 0..<3 {
      try talk.send(
        .server, ms: 81 + Double(index), seq: Int64(index) * 1000 + 1, ack: 11, length: 1000,
        identification: UInt16(index + 2))
    }
    try talk.send(.server, ms: 84, seq: sequence, ack: 11, identification: 6)
    try talk.send(
      .server, ms: ms, flags, seq: 3001, ack: 11, length: length, identification: identification)
    return try connection(talk)
  }

  @Test("The number of a bare acknowledgement tells what its sender had sent before")
  func sentBeforeAnAcknowledgement() throws {
    let lost = try acknowledgement(ahead: 4001, then: 125, .ack, length: 1000, 7)
    #expect(
      lost.findings.map(\.words) == [
        "retransmission fast 9 after 8 of server, certain by identification"
      ])
    #expect(lost.lost.map(\.sequence) == [3001])
    let late = try acknowledgement(ahead: 4001, then: 84.1, .ack, length: 1000, 5)
    #expect(
      late.findings.map(\.words) == [
        "outOfOrder 9 after 8 of server, certain by identification"
      ])
    let fin = try acknowledgement(ahead: 3002, then: 300, [.fin, .ack], length: 0, 7)
    #expect(
      fin.findings.map(\.words) == [
        "retransmission tailLossProbe 9 after 8 of server, certain by identification"
      ])
    // 11 + 65,535 is the end of the client's room, and no sender goes beyond it but by a FIN.
    let forged = try acknowledgement(ahead: 70_000, then: 125, .ack, length: 1000, 7)
    #expect(forged.findings.isEmpty)
  }

  @Test("Data that the capture has behind their acknowledgement are late, not sent again")
  func behindTheAcknowledgement() throws {
    for (ms, words) in [
      (84.002, "outOfOrder 7 after 6 of server, likely by time"),
      (125, "needlessRetransmission fast 7 after 6 of server, certain by acknowledgedBefore"),
    ] {
      var talk = Conversation()
      try talk.handshakeAtClient()
      try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
      try talk.send(.server, ms: 81, seq: 1, ack: 11, length: 1000)
      try talk.send(.client, ms: 84, seq: 11, ack: 2001)
      try talk.send(.server, ms: ms, seq: 1001, ack: 11, length: 1000)
      let found = try connection(talk)
      #expect(found.findings.map(\.words) == [words])
      #expect(found.uncapturedBytes.down == 0)
    }
  }

  @Test("Without identifications the round trip decides: 40 ms here")
  func timeOfAFilledHole() throws {
    // 84 + 32 = 116 is four fifths of a round trip behind the packet that showed the hole.
    for (ms, words) in [
      (115, "outOfOrder 8 after 7 of server, likely by time"),
      (120, "retransmission fast 8 after 7 of server, possible by time"),
      (125, "retransmission fast 8 after 7 of server, likely by time"),
    ] as [(Double, String)] {
      let found = try arrivals([(81, 1, 0), (82, 1001, 0), (84, 3001, 0), (ms, 2001, 0)])
      #expect(found.findings.map(\.words) == [words], "\(ms)")
    }
  }
}
