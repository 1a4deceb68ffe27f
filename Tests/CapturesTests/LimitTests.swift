import Captures
import NetSim
import Testing

/// What kept the server from sending sooner, in conversations of which that is known.
@Suite struct LimitTests {
  private func limits(_ talk: Conversation, at vantage: Side) throws -> LimitTimes {
    let found = try talk.capture.read().connections[0]
    #expect(found.vantage == vantage)
    return found.limitsDown
  }

  /// A handshake and a request. The client leaves room for `window` bytes.
  private func request(at vantage: Side, window: UInt16 = 0xFFFF) throws -> Conversation {
    var talk = Conversation()
    try talk.send(.client, ms: 0, .syn, seq: 0)
    try talk.send(.server, ms: vantage == .client ? 40 : 0.1, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: 40.1, seq: 1, ack: 1, window: window)
    try talk.send(
      .client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10, window: window)
    return talk
  }

  @Test(
    "Two segments of 1,024 bytes fill a window of 2,048, and then nothing goes for a round trip")
  func receiveWindowAtTheSender() throws {
    var talk = try request(at: .server, window: 2_048)
    for round in 0..<4 {
      let ms = 41 + 41 * Double(round)
      let start = 1 + 2048 * Int64(round)
      try talk.send(.server, ms: ms, seq: start, ack: 11, length: 1024)
      try talk.send(.server, ms: ms + 0.1, seq: start + 1024, ack: 11, length: 1024)
      try talk.send(.client, ms: ms + 40.5, seq: 11, ack: start + 2048, window: 2_048)
    }
    let found = try limits(talk, at: .server)
    #expect(found.greatest == "receive_window")
    // Three times from 0.1 ms behind a round's beginning to the next one's, 41 ms behind it.
    #expect(Traces.ms(found.receiveWindow) == 122.7)
    #expect(found.path == .zero && found.recovery == .zero)
  }

  @Test("The receiver sees the same")
  func receiveWindowAtTheReceiver() throws {
    var talk = try request(at: .client, window: 2_048)
    for round in 0..<4 {
      let ms = 81 + 41 * Double(round)
      let start = 1 + 2048 * Int64(round)
      try talk.send(.server, ms: ms, seq: start, ack: 11, length: 1024)
      try talk.send(.server, ms: ms + 0.1, seq: start + 1024, ack: 11, length: 1024)
      try talk.send(.client, ms: ms + 0.5, seq: 11, ack: start + 2048, window: 2_048)
    }
    let found = try limits(talk, at: .client)
    #expect(found.greatest == "receive_window")
    #expect(Traces.ms(found.receiveWindow) == 122.7)
  }

  @Test("A segment each 100 ms, with nothing under way, waits for the application")
  func applicationAtTheSender() throws {
    var talk = try request(at: .server)
    for round in 0..<5 {
      let ms = 41 + 100 * Double(round)
      let start = 1 + 1000 * Int64(round)
      try talk.send(.server, ms: ms, seq: start, ack: 11, length: 1000)
      try talk.send(.client, ms: ms + 40, seq: 11, ack: start + 1000)
    }
    let found = try limits(talk, at: .server)
    #expect(found.greatest == "application")
    #expect(Traces.ms(found.application) == 400)
  }

  /// Four segments, and one more behind each acknowledgement, `rtt` ms later, for two rounds.
  private func clocked(rtt: Double) throws -> LimitTimes {
    var talk = try request(at: .server)
    var packets: [(ms: Double, isData: Bool, offset: Int64)] = []
    for round in 0..<3 {
      for segment in 0..<4 {
        let ms = 41 + (rtt + 0.05) * Double(round) + 0.1 * Double(segment)
        let start = Int64(round * 4 + segment) * 1000 + 1
        packets.append((ms, true, start))
        if round < 2 { packets.append((ms + rtt, false, start + 1000)) }
      }
    }
    for packet in packets.sorted(by: { $0.ms < $1.ms }) {
      if packet.isData {
        try talk.send(.server, ms: packet.ms, seq: packet.offset, ack: 11, length: 1000)
      } else {
        try talk.send(.client, ms: packet.ms, seq: 11, ack: packet.offset)
      }
    }
    return try limits(talk, at: .server)
  }

  @Test("Data that go as acknowledgements come wait for the congestion window")
  func congestionWindow() throws {
    let found = try clocked(rtt: 40)
    #expect(found.greatest == "congestion_window")
    // All of it: from 41 to 41 + 2 · 40.05 + 0.3 ms.
    #expect(Traces.ms(found.congestionWindow) == 80.4)
    #expect(found.application == .zero && found.path == .zero)
  }

  @Test(
    "At the receiver, a flight that comes a round trip behind an acknowledgement was let out by it",
    arguments: [(40.2, "congestion_window"), (70, "application")])
  func congestionWindowAtTheReceiver(laterMs: Double, greatest: String) throws {
    var talk = try request(at: .client)
    var ms = 81.0
    for flight in 0..<4 {
      let start = 1 + 2000 * Int64(flight)
      try talk.send(.server, ms: ms, seq: start, ack: 11, length: 1000)
      try talk.send(.server, ms: ms + 0.2, seq: start + 1000, ack: 11, length: 1000)
      try talk.send(.client, ms: ms + 0.3, seq: 11, ack: start + 2000)
      ms += 0.3 + laterMs
    }
    let found = try limits(talk, at: .client)
    #expect(found.greatest == greatest)
    // Three pauses, each from the last segment of a flight to the first of the next.
    let times = [found.congestionWindow, found.application].map { Traces.ms($0) }
    #expect(abs(times.max()! - 3 * (laterMs + 0.1)) < 1e-6, "\(times)")
  }

  @Test("Where round trips are longer than the least by a queue, the path is full")
  func path() throws {
    let found = try clocked(rtt: 60)
    #expect(found.greatest == "path")
    // 0.3 ms go before the first long round trip is known: 2 · 60.05 ms remain.
    #expect(Traces.ms(found.congestionWindow) == 0.3)
    #expect(Traces.ms(found.path) == 120.1)
  }

  @Test("From the last new data to the next, with a repetition in between, is recovery")
  func recovery() throws {
    var talk = try request(at: .server)
    try talk.send(.server, ms: 41, seq: 1, ack: 11, length: 1000)
    try talk.send(.server, ms: 282, seq: 1, ack: 11, length: 1000)
    try talk.send(.client, ms: 323, seq: 11, ack: 1001)
    try talk.send(.server, ms: 324, seq: 1001, ack: 11, length: 1000)
    let found = try limits(talk, at: .server)
    #expect(found.greatest == "recovery")
    #expect(Traces.ms(found.recovery) == 283)
  }

  @Test("Where nothing was waited for nothing is the greatest")
  func none() throws {
    #expect(try limits(request(at: .server), at: .server).greatest == nil)
  }
}
