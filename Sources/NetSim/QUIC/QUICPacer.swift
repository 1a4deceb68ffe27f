/// Lets bursts of datagrams out at 5/4 of the rate that the window needs (RFC 9002 §7.7), or at the rate
/// of a model of the path.
struct QUICPacer {
  private var burst: UInt32
  private let slack: SimDuration
  /// When the next burst may begin.
  private(set) var opens = SimTime.zero
  private var bytes: Int64 = 0
  private var datagrams: UInt32 = 0
  /// Bytes per second; 0 where the window says how fast.
  private var rate: Int64 = 0

  init(_ policy: QUICEndPolicy) {
    burst = policy.burst
    slack = policy.pacingSlack
  }

  /// A model of the path says how fast.
  mutating func set(rate: UInt64, burst: UInt32) {
    self.rate = max(Int64(clamping: rate), 1)
    self.burst = burst
  }

  /// Whether a datagram may leave.
  func isOpen(at now: SimTime) -> Bool { burst == 0 || opens <= now + slack }

  /// A datagram that counts leaves. Returns whether the burst is over.
  mutating func sent(_ size: Int64, window: Int64, smoothed: SimDuration, at now: SimTime) -> Bool {
    if burst == 0 { return false }
    bytes += size
    datagrams += 1
    if datagrams < burst { return false }
    endBurst(window: window, smoothed: smoothed, at: now)
    return true
  }

  /// Nothing more leaves for now: what left takes its time.
  mutating func endBurst(window: Int64, smoothed: SimDuration, at now: SimTime) {
    if bytes == 0 || burst == 0 { return }
    let span =
      rate > 0
      ? bytes * 1_000_000 / rate : bytes * (smoothed.nanoseconds / 1000) * 4 / (window * 5)
    opens = now + .microseconds(span)
    bytes = 0
    datagrams = 0
  }
}
