import Captures
import NetSim
import Testing

@Suite struct StallTests {
  private static let request = "GET /a HTTP/1.1\r\n\r\n"  // 19 bytes
  private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"  // 38 bytes

  private func stalls(_ talk: Conversation) throws -> [Stall] {
    try talk.capture.read().connections[0].stalls
  }

  @Test("A server that thinks is seen at the client as likely, for the way may have been long")
  func thinkingAtTheClient() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
    try talk.send(.server, ms: 81, seq: 1, ack: 20)
    try talk.send(.server, ms: 541, [.psh, .ack], seq: 1, ack: 20, text: Self.answer)
    let found = try stalls(talk)
    #expect(found.map(\.words) == ["server of server from 41.0 to 541.0 ended by 6, likely"])
    #expect(found.map(\.request) == [0])
    #expect(found.map(\.connection) == [0])
    #expect(found.map { Traces.ms($0.duration) } == [500])
  }

  @Test("At the server itself it is certain")
  func thinkingAtTheServer() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
    try talk.send(.server, ms: 40.3, seq: 1, ack: 20)
    try talk.send(.server, ms: 541, [.psh, .ack], seq: 1, ack: 20, text: Self.answer)
    #expect(
      try stalls(talk).map(\.words) == [
        "server of server from 40.2 to 541.0 ended by 6, certain"
      ])
  }

  @Test("A wait of two round trips is no stall, a longer one is: the round trip is 40 ms")
  func bound() throws {
    for (ms, count) in [(121, 0), (121.1, 1)] as [(Double, Int)] {
      var talk = Conversation()
      try talk.handshakeAtClient()
      try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
      try talk.send(.server, ms: 81, seq: 1, ack: 20)
      try talk.send(.server, ms: ms, [.psh, .ack], seq: 1, ack: 20, text: Self.answer)
      #expect(try stalls(talk).count == count, "\(ms)")
    }
  }

  @Test("At the sender, data that only a time-out brought across")
  func timeoutAtTheSender() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 19)
    try talk.send(.server, ms: 41, [.psh, .ack], seq: 1, ack: 20, length: 38)
    try talk.send(.server, ms: 282, [.psh, .ack], seq: 1, ack: 20, length: 38)
    try talk.send(.client, ms: 323, seq: 20, ack: 39)
    let found = try talk.capture.read().connections[0]
    #expect(
      found.stalls.map(\.words) == ["timeout of server from 41.0 to 323.0 ended by 7, likely"])
    #expect(found.stalls.map(\.request) == [nil])
  }

  @Test("At the receiver, a hole that is filled late holds what is behind it")
  func gapAtTheReceiver() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n"  // 41 bytes
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
    try talk.send(.server, ms: 81, seq: 1, ack: 20, text: answer)
    try talk.send(.client, ms: 81.1, seq: 20, ack: 42)
    try talk.send(.server, ms: 82, seq: 1042, ack: 20, length: 1000)
    try talk.send(.server, ms: 83, seq: 2042, ack: 20, length: 1000)
    try talk.send(.client, ms: 83.1, seq: 20, ack: 42, sack: [1042..<3042])
    try talk.send(.server, ms: 190, seq: 42, ack: 20, length: 1000)
    let found = try stalls(talk)
    // From the last bytes that could be read, 81 ms, for 109 ms.
    #expect(
      found.map(\.words) == [
        "transportGap of server from 81.0 to 190.0 ended by 10, certain"
      ])
    #expect(found.map(\.request) == [0])
  }

  @Test("A window that was closed, seen at the client")
  func receiveWindow() throws {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"  // 41 bytes
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
    try talk.send(.server, ms: 81, seq: 1, ack: 20, text: answer)
    try talk.send(.client, ms: 81.1, seq: 20, ack: 42, window: 0)
    try talk.send(.client, ms: 300, seq: 20, ack: 42)
    try talk.send(.server, ms: 340, seq: 42, ack: 20, length: 1000)
    let found = try stalls(talk)
    #expect(
      found.map(\.words) == ["receiveWindow of server from 81.0 to 340.0 ended by 8, certain"])
    #expect(found.map(\.request) == [0])
  }

  @Test("A handshake whose SYN was sent twice")
  func handshake() throws {
    var talk = Conversation()
    try talk.send(.client, ms: 0, .syn, seq: 0)
    try talk.send(.client, ms: 1000, .syn, seq: 0)
    try talk.send(.server, ms: 1040, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: 1040.1, seq: 1, ack: 1)
    let found = try stalls(talk)
    #expect(
      found.map(\.words) == ["handshake of client from 0.0 to 1040.0 ended by 3, certain"])
    #expect(found.map(\.request) == [nil])
  }

  @Test("Nobody waits between two requests")
  func idle() throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(.client, ms: 41, [.psh, .ack], seq: 1, ack: 1, text: Self.request)
    try talk.send(.server, ms: 82, [.psh, .ack], seq: 1, ack: 20, text: Self.answer)
    try talk.send(.client, ms: 82.1, seq: 20, ack: 39)
    try talk.send(.client, ms: 5_082, [.psh, .ack], seq: 20, ack: 39, text: Self.request)
    try talk.send(.server, ms: 5_123, [.psh, .ack], seq: 39, ack: 39, text: Self.answer)
    let analysis = try talk.capture.read()
    #expect(analysis.requests.map(\.status) == [200, 200])
    #expect(analysis.connections[0].stalls.isEmpty)
  }
}
