import Testing

@testable import NetSim

/// What an application hears of the streams of a QUIC connection.
@Suite struct QUICNewsTests {
  /// A response whose first 2,000 bytes come before the other 1,000.
  private func clientHears(awaiting end: Int64?) -> (early: Bool, late: Bool) {
    let pair = QUICPair()
    pair.open()
    pair.client.write(100, on: 0, isLast: true)
    pair.run(milliseconds: 100)
    _ = pair.client.takeNews()
    if let end { pair.client.holdNews(of: 0, upTo: end) }
    pair.server.write(2_000, on: 0, isLast: false)
    pair.run(milliseconds: 100)
    #expect(pair.client.delivered(of: 0) == 2_000)
    let early = pair.client.takeNews()
    while pair.client.nextNews() != nil {}
    pair.server.write(1_000, on: 0, isLast: true)
    pair.run(milliseconds: 100)
    #expect(pair.client.delivered(of: 0) == 3_000)
    return (early, pair.client.takeNews())
  }

  @Test func whateverComesOfAStreamIsNews() {
    #expect(clientHears(awaiting: nil) == (true, true))
  }

  @Test func whatComesBeforeAllThatIsAwaitedIsNoNews() {
    #expect(clientHears(awaiting: 3_000) == (false, true))
    #expect(clientHears(awaiting: 2_001) == (false, true))
    #expect(clientHears(awaiting: 2_000) == (true, true))
  }

  @Test func aResetIsNewsWhateverIsAwaited() {
    let pair = QUICPair()
    pair.open()
    pair.client.write(100, on: 0, isLast: true)
    pair.run(milliseconds: 100)
    _ = pair.client.takeNews()
    pair.client.holdNews(of: 0, upTo: 3_000)
    pair.server.write(2_000, on: 0, isLast: false)
    pair.run(milliseconds: 100)
    #expect(pair.client.takeNews() == false)
    pair.server.reset(0, code: 0x10C)
    pair.run(milliseconds: 100)
    #expect(pair.client.takeNews() == true)
    #expect(pair.client.nextNews() == 0)
  }
}
