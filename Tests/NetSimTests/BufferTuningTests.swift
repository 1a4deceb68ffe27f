import Testing

@testable import NetSim

/// Dynamic right-sizing of the receive buffer.
@Suite struct BufferTuningTests {
  private func settings(limit: Int64) -> TransportSettings {
    var settings = TransportSettings.standard(.linux)
    settings.receiveWindow = ByteCount(limit)
    settings.receivePolicy.initialBuffer = ByteCount(80 << 10)
    settings.initialReceiveWindow = ByteCount(64 << 10)
    settings.usesPacing = false
    settings.timerTick = .zero
    return settings
  }

  @Test func theSYNOffersSixtyFourKibibytes() {
    var pair = EndpointPair(settings(limit: 3_840 << 10))
    pair.open()
    #expect(pair.sent[0].segment.window == 65_535)
    #expect(pair.client.receiveBuffer.opened == 65_536)
    #expect(pair.client.receiveBuffer.size == 81_920)
  }

  @Test func theBufferOutgrowsASenderInSlowStart() {
    var pair = EndpointPair(settings(limit: 3_840 << 10))
    pair.open()
    pair.run(milliseconds: 100)
    _ = pair.server.write(4_000_000)
    while pair.server.sendUnacknowledged < 4_000_001 {
      pair.run(milliseconds: 10)
      // The congestion window alone holds the sender.
      #expect(pair.server.limit != .receiveWindow)
    }
    #expect(pair.client.receiveBuffer.size == 3_840 << 10)
  }

  @Test func itGrowsNoFurtherThanItsLimit() {
    var pair = EndpointPair(settings(limit: 200_000))
    pair.open()
    pair.run(milliseconds: 100)
    _ = pair.server.write(4_000_000)
    pair.run(milliseconds: 5000)
    #expect(pair.client.receiveBuffer.size == 200_000)
    #expect(pair.client.receiveBuffer.opened == 200_000)
  }

  @Test func theBufferOfASlowReaderStaysSmall() {
    var pair = EndpointPair(settings(limit: 3_840 << 10))
    pair.client.receiveBuffer.reader = ApplicationReader(bytesPerSecond: 50_000)
    pair.open()
    pair.run(milliseconds: 100)
    _ = pair.server.write(1_000_000)
    pair.run(milliseconds: 5000)
    #expect(pair.client.receiveBuffer.size == 81_920)
  }

  @Test(arguments: [Profile.rfc, .ideal])
  func elsewhereTheBufferIsFixed(profile: Profile) {
    let settings = TransportSettings.standard(profile)
    #expect(ReceiveBuffer(settings).opened == settings.receiveWindow.bytes)
    #expect(!settings.receivePolicy.isTuned)
  }
}
