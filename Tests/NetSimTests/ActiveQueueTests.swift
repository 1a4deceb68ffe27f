import Testing

@testable import NetSim

/// RED and CoDel, step by step.
@Suite struct ActiveQueueTests {
  // MARK: CoDel

  /// 100 ms over the square roots of 1, 2, 3, 4, 5, 9 and 100.
  @Test func theControlLawIsTheIntervalOverTheSquareRoot() {
    let times = ([1, 2, 3, 4, 5, 9, 100] as [UInt32]).map {
      ControlledDelay.controlLaw(.zero, interval: .milliseconds(100), count: $0).nanoseconds
    }
    #expect(
      times == [
        100_000_000, 70_710_678, 57_735_026, 50_000_000, 44_721_359, 33_333_333, 10_000_000,
      ])
  }

  @Test func squareRootsAreRoundedDown() {
    #expect([0, 1, 2, 3, 4, 8, 9].map { ControlledDelay.squareRoot($0) } == [0, 1, 1, 1, 2, 2, 3])
    #expect(ControlledDelay.squareRoot(.max) == 4_294_967_295)
    var random = RandomStream(seed: 1, purpose: "square roots")
    for _ in 0..<1000 {
      let value = random.next() >> 2
      let root = ControlledDelay.squareRoot(value)
      #expect(root * root <= value && (root + 1) * (root + 1) > value)
    }
  }

  /// 400 packets at once, a millisecond each: the 6th waits 5 ms, so that the first drop comes at
  /// 105 ms, to the 106th. The next come at 205 ms and, by the control law, after 275.7, 333.4 and
  /// 383.4 ms; with each drop the one at the head at t ms is one further on.
  @Test func codelDropsByItsControlLaw() {
    var driver = LinkDriver { $0.discipline = .codel(CoDelSettings()) }
    driver.enter(1...400)
    driver.run()
    #expect(driver.dropped == [106, 207, 279, 338, 389])
    #expect(driver.reasons == Array(repeating: .activeQueue, count: 5))
    #expect(driver.arrivals.count == 395)
    #expect(driver.arrivals.last?.time == 400_000_000)  // 395 ms of packets and the delay
  }

  /// Marked packets are sent, so that the head at t ms is always the one of t.
  @Test func codelMarksWhatAllowsIt() {
    var driver = LinkDriver {
      $0.discipline = .codel(CoDelSettings())
      $0.marksECN = true
    }
    driver.enter(1...400, ecn: .capable0)
    driver.run()
    #expect(driver.dropped.isEmpty)
    let marked = driver.arrivals.filter { $0.ecn == .congestionExperienced }
    #expect(marked.map(\.number) == [106, 206, 277, 335, 385])
    let records = driver.log.records.filter { $0.kind == .packetMarked }
    #expect(records.map(\.item) == [106, 206, 277, 335, 385])
  }

  @Test func codelDropsWhereMarkingIsOff() {
    var driver = LinkDriver { $0.discipline = .codel(CoDelSettings()) }
    driver.enter(1...400, ecn: .capable0)
    driver.run()
    #expect(driver.dropped == [106, 207, 279, 338, 389])
    #expect(driver.arrivals.allSatisfy { $0.ecn == .capable0 })
  }

  /// Waits just below the target, or above it for less than an interval, are no standing queue.
  @Test func codelLeavesShortQueuesAlone() {
    var driver = LinkDriver { $0.discipline = .codel(CoDelSettings()) }
    for burst: UInt32 in 0..<20 {
      driver.enter(burst * 100 + 1...burst * 100 + 100, at: Int64(burst) * 101_000_000)
    }
    driver.run()
    #expect(driver.dropped.isEmpty)
  }

  /// A wait is known when a packet leaves, and recorded then.
  @Test func codelRecordsWaitsOnLeaving() {
    var driver = LinkDriver { $0.discipline = .codel(CoDelSettings()) }
    driver.enter(1...3)
    driver.run()
    let entered = driver.log.records.filter { $0.kind == .packetEnqueued }
    #expect(entered.map(\.offset) == [-1, -1, -1])
    let left = driver.log.records.filter { $0.kind == .packetDequeued }
    #expect(left.map(\.offset) == [0, 1_000_000, 2_000_000])
    #expect(driver.microseconds == [6000, 7000, 8000])
  }

  @Test func codelQueuesAreFullToo() {
    var driver = LinkDriver {
      $0.discipline = .codel(CoDelSettings())
      $0.queue = .packets(3)
    }
    driver.enter(1...5)
    driver.enter(6...7, at: 1_000_000)
    driver.run()
    #expect(driver.dropped == [4, 5, 7])
    #expect(driver.reasons == Array(repeating: .queueFull, count: 3))
  }

  // MARK: RED

  private static func red(_ seed: UInt64 = 1) -> RandomEarlyDetection {
    RandomEarlyDetection(
      REDSettings(
        minimum: 2, maximum: 6, maximumProbability: Probability(partsPerBillion: 500_000_000),
        weightShift: 1), random: RandomStream(seed: seed, purpose: "test"))
  }

  /// With a weight of one half: averages of 0, 2, 4, 6, 9 and 12; between 2 and 6 the probability
  /// grows to one half, from there to one at 12.
  @Test func redAveragesTheQueue() {
    var red = ActiveQueueTests.red()
    var seen: [[UInt64]] = []
    for queue in [0, 4, 6, 8, 12, 15] {
      red.observe(queue: queue, idleSince: .zero, at: .zero, rate: .megabits(8))
      seen.append([red.average >> 32, red.probability])
    }
    #expect(
      seen == [
        [0, 0], [2, 0], [4, 250_000_000], [6, 500_000_000], [9, 750_000_000], [12, 1_000_000_000],
      ])
    // 1,000 bytes take 1 ms: two could have come while it was idle, 12 · 1/4, and then half of 3.
    red.observe(
      queue: 0, idleSince: .zero + .milliseconds(7), at: .zero + .microseconds(9_900),
      rate: .megabits(8))
    #expect(red.average == 3 << 31)
    // Another at once: the time before is not counted again, and the average halves to 0.75.
    red.observe(
      queue: 0, idleSince: .zero + .milliseconds(7), at: .zero + .microseconds(9_900),
      rate: .megabits(8))
    #expect(red.average == 3 << 30)
  }

  /// (1 − 1/512)¹⁰⁰⁰ is 0.14157.
  @Test func redForgetsWhileTheLineIsIdle() {
    var red = RandomEarlyDetection(
      REDSettings(), random: RandomStream(seed: 1, purpose: "test"))
    for _ in 0..<20_000 {
      red.observe(queue: 1000, idleSince: .zero, at: .zero, rate: .megabits(8))
    }
    #expect(red.average >> 32 == 999)
    red.observe(
      queue: 0, idleSince: .zero, at: .zero + .milliseconds(999), rate: .megabits(8))
    #expect(red.average >> 32 == 141)
  }

  /// At a probability of a quarter the gaps between two picked are 1, 2, 3 and 4, equally often.
  @Test func redEvensOutTheGaps() {
    var red = ActiveQueueTests.red()
    for queue in [0, 4, 6] {
      red.observe(queue: queue, idleSince: .zero, at: .zero, rate: .megabits(8))
    }
    var gaps = [0, 0, 0, 0, 0]
    var gap = 0
    for _ in 0..<25_000 {
      gap += 1
      if red.judge() == .notify {
        gaps[min(gap, 5) - 1] += 1
        gap = 0
      }
    }
    #expect(gaps[4] == 0)
    for count in gaps.prefix(4) { #expect((2350...2650).contains(count), "\(gaps)") }
  }

  /// Packets that come twice as fast as they leave: RED keeps the queue below its limit.
  @Test func redDropsBeforeTheQueueIsFull() {
    var driver = LinkDriver {
      $0.discipline = .red(REDSettings(weightShift: 6))
      $0.queue = .packets(100)
    }
    for number: UInt32 in 1...2000 { driver.enter(number...number, at: Int64(number) * 700_000) }
    driver.run()
    #expect(driver.reasons.allSatisfy { $0 == .activeQueue })
    #expect((500...700).contains(driver.dropped.count), "\(driver.dropped.count)")
    #expect(driver.arrivals.count + driver.dropped.count == 2000)
  }

  @Test func redMarksWhatAllowsItAndDropsTheRest() {
    func outcome(_ ecn: CongestionCodepoint) -> LinkDriver {
      var driver = LinkDriver {
        $0.discipline = .red(REDSettings(minimum: 5, maximum: 200, weightShift: 4))
        $0.marksECN = true
      }
      for number: UInt32 in 1...500 {
        driver.enter(number...number, at: Int64(number) * 900_000, ecn: ecn)
      }
      driver.run()
      return driver
    }
    let marked = outcome(.capable1)
    #expect(marked.dropped.isEmpty)
    #expect(marked.arrivals.contains { $0.ecn == .congestionExperienced })
    let plain = outcome(.notCapable)
    #expect(!plain.dropped.isEmpty)
    #expect(plain.arrivals.allSatisfy { $0.ecn == .notCapable })
  }
}
