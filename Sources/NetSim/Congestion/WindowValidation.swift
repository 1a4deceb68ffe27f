/// Whether the window was used of late, and so says something of the path (RFC 7661).
///
/// pipeACK is the most that was acknowledged in a round trip of the last second, or of three round
/// trips. While it is less than half the window, the window is kept as it is for five minutes, grows
/// only if it is filled, and counts for no more than what was used when something is lost.
/// Counts are in segments. It is judged once a round trip, and before data goes out after a pause.
/// Left out: the bound on bursts (§4.4.2).
struct WindowValidation {
  /// The sampling period is this, or three round trips (RFC 7661 §4.2).
  private static var leastPeriod: SimDuration { .seconds(1) }
  /// NVP: how long a window is kept that is not used (RFC 7661 §4.4.3, §5).
  private static var keeping: SimDuration { .seconds(300) }

  /// pipeACK's samples; the filter's rounds are milliseconds here.
  private var samples = WindowedMaximum(span: 0)
  /// Whether pipeACK has a value: not before the first sample, and not right after a loss.
  private var isDefined = false
  private var roundEnd: Int64 = 0
  private var counted: UInt32 = 0
  /// When the non-validated phase began; nil in the validated one.
  private(set) var pausedSince: SimTime?
  /// max(pipeACK, LossFlightSize) at a loss in the non-validated phase; nil where the standard
  /// response counts.
  private var used: UInt32?
  private var retransmittedBefore: Int64 = 0

  /// Whether the window is taken to be what the path can carry (RFC 7661 §4.3).
  var isValidated: Bool { pausedSince == nil }

  /// pipeACK in segments; nil while it is undefined.
  var pipeAcknowledged: UInt32? { isDefined ? UInt32(clamping: samples.value) : nil }

  /// Takes note of `segments` acknowledged outside of recovery.
  mutating func acknowledged(
    _ segments: UInt32, unacknowledged: Int64, next: Int64, window: UInt32,
    roundTrip: SimDuration?, at now: SimTime
  ) {
    counted += segments
    guard unacknowledged >= roundEnd else { return }
    if roundEnd > 0 {
      isDefined = true
      take(counted, roundTrip, now)
      judge(window: window, at: now)
    }
    // The acknowledgement that ends a round begins the next: what it covers was under way then.
    counted = segments
    roundEnd = next
  }

  /// Data is about to go out after nothing was under way: old samples count no more. Returns how
  /// often the window is to be halved: once for each five minutes without use.
  mutating func endPause(
    window: UInt32, roundTrip: SimDuration?, since last: SimTime, at now: SimTime
  )
    -> UInt32
  {
    guard isDefined else { return 0 }
    take(0, roundTrip, now)
    if isValidated && 2 * samples.value < UInt64(window) { pausedSince = last }
    return periodsOver(at: now)
  }

  /// Whole periods that the non-validated phase has lasted; they are counted once.
  mutating func periodsOver(at now: SimTime) -> UInt32 {
    guard let since = pausedSince else { return 0 }
    let periods = (now - since).nanoseconds / Self.keeping.nanoseconds
    pausedSince = since + Self.keeping * periods
    return UInt32(clamping: periods)
  }

  private mutating func take(_ value: UInt32, _ roundTrip: SimDuration?, _ now: SimTime) {
    let period = max((roundTrip ?? .zero) * 3, Self.leastPeriod)
    samples.span = UInt32(clamping: period.nanoseconds / 1_000_000)
    samples.take(UInt64(value), round: UInt32(truncatingIfNeeded: now.nanoseconds / 1_000_000))
  }

  private mutating func judge(window: UInt32, at now: SimTime) {
    if 2 * samples.value >= UInt64(window) {
      pausedSince = nil
    } else if pausedSince == nil {
      pausedSince = now
    }
  }

  /// A loss was found with `outstanding` segments under way. Returns what the window really stood
  /// for, where it is not validated (RFC 7661 §4.4.1).
  mutating func lossFound(outstanding: UInt32, retransmitted: Int64) -> UInt32? {
    let used = isValidated ? nil : max(pipeAcknowledged ?? 0, outstanding)
    forget()
    self.used = used
    retransmittedBefore = retransmitted
    return used
  }

  /// Recovery is over: the window it leaves, where the loss was found in the non-validated phase.
  /// What had to be sent again is taken off before halving.
  mutating func recovered(retransmitted: Int64) -> UInt32? {
    defer { used = nil }
    guard let used else { return nil }
    let again = UInt32(clamping: retransmitted - retransmittedBefore)
    return max((used - min(again, used)) / 2, 2)
  }

  /// The phase is over, and pipeACK undefined, until a sample was taken again.
  mutating func forget() {
    used = nil
    pausedSince = nil
    isDefined = false
    samples = WindowedMaximum(span: 0)
    roundEnd = 0
    counted = 0
  }
}
