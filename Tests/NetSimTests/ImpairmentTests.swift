import Testing

@testable import NetSim

/// What a link does to packets beside rate, delay, queue and simple loss.
@Suite struct ImpairmentTests {
  private static func parts(_ percent: Double) -> Probability {
    Probability(partsPerBillion: UInt32(percent * 10_000_000))
  }

  // MARK: Bursts

  /// Entered with 2 % and left with 20 %: 2/22 of the packets are lost, five in a row on average.
  @Test func burstsHaveTheirShareAndLength() {
    var (lost, bursts, packets) = (0, 0, 0)
    for seed: UInt64 in 1...20 {
      var settings = LinkSettings(rate: .megabits(1), delay: .zero)
      settings.bursts = BurstLoss(entry: Self.parts(2), exit: Self.parts(20))
      var model = LossModel(settings, index: 0, seed: seed)
      var wasLost = false
      for number: UInt32 in 1...50_000 {
        let isLost = model.drops(LinkDriver.packet(number), nil, at: .zero) == .burstLoss
        lost += isLost ? 1 : 0
        bursts += isLost && !wasLost ? 1 : 0
        packets += 1
        wasLost = isLost
      }
    }
    let share = Double(lost) / Double(packets)
    let length = Double(lost) / Double(bursts)
    #expect(abs(share - 2 / 22.0) < 0.003, "\(share)")
    #expect(abs(length - 5) < 0.15, "\(length)")
  }

  /// Both states with losses: 1/3 of the time in the bad one, 50 % and 5 % lost.
  @Test func bothStatesLose() {
    var settings = LinkSettings(rate: .megabits(1), delay: .zero)
    settings.bursts = BurstLoss(
      entry: Self.parts(10), exit: Self.parts(20), lossInBad: Self.parts(50),
      lossInGood: Self.parts(5))
    var model = LossModel(settings, index: 0, seed: 1)
    let lost = (1...200_000 as ClosedRange<UInt32>).filter {
      model.drops(LinkDriver.packet($0), nil, at: .zero) != nil
    }
    #expect(abs(Double(lost.count) / 200_000 - 0.2) < 0.005, "\(lost.count)")
  }

  // MARK: Chance

  @Test func jitterStaysWithinItsBoundsAndUsesThem() {
    var driver = LinkDriver { $0.jitter = .milliseconds(2) }
    for number: UInt32 in 1...1000 { driver.enter(number...number, at: Int64(number) * 10_000_000) }
    driver.run()
    let extra = driver.arrivals.map { $0.time - Int64($0.number) * 10_000_000 - 6_000_000 }
    #expect(extra.allSatisfy { (0...2_000_000).contains($0) })
    #expect(extra.min()! < 20_000 && extra.max()! > 1_980_000)
    let mean = extra.reduce(0, +) / 1000
    #expect((950_000...1_050_000).contains(mean), "\(mean)")
  }

  @Test func jitterKeepsTheOrder() {
    var driver = LinkDriver { $0.jitter = .milliseconds(50) }
    driver.enter(1...1000)
    driver.run()
    #expect(driver.arrivals.map(\.number) == Array(1...1000))
    for arrival in driver.arrivals {
      let least = Int64(arrival.number) * 1_000_000 + 5_000_000
      #expect((least...least + 50_000_000).contains(arrival.time))
    }
  }

  @Test func latePacketsAreOvertaken() {
    var driver = LinkDriver {
      $0.reordering = Reordering(Self.parts(10), delay: .microseconds(3_500))
    }
    driver.enter(1...1000)
    driver.run()
    #expect(driver.arrivals.map(\.number).sorted() == Array(1...1000))
    #expect(zip(driver.arrivals, driver.arrivals.dropFirst()).allSatisfy { $0.time <= $1.time })
    var late = 0
    for arrival in driver.arrivals {
      let usual = Int64(arrival.number) * 1_000_000 + 5_000_000
      late += arrival.time == usual ? 0 : 1
      #expect(arrival.time == usual || arrival.time == usual + 3_500_000)
    }
    #expect((70...130).contains(late), "\(late)")
  }

  /// Late packets take their place in the queue until they have left it, and no longer.
  @Test func latePacketsFillTheQueueOnlyWhileTheyWait() {
    var driver = LinkDriver {
      $0.reordering = Reordering(Self.parts(100), delay: .seconds(1))
      $0.queue = .packets(2)
    }
    driver.enter(1...3)
    driver.enter(4...5, at: 1_000_000)
    driver.run()
    #expect(driver.dropped == [3, 5])
    #expect(driver.microseconds == [1_006_000, 1_007_000, 1_008_000])
  }

  /// Whatever else is switched on, the same packets are lost.
  @Test func eachPurposeHasChanceOfItsOwn() {
    func lost(_ change: (inout LinkSettings) -> Void) -> [UInt32] {
      var driver = LinkDriver(seed: 7) {
        $0.loss = Self.parts(5)
        change(&$0)
      }
      driver.enter(1...2000)
      driver.run()
      return driver.dropped
    }
    let alone = lost { _ in }
    #expect((60...140).contains(alone.count))
    #expect(
      alone
        == lost {
          $0.jitter = .milliseconds(3)
          $0.reordering = Reordering(Self.parts(10), delay: .milliseconds(9))
          $0.duplication = Self.parts(10)
          $0.rateSteps = [RateStep(.zero + .milliseconds(7), .megabits(3))]
        })
  }

  // MARK: Outages

  @Test func packetsThatEnterInAnOutageAreLost() {
    var driver = LinkDriver {
      $0.outages = [Outage(from: .zero + .milliseconds(10), to: .zero + .milliseconds(20))]
    }
    driver.enter(1...4, at: 9_000_000)  // The last of them leaves in the outage.
    driver.enter(5...5, at: 10_000_000)
    driver.enter(6...6, at: 19_999_999)
    driver.enter(7...7, at: 20_000_000)
    driver.run()
    #expect(driver.dropped == [5, 6])
    #expect(driver.reasons == [.outage, .outage])
    #expect(driver.microseconds == [15_000, 16_000, 17_000, 18_000, 26_000])
  }

  /// Of the second packet half has been sent at 1.5 ms; the rest goes at 4 ms.
  @Test func packetsWaitForTheEndOfAHold() {
    for discipline in [QueueDiscipline.dropTail, .codel(CoDelSettings())] {
      var driver = LinkDriver {
        $0.outages = [
          Outage(from: .zero + .microseconds(1_500), to: .zero + .milliseconds(4), holds: true),
          Outage(from: .zero + .milliseconds(10), to: .zero + .milliseconds(20), holds: true),
        ]
        $0.discipline = discipline
      }
      driver.enter(1...3)
      driver.enter(4...4, at: 12_000_000)
      driver.run()
      #expect(driver.microseconds == [6000, 9500, 10_500, 26_000])
      let last = driver.log.records.last {
        $0.kind == .packetEnqueued || $0.kind == .packetDequeued
      }
      #expect(last?.offset == 8_000_000)
    }
  }

  // MARK: Rates

  /// At 12 Mb/s up to 1.5 ms, then at 6: of the second packet 6,000 bits each way, 0.5 and 1 ms.
  @Test func aPacketInServiceGoesOnAtTheNewRate() {
    var driver = LinkDriver {
      $0.rateSteps = [RateStep(.zero + .microseconds(1_500), .megabits(6))]
    }
    driver.enter(1...3)
    driver.run()
    #expect(driver.microseconds == [6000, 7500, 9500])
  }

  /// 84,000 bits: 21,000 in 3 ms at 7 Mb/s, then 63,000 at 3 Mb/s in 21 ms, to the nanosecond.
  @Test func noFractionIsLostWhenTheRateChanges() {
    var driver = LinkDriver {
      $0.rate = .megabits(7)
      $0.delay = .zero
      $0.rateSteps = [RateStep(.zero + .milliseconds(3), .megabits(3))]
    }
    driver.enter(1...7)
    driver.run()
    #expect(driver.arrivals.last?.time == 24_000_000)
  }

  /// Several changes within one packet: 12,000 bits are 3,000 at 3 Mb/s, 1,000 at 1 Mb/s, and the
  /// rest without limit.
  @Test func aPacketMaySeeSeveralRates() {
    var driver = LinkDriver {
      $0.rateSteps = [
        RateStep(.zero, .megabits(3)), RateStep(.zero + .milliseconds(1), .megabits(1)),
        RateStep(.zero + .milliseconds(2), .unlimited),
      ]
    }
    driver.enter(1...2)
    driver.run()
    #expect(driver.microseconds == [7000, 7000])
  }
}
