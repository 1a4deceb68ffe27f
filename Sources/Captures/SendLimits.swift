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

/// New data, as they are sent.
struct SentData {
  var timeNs: Int64
  /// The relative sequence number behind them.
  var end: Int64
  var length: Int64
  /// Bytes that were under way before.
  var flight: Int64
  /// Whether they leave no room for more at the receiver.
  var isFull: Bool
  /// Whether they are as many as a segment takes.
  var isFullSize: Bool
  /// What is acknowledged.
  var acknowledged: Int64
  /// Whether data behind that have reached the receiver: then more is under way than the sender believes
  /// once it learns of that.
  var hasGap: Bool
  /// Whether something that was sent again is not acknowledged yet, or was sent with it.
  var isRepairing: Bool
  /// The echo of a timestamp with them.
  var echo: UInt32?
}

/// Charges the time between new data of one direction to what kept the sender from sending sooner, and
/// watches its windows and its pace.
///
/// It is not known until the end at which end the capture was made, so that both ways of looking are
/// followed: at the sender an acknowledgement that lets data out comes right before them; at the
/// receiver it left a round trip before.
struct SendLimits {
  /// Acknowledgements that moved on.
  private var acknowledgements = RecentAcknowledgements()
  private var lastDataNs: Int64 = -1
  private var wasFull = false
  private var repeatedSince = false
  /// As seen at the sender, and at the receiver.
  private(set) var near = LimitTimes()
  private(set) var far = LimitTimes()
  private(set) var nearWindow = CongestionWindowWatch()
  private(set) var farWindow = CongestionWindowWatch()
  private(set) var pacing = PacingWatch()

  /// An acknowledgement of new data passed, with the timestamp `stamp`. `loopNs` is the least round trip
  /// of the other direction.
  @inline(__always)
  mutating func acknowledged(_ offset: Int64, stamp: UInt32?, atNs now: Int64, loopNs: Int64) {
    acknowledgements.add(offset, stamp: stamp, atNs: now, apartNs: loopNs / 12)
  }

  /// Something was sent again.
  mutating func repeated() { repeatedSince = true }

  /// Takes new data. `rtt` has the round trips of this direction's data, `loopNs` the least one of the
  /// other's.
  mutating func sent(_ data: SentData, rtt: borrowing RoundTrips, loopNs: Int64?) {
    defer {
      lastDataNs = data.timeNs
      wasFull = data.isFull
      repeatedSince = false
    }
    guard lastDataNs >= 0, data.timeNs >= lastDataNs else { return pacing.begin(data.length) }
    let isPaced = pacing.take(
      gapNs: data.timeNs - lastDataNs, length: data.length,
      quietNs: data.timeNs - acknowledgements.latestNs,
      counts: data.flight > 0 && data.isFullSize && !wasFull && !repeatedSince)
    guard data.timeNs > lastDataNs else { return }
    let gap = SimDuration(nanoseconds: data.timeNs - lastDataNs)
    if repeatedSince {
      near.recovery.grow(by: gap)
      far.recovery.grow(by: gap)
      return
    }
    chargeNear(gap, data, rtt, isPaced: isPaced)
    chargeFar(gap, data, loopNs)
  }

  private mutating func chargeNear(
    _ gap: SimDuration, _ data: SentData, _ rtt: borrowing RoundTrips, isPaced: Bool
  ) {
    let least = rtt.minimumNs ?? 0
    let slackNs = max(1_000_000, least / 16)
    let wasReleased =
      acknowledgements.latestNs >= 0 && data.timeNs - acknowledgements.latestNs <= slackNs
    let isHeld = wasReleased || isPaced || gap.nanoseconds <= slackNs
    if wasFull || !isHeld { nearWindow.pause() }
    if wasFull { return near.receiveWindow.grow(by: gap) }
    guard isHeld, data.flight > 0 else { return near.application.grow(by: gap) }
    if !data.isRepairing, !data.hasGap {
      nearWindow.take(data.flight + data.length, atNs: data.timeNs, roundNs: rtt.lastNs)
    }
    // A queue at the bottleneck makes round trips longer: then more could not have been carried.
    if rtt.lastNs > least + least / 4 {
      near.path.grow(by: gap)
    } else {
      near.congestionWindow.grow(by: gap)
    }
  }

  private mutating func chargeFar(_ gap: SimDuration, _ data: SentData, _ loopNs: Int64?) {
    guard let loopNs, gap.nanoseconds > loopNs / 4 else {
      far.path.grow(by: gap)
      if let loopNs, !data.isRepairing, !wasFull { takeFarWindow(data, loopNs) }
      return
    }
    let slackNs = max(1_000_000, loopNs / 8)
    let answeredNs = data.timeNs - loopNs
    let wasReleased = acknowledgements.contains(
      between: answeredNs - slackNs, and: answeredNs + slackNs)
    if wasFull || !wasReleased { farWindow.pause() }
    if wasFull {
      far.receiveWindow.grow(by: gap)
    } else if wasReleased {
      far.congestionWindow.grow(by: gap)
      if !data.isRepairing { takeFarWindow(data, loopNs) }
    } else {
      far.application.grow(by: gap)
    }
  }

  private mutating func takeFarWindow(_ data: SentData, _ loopNs: Int64) {
    let flight = acknowledgements.flight(
      upTo: data.end, echo: data.echo, atNs: data.timeNs, loopNs: loopNs)
    guard let flight, !data.hasGap || flight > data.end - data.acknowledged else { return }
    farWindow.take(flight, atNs: data.timeNs, roundNs: loopNs)
  }
}

extension SimDuration {
  /// Adds a span. What the clock of a capture makes longer than can be told stays the longest.
  mutating func grow(by span: SimDuration) {
    let (sum, isTooLong) = nanoseconds.addingReportingOverflow(span.nanoseconds)
    self = SimDuration(nanoseconds: isTooLong ? .max : sum)
  }
}
