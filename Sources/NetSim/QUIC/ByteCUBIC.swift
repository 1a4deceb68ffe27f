/// CUBIC with a window in bytes, as ngtcp2 has it: HyStart++ without its conservative phase, growth
/// that stops where the window is far beyond what the path has delivered, and RFC 8312's curve.
///
/// Deviations of ngtcp2 from RFC 8312 that are kept, because they decide how fast it recovers: the
/// curve's target is scaled by the time since the epoch began in seconds, so that in the first second
/// only the Reno-friendly window grows; that one grows by a whole packet a window (α = 1); and W_max
/// shrinks to 85 % of the window after a loss below it.
struct ByteCUBIC {
  /// What a spurious loss gives back.
  private struct Saved {
    var window: Int64 = 0
    var threshold = Int64.max
    var lastMaximum: Int64 = 0
    var friendly: Int64 = 0
    var origin: Int64 = 0
    var epoch = SimTime.never
    var timeToOrigin: Int64 = 0
  }

  private(set) var window: Int64
  private(set) var threshold = Int64.max
  private var recoveryStart: SimTime?
  private var lastMaximum: Int64 = 0
  private var friendly: Int64 = 0
  private var origin: Int64 = 0
  private var epoch = SimTime.never
  /// K in seconds.
  private var timeToOrigin: Int64 = 0
  private var carried: Int64 = 0
  private var friendlyCarried: Int64 = 0
  private var saved = Saved()
  /// The fastest delivery so far, in bytes per second, and the window beyond which it does not grow.
  private var fastest: Int64 = 0
  private var mostUseful: Int64?
  // HyStart++ (RFC 9406 §4.2), by rounds of packets.
  private var roundEnd: Int64 = -1
  private var samples = 0
  private var roundMinimum: SimDuration?
  private var lastRoundMinimum: SimDuration?

  /// Growth stops at this many hundredths of what is needed to fill the path.
  private static var useful: Int64 { 289 }
  private static var leastSamples: Int { 8 }
  private static var lowWindow: Int64 { 16 }

  init(window: Int64) { self.window = window }

  var isInSlowStart: Bool { window < threshold }

  private func isRepairing(_ sentAt: SimTime) -> Bool {
    recoveryStart.map { sentAt <= $0 } ?? false
  }

  // MARK: What happens

  /// A packet leaves; `number` is that of 1-RTT packets, else nil.
  mutating func sent(number: Int64?) {
    guard let number, roundEnd == -1 else { return }
    roundEnd = number
    lastRoundMinimum = roundMinimum
    roundMinimum = nil
    samples = 0
  }

  /// Something is sent after nothing was under way since `last`: the curve stood still.
  mutating func resume(last: SimTime, at now: SimTime) {
    if epoch < .never && last < .never && last > epoch { epoch = epoch + (now - last) }
  }

  /// A round trip was measured.
  mutating func sampled(_ roundTrip: SimDuration) {
    if roundEnd == -1 { return }
    roundMinimum = min(roundMinimum ?? roundTrip, roundTrip)
    samples += 1
  }

  /// An acknowledgement was read whole: how fast it shows the path to deliver.
  mutating func delivered(rate: Int64?, minimum: SimDuration?, initialWindow: Int64) {
    fastest = max(fastest, rate ?? 0)
    guard let minimum, fastest > 0 else { return }
    let product = fastest * (minimum.nanoseconds / 1000) / 1_000_000
    mostUseful = max(initialWindow, product) * Self.useful / 100
  }

  /// A packet was acknowledged; `number` as for `sent`.
  mutating func acknowledged(
    bytes: Int64, number: Int64?, sentAt: SimTime, datagram: Int64, smoothed: SimDuration,
    at now: SimTime
  ) {
    if let number, roundEnd != -1, roundEnd <= number { roundEnd = -1 }
    if isRepairing(sentAt) { return }
    if let mostUseful, mostUseful < window { return }
    if isInSlowStart {
      window += bytes
      if endsSlowStart(datagram) {
        lastMaximum = window
        threshold = window
      }
      return
    }
    avoidCongestion(bytes: bytes, datagram: datagram, smoothed: smoothed, at: now)
  }

  private func endsSlowStart(_ datagram: Int64) -> Bool {
    guard let last = lastRoundMinimum, let current = roundMinimum,
      window >= Self.lowWindow * datagram, samples >= Self.leastSamples
    else { return false }
    return current >= last + min(max(last / 8, .milliseconds(4)), .milliseconds(16))
  }

  /// A loss: nothing more until what is sent from now on is acknowledged (RFC 9002 §7.3.2).
  mutating func lost(sentAt: SimTime, datagram: Int64, at now: SimTime) {
    if isRepairing(sentAt) { return }
    if saved.window < window {
      saved = Saved(
        window: window, threshold: threshold, lastMaximum: lastMaximum, friendly: friendly,
        origin: origin, epoch: epoch, timeToOrigin: timeToOrigin)
    }
    recoveryStart = now
    epoch = .never
    lastMaximum = window < lastMaximum ? window * 17 / 10 / 2 : window
    threshold = max(window * 7 / 10, 2 * datagram)
    window = threshold
  }

  /// What was declared lost had arrived, all of it.
  mutating func undo() {
    if window >= saved.window { return }
    recoveryStart = nil
    (window, threshold) = (saved.window, saved.threshold)
    (lastMaximum, friendly, origin) = (saved.lastMaximum, saved.friendly, saved.origin)
    (epoch, timeToOrigin) = (saved.epoch, saved.timeToOrigin)
    saved = Saved()
  }

  /// Congestion has lasted (RFC 9002 §7.6.2).
  mutating func persist(datagram: Int64) {
    window = 2 * datagram
    recoveryStart = nil
  }

  // MARK: The curve

  private mutating func avoidCongestion(
    bytes: Int64, datagram: Int64, smoothed: SimDuration, at now: SimTime
  ) {
    if epoch == .never { beginEpoch(datagram, at: now) }
    let target = target(at: now - epoch, smoothed: smoothed, datagram)
    var grown: Int64
    if target > window {
      let sum = carried + datagram * (target - window)
      grown = sum / window
      carried = sum % window
    } else {
      let sum = carried + datagram
      grown = sum / (100 * window)
      carried = sum % (100 * window)
    }
    let sum = friendlyCarried + datagram * bytes
    friendly += sum / window
    friendlyCarried = sum % window
    if friendly > window { grown = max(grown, datagram * (friendly - window) / window) }
    window += grown
  }

  private mutating func beginEpoch(_ datagram: Int64, at now: SimTime) {
    epoch = now
    if window < lastMaximum {
      let cube = (lastMaximum - window) * 10 / 4 / datagram
      timeToOrigin = Int64(CUBIC.cubeRoot(UInt64(cube)))
      origin = lastMaximum
    } else {
      timeToOrigin = 0
      origin = window
    }
    friendly = window
    (carried, friendlyCarried) = (0, 0)
  }

  /// W_cubic (RFC 8312 §4.1) in bytes, with time in 1/1024 s, between the window and half more.
  private func target(
    at elapsed: SimDuration, smoothed: SimDuration, _ datagram: Int64
  ) -> Int64 {
    let time = Self.ticks(elapsed)
    let apex = timeToOrigin << 10
    let distance = min(time > apex ? time - apex : apex - time, 1 << 23)
    let delta =
      (datagram * ((((distance * distance) >> 10) * distance) >> 10) * 4 / 10) >> 10
    let curve = time > apex ? origin + delta : origin - delta
    let scaled = (curve * Self.ticks(elapsed + smoothed)) >> 10
    if scaled < window { return window }
    return 2 * scaled > 3 * window ? window * 3 / 2 : scaled
  }

  private static func ticks(_ span: SimDuration) -> Int64 {
    (span.nanoseconds << 10) / 1_000_000_000
  }
}
