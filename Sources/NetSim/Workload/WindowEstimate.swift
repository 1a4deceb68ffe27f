/// What a receiver takes the path to hold, by PINGs beside the data: hyper's rule for windows that
/// adapt.
///
/// A PING goes out with the first data; what comes until its answer is a sample. Where a sample is the
/// fastest so far, and two thirds of the window or more, the window becomes twice the sample. While
/// nothing changes the PINGs become rare.
struct WindowEstimate {
  /// The largest window that is asked for.
  static let most = HTTP2EndPolicy.mostAdaptiveWindow

  private(set) var window = HTTP2EndPolicy.initialWindow
  private var bytes: Int64 = 0
  private var sentAt: SimTime?
  private var pausesUntil = SimTime.zero
  private var pause = SimDuration.milliseconds(100)
  private var steadySamples = 0
  private var roundTrip: SimDuration?
  /// The fastest sample: bytes in a second.
  private var fastest: Int64 = 0

  /// Counts data. Returns whether a PING is to be sent now.
  mutating func take(_ count: Int64, at now: SimTime) -> Bool {
    if now < pausesUntil { return false }
    bytes += count
    if sentAt != nil { return false }
    sentAt = now
    return true
  }

  /// The PING is answered. Returns the window where it is to grow.
  mutating func answered(at now: SimTime) -> Int64? {
    guard let sent = sentAt else { return nil }
    let sample = now - sent
    roundTrip = roundTrip.map { $0 + (sample - $0) / 8 } ?? sample
    let larger = grow()
    if larger == nil { steady() }
    sentAt = nil
    bytes = 0
    pausesUntil = now + pause
    return larger
  }

  private mutating func grow() -> Int64? {
    guard window < Self.most, let roundTrip, roundTrip > .zero else { return nil }
    // Half as much again as the round trip, because data goes on to come while the answer does.
    let rate = min(bytes, 4_000_000_000) * 2_000_000_000 / (roundTrip.nanoseconds * 3)
    guard rate >= fastest else { return nil }
    fastest = rate
    guard bytes >= window * 2 / 3 else { return nil }
    window = min(bytes * 2, Self.most)
    return window
  }

  private mutating func steady() {
    guard pause < .seconds(10) else { return }
    steadySamples += 1
    if steadySamples == 2 {
      pause = pause * 4
      steadySamples = 0
    }
  }
}

/// What a PING is for.
enum PingPurpose: UInt8, BitwiseCopyable {
  /// To find out whether the peer is there.
  case keepAlive
  /// To find out what the path holds.
  case estimate
  /// To find out when the peer knows that the connection ends.
  case ending
}
