/// When the receiver sends an acknowledgement (RFC 9293 §3.8.6.3, RFC 5681 §4.2).
struct AcknowledgementSchedule {
  /// Whether one has to go out at once.
  private(set) var isDue = false
  /// When one has to go out at the latest; `never` when nothing waits to be acknowledged.
  private(set) var deadline = SimTime.never
  private let policy: AcknowledgementPolicy
  private var waiting: UInt32 = 0
  private var quickRemaining: UInt32

  init(_ policy: AcknowledgementPolicy) {
    self.policy = policy
    quickRemaining = policy.quickSegments
  }

  /// A segment with data arrived in order.
  mutating func segmentArrived(at now: SimTime) {
    waiting += 1
    if quickRemaining > 0 {
      quickRemaining -= 1
      isDue = true
    } else if waiting >= policy.everySegments {
      isDue = true
    } else if deadline == .never {
      deadline = now + policy.delay
    }
  }

  /// Something happened that the sender must learn of at once: a hole, its repair, a duplicate, a
  /// FIN (RFC 5681 §4.2).
  mutating func require() { isDue = true }

  /// The delay is over.
  mutating func delayEnded() { isDue = true }

  /// An acknowledgement went out, by itself or with data.
  mutating func sent() {
    isDue = false
    waiting = 0
    deadline = .never
  }
}
