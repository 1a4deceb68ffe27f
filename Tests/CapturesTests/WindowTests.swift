import Captures
import NetSim
import Testing

@Suite struct WindowTests {
  private func connection(_ talk: Conversation) throws -> CapturedConnection {
    try talk.capture.read().connections[0]
  }

  /// A handshake as the server sees it, behind which the client has 2,048 bytes of room: 16 units of
  /// 2⁷ bytes, or, where the server does not scale, 2,048 of one (RFC 7323 §2.2).
  private func handshake(isScaled: Bool) throws -> Conversation {
    var talk = Conversation()
    try talk.send(.client, ms: 0, .syn, seq: 0, scale: 7)
    try talk.send(.server, ms: 0.1, [.syn, .ack], seq: 0, ack: 1, scale: isScaled ? 7 : nil)
    let window: UInt16 = isScaled ? 16 : 2_048
    try talk.send(.client, ms: 40.1, seq: 1, ack: 1, window: window)
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10, window: window)
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1024)
    return talk
  }

  @Test("Data that leave no room for a segment as large fill the window", arguments: [true, false])
  func full(isScaled: Bool) throws {
    var talk = try handshake(isScaled: isScaled)
    // 1 + 2,048 = 2,049: behind the first segment there is room for 1,024, behind the second for none.
    try talk.send(.server, ms: 41.1, seq: 1025, ack: 11, length: 1024)
    let found = try connection(talk)
    #expect(found.findings.map(\.words) == ["windowFull 6 of server, certain by header"])
    #expect(found.findings.map(\.sequence) == [1025])
    #expect(found.findings.map(\.length) == [1024])
    #expect(found.windowUp.fullCount == 1)
    #expect(found.windowUp.zeroCount == 0)
    #expect(found.windowDown.fullCount == 0)
  }

  @Test("Room for one segment more is not full; a further acknowledgement makes room")
  func room() throws {
    var talk = try handshake(isScaled: true)
    try talk.send(.client, ms: 81, seq: 11, ack: 1025, window: 16)
    try talk.send(.server, ms: 81.1, seq: 1025, ack: 11, length: 1024)
    let found = try connection(talk)
    #expect(found.findings.isEmpty)
    #expect(found.windowUp.fullCount == 0)
  }

  @Test("The window closes, is probed, and opens again")
  func closed() throws {
    var talk = try handshake(isScaled: true)
    try talk.send(.server, ms: 41.1, seq: 1025, ack: 11, length: 1024)
    try talk.send(.client, ms: 82, seq: 11, ack: 2049, window: 0)
    try talk.send(.server, ms: 300, seq: 2049, ack: 11, length: 1)
    try talk.send(.client, ms: 340, seq: 11, ack: 2049, window: 0)
    try talk.send(.client, ms: 500, seq: 11, ack: 2049, window: 16)
    try talk.send(.server, ms: 500.1, seq: 2049, ack: 11, length: 1000)
    let found = try connection(talk)
    #expect(
      found.findings.map(\.words) == [
        "windowFull 6 of server, certain by header", "zeroWindow 7 of client, certain by header",
        "windowProbe 8 of server, certain by header",
      ])
    // From 82 to 500 ms; that it was closed still is no second closing.
    #expect(found.windowUp.zeroCount == 1)
    #expect(Traces.ms(found.windowUp.closed) == 418)
    #expect(found.retransmissions.total == 0)
    // The probe is no delivery: the stall lasts from the last data to the first behind the closed window.
    #expect(
      found.stalls.map(\.words) == [
        "receiveWindow of server from 41.1 to 500.1 ended by 11, certain"
      ])
  }

  @Test("Once everything is acknowledged, FIN and all, no window is closed to anybody")
  func closedBehindTheEnd() throws {
    var talk = try handshake(isScaled: true)
    try talk.send(.server, ms: 41.1, [.fin, .ack], seq: 1025, ack: 11)
    try talk.send(.client, ms: 82, [.fin, .ack], seq: 11, ack: 1026, window: 0)
    try talk.send(.server, ms: 90, seq: 1026, ack: 12)
    let found = try connection(talk)
    #expect(found.findings.isEmpty)
    #expect(found.windowUp.zeroCount == 0)
    #expect(found.windowUp.closed == .zero)
  }

  @Test("A probe without data, as Linux sends it, is one too (RFC 9293 §3.8.6.1)")
  func emptyProbe() throws {
    var talk = try handshake(isScaled: true)
    try talk.send(.client, ms: 81, seq: 11, ack: 1025, window: 0)
    try talk.send(.server, ms: 300, seq: 1024, ack: 11)
    try talk.send(.client, ms: 340, seq: 11, ack: 1025, window: 0)
    let found = try connection(talk)
    #expect(
      found.findings.map(\.words) == [
        "zeroWindow 6 of client, certain by header", "windowProbe 7 of server, certain by header",
      ])
    // It is closed to the end of the capture.
    #expect(Traces.ms(found.windowUp.closed) == 259)
  }

  @Test("The byte of a probe that the receiver takes was captured")
  func acceptedProbe() throws {
    var talk = try handshake(isScaled: true)
    try talk.send(.client, ms: 81, seq: 11, ack: 1025, window: 0)
    try talk.send(.server, ms: 300, seq: 1025, ack: 11, length: 1)
    try talk.send(.client, ms: 340, seq: 11, ack: 1026, window: 16)
    try talk.send(.server, ms: 340.1, seq: 1026, ack: 11, length: 1000)
    try talk.send(.client, ms: 380.1, seq: 11, ack: 2026, window: 16)
    let found = try connection(talk)
    #expect(found.uncapturedBytes.total == 0)
    #expect(found.retransmissions.total == 0)
  }

  @Test("A capture that begins later knows no scaling: any window but zero opens it again")
  func midStream() throws {
    var talk = Conversation()
    try talk.send(.server, ms: 0, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 40, seq: 11, ack: 1001, window: 0)
    try talk.send(.client, ms: 90, seq: 11, ack: 1001, window: 16)
    try talk.send(.server, ms: 91, seq: 1001, ack: 11, length: 1000)
    try talk.send(.client, ms: 131, seq: 11, ack: 2001, window: 16)
    try talk.send(.client, ms: 200, [.rst, .ack], seq: 11, ack: 2001, window: 0)
    let found = try connection(talk)
    #expect(found.findings.map(\.words) == ["zeroWindow 2 of client, certain by header"])
    #expect(Traces.ms(found.windowUp.closed) == 50)
    #expect(found.windowUp.fullCount == 0)
  }

  @Test(
    "A segment that repeats the last acknowledged byte, or no byte, is a keep-alive",
    arguments: [0, 1])
  func keepAlive(length: Int) throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, length: 10)
    try talk.send(.server, ms: 82, seq: 1, ack: 11)
    try talk.send(.client, ms: 60_000, seq: 10, ack: 1, length: length)
    try talk.send(.server, ms: 60_040, seq: 1, ack: 11)
    let found = try connection(talk)
    #expect(found.findings.map(\.words) == ["keepAlive 6 of client, certain by header"])
    #expect(found.stalls.isEmpty)
  }
}
