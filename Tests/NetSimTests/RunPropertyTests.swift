import Testing

@testable import NetSim

/// What holds for every run, over seeds with loss, small queues and several clients.
@Suite struct RunPropertyTests {
  @Test(arguments: UInt64(1)...300)
  func everyByteArrivesOnceAndTheBooksBalance(seed: UInt64) {
    RunChecks.everything(RandomScenario.make(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...300)
  func soTheyDoWithEveryFramingAndProxies(seed: UInt64) {
    RunChecks.everything(RandomScenario.answered(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...300)
  func soTheyDoOverStreams(seed: UInt64) {
    RunChecks.everything(RandomScenario.streams(seed: seed), seed)
  }

  @Test(arguments: UInt64(1)...300)
  func everythingEndsWhateverTheEndsSay(seed: UInt64) {
    RunChecks.ended(RandomScenario.disturbed(seed: seed), seed)
  }
}
