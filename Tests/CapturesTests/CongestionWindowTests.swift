import Captures
import NetSim
import Testing

@Suite struct CongestionWindowTests {
  private func connection(_ talk: Conversation) throws -> CapturedConnection {
    try talk.capture.read().connections[0]
  }

  /// The largest, the last and the one before the first loss, and of how many round trips.
  private func figures(_ window: CongestionWindow?) -> [Int64?] {
    guard let window else { return [] }
    return [window.largest, window.last, window.beforeLoss, window.rounds]
  }

  private func stamps(_ value: UInt32, _ echo: UInt32) -> TCPTimestamps {
    TCPTimestamps(value: value, echo: echo)
  }

  /// Flights of 2, 4 and 8 segments of 1,000 bytes, each behind the acknowledgement of the one before,
  /// as the server sees it: round trips of 40 ms. Gives the next sequence number.
  private func slowStart(_ talk: inout Conversation) throws -> Int64 {
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    var next: Int64 = 1
    for (round, segments) in [2, 4, 8].enumerated() {
      let start = 41 + 40.1 * Double(round)
      if round > 0 { try talk.send(.client, ms: start - 0.05, seq: 11, ack: next) }
      for segment in 0..<segments {
        try talk.send(
          .server, ms: start + 0.01 * Double(segment), seq: next, ack: 11, length: 1000)
        next += 1000
      }
    }
    return next
  }

  @Test("At the sender, each round trip's flight is its window")
  func atTheSender() throws {
    var talk = Conversation()
    let next = try slowStart(&talk)
    // All is acknowledged; what the application sends long after says nothing of the window, nor does the
    // last flight, behind which it had no more.
    try talk.send(.client, ms: 161.2, seq: 11, ack: next)
    try talk.send(.server, ms: 400, seq: next, ack: 11, length: 1000)
    let window = try connection(talk).congestionWindows.server
    #expect(figures(window) == [8000, 4000, nil, 2])
    #expect(try connection(talk).congestionWindows.client == nil)
  }

  @Test("The window before the first loss is told, and what is under way during the repair is not")
  func beforeLoss() throws {
    var talk = Conversation()
    let next = try slowStart(&talk)
    // The first of the last flight is lost.
    let lost = next - 8000
    for segment in 2...4 {
      try talk.send(
        .client, ms: 161.2 + 0.1 * Double(segment), seq: 11, ack: lost,
        sack: [lost + 1000..<lost + Int64(segment) * 1000])
    }
    // New data in between (RFC 3042), then the repair.
    try talk.send(.server, ms: 161.45, seq: next, ack: 11, length: 1000)
    try talk.send(.server, ms: 161.7, seq: lost, ack: 11, length: 1000)
    try talk.send(.client, ms: 202, seq: 11, ack: next + 1000)
    let found = try connection(talk)
    #expect(found.lost.count == 1)
    #expect(figures(found.congestionWindows.server) == [8000, 4000, 8000, 2])
  }

  @Test(
    "At the receiver, it is what came beyond the acknowledgement that its sender knew",
    arguments: [false, true])
  func atTheReceiver(hasTimestamps: Bool) throws {
    var talk = Conversation()
    try talk.handshakeAtClient()
    try talk.send(
      .client, ms: 50, [.psh, .ack], seq: 1, ack: 1, length: 10,
      timestamps: hasTimestamps ? stamps(50, 1) : nil)
    var next: Int64 = 1
    for (round, segments) in [2, 4, 8].enumerated() {
      let start = 90 + 40.2 * Double(round)
      for segment in 0..<segments {
        let now = start + 0.1 * Double(segment)
        try talk.send(
          .server, ms: now, seq: next, ack: 11, length: 1000,
          timestamps: hasTimestamps ? stamps(1000, UInt32(50 + 40 * round)) : nil)
        next += 1000
        guard segment == segments - 1 else { continue }
        try talk.send(
          .client, ms: now + 0.05, seq: 11, ack: next,
          timestamps: hasTimestamps ? stamps(UInt32(90 + 40 * round), 1000) : nil)
      }
    }
    let window = try connection(talk).congestionWindows.server
    #expect(figures(window) == [8000, 4000, nil, 2])
  }

  @Test("Both ends of a run of nginx and curl tell the same window")
  func bothEnds() throws {
    for name in ["h1-keepalive-drops", "h1-keepalive-drops-server"] {
      let window = try Traces.read(name).connections[0].congestionWindows.server
      // 14 segments of 1,448 bytes; before the first loss the first response, all of it in one flight.
      #expect(figures(window).prefix(3) == [20_272, 11_584, 12_242], "\(name)")
    }
  }

  /// Twenty bursts a millisecond apart, with an acknowledgement of one burst before each.
  private func bursts(ofSegments count: Int, quietMs: Double) throws -> CapturedConnection {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    let bytes = Int64(count) * 1000
    for burst in 0..<20 {
      let start = 41 + Double(burst)
      if burst >= 5 {
        try talk.send(.client, ms: start - quietMs, seq: 11, ack: Int64(burst - 4) * bytes + 1)
      }
      for segment in 0..<count {
        try talk.send(
          .server, ms: start + 0.01 * Double(segment),
          seq: Int64(burst) * bytes + Int64(segment) * 1000 + 1, ack: 11, length: 1000)
      }
    }
    return try connection(talk)
  }

  @Test("Bursts that come as regularly as a clock lets them out are paced", arguments: [1, 2])
  func paced(segments: Int) throws {
    let pacing = try #require(try bursts(ofSegments: segments, quietMs: 0.5).pacing)
    // Of the nineteen gaps the first has none before it to be compared with.
    #expect(abs(pacing.share - 18.0 / 19) < 1e-9)
    #expect(pacing.isPaced)
    // A burst of 8,000 or 16,000 bits each millisecond, but for the hundredth of a second segment.
    let rate = try #require(pacing.rate?.bitsPerSecond)
    let expected = Double(segments) * 8_000_000 / (segments == 1 ? 1 : 0.99)
    #expect(abs(Double(rate) - expected) < 10)
  }

  @Test("Bursts that each leave at an acknowledgement are not", arguments: [1, 2])
  func released(segments: Int) throws {
    let pacing = try #require(try bursts(ofSegments: segments, quietMs: 0.02).pacing)
    // Four of them left before the first acknowledgement came.
    #expect(pacing.share < 0.2)
    #expect(!pacing.isPaced)
    #expect(try bursts(ofSegments: 1, quietMs: 0.02).limitsDown.application == .zero)
  }

  @Test("A clock that goes from 1970 to 2100 and back again and again is no pacer's")
  func jumpingClock() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    try talk.send(.client, ms: 40.2, [.psh, .ack], seq: 1, ack: 1, length: 10)
    var next: Int64 = 1
    for _ in 0..<12 {
      for ms in [50, 1.2e12, 2.4e12] {
        try talk.send(.server, ms: ms, seq: next, ack: 11, length: 1)
        next += 1
      }
    }
    let found = try connection(talk)
    #expect(found.packets.down == 37)
    #expect(found.pacing.map(\.isPaced) != true)
  }
}
