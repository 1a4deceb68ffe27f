import Testing

@testable import NetSim

@Suite struct EventQueueTests {
  @Test func eventsComeOutInOrderOfTime() {
    var queue = EventQueue()
    for time in [50, 10, 40, 20, 30] {
      queue.schedule(UInt32(time), at: SimTime(nanoseconds: Int64(time)))
    }
    var order: [UInt32] = []
    while let event = queue.next() { order.append(event.target) }
    #expect(order == [10, 20, 30, 40, 50])
  }

  @Test func eventsOfOneTimeComeOutInTheOrderOfScheduling() {
    var queue = EventQueue()
    for target: UInt32 in [7, 3, 9, 1] { queue.schedule(target, at: SimTime(nanoseconds: 5)) }
    var order: [UInt32] = []
    while let event = queue.next() { order.append(event.target) }
    #expect(order == [7, 3, 9, 1])
  }

  @Test func tiesKeepTheirOrderWhenTheSequenceNumberIsRenewed() {
    var queue = EventQueue()
    queue.setSequenceForTesting(UInt32.max - 2)
    for target: UInt32 in 0..<6 { queue.schedule(target, at: SimTime(nanoseconds: 5)) }
    queue.schedule(99, at: SimTime(nanoseconds: 1))
    var order: [UInt32] = []
    while let event = queue.next() { order.append(event.target) }
    #expect(order == [99, 0, 1, 2, 3, 4, 5])
  }

  @Test(arguments: UInt64(1)...20)
  func agreesWithASortedListForRandomInput(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: "queue test")
    var queue = EventQueue()
    var model: [(time: Int64, order: UInt32)] = []
    for order in 0..<UInt32(400) {
      let time = Int64(random.next(below: 100))
      queue.schedule(order, at: SimTime(nanoseconds: time))
      model.append((time, order))
      guard random.next(below: 3) == 0, let event = queue.next() else { continue }
      let least = model.indices.min {
        (model[$0].time, model[$0].order) < (model[$1].time, model[$1].order)
      }!
      let expected = model.remove(at: least)
      #expect(event.target == expected.order, "seed \(seed)")
    }
    for expected in model.sorted(by: { ($0.time, $0.order) < ($1.time, $1.order) }) {
      #expect(queue.next()?.target == expected.order, "seed \(seed)")
    }
    #expect(queue.next() == nil)
  }

  @Test func nextTimeIsTheEarliestAndNeverWhenEmpty() {
    var queue = EventQueue()
    #expect(queue.nextTime == .never)
    queue.schedule(1, at: SimTime(nanoseconds: 30))
    queue.schedule(2, at: SimTime(nanoseconds: 20))
    #expect(queue.nextTime == SimTime(nanoseconds: 20))
    #expect(queue.count == 2)
    #expect(queue.next(until: SimTime(nanoseconds: 19)) == nil)
    #expect(queue.next(until: SimTime(nanoseconds: 20))?.target == 2)
    #expect(queue.nextTime == SimTime(nanoseconds: 30))
    #expect(queue.count == 1)
    #expect(queue.next()?.target == 1)
    #expect(queue.nextTime == .never && queue.count == 0)
    queue.schedule(3, at: SimTime(nanoseconds: 40))
    #expect(queue.nextTime == SimTime(nanoseconds: 40) && queue.count == 1)
  }
}
