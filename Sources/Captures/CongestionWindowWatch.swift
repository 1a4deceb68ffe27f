/// What can be told of a sender's congestion window, in bytes of payload.
public struct CongestionWindow: Equatable, Sendable {
  /// The most that was under way: the window was as large at least.
  public var largest: Int64
  /// The most that was under way in the last round trip in which the window held the sender; nil where it
  /// never did for as long.
  public var last: Int64?
  /// The largest before the first packet was lost; nil where none was.
  public var beforeLoss: Int64?
  /// How many round trips there were in which the window held the sender.
  public var rounds: Int64
}

/// What one direction's flights tell of its sender's congestion window.
///
/// As long as nothing but the window holds a sender, all that is under way is the window. Each round
/// trip gives one figure: the most that was under way in it. Where the application or the receiver's window
/// held the sender next, the window may have been larger; what is under way during a repair is more.
struct CongestionWindowWatch {
  /// The most so far; 0 where nothing is known.
  private(set) var largest: Int64 = 0
  private var last: Int64?
  private var rounds: Int64 = 0
  private var roundStartNs: Int64 = 0
  private var most: Int64 = 0

  /// Takes what is under way while nothing but the window holds the sender.
  @inline(__always)
  mutating func take(_ flight: Int64, atNs now: Int64, roundNs: Int64) {
    if now - roundStartNs >= roundNs {
      if most > 0 {
        last = most
        rounds += 1
      }
      most = 0
      roundStartNs = now
    }
    most = max(most, flight)
    largest = max(largest, flight)
  }

  /// Something else holds the sender: what is under way need not be all that the window allows.
  @inline(__always)
  mutating func pause() { most = 0 }

  /// What can be told; nil where nothing was under way.
  func result(beforeLoss: Int64?) -> CongestionWindow? {
    guard largest > 0 else { return nil }
    return CongestionWindow(largest: largest, last: last, beforeLoss: beforeLoss, rounds: rounds)
  }
}
