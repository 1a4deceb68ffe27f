import NetSim

/// The event queue alone: what one pop and one push cost while so many events are pending.
enum QueueBenchmark {
  static func run() {
    print("Event queue: one pop and one push, CPU time\n")
    print("     pending   ns per pair   pairs per second   allocations per pair")
    for pending in [64, 1_000, 10_000, 100_000, 1_000_000] {
      let (cost, pairs) = measure(pending: pending)
      let columns = [
        (Figure.grouped(pending), 12),
        (Figure.decimal(Double(cost.cpuNanoseconds) / Double(pairs), digits: 1), 14),
        (Figure.decimal(cost.perSecond(UInt64(pairs)), digits: 0), 19),
        (Figure.decimal(Double(cost.allocations) / Double(pairs), digits: 6), 23),
      ]
      print(columns.map { Figure.right($0.0, width: $0.1) }.joined())
    }
  }

  /// The hold model: an event that is taken out is scheduled anew a random time later, so that
  /// the number pending stays. The times are prepared before, so that drawing them costs nothing.
  private static func measure(pending: Int) -> (Cost, pairs: Int) {
    let pairs = 2_000_000
    var state: UInt64 = 0x2545_F491_4F6C_DD1D
    let delays = (0..<65_536).map { _ -> Int64 in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int64(state >> 44)  // Up to a millisecond.
    }
    var queue = EventQueue()
    for index in 0..<pending {
      queue.schedule(UInt32(index), at: SimTime(nanoseconds: delays[index & 0xFFFF]))
    }
    let warmUp = hold(&queue, delays, pairs: pending + 100_000)
    let (cost, sum) = Cost.least(of: 3) { hold(&queue, delays, pairs: pairs) }
    precondition(warmUp &+ sum != 1, "the sums are looked at, so that the work is really done")
    return (cost, pairs)
  }
  /// Takes out and schedules anew; returns a sum over what came out.
  private static func hold(_ queue: inout EventQueue, _ delays: [Int64], pairs: Int) -> UInt64 {
    var sum: UInt64 = 0
    for index in 0..<pairs {
      guard let (time, target) = queue.next() else { break }
      sum &+= UInt64(target)
      let delay = delays[index & 0xFFFF]
      queue.schedule(target, at: SimTime(nanoseconds: time.nanoseconds + delay))
    }
    return sum
  }
}
