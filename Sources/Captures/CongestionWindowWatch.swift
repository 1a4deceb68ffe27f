/// What can be told of a sender's congestion window, in bytes of payload.
public struct CongestionWindow: Equatable, Sendable {
  /// The most that was under way in one round trip in which nothing but the window held the sender.
  public var largest: Int64
  /// The same of the last such round trip.
  public var last: Int64
  /// The same before the first packet was lost; nil where none was.
  public var beforeLoss: Int64?
  /// How many such round trips there were.
  public var rounds: Int64
}

/// What one direction's flights tell of its sender's congestion window.
///
/// As long as nothing but the window holds a sender, all that is under way is the window. Each round
/// trip gives one figure: the most that was under way in it. Times in which the application, the
/// receiver's window or a repair held the sender say nothing of the window and are left out.
struct CongestionWindowWatch {
  private var last: Int64 = 0
  private var largest: Int64 = 0
  private var rounds: Int64 = 0
  private var roundStartNs: Int64 = 0
  private var most: Int64 = 0

  /// What the window is known to have been lately; 0 where nothing is.
  var lately: Int64 { max(last, most) }

  /// Takes what is under way while nothing but the window holds the sender.
  @inline(__always)
  mutating func take(_ flight: Int64, atNs now: Int64, roundNs: Int64) {
    if now - roundStartNs >= roundNs {
      endRound()
      roundStartNs = now
    }
    most = max(most, flight)
  }

  /// Ends a round trip.
  private mutating func endRound() {
    guard most > 0 else { return }
    last = most
    largest = max(largest, most)
    rounds += 1
    most = 0
  }

  /// What can be told; nil where there was no such round trip.
  func result(beforeLoss: Int64?) -> CongestionWindow? {
    var watch = self
    watch.endRound()
    guard watch.rounds > 0 else { return nil }
    return CongestionWindow(
      largest: watch.largest, last: watch.last, beforeLoss: beforeLoss, rounds: watch.rounds)
  }
}
