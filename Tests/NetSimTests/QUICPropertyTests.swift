import Testing

@testable import NetSim

/// What holds for every run over QUIC, over seeds with loss, reordering, small windows and every kind of
/// handshake.
@Suite struct QUICPropertyTests {
  @Test(arguments: UInt64(1)...300)
  func everyByteArrivesOnceAndTheBooksBalance(seed: UInt64) {
    QUICRunChecks.everything(RandomScenario.datagrams(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...300)
  func soTheyDoWhenClientsGiveUp(seed: UInt64) {
    QUICRunChecks.ended(RandomScenario.cancelled(seed: seed), seed)
  }

  /// A client's address may change in the middle of a handshake, so that its requests fail.
  @Test(arguments: UInt64(1)...300)
  func soTheyDoWhenAddressesChange(seed: UInt64) {
    QUICRunChecks.ended(RandomScenario.moving(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...20)
  func theSameSeedGivesTheSameRunAtEveryLevel(seed: UInt64) {
    let scenario = RandomScenario.datagrams(seed: seed)
    var fingerprints: Set<UInt64> = []
    for level in EventLog.Level.allCases + [.everything] {
      var simulator = Simulator(scenario, level: level)
      fingerprints.insert(simulator.run().fingerprint.value)
    }
    #expect(fingerprints.count == 1, "seed \(seed)")
  }
}
