/// Spreads datagrams over the round trip, at 5/4 of the rate that the window needs (RFC 9002 §7.7).
///
/// Either as the RFC describes it, by a bucket that holds one burst and leaks at that rate; or as ngtcp2
/// does: what was sent at one time takes its time before anything more leaves, however little it was.
/// A model of the path gives a rate of its own.
struct QUICPacer {
  private var burst: UInt32
  private let slack: SimDuration
  private var waitsAfterEach: Bool
  /// When the next datagram may leave.
  private(set) var opens = SimTime.zero
  /// Bytes sent at this time; of a bucket, bytes in it, and since when it has leaked.
  private var bytes: Int64 = 0
  private var leaksSince = SimTime.zero
  private var datagrams: UInt32 = 0
  /// Bytes per second; 0 where the window says how fast.
  private var rate: Int64 = 0

  init(_ policy: QUICEndPolicy) {
    burst = policy.burst
    slack = policy.pacingSlack
    waitsAfterEach = policy.pacesEachBurst
  }

  /// A model of the path says how fast.
  mutating func set(rate: UInt64, burst: UInt32) {
    self.rate = max(Int64(clamping: rate), 1)
    self.burst = burst
    waitsAfterEach = true
  }

  /// Whether a datagram may leave.
  @inline(__always)
  func isOpen(at now: SimTime) -> Bool { burst == 0 || opens <= now + slack }

  /// A datagram that counts leaves.
  mutating func sent(_ size: Int64, window: Int64, smoothed: SimDuration, at now: SimTime) {
    if burst == 0 { return }
    if !waitsAfterEach { return fill(size, window: window, smoothed: smoothed, at: now) }
    bytes += size
    datagrams += 1
    if datagrams >= burst { endBurst(window: window, smoothed: smoothed, at: now) }
  }

  private mutating func fill(
    _ size: Int64, window: Int64, smoothed: SimDuration, at now: SimTime
  ) {
    let round = max(smoothed.nanoseconds / 1000, 1)
    let leaked = min((now - leaksSince).nanoseconds / 1000, round * 4) * window * 5 / (round * 4)
    bytes = max(bytes - leaked, 0) + size
    leaksSince = now
    // A datagram as long as this one has room again when so much has leaked.
    let over = bytes + size - Int64(burst) * size
    opens = over > 0 ? now + .microseconds(over * round * 4 / (window * 5) + 1) : now
  }

  /// Whether something has left that takes its time.
  @inline(__always)
  var isInBurst: Bool { bytes > 0 && burst > 0 && waitsAfterEach }

  /// Nothing more leaves for now: what left takes its time.
  mutating func endBurst(window: Int64, smoothed: SimDuration, at now: SimTime) {
    if bytes == 0 || burst == 0 || !waitsAfterEach { return }
    let span =
      rate > 0
      ? bytes * 1_000_000 / rate : bytes * (smoothed.nanoseconds / 1000) * 4 / (window * 5)
    opens = now + .microseconds(span)
    bytes = 0
    datagrams = 0
  }
}
