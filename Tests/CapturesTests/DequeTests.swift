import TestSupport
import Testing

@testable import Captures

@Suite struct DequeTests {
  private func elements(_ queue: borrowing Deque<Int>) -> [Int] {
    var all: [Int] = []
    for index in 0..<queue.count { all.append(queue[index]) }
    return all
  }

  @Test("What is appended behind the end of the storage goes on at its beginning")
  func wraps() {
    // Four have room at first: with three gone, the fifth to the seventh stand before the fourth.
    var queue = Deque<Int>()
    for value in 0..<4 { queue.append(value) }
    queue.removeFirst(3)
    for value in 4..<7 { queue.append(value) }
    #expect(elements(queue) == [3, 4, 5, 6])
    // One more than there is room for, while the ring is torn in the middle.
    queue.append(7)
    #expect(elements(queue) == [3, 4, 5, 6, 7])
    queue[1] = 40
    #expect(elements(queue) == [3, 40, 5, 6, 7])
  }

  @Test("What is inserted stands before the element that had its index")
  func inserts() {
    var queue = Deque<Int>()
    for value in [1, 2, 3, 4] { queue.append(value) }
    queue.removeFirst(2)
    queue.append(5)
    queue.insert(30, at: 1)
    queue.insert(0, at: 0)
    queue.insert(6, at: 5)
    #expect(elements(queue) == [0, 3, 30, 4, 5, 6])
  }

  @Test("Over seeds, it holds what an array holds", arguments: UInt64(1)...20)
  func isAnArray(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var queue = Deque<Int>()
    var model: [Int] = []
    for step in 0..<500 {
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        let number = Int.random(in: 0...min(3, model.count), using: &random)
        queue.removeFirst(number)
        model.removeFirst(number)
      case 1:
        let index = Int.random(in: 0...model.count, using: &random)
        queue.insert(step, at: index)
        model.insert(step, at: index)
      default:
        queue.append(step)
        model.append(step)
      }
      if elements(queue) != model {
        Issue.record("seed \(seed), step \(step): \(elements(queue)) is not \(model)")
        return
      }
    }
  }
}
