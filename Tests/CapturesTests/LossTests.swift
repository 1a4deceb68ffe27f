import Captures
import NetSim
import Testing

@Suite struct LossTests {
  private func connection(_ talk: Conversation) throws -> CapturedConnection {
    try talk.capture.read().connections[0]
  }

  @Test(
    "At the receiver, a hole filled a round trip later is one lost packet",
    arguments: [
      1_000, UInt32.max - 2_000,
    ])
  func holeAtTheReceiver(initial: UInt32) throws {
    var talk = Conversation()
    talk.serverInitial = initial
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 81, seq: 1, ack: 11, length: 1448)
    try talk.send(.client, ms: 81.1, seq: 11, ack: 1449)
    // 1449…2896 is lost: its identification is missing too.
    try talk.send(.server, ms: 83.4, seq: 2897, ack: 11, length: 1448, identification: 4)
    try talk.send(.client, ms: 83.5, seq: 11, ack: 1449, sack: [2897..<4345])
    try talk.send(.server, ms: 124.7, seq: 1449, ack: 11, length: 1448)
    try talk.send(.client, ms: 124.8, seq: 11, ack: 4345)
    let found = try connection(talk)
    #expect(found.vantage == .client)
    #expect(found.lost.map(\.sequence) == [1449])
    #expect(found.lost.map(\.length) == [1448])
    #expect(found.lost.map(\.retransmissionNumber) == [9])
    #expect(found.lost.map(\.kind) == [.fast])
    #expect(found.retransmissions == DirectionCounts(up: 0, down: 1))
    #expect(found.uncapturedBytes.total == 0)
  }

  @Test("At the receiver, a hole filled at once by a packet of lower identification is reordering")
  func reordering() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    for (index, sequence) in [1, 1449, 2897, 5793, 4345, 7241].enumerated() {
      let identification: [UInt16] = [2, 3, 4, 6, 5, 7]
      try talk.send(
        .server, ms: 81 + Double(index), seq: Int64(sequence), ack: 11, length: 1448,
        identification: identification[index])
    }
    let found = try connection(talk)
    #expect(found.outOfOrder == DirectionCounts(up: 0, down: 1))
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
    #expect(found.retransmissions.total == 0)
  }

  @Test("At the receiver, bytes that come again are spurious, not lost")
  func spuriousAtTheReceiver() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 81, seq: 1, ack: 11, length: 1448)
    try talk.send(.client, ms: 81.1, seq: 11, ack: 1449)
    try talk.send(.server, ms: 330, seq: 1, ack: 11, length: 1448)
    try talk.send(.client, ms: 330.1, seq: 11, ack: 1449, sack: [1..<1449])
    let found = try connection(talk)
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
    #expect(found.retransmissions.down == 1)
    #expect(found.spuriousRetransmissions.down == 1)
  }

  @Test("At the sender, a repetition after a long silence is a time-out, and the original lost")
  func timeoutAtTheSender() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 400, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 441, seq: 11, ack: 1001)
    let found = try connection(talk)
    #expect(found.vantage == .server)
    #expect(found.lost.map(\.kind) == [.timeout])
    #expect(found.lost.map(\.originalNumber) == [5])
    #expect(found.lost.map(\.retransmissionNumber) == [6])
  }

  @Test("At the sender, a D-SACK (RFC 2883) shows that a tail probe was not needed")
  func duplicateSACK() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 125, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 130, seq: 11, ack: 1001)
    try talk.send(.client, ms: 166, seq: 11, ack: 1001, sack: [1..<1001])
    let found = try connection(talk)
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
    #expect(found.spuriousRetransmissions.down == 1)
  }

  @Test("At the sender, an echoed time before the repetition (RFC 3522) shows it was not needed")
  func eifel() throws {
    var talk = Conversation()
    func stamps(_ value: UInt32, _ echo: UInt32) -> TCPTimestamps {
      TCPTimestamps(value: value, echo: echo)
    }
    try talk.handshakeAtServer()
    try talk.send(
      .client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10, timestamps: stamps(500, 100))
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000, timestamps: stamps(141, 500))
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000, timestamps: stamps(382, 500))
    try talk.send(.client, ms: 325, seq: 11, ack: 1001, timestamps: stamps(760, 141))
    let found = try connection(talk)
    #expect(found.lost.isEmpty)
    #expect(found.spuriousRetransmissions.down == 1)
  }

  @Test("A repetition that nobody acknowledged may have been needed, or not")
  func unanswered() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    let found = try connection(talk)
    #expect(found.lost.isEmpty)
    // 241 ms are less than two round trips and 200 ms: the probe, which goes before the time-out.
    #expect(found.possiblyLost.map(\.kind) == [.tailLossProbe])
  }

  @Test(
    "A SYN that was sent again and then answered was lost; its connection has no handshake time")
  func lostSYN() throws {
    var talk = Conversation()
    try talk.send(.client, ms: 0, .syn, seq: 0)
    try talk.send(.client, ms: 1000, .syn, seq: 0)
    try talk.send(.server, ms: 1040, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: 1040.1, seq: 1, ack: 1)
    let found = try connection(talk)
    #expect(found.lost.map(\.kind) == [.handshake])
    #expect(found.lost.map(\.retransmissionNumber) == [2])
    #expect(found.lost.map(\.length) == [0])
    #expect(found.handshakeRTT == nil)
  }

  @Test("Keep-alives and probes of a closed window are no retransmissions")
  func keepAlive() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 82, seq: 1, ack: 11)
    try talk.send(.client, ms: 60_000, seq: 10, ack: 1, length: 1)
    try talk.send(.server, ms: 60_040, seq: 1, ack: 11)
    let found = try connection(talk)
    #expect(found.retransmissions.total == 0)
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
  }

  @Test("A keep-alive before any data has the number of the SYN", arguments: [0, 1])
  func keepAliveBeforeData(length: Int) throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 60_000, seq: 0, ack: 1, length: length)
    try talk.send(.server, ms: 60_040, seq: 1, ack: 1)
    #expect(
      try connection(talk).findings.map(\.words) == ["keepAlive 4 of client, certain by header"])
  }

  @Test("A hole that the receiver acknowledged was lost by the capture, not by the network")
  func uncaptured() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 82, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 84, seq: 2001, ack: 11, length: 1000)
    try talk.send(.client, ms: 84.1, seq: 11, ack: 3001)
    let found = try connection(talk)
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
    #expect(found.uncapturedBytes == DirectionCounts(up: 0, down: 1000))
  }
}

@Suite struct ConnectionTests {
  @Test("A new SYN on the same ports is another connection")
  func portReuse() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 50, .rst, seq: 1)
    talk.clientInitial = 900_000
    talk.serverInitial = 800_000
    try talk.send(.client, ms: 100, .syn, seq: 0)
    try talk.send(.server, ms: 140, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: 140.1, seq: 1, ack: 1)
    let analysis = try talk.capture.read()
    #expect(analysis.connections.count == 2)
    #expect(analysis.connections.map { Traces.ms($0.handshakeRTT) } == [40, 40])
    #expect(analysis.connections[0].reset == SimTime(nanoseconds: 50_000_000))
    #expect(analysis.connections[1].first == SimTime(nanoseconds: 100_000_000))
  }

  @Test("An acknowledgement of an older connection is no answer to a SYN (RFC 9293 §3.5.1)")
  func halfOpen() throws {
    var talk = Conversation()
    try talk.send(.client, ms: 0, .syn, seq: 0)
    try talk.send(.server, ms: 30, seq: 90_000, ack: 800_000_000)
    try talk.send(.client, ms: 30.1, .rst, seq: 800_000_000)
    try talk.send(.client, ms: 3_000, .syn, seq: 0)
    try talk.send(.server, ms: 3_030, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: 3_030.1, seq: 1, ack: 1)
    try talk.send(.client, ms: 3_030.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 3_061, seq: 1, ack: 11, length: 1000)
    let found = try talk.capture.read().connections
    #expect(found.map(\.packets) == [DirectionCounts(up: 5, down: 3)])
    #expect(found[0].findings.map(\.packet) == [4])
    #expect(found[0].uncapturedBytes.total == 0)
  }

  @Test("A capture that begins in the middle has relative numbers from the first byte seen")
  func midStream() throws {
    var talk = Conversation()
    try talk.send(.server, ms: 0, seq: 100_001, ack: 500, length: 1448)
    try talk.send(.client, ms: 0.1, seq: 500, ack: 101_449)
    try talk.send(
      .client, ms: 1, [.psh, .ack], seq: 500, ack: 101_449, text: "GET /b HTTP/1.1\r\n\r\n")
    try talk.send(
      .server, ms: 41, seq: 101_449, ack: 519, text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    let analysis = try talk.capture.read()
    let found = analysis.connections[0]
    #expect(found.client.port == 40_000)
    #expect(!found.hasHandshake && found.established == nil && found.initialWindowDown == nil)
    #expect(found.vantage == .client)
    #expect(found.retransmissions.total == 0)
    #expect(analysis.requests.map(\.status) == [200])
    let data = analysis.log.records.filter { $0.kind == .segmentReceived }
    #expect(data.map(\.offset) == [1, 1449])
  }

  @Test("A reset ends the requests that were under way")
  func reset() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: "GET /a HTTP/1.1\r\n\r\n")
    try talk.send(.server, ms: 82, [.rst, .ack], seq: 1, ack: 20)
    let analysis = try talk.capture.read()
    #expect(analysis.requests[0].failed == SimTime(nanoseconds: 82_000_000))
    #expect(analysis.log.records.last?.kind == .requestFailed)
    #expect(analysis.log.records.contains { $0.kind == .connectionReset })
  }

  @Test("Both FINs and their acknowledgements close a connection")
  func close() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 50, [.fin, .ack], seq: 1, ack: 1)
    try talk.send(.server, ms: 90, [.fin, .ack], seq: 1, ack: 2)
    try talk.send(.client, ms: 90.1, seq: 2, ack: 2)
    let found = try talk.capture.read().connections[0]
    #expect(found.closed == SimTime(nanoseconds: 90_100_000))
  }

  @Test("More connections than the limit are counted and not followed")
  func connectionLimit() throws {
    var talk = Conversation()
    for port in UInt16(1)...10 {
      talk.clientPort = 40_000 + port
      try talk.send(.client, ms: Double(port), .syn, seq: 0)
    }
    let analysis = try talk.capture.read(CaptureOptions(connectionLimit: 4))
    #expect(analysis.connections.count == 4)
    #expect(analysis.summary.untrackedPackets == 6)
  }
}

@Suite struct TailLossTests {
  /// A response of `count` full segments of which the first `arrived` arrive, seen at the client.
  private func response(_ count: Int, arrived: Int) throws -> Conversation {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    for index in 0..<arrived {
      let sequence = Int64(index) * 1448 + 1
      try talk.send(
        .server, ms: 81 + Double(index), seq: sequence, ack: 11, length: 1448,
        identification: UInt16(index + 2))
      try talk.send(.client, ms: 81.1 + Double(index), seq: 11, ack: sequence + 1448)
    }
    return talk
  }

  @Test("At the receiver, a lost last packet is known by the identification that is missing")
  func lastPacket() throws {
    var talk = try response(13, arrived: 12)
    let sequence: Int64 = 12 * 1448 + 1
    // The thirteenth had identification 14; its tail probe has 15, and was sent two round trips
    // behind the last acknowledgement's arrival: 92.1 + 20 + 80 + 20 ms.
    try talk.send(
      .server, ms: 213, seq: sequence, ack: 11, length: 1448, identification: 15)
    try talk.send(.client, ms: 213.1, seq: 11, ack: sequence + 1448)
    let found = try talk.capture.read().connections[0]
    #expect(found.lost.map(\.sequence) == [sequence])
    #expect(found.lost.map(\.kind) == [.tailLossProbe])
    #expect(found.possiblyLost.isEmpty)
  }

  @Test(
    "A flight that is let out a round trip later follows no lost packet, whatever numbers are missing"
  )
  func nextFlight() throws {
    var talk = try response(13, arrived: 12)
    // The last acknowledgement left at 92.1 ms, and its answer is here 40 ms later: no probe is as soon.
    for (index, identification) in [(12, 15), (13, 16)] {
      try talk.send(
        .server, ms: 132.2 + Double(index) / 10, seq: Int64(index) * 1448 + 1, ack: 11,
        length: 1448, identification: UInt16(identification))
    }
    let found = try talk.capture.read().connections[0]
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty && found.findings.isEmpty)
  }

  @Test("Behind a silence longer than a first time-out the missing packet may be another host's")
  func longSilence() throws {
    var talk = try response(13, arrived: 12)
    try talk.send(
      .server, ms: 1_093, seq: 12 * 1448 + 1, ack: 11, length: 1448, identification: 15)
    let found = try talk.capture.read().connections[0]
    #expect(found.lost.isEmpty && found.findings.isEmpty)
    #expect(found.possiblyLost.map(\.sureness) == [.possible])
  }

  @Test("A host that skips identifications behind pauses counts them for all connections")
  func sharedCounter() throws {
    var talk = try response(15, arrived: 12)
    for index in 0..<3 {
      let sequence = Int64(index + 12) * 1448 + 1
      let ms = Double(index + 1) * 300
      try talk.send(
        .server, ms: ms, seq: sequence, ack: 11, length: 1448,
        identification: UInt16(15 + 2 * index))
      try talk.send(.client, ms: ms + 0.1, seq: 11, ack: sequence + 1448)
    }
    let found = try talk.capture.read().connections[0]
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty && found.findings.isEmpty)
  }

  @Test("New data after a silence, with no identification missing, repeats nothing")
  func pause() throws {
    var talk = try response(13, arrived: 12)
    try talk.send(
      .server, ms: 400, seq: 12 * 1448 + 1, ack: 11, length: 1448, identification: 14)
    let found = try talk.capture.read().connections[0]
    #expect(found.retransmissions.total == 0)
    #expect(found.lost.isEmpty && found.possiblyLost.isEmpty)
  }

  @Test("A missing identification that may have been a bare acknowledgement is doubtful")
  func bareAcknowledgement() throws {
    var talk = try response(12, arrived: 12)
    let acknowledged: Int64 = 12 * 1448 + 1
    try talk.send(.client, ms: 100, [.psh, .ack], seq: 11, ack: acknowledged, length: 10)
    try talk.send(
      .server, ms: 340, seq: acknowledged, ack: 21, length: 1000, identification: 15)
    let found = try talk.capture.read().connections[0]
    #expect(found.lost.isEmpty)
    // The acknowledgement may have been back a round trip after 100 ms, and the silence behind it is
    // 200 ms long: too short for a time-out behind a round trip of 40 ms.
    #expect(found.possiblyLost.map(\.kind) == [.tailLossProbe])
  }
}
