import NetSim

/// What kept one end from sending more, for how long.
public struct LimitTimes: Equatable, Sendable {
  /// Nothing was to be sent.
  public var application = SimDuration.zero
  /// The other end had announced no more room.
  public var receiveWindow = SimDuration.zero
  /// The sender waited for acknowledgements, and the path was not full.
  public var congestionWindow = SimDuration.zero
  /// The path was full: packets came as fast as it carries them.
  public var path = SimDuration.zero
  /// Lost packets were sent again.
  public var recovery = SimDuration.zero

  /// The limits with their names in a report, in a fixed order.
  public var all: [(name: String, time: SimDuration)] {
    [
      ("application", application), ("receive_window", receiveWindow),
      ("congestion_window", congestionWindow), ("path", path), ("recovery", recovery),
    ]
  }

  /// The name of the greatest; nil when there was none.
  public var greatest: String? {
    all.filter { $0.time > .zero }.max { $0.time < $1.time }?.name
  }
}

/// Charges the time between new data of one direction to what kept the sender from sending sooner.
///
/// It is not known until the end at which end the capture was made, so that both ways of looking are
/// followed: at the sender an acknowledgement that lets data out comes right before them; at the
/// receiver it left a round trip before.
struct SendLimits {
  /// When acknowledgements passed that moved on, as far back as a round trip may be.
  private var acknowledgements = RecentTimes()
  private var lastDataNs: Int64 = -1
  private var wasFull = false
  private var repeatedSince = false
  /// As seen at the sender, and at the receiver.
  private(set) var near = LimitTimes()
  private(set) var far = LimitTimes()

  /// An acknowledgement of new data passed. `loopNs` is the least round trip of the other direction.
  @inline(__always)
  mutating func acknowledged(atNs now: Int64, loopNs: Int64) {
    acknowledgements.add(now, apartNs: loopNs / 12)
  }

  /// Something was sent again.
  mutating func repeated() { repeatedSince = true }

  /// Takes new data. `flight` bytes were under way before; `isFull` says that they leave no room for
  /// more; `rtt` has the round trips of this direction's data, `loopNs` the least one of the other's.
  mutating func sent(
    atNs now: Int64, flight: Int64, isFull: Bool, rtt: borrowing RoundTrips, loopNs: Int64?
  ) {
    defer {
      lastDataNs = now
      wasFull = isFull
      repeatedSince = false
    }
    guard lastDataNs >= 0, now > lastDataNs else { return }
    let gap = SimDuration(nanoseconds: now - lastDataNs)
    if repeatedSince {
      near.recovery.grow(by: gap)
      far.recovery.grow(by: gap)
      return
    }
    chargeNear(gap, atNs: now, flight, rtt)
    chargeFar(gap, atNs: now, loopNs)
  }

  private mutating func chargeNear(
    _ gap: SimDuration, atNs now: Int64, _ flight: Int64, _ rtt: borrowing RoundTrips
  ) {
    let least = rtt.minimumNs ?? 0
    let slackNs = max(1_000_000, least / 16)
    let wasReleased = acknowledgements.latest >= 0 && now - acknowledgements.latest <= slackNs
    if wasFull {
      near.receiveWindow.grow(by: gap)
    } else if flight > 0, wasReleased || gap.nanoseconds <= slackNs {
      // A queue at the bottleneck makes round trips longer: then more could not have been carried.
      if rtt.lastNs > least + least / 4 {
        near.path.grow(by: gap)
      } else {
        near.congestionWindow.grow(by: gap)
      }
    } else {
      near.application.grow(by: gap)
    }
  }

  private mutating func chargeFar(_ gap: SimDuration, atNs now: Int64, _ loopNs: Int64?) {
    guard let loopNs, gap.nanoseconds > loopNs / 4 else {
      far.path.grow(by: gap)
      return
    }
    let slackNs = max(1_000_000, loopNs / 8)
    let wasReleased = acknowledgements.contains(
      between: now - loopNs - slackNs, and: now - loopNs + slackNs)
    if wasFull {
      far.receiveWindow.grow(by: gap)
    } else if wasReleased {
      far.congestionWindow.grow(by: gap)
    } else {
      far.application.grow(by: gap)
    }
  }
}

extension SimDuration {
  /// Adds a span. What the clock of a capture makes longer than can be told stays the longest.
  mutating func grow(by span: SimDuration) {
    let (sum, isTooLong) = nanoseconds.addingReportingOverflow(span.nanoseconds)
    self = SimDuration(nanoseconds: isTooLong ? .max : sum)
  }
}

/// The last few moments at which something happened.
struct RecentTimes {
  private var times = InlineArray<16, Int64>(repeating: -1)
  private var next = 0
  /// The latest; −1 when there is none.
  private(set) var latest: Int64 = -1

  /// Takes a moment. Of those closer to each other than `apartNs` the first is kept.
  @inline(__always)
  mutating func add(_ timeNs: Int64, apartNs: Int64) {
    latest = timeNs
    guard timeNs - times[(next &+ 15) & 15] > apartNs else { return }
    times[next & 15] = timeNs
    next = (next &+ 1) & 15
  }

  /// Whether one of them lies within bounds.
  func contains(between first: Int64, and last: Int64) -> Bool {
    for index in 0..<16 where times[index] >= max(first, 0) && times[index] <= last {
      return true
    }
    return false
  }
}
