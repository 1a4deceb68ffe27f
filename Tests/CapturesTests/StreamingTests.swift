import Captures
import Foundation
import NetSim
import Testing

/// Connections that are summed up while the capture is still read.
@Suite struct StreamingTests {
  private static let totals = CaptureOptions(logLevel: .totals)

  /// The connections and the requests that were found, with all that is known of them, as text.
  private func all(_ analysis: CaptureAnalysis) -> [String] {
    analysis.connections.map { String(reflecting: $0) }
      + analysis.requests.map { String(reflecting: $0) }
  }

  /// A connection of a client's port that asks once, with its first packet at `ms`: it lasts 130 ms.
  private func exchange(_ talk: inout Conversation, port: UInt16, ms: Double) throws {
    talk.clientPort = port
    try talk.send(.client, ms: ms, .syn, seq: 0)
    try talk.send(.server, ms: ms + 40, [.syn, .ack], seq: 0, ack: 1)
    try talk.send(.client, ms: ms + 40.1, seq: 1, ack: 1)
    try talk.send(
      .client, ms: ms + 41, [.psh, .ack], seq: 1, ack: 1, text: "GET /\(port) HTTP/1.1\r\n\r\n")
    try talk.send(
      .server, ms: ms + 81, [.psh, .ack], seq: 1, ack: 24,
      text: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    try talk.send(.client, ms: ms + 82, [.fin, .ack], seq: 24, ack: 39)
    try talk.send(.server, ms: ms + 122, [.fin, .ack], seq: 39, ack: 25)
    try talk.send(.client, ms: ms + 122.1, seq: 25, ack: 40)
  }

  @Test("With few open at a time the same is found as with all", arguments: [1, 2, 3, 5])
  func openLimit(limit: Int) throws {
    var talk = Conversation()
    for index in 0..<7 {
      try exchange(&talk, port: 40_001 + UInt16(index), ms: Double(index) * 200)
    }
    let whole = try talk.capture.read()
    let streamed = try talk.capture.read(CaptureOptions(logLevel: .totals, openLimit: limit))
    #expect(whole.connections.map(\.client.port) == [UInt16](40_001...40_007))
    #expect(whole.requests.map(\.connection) == [0, 1, 2, 3, 4, 5, 6])
    #expect(all(streamed) == all(whole))
  }

  @Test("Of two, the one that was silent longer is summed up, and the other goes on")
  func theIdleOneGoes() throws {
    var talk = Conversation()
    for (port, ms) in [(40_001, 0), (40_002, 100), (40_003, 200), (40_002, 300)]
      as [(UInt16, Double)]
    {
      talk.clientPort = port
      try talk.send(.client, ms: ms, ms == 300 ? .ack : .syn, seq: ms == 300 ? 1 : 0)
    }
    let found = try talk.capture.read(CaptureOptions(logLevel: .totals, openLimit: 2))
    #expect(found.connections.map(\.client.port) == [40_001, 40_002, 40_003])
    #expect(found.connections.map(\.packets.up) == [1, 2, 1])
  }

  /// A connection that is closed at 122.1 ms, a packet of another at `other` seconds, and one more of
  /// the first at each of these: the packets of each connection found.
  private func late(_ seconds: [Double], other: Double) throws -> [Int64] {
    var talk = Conversation()
    try exchange(&talk, port: 40_001, ms: 0)
    let packets = (seconds.map { ($0, false) } + [(other, true)]).sorted { $0.0 < $1.0 }
    for (time, isOther) in packets {
      talk.clientPort = isOther ? 40_002 : 40_001
      if isOther {
        try talk.send(.client, ms: time * 1000, .syn, seq: 0)
      } else {
        try talk.send(.server, ms: time * 1000, [.fin, .ack], seq: 39, ack: 25)
      }
    }
    return try talk.capture.read(Self.totals).connections.map(\.packets.total)
  }

  @Test("A packet that is late belongs to its connection while that is remembered: for 60 s")
  func latePackets() throws {
    #expect(try late([59], other: 60) == [9, 1])
    // Nothing came that could have told that a minute was over.
    #expect(try late([90], other: 91) == [9, 1])
    // Each late packet gives it another minute.
    #expect(try late([30, 80], other: 61) == [10, 1])
    // Summed up at 61 s; what comes then is seen as a connection of its own.
    #expect(try late([62], other: 61) == [8, 1, 1])
  }

  @Test("Ports that are used again are another connection, with a log or without")
  func portsUsedAgain() throws {
    var talk = Conversation()
    try exchange(&talk, port: 40_001, ms: 0)
    talk.clientInitial = 900_000
    talk.serverInitial = 800_000
    try exchange(&talk, port: 40_001, ms: 1_000)
    talk.clientInitial = 70_000
    talk.serverInitial = 60_000
    try exchange(&talk, port: 40_001, ms: 120_000)
    let streamed = try talk.capture.read(Self.totals)
    #expect(
      streamed.connections.map(\.packets)
        == Array(repeating: DirectionCounts(up: 5, down: 3), count: 3))
    #expect(streamed.connections.map { Traces.ms($0.first - .zero) } == [0, 1_000, 120_000])
    #expect(streamed.requests.map(\.connection) == [0, 1, 2])
    #expect(all(streamed) == all(try talk.capture.read()))
  }

  @Test("Every capture says the same with a log and without")
  func log() throws {
    for truth in try Traces.truth() {
      let name = String(truth.file.dropLast(5))
      let streamed = try CaptureAnalysis.read(path: Traces.path(name), options: Self.totals)
      #expect(all(streamed) == all(try Traces.read(name)), "\(name)")
      #expect(streamed.log.records.isEmpty, "\(name)")
    }
  }

  @Test("How far the reading has come is told each 131,072 packets")
  func progress() throws {
    var capture = CaptureBuilder()
    let packet = try Packets.syn()
    for index in 0..<131_073 as Range<Int64> { capture.add(packet, atNs: index * 1_000) }
    let path = try CaptureBuilder.write(capture.bytes)
    defer { try? FileManager.default.removeItem(atPath: path) }
    var told: [Int64] = []
    let analysis = try CaptureAnalysis.read(paths: [path], options: Self.totals) {
      told.append($0)
    }
    #expect(told == [131_072])
    #expect(analysis.summary.packets == 131_073)
    #expect(analysis.connections.count == 1)
  }

  @Test("Times that jump by a century and back are told, and nothing adds up to a crash")
  func jumpingTimes() throws {
    var talk = Conversation()
    try talk.handshakeAtServer()
    // From 1970 to 2106 and back: what pcap's seconds can tell.
    for index in 0..<12 as Range<Int64> {
      let ms = index % 2 == 0 ? 2_590_000_000_000.0 : -1_699_000_000_000.0
      try talk.send(.server, ms: ms, seq: 1 + index * 1000, ack: 1, length: 1000)
      try talk.send(.client, ms: ms, seq: 1, ack: 1 + index * 1000, window: 0)
      try talk.send(.client, ms: -ms / 2, seq: 1, ack: 1001 + index * 1000)
      try talk.send(.server, ms: -ms / 2, seq: 1 + index * 1000, ack: 1, length: 1000)
    }
    let streamed = try talk.capture.read(Self.totals)
    #expect(streamed.connections.map(\.packets.total) == [3 + 48])
    #expect(streamed.summary.backwardSteps > 10)
    #expect(streamed.connections[0].stalls.total >= .zero)
    #expect(try talk.capture.read().connections.map(\.packets.total) == [51])
  }
}
