import Testing

@testable import NetSim

/// What captures of ngtcp2 0.12's client and server show of a page's first datagrams, read with their
/// keys by `tshark -T fields -e udp.length -e quic.frame_type`. The page: seven objects at once, 10 Mb/s,
/// 40 ms; the server answers 2.8 ms later than the link alone would have it.
@Suite struct QUICCaptureTests: QUICRuns {
  private var log: EventLog {
    let page = scenario(
      [12_000, 3000, 8000, 30_000, 60_000, 15_000, 45_000], .linux, roundTrip: 40,
      rate: .megabits(10), queue: .packets(100)
    ) {
      $0.tls = TLSSettings(.full13, tickets: 1)
      $0.tls?.serverTime = .microseconds(2800)
    }
    return run(page).log
  }

  /// The packets of a side's datagrams with their frames, without sizes and repetitions.
  private func shapes(_ log: EventLog, _ side: Side) -> [String] {
    datagrams(log, of: side).map { text in
      var words: [Substring] = []
      for word in text.split(separator: " ").dropFirst() where Int(word.dropLast()) == nil {
        let name = word.prefix { $0 != "(" }
        if words.last != name { words.append(name) }
      }
      return words.joined(separator: " ")
    }
  }

  @Test func theClientBeginsAsCaptured() {
    let shapes = shapes(log, .client)
    #expect(
      shapes.prefix(5) == [
        "initial crypto padding",
        "initial acknowledgement handshake acknowledgement padding",
        "handshake acknowledgement",
        "handshake crypto oneRTT newConnectionID stream",
        "oneRTT ping padding",
      ])
  }

  @Test func theServerBeginsAsCaptured() {
    let shapes = shapes(log, .server)
    #expect(
      shapes.prefix(3) == [
        "initial acknowledgement crypto handshake crypto",
        "handshake crypto oneRTT stream",
        "oneRTT ping padding",
      ])
    #expect(shapes[3].hasSuffix("newConnectionID handshakeDone newToken crypto stream"))
    let words = datagrams(log, of: .server)[3].split(separator: " ")
    #expect(words.count { $0 == "newConnectionID" } == 6)
  }

  /// UDP payloads: 1,200 until a larger datagram has arrived, then 1,406, which are tried and grow again.
  @Test func datagramsGrowAsCaptured() {
    let sizes = datagrams(log, of: .server).compactMap { Int($0.prefix { $0 != " " }) }
    #expect(sizes.first == 1200)
    #expect(sizes.filter { $0 > 1000 }.prefix(3) == [1200, 1406, 1200])
    let tries = datagrams(log, of: .server).filter { $0.hasSuffix("ping padding") }
    #expect(tries.map { String($0.prefix(4)) } == ["1406", "1444"])
    #expect(sizes.max() == 1444)
  }

  /// The client answers every second packet, and asks for an answer itself after three packets that want
  /// none.
  @Test func theClientAnswersAsCaptured() {
    let all = shapes(log, .client)
    let shapes = all.filter { $0.hasPrefix("oneRTT acknowledgement") }
    var (inARow, most) = (0, 0)
    for shape in all {
      inARow = shape == "oneRTT acknowledgement" ? inARow + 1 : 0
      most = max(most, inARow)
    }
    #expect(most == 3)
    #expect(shapes.contains("oneRTT acknowledgement ping"))
    let received = log.records.count { $0.kind == .quicPacketReceived && $0.side == .client }
    #expect(received / 2 - shapes.count < 8)
  }
}
